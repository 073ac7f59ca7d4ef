"""Inbox and outbox as queues: rows are leased to one worker at a time, and a lane's rows go in order.

A claim is held by its count of attempts: whoever claims the row after the lease ran out has the next count, so
what the late worker then says of it is ignored. The count must therefore never be set back.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final, Generic

from sqlalchemy import Integer, and_, bindparam, exists, func, or_, select, tuple_, update

from billing.errors import WaitsForPerson
from billing.queues import Claim, RowState
from storage.mapping import Mapper, R

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

    from sqlalchemy import (
        CTE,
        BindParameter,
        Column,
        ColumnElement,
        Connection,
        FromClause,
        RowMapping,
        Subquery,
        Table,
        Update,
    )
    from sqlalchemy.sql.dml import ReturningUpdate

    from storage.leases import LeaseTime, Words

# How a worker notes that it put a row back until a person has mended something.
BY_A_PERSON: Final = f"{WaitsForPerson.__name__}: "
_NOW: Final = "at_now"
_MOST: Final = "at_most"
_TOGETHER: Final = "together"
_PLACE: Final = "held_position"
_TRY: Final = "held_attempts"
_PLACES: Final = "held_positions"
_TRIES: Final = "held_tries"
_NEW: Final = "new_"


def _bound(name: str, column: Column[Any]) -> BindParameter[Any]:
    return bindparam(name, type_=column.type)


def held_up(table: Table) -> ColumnElement[bool]:
    """Return the condition that a row of a queue waits for a person to mend something outside."""
    return and_(table.c.state == RowState.WAITING, table.c.last_error.startswith(BY_A_PERSON))


class Queue(Generic[R]):
    """One table of rows to be handled; each method is a statement of the transaction it is given.

    `lane` names the columns that are equal in the rows of a lane, and `together` is true of rows of which several may
    be taken at once; left out, each is taken by itself.
    """

    def __init__(self, mapper: Mapper[R], lane: Sequence[str], together: ColumnElement[bool] | None = None) -> None:
        self._mapper = mapper
        self._together = together
        self._table = mapper.table
        self._lane = tuple(lane)
        # Put together once: to do so takes longer than to run it.
        self._taking = cache(self._take)
        self._closing = cache(self._close)
        self._closing_all = cache(self._close_all)

    def claim(
        self, connection: Connection, now: datetime, lease: timedelta, time: LeaseTime, *, most: int = 1
    ) -> list[Claim[R]]:
        """Lease the oldest row due by `now` that nobody holds and whose lane is free; [] where there is none.

        Up to `most` rows where those that follow it go together.
        """
        given = {_NOW: now, _MOST: most, **time.values(lease)}
        rows = connection.execute(self._taking(time.words), given).mappings().all()
        return sorted((self._claim(row, now) for row in rows), key=lambda claim: claim.id)

    def _claim(self, row: RowMapping, now: datetime) -> Claim[R]:
        waited = max(0.0, (now - row["due_at"]).total_seconds())
        return Claim(row["position"], self._mapper.record(row), row["attempts"], row["correlation"], waited)

    def close(self, connection: Connection, claim: Claim[R], **values: Any) -> bool:  # noqa: ANN401 - columns
        """Write what became of a claimed row and give up its lease; False, and nothing, if the lease was taken over."""
        given = {_NEW + name: value for name, value in values.items()}
        closing = self._closing(frozenset(values))
        return connection.execute(closing, {_PLACE: claim.id, _TRY: claim.attempts} | given).rowcount == 1

    def close_all(self, connection: Connection, claims: Sequence[Claim[R]], **values: Any) -> bool:  # noqa: ANN401 - columns
        """Write the same of several claimed rows; False, and maybe of some of them, if a lease was taken over."""
        if not claims:
            return True
        given = {_NEW + name: value for name, value in values.items()}
        held = {_PLACES: [claim.id for claim in claims], _TRIES: [(claim.id, claim.attempts) for claim in claims]}
        closing = self._closing_all(frozenset(values))
        return connection.execute(closing, held | given).rowcount == len(claims)

    def _take(self, time: Words) -> ReturningUpdate[tuple[Any, ...]]:
        columns, now = self._table.c, _bound(_NOW, self._table.c.next_attempt_at)
        waiting = self._waiting(now, time)
        # An expression of its own, which is looked up once: as a part of the condition, it might be for every row.
        oldest = (
            select(columns.position, *self._followers())
            .join_from(waiting, self._table, waiting.c.position == columns.position)
            # Said of the row itself, too: that is what is looked at again where somebody changed it meanwhile.
            .where(self._untaken(now, time), self._lane_is_free(waiting, now, time))
            .order_by(waiting.c.position)
            .limit(bindparam(_MOST, type_=Integer))
            .with_for_update(skip_locked=True, of=self._table)
            .cte("oldest")
        )
        return (
            update(self._table)
            .where(columns.position.in_(select(oldest.c.position)), *self._in_company(oldest))
            .values(leased_until=time.until, attempts=columns.attempts + 1)
            .returning(self._table)
        )

    def _waiting(self, now: ColumnElement[datetime], time: Words) -> Subquery:
        """Return the rows that are due and that nobody holds, in their order.

        The OFFSET has them put into order before their lanes are looked at. A database that takes them for a few would
        look at the lanes of all of them first, to hand out one.
        """
        columns = self._table.c
        wanted = select(columns.position, *(columns[name] for name in self._lane)).where(self._untaken(now, time))
        return wanted.order_by(columns.position).offset(0).subquery("due")

    def _followers(self) -> list[ColumnElement[bool]]:
        return [] if self._together is None else [self._together.label(_TOGETHER)]

    def _in_company(self, oldest: CTE) -> list[ColumnElement[bool]]:
        """Return the condition that a row is the first, or comes before any that is taken by itself."""
        if self._together is None:
            return []
        columns = self._table.c
        first = select(func.min(oldest.c.position)).scalar_subquery()
        alone = select(oldest.c.position).where(~oldest.c[_TOGETHER], oldest.c.position <= columns.position)
        return [or_(columns.position == first, ~alone.exists())]

    def _close(self, names: frozenset[str]) -> Update:
        columns = self._table.c
        place, tries = _bound(_PLACE, columns.position), _bound(_TRY, columns.attempts)
        return self._closed(names).where(columns.position == place, columns.attempts == tries)

    def _close_all(self, names: frozenset[str]) -> Update:
        columns = self._table.c
        held = tuple_(columns.position, columns.attempts).in_(bindparam(_TRIES, expanding=True))
        # The places by themselves are what an index is looked up by.
        places = columns.position.in_(bindparam(_PLACES, expanding=True))
        return self._closed(names).where(places, held)

    def _closed(self, names: frozenset[str]) -> Update:
        """Return what writes those columns of rows that are held, and gives up their leases."""
        columns = self._table.c
        given = {name: _bound(_NEW + name, columns[name]) for name in names}
        held = (columns.state == RowState.WAITING, columns.leased_until.is_not(None))
        return update(self._table).where(*held).values(leased_until=None, **given)

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

    def held_up(self, connection: Connection) -> int:
        """Return how many rows wait for a person to mend something outside."""
        query = select(func.count()).select_from(self._table).where(held_up(self._table))
        return connection.execute(query).scalar_one()

    def parked(self, connection: Connection) -> int:
        """Return how many rows wait for a person."""
        query = select(func.count()).where(self._table.c.state == RowState.PARKED)
        return connection.execute(query).scalar_one()

    def _untaken(self, now: ColumnElement[datetime], time: Words) -> ColumnElement[bool]:
        columns = self._table.c
        return and_(
            columns.state == RowState.WAITING,
            columns.next_attempt_at <= now,
            or_(columns.leased_until.is_(None), ~time.hold(columns.leased_until)),
        )

    def _lane_is_free(self, row: FromClause, now: ColumnElement[datetime], time: Words) -> ColumnElement[bool]:
        """Return the condition that no other row of the lane has to be waited for.

        An older one, unless it is only meant for later and was never tried; and any that is being handled: on
        PostgreSQL an older row may become visible while a newer one is leased. Those are few, and found out once.
        """
        other, held = self._table.alias("other"), self._table.alias("held")
        begun = or_(other.c.attempts > 0, other.c.next_attempt_at <= now)
        older = exists().where(
            *(other.c[name] == row.c[name] for name in self._lane),
            other.c.state == RowState.WAITING,
            other.c.position < row.c.position,
            begun,
        )
        busy = select(*(held.c[name] for name in self._lane)).where(
            held.c.state == RowState.WAITING, held.c.leased_until.is_not(None), time.hold(held.c.leased_until)
        )
        lane = tuple_(*(row.c[name] for name in self._lane))
        return or_(row.c.lane == "", and_(lane.not_in(busy), ~older))
