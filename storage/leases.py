"""Whose time leases go by: one that all workers share, and that does not jump when somebody sets a clock.

A lease that ends too early is a row in two hands, and a post that is made twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Interval, and_, bindparam, func

from storage.types import Instant

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, Dialect

    from billing.ports import Clock

LONGEST_LEASE: Final = timedelta(minutes=2)

_LENGTH: Final = "lease_length"
_NOW: Final = "lease_now"
_UNTIL: Final = "lease_until"
_LAST: Final = "lease_last"
_BOOT: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """What a statement that takes a lease says of time.

    A lease ends at `until`; one that is there holds if it ends after `now` and, where there is a `last`, not after
    that: no lease that is taken now would, so it is left over from before the clock began anew.
    """

    now: ColumnElement[datetime]
    until: ColumnElement[datetime]
    last: ColumnElement[datetime] | None = None

    def hold(self, until: ColumnElement[datetime]) -> ColumnElement[bool]:
        """Return the condition that a lease with that end is not over."""
        ends_later = until > self.now
        return ends_later if self.last is None else and_(ends_later, until <= self.last)


# Of the statement, not of the transaction that it is in; and not volatile, which would keep it from using an index.
_SERVER_NOW: Final[ColumnElement[datetime]] = func.statement_timestamp(type_=Instant())
_OF_THE_SERVER: Final = Words(_SERVER_NOW, _SERVER_NOW + bindparam(_LENGTH, type_=Interval()))
_GIVEN: Final = Words(*(bindparam(name, type_=Instant()) for name in (_NOW, _UNTIL, _LAST)))


class LeaseTime:
    """The time of a clock, or the PostgreSQL server's where there is none."""

    def __init__(self, clock: Clock | None) -> None:
        self._clock = clock
        self.words: Words = _GIVEN if clock else _OF_THE_SERVER

    def values(self, lease: timedelta) -> Mapping[str, Any]:
        """Return what the words stand for, for a lease of that length; ValueError for more than LONGEST_LEASE."""
        if lease > LONGEST_LEASE:
            message = f"A lease of {lease} is longer than {LONGEST_LEASE}."
            raise ValueError(message)
        if self._clock is None:
            return {_LENGTH: lease}
        now = self._clock()
        return {_NOW: now, _UNTIL: now + lease, _LAST: now + LONGEST_LEASE}


def steady_time(dialect: Dialect) -> LeaseTime:
    """Return the time that all who work on such a database share: those on a SQLite file are on one machine."""
    return LeaseTime(_since_boot if dialect.name == "sqlite" else None)


def _since_boot() -> datetime:
    return _BOOT + timedelta(seconds=monotonic())
