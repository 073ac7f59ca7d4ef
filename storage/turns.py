"""Turns at writing: the threads of one process queue up for SQLite's one write lock instead of polling for it.

SQLite lets a writer that has to wait sleep and try again, a little longer each time, and whoever happens to ask at the
right moment is next: among many threads somebody waits for seconds. Other processes are still waited for that way.
"""

from __future__ import annotations

import threading
from collections import deque
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

from storage.engine import committing, writing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from sqlalchemy import Connection, Engine


class Turns:
    """A lock that is handed on in the order in which it was asked for, but for those who may go `first`."""

    def __init__(self, patience_seconds: float) -> None:
        self._patience_seconds = patience_seconds
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._taken = False

    @contextmanager
    def turn(self, *, first: bool = False) -> Iterator[None]:
        """Wait for a turn and hold it for the block; whoever has waited too long goes on and is refused by SQLite."""
        held = self._take(first=first)
        try:
            yield
        finally:
            if held:
                self._hand_on()

    def _take(self, *, first: bool) -> bool:
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            called = threading.Lock()
            called.acquire()
            (self._waiting.appendleft if first else self._waiting.append)(called)
        if called.acquire(timeout=self._patience_seconds):
            return True
        with self._guard:
            if called not in self._waiting:
                # It was handed on in this very moment.
                return True
            self._waiting.remove(called)
        return False

    def _hand_on(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False


class Writer:
    """Transactions that write: on SQLite by turns, elsewhere as the database itself lets them."""

    def __init__(self, engine: Engine, turns: Turns | None) -> None:
        self._engine = writing(engine)
        self._committing = committing(engine)
        self._turns = turns

    @contextmanager
    def begin(self, *, first: bool = False) -> Iterator[Connection]:
        """Open a transaction; it commits when its block ends well. `first` is for what somebody outside waits for."""
        with self._turn(first=first), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def statement(self, *, first: bool = False) -> Iterator[Connection]:
        """Open a connection on which each statement is a transaction by itself, without journeys of its own for that.

        `first` as in `begin`.
        """
        with self._turn(first=first), self._committing.connect() as connection:
            yield connection

    def _turn(self, *, first: bool) -> AbstractContextManager[None]:
        return nullcontext() if self._turns is None else self._turns.turn(first=first)
