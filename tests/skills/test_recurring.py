"""Schedules: said as people say them, refused where they never come or never rest, and when they come next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from skills.recurring import checked_schedule, next_occurrence
from skills.rules import in_words


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=DAILY", "every day at 9:00"),
        ("FREQ=DAILY;INTERVAL=2;BYHOUR=8;BYMINUTE=30", "every 2 days at 8:30"),
        ("FREQ=WEEKLY;BYDAY=MO,WE,FR;BYHOUR=9,17", "every Monday, Wednesday and Friday at 9:00 and 17:00"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "every weekday at 9:00"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "every 2 weeks on Monday at 9:00"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,-1", "every month on day 1 and the last day at 9:00"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "the last Friday of every month at 9:00"),
        ("FREQ=MONTHLY;BYDAY=5MO", "the 5. Monday of every month at 9:00"),
        ("FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=30;COUNT=3", "every year on day 30 in June at 9:00, 3 times"),
        ("FREQ=DAILY;UNTIL=20260401T000000", "every day at 9:00, until 2026-04-01"),
    ],
)
def test_a_schedule_is_said_as_people_say_it(rule: str, words: str) -> None:
    assert in_words(checked_schedule(rule)) == words


@pytest.mark.parametrize(
    "rule",
    [
        "every day",
        "FREQ=HOURLY",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=9999",
        "FREQ=DAILY;BYMONTH=2",
        "FREQ=DAILY;BYHOUR=1,2,3,4,5",
        "FREQ=MONTHLY;BYMONTHDAY=30;BYMONTH=2",
        "FREQ=DAILY\nEXDATE:20260101",
        "FREQ=WEEKLY;BYDAY=XX",
    ],
)
def test_a_schedule_that_never_comes_or_never_rests_is_refused(rule: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        checked_schedule(rule)


def test_times_of_day_stay_what_they_are_when_the_clocks_change() -> None:
    begun = datetime(2026, 3, 27, tzinfo=UTC)
    found, after = [], begun
    for _ in range(3):
        after = next_occurrence("FREQ=DAILY;BYHOUR=2;BYMINUTE=30", "Europe/Berlin", begun, after=after) or begun
        found.append(after.isoformat())
    assert found == ["2026-03-27T01:30:00+00:00", "2026-03-28T01:30:00+00:00", "2026-03-29T01:30:00+00:00"]


def test_a_time_that_the_clocks_show_twice_comes_once() -> None:
    begun = datetime(2026, 10, 24, 12, tzinfo=UTC)
    first = next_occurrence("FREQ=DAILY;BYHOUR=2;BYMINUTE=30", "Europe/Berlin", begun, after=begun)
    assert first is not None
    second = next_occurrence("FREQ=DAILY;BYHOUR=2;BYMINUTE=30", "Europe/Berlin", begun, after=first)
    assert (first.isoformat(), second and second.isoformat()) == (
        "2026-10-25T00:30:00+00:00",
        "2026-10-26T01:30:00+00:00",
    )


def test_a_schedule_that_counts_comes_to_an_end() -> None:
    begun = datetime(2026, 3, 27, tzinfo=UTC)
    assert next_occurrence("FREQ=DAILY;COUNT=1", "UTC", begun, after=begun + timedelta(days=1)) is None
