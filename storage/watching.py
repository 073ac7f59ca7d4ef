"""What a program writes, step by step: for tests that end it between any two writes and look at what is left."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import event

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Engine

_WRITE: Final = re.compile(r"\s*(INSERT INTO|UPDATE|DELETE FROM|CREATE|ALTER|DROP)\s+(\S+)", re.IGNORECASE)
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

    def told(connection: Connection) -> None:
        seen = _seen(connection.info)
        now = _changed(connection, seen)
        if now > seen.told:
            seen.told, seen.wrote = now, True
            step(f"wrote: {seen.last}")

    def before(connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        told(connection)
        found = _WRITE.match(statement)
        if found:
            _seen(connection.info).last = f"{found[1]} {found[2]}"

    def after(connection: Connection, cursor: Any, statement: str, *_: object) -> None:  # noqa: ANN401 - a driver's
        found = _WRITE.match(statement)
        if found:
            is_schema = found[1].upper() in _SCHEMA
            _seen(connection.info).counted += 1 if is_schema else max(0, cursor.rowcount)

    def commit(connection: Connection) -> None:
        told(connection)
        seen = _seen(connection.info)
        seen.committing, seen.wrote = seen.wrote, False

    def checkin(_dbapi: object, record: Any) -> None:  # noqa: ANN401 - SQLAlchemy's entry of its pool
        seen = _seen(record.info)
        committed, seen.committing, seen.wrote = seen.committing, False, False
        if committed:
            step("committed")

    event.listen(engine, "before_cursor_execute", before)
    event.listen(engine, "after_cursor_execute", after)
    event.listen(engine, "commit", commit)
    event.listen(engine, "checkin", checkin)


def _seen(info: dict[Any, Any]) -> _Seen:
    found: _Seen = info.setdefault(_KEY, _Seen())
    return found


def _changed(connection: Connection, seen: _Seen) -> int:
    """Return how many rows the connection has changed so far: SQLite says so itself, and only once rows are read."""
    if connection.dialect.name != "sqlite":
        return seen.counted
    driver: Any = connection.connection.driver_connection
    return int(driver.total_changes) + seen.counted
