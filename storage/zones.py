"""Days of a time zone in SQL: the databases know zones differently or not at all, so its offsets go into the query."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Date, Integer, case, cast, func, literal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

    from sqlalchemy import ColumnElement, Connection

# Shorter than any summer time, so that between two looks at a zone its offset changes once at most.
_LOOK_EVERY: Final = timedelta(days=7)
_DAY_SECONDS: Final = 86_400
_BEGINNING: Final = datetime(2000, 1, 1, tzinfo=UTC)


def day_number(connection: Connection, day: ColumnElement[Any]) -> ColumnElement[int]:
    """Return the days from 1970 to a date column's day."""
    if connection.dialect.name == "sqlite":
        return cast(func.julianday(day) - func.julianday("1970-01-01"), Integer)
    return day - cast(literal("1970-01-01"), Date)


def local_day_number(
    connection: Connection, instant: ColumnElement[Any], zone: ZoneInfo, start: datetime | None, end: datetime
) -> ColumnElement[int]:
    """Return the days from 1970 to the zone's day of an instant column, exact for instants before `end`.

    Instants before `start` (or 2000) are told by the zone's offset then.
    """
    changes = list(_offsets(zone, start or _BEGINNING, end))
    last = int((end.astimezone(zone).utcoffset() or timedelta()).total_seconds())
    offset = case(*((instant < until, seconds) for until, seconds in changes), else_=last) if changes else literal(last)
    if connection.dialect.name == "sqlite":
        epoch = cast(func.strftime("%s", instant), Integer)
        return (epoch + offset) // _DAY_SECONDS
    return cast(func.floor((func.extract("epoch", instant) + offset) / _DAY_SECONDS), Integer)


def _offsets(zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[tuple[datetime, int]]:
    """Yield each instant at which the zone's offset changes, and the seconds of the offset before it."""
    at = start
    while at < end:
        following = min(at + _LOOK_EVERY, end)
        before = at.astimezone(zone).utcoffset() or timedelta()
        if before != following.astimezone(zone).utcoffset():
            yield _change(zone, at, following), int(before.total_seconds())
        at = following


def _change(zone: ZoneInfo, first: datetime, last: datetime) -> datetime:
    """Return the instant, to the second, between the two at which the offset becomes that of the last."""
    low, high = int(first.timestamp()), int(last.timestamp())
    after = last.astimezone(zone).utcoffset()
    while high - low > 1:
        middle = (low + high) // 2
        changed = datetime.fromtimestamp(middle, UTC).astimezone(zone).utcoffset() == after
        low, high = (low, middle) if changed else (middle, high)
    return datetime.fromtimestamp(high, UTC)
