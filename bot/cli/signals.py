"""Ctrl-C and SIGTERM, so that whatever is running ends in good order."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from queue import SimpleQueue
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Stopped:
    """Waits for a signal.

    A handler runs in the main thread, between any two steps of what it interrupts. `threading.Event.set` would
    wait for ever for the lock that the interrupted `wait` holds; `SimpleQueue.put` may be called from within itself.
    """

    def __init__(self) -> None:
        self._signals: SimpleQueue[int] = SimpleQueue()

    def set(self, number: int, _frame: object = None) -> None:
        """End `wait`, now or when it is called; a signal handler."""
        self._signals.put(number)

    def wait(self) -> None:
        """Return once a signal has come."""
        self._signals.get()


@contextmanager
def stopped_by_signals() -> Iterator[Stopped]:
    """Turn Ctrl-C and SIGTERM into the end of a wait for the length of the block."""
    stopped = Stopped()
    with _handling(stopped.set, signal.SIGINT, signal.SIGTERM):
        yield stopped


@contextmanager
def interrupting() -> Iterator[None]:
    """Let SIGTERM do what Ctrl-C does for the length of the block: raise KeyboardInterrupt."""

    def interrupt(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    with _handling(interrupt, signal.SIGTERM):
        yield


@contextmanager
def _handling(handler: Callable[..., object], *numbers: signal.Signals) -> Iterator[None]:
    before = {number: signal.signal(number, handler) for number in numbers}
    try:
        yield
    finally:
        for number, earlier in before.items():
            signal.signal(number, earlier)
