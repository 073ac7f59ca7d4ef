"""Periods of calendar days as instants, and as people say them."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from datetime import date

    from billing.workspaces import Workspace
    from skills.arguments import Period
    from skills.context import Context


def bounds(context: Context, period: Period | None) -> tuple[datetime | None, datetime | None]:
    """Return the instants at which the period begins and has ended, in the workspace's time zone."""
    if period is None:
        return None, None
    workspace = context.workspace
    return day_begins(period.start, workspace), day_begins(period.end + timedelta(days=1), workspace)


def day_begins(day: date, workspace: Workspace) -> datetime:
    """Return the instant at which a calendar day begins where the business is."""
    return datetime.combine(day, time(), ZoneInfo(workspace.timezone))


def spoken(context: Context, period: Period) -> str:
    """Return the period as a phrase: `on 3 March`, `from 1 March to 31 March`."""
    start, end = context.formats.day(period.start), context.formats.day(period.end)
    return f"on {start}" if start == end else f"from {start} to {end}"
