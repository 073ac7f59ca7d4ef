"""Inbox and outbox as queues: rows are leased to one worker at a time, and a lane's rows go in order.

A claim is held by its count of attempts: whoever claims the row after the lease ran out has the next count, so
what the late worker then says of it is ignored. The count must therefore never be set back.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final, Generic

from sqlalchemy import and_, bindparam, exists, func, or_, select, update

from billing.queues import Claim, RowState
from storage.mapping import Mapper, R

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

    from sqlalchemy import BindParameter, Column, ColumnElement, Connection, FromClause, Update
    from sqlalchemy.sql.dml import ReturningUpdate

    from storage.leases import LeaseTime, Words

_NOW: Final = "at_now"
_PLACE: Final = "held_position"
_TRY: Final = "held_attempts"
_NEW: Final = "new_"


def _bound(name: str, column: Column[Any]) -> BindParameter[Any]:
    return bindparam(name, type_=column.type)


class Queue(Generic[R]):
    """One table of rows to be handled; each method is a statement of the transaction it is given.

    `lane` names the columns that are equal in the rows of a lane.
    """

    def __init__(self, mapper: Mapper[R], lane: Sequence[str]) -> None:
        self._mapper = mapper
        self._table = mapper.table
        self._lane = tuple(lane)
        # Put together once: to do so takes longer than to run it.
        self._taking = cache(self._take)
        self._closing = cache(self._close)

    def claim(self, connection: Connection, now: datetime, lease: timedelta, time: LeaseTime) -> Claim[R] | None:
        """Lease the oldest row due by `now` that nobody holds and whose lane is free."""
        given = {_NOW: now, **time.values(lease)}
        row = connection.execute(self._taking(time.words), given).mappings().first()
        if row is None:
            return None
        waited = max(0.0, (now - row["due_at"]).total_seconds())
        return Claim(row["position"], self._mapper.record(row), row["attempts"], row["correlation"], waited)

    def close(self, connection: Connection, claim: Claim[R], **values: Any) -> None:  # noqa: ANN401 - columns
        """Write what became of a claimed row and give up its lease; nothing, if the lease was taken over."""
        given = {_NEW + name: value for name, value in values.items()}
        connection.execute(self._closing(frozenset(values)), {_PLACE: claim.id, _TRY: claim.attempts} | given)

    def _take(self, time: Words) -> ReturningUpdate[tuple[Any, ...]]:
        columns = self._table.c
        oldest = (
            select(columns.position)
            .where(self._claimable(_bound(_NOW, columns.next_attempt_at), time))
            .order_by(columns.position)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        return (
            update(self._table)
            .where(columns.position == oldest.scalar_subquery())
            .values(leased_until=time.until, attempts=columns.attempts + 1)
            .returning(self._table)
        )

    def _close(self, names: frozenset[str]) -> Update:
        columns = self._table.c
        held = and_(
            columns.position == _bound(_PLACE, columns.position),
            columns.attempts == _bound(_TRY, columns.attempts),
            columns.state == RowState.WAITING,
            columns.leased_until.is_not(None),
        )
        given = {name: _bound(_NEW + name, columns[name]) for name in names}
        return update(self._table).where(held).values(leased_until=None, **given)

    def oldest_due(self, connection: Connection) -> datetime | None:
        """Return since when the longest waiting row has been due, however often it was tried."""
        columns = self._table.c
        query = select(func.min(columns.due_at)).where(columns.state == RowState.WAITING)
        due: datetime | None = connection.execute(query).scalar_one()
        return due

    def due(self, connection: Connection, now: datetime) -> int:
        """Return how many rows wait to be handled, those under way among them."""
        columns = self._table.c
        query = select(func.count()).where(columns.state == RowState.WAITING, columns.due_at <= now)
        return connection.execute(query).scalar_one()

    def parked(self, connection: Connection) -> int:
        """Return how many rows wait for a person."""
        query = select(func.count()).where(self._table.c.state == RowState.PARKED)
        return connection.execute(query).scalar_one()

    def _claimable(self, now: ColumnElement[datetime], time: Words) -> ColumnElement[bool]:
        columns = self._table.c
        return and_(
            columns.state == RowState.WAITING,
            columns.next_attempt_at <= now,
            or_(columns.leased_until.is_(None), ~time.hold(columns.leased_until)),
            or_(columns.lane == "", ~exists().where(self._in_the_way(self._table.alias("other"), now, time))),
        )

    def _in_the_way(self, other: FromClause, now: ColumnElement[datetime], time: Words) -> ColumnElement[bool]:
        """Return the condition that another row of the lane has to be waited for.

        An older one, unless it is only meant for later and was never tried; and any that is being handled: on
        PostgreSQL an older row may become visible while a newer one is leased.
        """
        columns = self._table.c
        begun = or_(other.c.attempts > 0, other.c.next_attempt_at <= now)
        return and_(
            *(other.c[name] == columns[name] for name in self._lane),
            other.c.state == RowState.WAITING,
            or_(and_(other.c.position < columns.position, begun), time.hold(other.c.leased_until)),
        )
