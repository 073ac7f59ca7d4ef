"""Ctrl-C and SIGTERM, so that whatever is running ends in good order."""

from __future__ import annotations

import signal
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType


class Stopped:
    """Waits for a signal.

    Python runs a handler between two steps of the main thread. One that arrives after the last step before a blocking
    call is not seen until that call returns: the wait is for the byte that the C handler itself writes, at any moment.
    """

    def __init__(self, told: socket.socket) -> None:
        self._told = told
        self._stopped = False

    def set(self, _number: int, _frame: object = None) -> None:
        """End `wait`, now or when it is called; a signal handler."""
        self._stopped = True

    def wait(self) -> None:
        """Return once a signal has come."""
        while not self._stopped:
            self._told.recv(1)


@contextmanager
def stopped_by_signals() -> Iterator[Stopped]:
    """Turn Ctrl-C and SIGTERM into the end of a wait for the length of the block; in the main thread only."""
    told, tells = socket.socketpair()
    with told, tells:
        tells.settimeout(0)
        stopped = Stopped(told)
        with handled_by(stopped.set):
            before = signal.set_wakeup_fd(tells.fileno(), warn_on_full_buffer=False)
            try:
                yield stopped
            finally:
                signal.set_wakeup_fd(before)


@contextmanager
def handled_by(handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    """Have Ctrl-C and SIGTERM call the handler for the length of the block."""
    with _handling(handler, signal.SIGINT, signal.SIGTERM):
        yield


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
