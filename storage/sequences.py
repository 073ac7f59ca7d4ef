"""The numbers of a workspace: numbers given one after the other, never twice, and in the order of commits.

A database's own sequences would hand numbers out before their transactions commit and lose them when they do not.
Here the row is locked until the commit, so a number that is seen is never followed by a smaller one.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import case, select

from storage import tables
from storage.statements import inserting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection
    from sqlalchemy.sql.dml import ReturningInsert


class Numbers:
    """One sequence of one workspace, by its `kind`; it starts at `first`."""

    def __init__(self, connection: Connection, workspace_id: str, kind: str, *, first: int = 1) -> None:
        self._connection = connection
        self._workspace_id = workspace_id
        self._kind = kind
        self._first = first

    def next(self) -> int:
        """Take the next value: one statement, so that two at once get two values."""
        return self._count(self._first, past=False)

    @classmethod
    def next_of_each(cls, connection: Connection, workspace_ids: Sequence[str], kind: str) -> dict[str, int]:
        """Take the next value of that kind in each workspace, which begins at 1: one statement for all of them."""
        # In one order everywhere: of two transactions one waits for the other, and never each for the other.
        rows = [{"workspace_id": each, "kind": kind, "value": 1} for each in sorted(workspace_ids)]
        counted = connection.execute(_counting(connection.dialect.name, past=False), rows) if rows else ()
        return {workspace_id: value for value, workspace_id in counted}

    def reach(self, value: int) -> None:
        """Let the sequence go on after `value`, which was brought along, unless it is past it."""
        self._count(value, past=True)

    def last(self) -> int:
        """Return the value that was taken last; 0 where none ever was."""
        columns = tables.sequences.c
        mine = (columns.workspace_id == self._workspace_id, columns.kind == self._kind)
        value: int | None = self._connection.execute(select(columns.value).where(*mine)).scalar()
        return value or 0

    def _count(self, value: int, *, past: bool) -> int:
        counted = _counting(self._connection.dialect.name, past=past)
        mine = {"workspace_id": self._workspace_id, "kind": self._kind, "value": value}
        taken: int = self._connection.execute(counted, mine).scalar_one()
        return taken


@cache
def _counting(dialect: str, *, past: bool) -> ReturningInsert[int, str]:
    """Return what begins a sequence with a value, or takes it one further, or, to get `past` the value, up to that."""
    value = tables.sequences.c.value
    counting = inserting(dialect, tables.sequences)
    given = counting.excluded.value
    further = case((value < given, given), else_=value) if past else value + 1
    counted = counting.on_conflict_do_update(index_elements=["workspace_id", "kind"], set_={"value": further})
    return counted.returning(value, tables.sequences.c.workspace_id)
