"""Bells between processes: whoever puts work into the database rings, and those who wait for work hear it.

On PostgreSQL it is LISTEN and NOTIFY. A ring is a hint and may be lost: whoever listens looks by itself from time to
time as well, and does only that while its connection is away. On SQLite one process does all, and wakes itself.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Final

import structlog
from sqlalchemy import text

from storage.engine import committing

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

_log = structlog.get_logger(__name__)
_CHANNEL: Final = "evie_work"
# Rings within this time are one: each is a lock in the server.
_PAUSE_SECONDS: Final = 0.01
# How often a listener looks whether it shall end, and how long it waits before it connects anew.
_LOOK_SECONDS: Final = 0.5


class Bell:
    """A bell for all processes on a PostgreSQL database; its threads start with what first needs them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = committing(engine)
        self._rung = threading.Event()
        self._closed = threading.Event()
        self._guard = threading.Lock()
        self._threads: dict[str, threading.Thread] = {}

    def ring(self) -> None:
        """Let the others know that there is work; returns at once."""
        self._rung.set()
        self._start("evie-bell", self._ring)

    def listen(self, heard: Callable[[], None]) -> None:
        """Have `heard` called, in a thread, whenever somebody rings."""
        self._start("evie-bell-listener", self._listen, heard)

    def close(self) -> None:
        """End the threads."""
        self._closed.set()
        self._rung.set()
        for thread in self._threads.values():
            thread.join(timeout=2 * _LOOK_SECONDS)

    def _start(self, name: str, work: Callable[..., None], *arguments: Any) -> None:  # noqa: ANN401 - the work's own
        if name in self._threads:
            return
        with self._guard:
            if name not in self._threads and not self._closed.is_set():
                self._threads[name] = threading.Thread(target=work, args=arguments, name=name, daemon=True)
                self._threads[name].start()

    def _ring(self) -> None:
        while self._rung.wait() and not self._closed.is_set():
            self._rung.clear()
            try:
                with self._engine.connect() as connection:
                    connection.execute(text(f"NOTIFY {_CHANNEL}"))
            except Exception as error:  # noqa: BLE001 - the others look by themselves
                _log.warning("bell_not_rung", error=type(error).__name__)
            self._closed.wait(_PAUSE_SECONDS)

    def _listen(self, heard: Callable[[], None]) -> None:
        while not self._closed.is_set():
            try:
                self._hear(heard)
            except Exception as error:  # noqa: BLE001 - the database may be away, and comes back
                _log.warning("bell_not_heard", error=type(error).__name__)
                self._closed.wait(_LOOK_SECONDS)

    def _hear(self, heard: Callable[[], None]) -> None:
        with self._engine.connect() as connection:
            connection.execute(text(f"LISTEN {_CHANNEL}"))
            driver: Any = connection.connection.driver_connection
            # What was rung while nobody listened.
            heard()
            try:
                while not self._closed.is_set():
                    for _ in driver.notifies(timeout=_LOOK_SECONDS, stop_after=1):
                        heard()
            finally:
                # It goes back deaf, or not at all.
                connection.invalidate()


class NoBell:
    """The bell of a database that one process has to itself."""

    def ring(self) -> None:
        """There is nobody else."""

    def listen(self, heard: Callable[[], None]) -> None:
        """There is nothing to be heard."""

    def close(self) -> None:
        """There is nothing to end."""
