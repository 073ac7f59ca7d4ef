"""Inbox rows on their way in: the one statement whose every microsecond somebody outside waits for.

It is written out in the databases' words, which SQLAlchemy would put together anew for each number of rows, and it is
a transaction by itself: a BEGIN and a COMMIT of their own would be two more journeys to PostgreSQL.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy.exc import DBAPIError

from billing.queues import RowState
from storage import mappers, tables

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Dialect

    from billing.queues import InboxEvent
    from storage.turns import Writer

_ALWAYS: Final = {"state": f"'{RowState.WAITING}'", "attempts": "0", "last_error": "''"}


class Arrivals:
    """Writes inbox rows; on SQLite in its turn, and before whoever else waits for one."""

    def __init__(self, dialect: Dialect, writer: Writer) -> None:
        self._dialect = dialect
        self._writer = writer
        self._mark = "?" if dialect.paramstyle == "qmark" else "%s"

    def add(self, events: Sequence[InboxEvent]) -> list[bool]:
        """Store the rows, durable on return; say of each whether it is new. Of two copies the first one is."""
        statement, values = self._statement(len(events)), tuple(self._values(events))
        added = self._written(statement, values)
        return [_taken(added, (event.source.value, event.key)) for event in events]

    def _written(self, statement: str, values: tuple[Any, ...]) -> set[tuple[str, str]]:
        try:
            return self._write(statement, values)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            # The database was restarted since. What the lost connection may have written is found, not repeated.
            return self._write(statement, values)

    def _write(self, statement: str, values: tuple[Any, ...]) -> set[tuple[str, str]]:
        with self._writer.statement(first=True) as connection:
            return {(source, key) for source, key in connection.exec_driver_sql(statement, values)}

    def _statement(self, rows: int) -> str:
        marks = ", ".join(_ALWAYS.get(name, self._mark) for name in self._columns)
        every = ", ".join([f"({marks})"] * rows)
        return (
            f"INSERT INTO {tables.inbox.name} ({', '.join(self._columns)}) VALUES {every} "  # noqa: S608 - our own names
            "ON CONFLICT DO NOTHING RETURNING source, key"
        )

    def _values(self, events: Sequence[InboxEvent]) -> list[Any]:
        rows = [mappers.INBOX.row(event) | _due_at_once(event) for event in events]
        return [convert(row[name]) for row in rows for name, convert in self._columns.items() if name not in _ALWAYS]

    @cached_property
    def _columns(self) -> dict[str, Callable[[Any], Any]]:
        """Return what each column's type makes of a value for the driver, by the columns' names."""
        columns = [column for column in tables.inbox.c if not column.primary_key and not column.nullable]
        return {
            column.name: column.type.dialect_impl(self._dialect).bind_processor(self._dialect) or _as_is
            for column in columns
        }


def _due_at_once(event: InboxEvent) -> dict[str, Any]:
    return {"due_at": event.received_at, "next_attempt_at": event.received_at}


def _as_is(value: Any) -> Any:  # noqa: ANN401 - a column may hold anything
    return value


def _taken(keys: set[tuple[str, str]], key: tuple[str, str]) -> bool:
    """Take the key out of the set, and say whether it was in it."""
    if key not in keys:
        return False
    keys.remove(key)
    return True
