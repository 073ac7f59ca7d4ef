"""What a program writes, step by step: for tests that end it between any two writes and look at what is left."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import event

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Engine

# What a WITH names comes before it.
_WRITE: Final = re.compile(
    r"\s*(?:WITH\b.*\)\s*)?(INSERT INTO|UPDATE|DELETE FROM|CREATE|ALTER|DROP)\s+(\S+)", re.IGNORECASE | re.DOTALL
)
_SCHEMA: Final = frozenset({"CREATE", "ALTER", "DROP"})
_KEY: Final = "evie_watch"


class _Seen:
    """What is known of a connection's transaction: how many rows it has changed, and of how many of them was told."""

    def __init__(self) -> None:
        self.counted = 0
        self.told = 0
        self.wrote = False
        self.committing = False
        self.last = ""


def watch(engine: Engine, step: Callable[[str], None]) -> None:
    """Call `step` with a name after each statement that changed something, and after each commit of such.

    A worker that looks for work and finds none changes nothing, and is no step.
    """
    watcher = _Watcher(step)
    event.listen(engine, "before_cursor_execute", watcher.before)
    event.listen(engine, "after_cursor_execute", watcher.after)
    event.listen(engine, "commit", watcher.commit)
    event.listen(engine, "rollback", watcher.rollback)
    event.listen(engine, "checkin", watcher.checkin)


class _Watcher:
    """What SQLAlchemy tells of the engine's connections."""

    def __init__(self, step: Callable[[str], None]) -> None:
        self._step = step

    def before(self, connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        self._tell(connection)
        found = _WRITE.match(statement)
        if found:
            _seen(connection.info).last = f"{found[1]} {found[2]}"

    def after(self, connection: Connection, cursor: Any, statement: str, *_: object) -> None:  # noqa: ANN401 - a driver's
        found = _WRITE.match(statement)
        if found:
            is_schema = found[1].upper() in _SCHEMA
            _seen(connection.info).counted += 1 if is_schema else max(0, cursor.rowcount)

    def commit(self, connection: Connection) -> None:
        self._tell(connection)
        seen = _seen(connection.info)
        seen.committing, seen.wrote = seen.wrote, False

    def rollback(self, connection: Connection) -> None:
        if connection.invalidated:
            # It was cut, and there is no driver's connection to be asked any more.
            return
        driver: Any = connection.connection.driver_connection
        # After a statement that was a transaction by itself there is nothing left to be taken back.
        taken_back = driver.in_transaction if hasattr(driver, "in_transaction") else not driver.autocommit
        if taken_back:
            _is_news(_seen(connection.info), driver)

    def checkin(self, driver: Any, record: Any) -> None:  # noqa: ANN401 - the driver's connection, SQLAlchemy's entry
        seen = _seen(record.info)
        # A statement that is a transaction by itself is committed before anybody is told of it.
        committed = seen.committing or (driver is not None and _is_news(seen, driver))
        seen.committing = seen.wrote = False
        if committed:
            self._step("committed")

    def _tell(self, connection: Connection) -> None:
        seen = _seen(connection.info)
        if _is_news(seen, connection.connection.driver_connection):
            seen.wrote = True
            self._step(f"wrote: {seen.last}")


def _seen(info: dict[Any, Any]) -> _Seen:
    found: _Seen = info.setdefault(_KEY, _Seen())
    return found


def _is_news(seen: _Seen, driver: Any) -> bool:  # noqa: ANN401 - the driver's connection
    """Say whether rows were changed since this was asked last. SQLite counts them itself, and only as they are read."""
    now = seen.counted + getattr(driver, "total_changes", 0)
    told, seen.told = seen.told, now
    return now > told
