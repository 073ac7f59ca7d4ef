"""When a scheduled automation runs: an RFC 5545 recurrence rule, by the clock on the wall where the business is."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Final, cast
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

if TYPE_CHECKING:
    from dateutil.rrule import rrule

_HOURS: Final = frozenset({"BYHOUR", "BYMINUTE"})
_ALLOWED: Final = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "WKST"}) | _HOURS
_LONGER: Final = frozenset({"BYMONTH", "BYMONTHDAY", "BYSETPOS"})
_FREQUENCIES: Final = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
_MORNING: Final = 9
_MOST_HOURS: Final = 4
_MOST_BETWEEN: Final = 366
_PLAIN: Final = re.compile(r"[A-Z]+=[A-Z0-9,+-]+(;[A-Z]+=[A-Z0-9,+-]+)*", re.ASCII)


def checked_schedule(text: str) -> str:
    """Return the rule in one form; raises ValueError for what is no rule, or one that would run all the time."""
    plain = text.strip().upper().removeprefix("RRULE:")
    if not _PLAIN.fullmatch(plain):
        message = "a schedule is a recurrence rule such as FREQ=WEEKLY;BYDAY=MO;BYHOUR=9"
        raise ValueError(message)
    parts = dict(part.partition("=")[::2] for part in plain.split(";"))
    frequency = parts.get("FREQ", "")
    if frequency not in _FREQUENCIES:
        message = "a schedule is daily, weekly, monthly or yearly, such as FREQ=WEEKLY;BYDAY=MO;BYHOUR=9"
        raise ValueError(message)
    allowed = _ALLOWED if frequency in {"DAILY", "WEEKLY"} else _ALLOWED | _LONGER
    unknown = next((name for name in parts if name not in allowed), None)
    if unknown is not None:
        message = f"{unknown} does not belong in a schedule that is {frequency.lower()}"
        raise ValueError(message)
    if not 1 <= int(parts.get("INTERVAL", "1")) <= _MOST_BETWEEN:
        message = f"a schedule skips at most {_MOST_BETWEEN} times"
        raise ValueError(message)
    if any(len(parts.get(name, "").split(",")) > _MOST_HOURS for name in _HOURS):
        message = f"a schedule runs at most {_MOST_HOURS} times a day"
        raise ValueError(message)
    rule = ";".join(f"{name}={value}" for name, value in parts.items())
    if next_occurrence(rule, "UTC", datetime(2026, 1, 1, tzinfo=UTC), after=datetime(2026, 1, 1, tzinfo=UTC)) is None:
        message = "that schedule never comes"
        raise ValueError(message)
    return rule


def next_occurrence(rule: str, timezone: str, begun: datetime, *, after: datetime) -> datetime | None:
    """Return the first time after that instant, in UTC, None where there is none any more.

    `begun` is when the automation was made: every second week counts from there. A time of day that the clocks skip
    comes as much later, one that they show twice comes once.
    """
    zone = ZoneInfo(timezone)
    wall = _rule(rule, begun.astimezone(zone)).replace(cache=False)
    local = after.astimezone(zone).replace(tzinfo=None, fold=0)
    # Looked for from a little before: around a change of the clocks, the later reading may be the earlier instant.
    for found in wall.xafter(local.replace(hour=0, minute=0, second=0, microsecond=0), inc=True):
        instant = found.replace(tzinfo=zone).astimezone(UTC)
        if instant > after:
            return instant
    return None


def _rule(rule: str, begun: datetime) -> rrule:
    """Return the rule on the clock of the wall; it is at nine where it names no hour."""
    start = datetime.combine(begun.date(), time())
    read = cast("rrule", rrulestr(rule, dtstart=start))  # one line is one rule
    return read if "BYHOUR" in rule else read.replace(byhour=_MORNING)
