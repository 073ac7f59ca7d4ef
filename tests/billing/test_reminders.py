"""When a reminder leaves: by the workspace's clock, on its country's working days, however the clocks are changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from billing.errors import BadArgument
from billing.money import Money
from billing.reminders import FeeInterval, LateFee, Plan, ReminderSchedule, require_sound
from integrations.public_holidays import PublicHolidays
from tests.support.records import NOW, TODAY, WORKSPACE


def a_schedule(**changes: Any) -> ReminderSchedule:
    return replace(ReminderSchedule(WORKSPACE, active=True, since=NOW, set_by="Ada", set_at=NOW), **changes)


def a_plan(timezone: str, country: str, **changes: Any) -> Plan:
    return Plan(a_schedule(**changes), timezone, country, PublicHolidays())


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "country", "due_on", "days", "leaves_at"),
    [
        # Brisbane has no summer time: nine o'clock is 23:00 UTC of the day before.
        ("Australia/Brisbane", "AU", "2026-03-11", 0, "2026-03-10 23:00"),
        # Berlin: the last working day in winter time, and the first in summer time.
        ("Europe/Berlin", "DE", "2026-03-27", 0, "2026-03-27 08:00"),
        ("Europe/Berlin", "DE", "2026-03-27", 3, "2026-03-30 07:00"),
        ("Europe/Berlin", "DE", "2026-10-26", 0, "2026-10-26 08:00"),
        # Los Angeles changes on other days than Europe.
        ("America/Los_Angeles", "US", "2026-03-06", 0, "2026-03-06 17:00"),
        ("America/Los_Angeles", "US", "2026-03-06", 3, "2026-03-09 16:00"),
    ],
)
def test_the_hour_is_the_workspaces_own(zone: str, country: str, due_on: str, days: int, leaves_at: str) -> None:
    assert a_plan(zone, country).leaves_at(date.fromisoformat(due_on), days) == utc(leaves_at)


@pytest.mark.parametrize(
    ("country", "region", "due_on", "days", "leaves_on"),
    [
        # A Saturday: before the due date it is earlier, from the due date on later.
        ("AU", "", "2026-03-10", -3, "2026-03-06"),
        ("AU", "", "2026-03-14", 0, "2026-03-16"),
        # Good Friday to Easter Monday.
        ("AU", "", "2026-04-03", 0, "2026-04-07"),
        ("DE", "", "2026-04-06", -3, "2026-04-02"),
        # Christmas on a Friday, with the day that stands in for Boxing Day.
        ("AU", "QLD", "2026-12-25", 0, "2026-12-29"),
        # A holiday of a part of the country only.
        ("AU", "QLD", "2026-10-05", 0, "2026-10-06"),
        ("AU", "VIC", "2026-10-05", 0, "2026-10-05"),
        ("AU", "no such region", "2026-10-05", 0, "2026-10-05"),
        # A country that rests on Fridays and Saturdays, and one that nobody knows.
        ("EG", "", "2026-03-13", 0, "2026-03-15"),
        ("ZZ", "", "2026-03-14", 0, "2026-03-16"),
    ],
)
def test_reminders_leave_on_working_days(country: str, region: str, due_on: str, days: int, leaves_on: str) -> None:
    plan = a_plan("UTC", country, region=region)
    assert plan.leaves_at(date.fromisoformat(due_on), days).date() == date.fromisoformat(leaves_on)


def test_a_business_that_never_rests_may_remind_on_any_day() -> None:
    plan = a_plan("UTC", "AU", working_days=False)
    assert plan.leaves_at(date(2026, 4, 3), 0) == utc("2026-04-03 09:00")


@pytest.mark.parametrize(
    ("due_on", "hour", "leaves_at"),
    [
        # At two the clock goes to three, so that two o'clock is three; in autumn there are two of it.
        ("2026-03-29", 2, "2026-03-29 01:00"),
        ("2026-10-25", 2, "2026-10-25 00:00"),
    ],
)
def test_an_hour_that_is_skipped_or_comes_twice_still_has_one_instant(due_on: str, hour: int, leaves_at: str) -> None:
    plan = a_plan("Europe/Berlin", "DE", hour=hour, working_days=False)
    assert plan.leaves_at(date.fromisoformat(due_on), 0) == utc(leaves_at)


def test_the_parts_of_a_country_are_known() -> None:
    assert {"QLD", "NSW", "VIC"} <= set(PublicHolidays().regions("AU"))
    assert PublicHolidays().regions("ZZ") == ()


def a_fee(**changes: Any) -> LateFee:
    return replace(LateFee(FeeInterval.ONCE, TODAY, 14, Decimal(10), percent=Decimal(2)), **changes)


def is_sound(schedule: ReminderSchedule) -> bool:
    try:
        require_sound(schedule)
    except BadArgument:
        return False
    return True


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"steps": ()}, "between 1 and 12"),
        ({"steps": tuple(range(13))}, "between 1 and 12"),
        ({"steps": (3, 0)}, "each named once"),
        ({"steps": (3, 3)}, "each named once"),
        ({"steps": (0, 366)}, "at most 365"),
        ({"hour": 24}, "from 0 to 23"),
        ({"hour": -1}, "from 0 to 23"),
        ({"late_fee": a_fee(percent=None)}, "either a percentage"),
        ({"late_fee": a_fee(amount=Money(100, "AUD"))}, "either a percentage"),
        ({"late_fee": a_fee(percent=Decimal(101))}, "at most 100"),
        ({"late_fee": a_fee(most_percent=Decimal(0))}, "above 0"),
        ({"late_fee": a_fee(percent=None, amount=Money(0, "AUD"))}, "more than zero"),
        ({"late_fee": a_fee(after_days=-1)}, "from 0 to 365"),
    ],
)
def test_a_schedule_that_cannot_be_kept_is_refused(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(BadArgument, match=said):
        require_sound(a_schedule(**changes))


@pytest.mark.parametrize("late_fee", [None, a_fee(), a_fee(percent=None, amount=Money(25_00, "AUD"), after_days=0)])
def test_usual_schedules_are_sound(late_fee: LateFee | None) -> None:
    assert is_sound(a_schedule(late_fee=late_fee))
