"""Periods of calendar days as instants, and as people say them."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from skills.arguments import Period
    from skills.context import Context


def bounds(context: Context, period: Period | None) -> tuple[datetime | None, datetime | None]:
    """Return the instants at which the period begins and has ended, in the workspace's time zone."""
    if period is None:
        return None, None
    zone = ZoneInfo(context.workspace.timezone)
    start = datetime.combine(period.start, time(), zone)
    return start, datetime.combine(period.end + timedelta(days=1), time(), zone)


def spoken(context: Context, period: Period) -> str:
    """Return the period as a phrase: `on 3 March`, `from 1 March to 31 March`."""
    start, end = context.formats.day(period.start), context.formats.day(period.end)
    return f"on {start}" if start == end else f"from {start} to {end}"
