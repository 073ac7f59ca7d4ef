"""What has to be done once a day in a workspace: each taking is a conditional write, so that one process has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, or_, update

from storage import tables
from storage.rows import insert

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Connection


class SqlDuties:
    """The duties of one workspace (`billing.ports.Duties`)."""

    def __init__(self, connection: Connection, workspace_id: str) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    def take(self, name: str, day: date, *, now: datetime, until: datetime) -> bool:
        """Take the day's duty, to be done by `until`; False where it is done, or somebody else is at it."""
        columns = tables.duties.c
        free = and_(
            or_(columns.done_on.is_(None), columns.done_on < day),
            or_(columns.taken_until.is_(None), columns.taken_until <= now),
        )
        statement = insert(self._connection, tables.duties).values(
            workspace_id=self._workspace_id, name=name, taken_until=until
        )
        taken = statement.on_conflict_do_update(
            index_elements=["workspace_id", "name"], set_={"taken_until": until}, where=free
        )
        return self._connection.execute(taken.returning(columns.name)).first() is not None

    def done(self, name: str, day: date) -> None:
        """Say that the day's duty is done."""
        self._connection.execute(update(tables.duties).where(self._of(name)).values(done_on=day, taken_until=None))

    def give_back(self, name: str) -> None:
        """Let somebody else take a duty that could not be done."""
        self._connection.execute(update(tables.duties).where(self._of(name)).values(taken_until=None))

    def _of(self, name: str) -> ColumnElement[bool]:
        return and_(tables.duties.c.workspace_id == self._workspace_id, tables.duties.c.name == name)
