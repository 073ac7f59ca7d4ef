"""The reminder schedule in words: what clients are sent without anybody asking, and who decided that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billing.reminders import FeeInterval

if TYPE_CHECKING:
    from billing.ports import Formats
    from billing.reminders import LateFee, ReminderSchedule


def spoken_schedule(schedule: ReminderSchedule | None, formats: Formats) -> str:
    """Return in a sentence when clients are reminded."""
    if schedule is None or not schedule.active:
        return "Off: nobody is reminded without being asked for."
    days = "working days" if schedule.working_days else "any day"
    where = f" ({schedule.region})" if schedule.region else ""
    who = f"set by {schedule.set_by} on {formats.moment(schedule.set_at)}"
    return f"{_steps(schedule.steps)}, at {schedule.hour}:00 on {days}{where}, {who}."


def spoken_fee(fee: LateFee | None, formats: Formats) -> str:
    """Return in a sentence what paying late costs."""
    if fee is None:
        return "None."
    money = f"{fee.percent} % of what is owed" if fee.amount is None else formats.money(fee.amount)
    often = "once" if fee.interval is FeeInterval.ONCE else "every month"
    after = f"{fee.after_days} {'day' if fee.after_days == 1 else 'days'}"
    return f"{money}, {often}, once an invoice has been overdue for {after}; at most {fee.most_percent} % of its total."


def _steps(steps: tuple[int, ...]) -> str:
    before = [f"{-days}" for days in steps if days < 0]
    after = [f"{days}" for days in steps if days > 0]
    parts = [
        *([f"{_days(before)} before"] if before else []),
        *(["on the due date"] if 0 in steps else []),
        *([f"{_days(after)} after it"] if after else []),
    ]
    said = ", ".join(parts)
    return said[:1].upper() + said[1:]


def _days(numbers: list[str]) -> str:
    *most, last = numbers
    said = f"{', '.join(most)} and {last}" if most else last
    return f"{said} {'day' if numbers == ['1'] else 'days'}"
