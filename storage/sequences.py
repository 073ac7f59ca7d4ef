"""The numbers of a workspace: numbers given one after the other, never twice, and in the order of commits.

A database's own sequences would hand numbers out before their transactions commit and lose them when they do not.
Here the row is locked until the commit, so a number that is seen is never followed by a smaller one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import case, select

from storage import tables
from storage.rows import insert

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection


class Numbers:
    """One sequence of one workspace, by its `kind`; it starts at `first`."""

    def __init__(self, connection: Connection, workspace_id: str, kind: str, *, first: int = 1) -> None:
        self._connection = connection
        self._workspace_id = workspace_id
        self._kind = kind
        self._first = first

    def next(self) -> int:
        """Take the next value: one statement, so that two at once get two values."""
        return self._count(self._first, tables.sequences.c.value + 1)

    def reach(self, value: int) -> None:
        """Let the sequence go on after `value`, which was brought along, unless it is past it."""
        self._count(value, _greater(tables.sequences.c.value, value))

    def last(self) -> int:
        """Return the value that was taken last; 0 where none ever was."""
        columns = tables.sequences.c
        mine = (columns.workspace_id == self._workspace_id, columns.kind == self._kind)
        value: int | None = self._connection.execute(select(columns.value).where(*mine)).scalar()
        return value or 0

    def _count(self, start: int, otherwise: ColumnElement[int]) -> int:
        statement = insert(self._connection, tables.sequences).values(
            workspace_id=self._workspace_id, kind=self._kind, value=start
        )
        counted = statement.on_conflict_do_update(
            index_elements=["workspace_id", "kind"], set_={"value": otherwise}
        ).returning(tables.sequences.c.value)
        value: int = self._connection.execute(counted).scalar_one()
        return value


def _greater(column: ColumnElement[int], value: int) -> ColumnElement[int]:
    return case((column < value, value), else_=column)
