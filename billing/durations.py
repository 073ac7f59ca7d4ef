"""Spans of time as ISO 8601 writes them, counted on the business's own calendar."""

from __future__ import annotations

import re
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from datetime import datetime

_DURATION: Final = re.compile(
    r"(?P<sign>-?)P(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?)?"
)


def duration(text: str) -> timedelta:
    """Read an ISO 8601 duration of weeks, days, hours and minutes; raises ValueError for anything else."""
    found = _DURATION.fullmatch(text)
    if not found or not any(found.group(part) for part in ("weeks", "days", "hours", "minutes")):
        raise ValueError(f"{text} is not a duration such as P2D or PT1H")
    parts = {name: int(value) for name, value in found.groupdict().items() if name != "sign" and value}
    span = timedelta(**parts)
    return -span if found.group("sign") else span


def later(instant: datetime, text: str | None, timezone: str) -> datetime:
    """Return the aware instant that much later, in UTC; None is no time at all.

    Days are days of the calendar there: two days after nine o'clock is nine o'clock, whatever the clocks did.
    """
    if text is None:
        return instant
    span = duration(text)
    whole = timedelta(days=span // timedelta(days=1))
    local = instant.astimezone(ZoneInfo(timezone))
    # A time of day that the clocks skip becomes the one that they show instead.
    return (local + whole).astimezone(UTC) + (span - whole)
