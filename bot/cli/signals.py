"""Ctrl-C and SIGTERM, so that whatever is running ends in good order."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def stopped_by_signals() -> Iterator[threading.Event]:
    """Turn Ctrl-C and SIGTERM into an event for the length of the block."""
    stopped = threading.Event()
    with _handling(lambda *_: stopped.set(), signal.SIGINT, signal.SIGTERM):
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
