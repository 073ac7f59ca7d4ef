"""Single days as people say them: `20/3`, `the first of May`, `next Friday`, `Friday week`, `net 14`, `end of month`.

The rulings are the house's (day first, weeks from Monday, “next Friday” in the week after); libraries guess otherwise.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from dateutil.relativedelta import relativedelta

from bot.assistant.parser.clocks import read_clock
from bot.assistant.parser.numbers import SMALL, read_number
from bot.assistant.parser.ordinals import LAST_MONTH_DAY, ORDINALS, read_named_day, read_ordinal, word_at
from bot.assistant.parser.values import Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from skills.words import Token

MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb febuary feburary",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sep sept",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
WEEKDAYS: Final = {
    name: number
    for number, names in enumerate(
        (
            "monday mon",
            "tuesday tue tues",
            "wednesday wed weds",
            "thursday thu thur thurs",
            "friday fri",
            "saturday sat",
            "sunday sun",
        ),
    )
    for name in names.split()
}
UNITS: Final = {
    "day": "days",
    "days": "days",
    "week": "weeks",
    "weeks": "weeks",
    "wk": "weeks",
    "wks": "weeks",
    "fortnight": "fortnights",
    "fortnights": "fortnights",
    "month": "months",
    "months": "months",
    "year": "years",
    "years": "years",
}
_AFTER_CLOCK: Final = frozenset(", . ! ? ; and then please with to saying".split())
# The words that days begin with.
_FIRST: Final = frozenset(
    """the next this coming eom last end net in within a an one today tonight day tomorrow tmrw tomoz""".split()
).union(MONTHS, WEEKDAYS, ORDINALS, SMALL)
_TOO_LONG: Final = 1000  # nobody says so many days or weeks


def dates(tokens: Sequence[Token], today: date, *, past: bool = False) -> Iterator[Value]:
    """Find days; `value` is a date. A day without a year is the coming one, or the latest one if `past`."""
    for place in range(len(tokens)):
        found = read_day(tokens, place, today, past=past)
        if found is not None:
            yield Value("date", found[0], place, _past_clock(tokens, found[1]))


def _past_clock(tokens: Sequence[Token], end: int) -> int:
    """Return the place after the hour that goes with a day: `tomorrow at 9`. It is no part of any argument."""
    time = read_clock(tokens, end)
    over = time is not None and (time.end >= len(tokens) or tokens[time.end].word in _AFTER_CLOCK)
    return time.end if time is not None and over else end


def read_day(tokens: Sequence[Token], place: int, today: date, *, past: bool = False) -> tuple[date, int] | None:
    """Read the day that starts at a token: the date and the place after it."""
    word = word_at(tokens, place)
    if word not in _FIRST and not word[:1].isdecimal() and "-" not in word:
        return None  # most words
    return (
        _written(tokens, place, today, past=past)
        or _with_month(tokens, place, today, past=past)
        or _weekday(tokens, place, today, past=past)
        or _end_of(tokens, place, today)
        or _in_some_time(tokens, place, today)
        or _named(tokens, place, today)
        or _of_month(tokens, place, today, past=past)
    )


def plus(day: date, count: int, unit: str) -> date:
    """Return the day some `days`, `weeks`, `fortnights`, `months` or `years` later."""
    if unit == "fortnights":
        return day + timedelta(weeks=2 * count)
    return day + relativedelta(**{unit: count})  # type: ignore[arg-type] # the unit is one of relativedelta's names


def month_end(year: int, month: int) -> date:
    """Return the last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def _dated(year: int | None, month: int, day: int, today: date, *, past: bool) -> date | None:
    try:
        if year is not None:
            return date(year + 2000 if year < 100 else year, month, day)  # noqa: PLR2004 - two digits mean this century
        found = date(today.year, month, day)
    except ValueError:
        return None
    if past and found > today:
        return plus(found, -1, "years")
    return plus(found, 1, "years") if not past and found < today else found


def _written(tokens: Sequence[Token], place: int, today: date, *, past: bool) -> tuple[date, int] | None:
    if tokens[place].kind != "day":
        return None
    parts = [int(part) for part in re.split(r"[/.-]", tokens[place].word.rstrip("."))]
    if len(parts) == 3 and parts[0] > LAST_MONTH_DAY:  # noqa: PLR2004 - year, month, day
        found = _dated(parts[0], parts[1], parts[2], today, past=past)
    else:
        year = parts[2] if len(parts) == 3 else None  # noqa: PLR2004 - as above
        found = _dated(year, parts[1], parts[0], today, past=past)
    return (found, place + 1) if found else None


def _with_month(tokens: Sequence[Token], place: int, today: date, *, past: bool) -> tuple[date, int] | None:
    start = place + 1 if word_at(tokens, place) == "the" else place
    if word_at(tokens, start) in MONTHS:
        ordinal = read_ordinal(tokens, start + 1 if word_at(tokens, start + 1) != "the" else start + 2)
        month, day, end = (MONTHS[word_at(tokens, start)], *ordinal) if ordinal else (0, 0, 0)
    else:
        ordinal = read_ordinal(tokens, start)
        at = ordinal[1] + (word_at(tokens, ordinal[1]) == "of") if ordinal else 0
        month, day, end = (MONTHS.get(word_at(tokens, at), 0), ordinal[0], at + 1) if ordinal else (0, 0, 0)
    if not month:
        return None
    year, end = _year(tokens, end)
    found = _dated(year, month, day, today, past=past)
    return (found, end) if found else None


def _year(tokens: Sequence[Token], place: int) -> tuple[int | None, int]:
    word = word_at(tokens, place)
    if word == "," and re.fullmatch(r"20\d\d", word_at(tokens, place + 1)):
        return int(word_at(tokens, place + 1)), place + 2
    return (int(word), place + 1) if re.fullmatch(r"20\d\d", word) else (None, place)


def _weekday(tokens: Sequence[Token], place: int, today: date, *, past: bool) -> tuple[date, int] | None:
    before, start = ("", place)
    if word_at(tokens, place) in {"next", "this", "coming"}:
        before, start = word_at(tokens, place), place + 1
    number = WEEKDAYS.get(word_at(tokens, start))
    if number is None:
        return None
    if before == "next":
        return today + timedelta(days=7 - today.weekday() + number), start + 1
    if past:
        return today - timedelta(days=(today.weekday() - number) % 7), start + 1
    coming = today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)
    if word_at(tokens, start + 1) == "week":
        return coming + timedelta(weeks=1), start + 2
    return coming, start + 1


def _end_of(tokens: Sequence[Token], place: int, today: date) -> tuple[date, int] | None:
    start = place + 1 if word_at(tokens, place) == "the" else place
    if word_at(tokens, start) == "eom":
        return month_end(today.year, today.month), start + 1
    last_day = word_at(tokens, start) == "last" and word_at(tokens, start + 1) == "day"
    if word_at(tokens, start) != "end" and not last_day:
        return None
    at = start + (2 if last_day else 1)
    at += word_at(tokens, at) == "of"
    at += word_at(tokens, at) in {"the", "this"}
    following = word_at(tokens, at) == "next"
    return _period_end(tokens, at + following, today, following=following)


def _period_end(tokens: Sequence[Token], at: int, today: date, *, following: bool) -> tuple[date, int] | None:
    word = word_at(tokens, at)
    if word in MONTHS:
        year, end = _year(tokens, at + 1)
        first = _dated(year, MONTHS[word], 1, today.replace(day=1), past=False) or today
        return month_end(first.year, first.month), end
    if word == "month":
        first = plus(today.replace(day=1), int(following), "months")
        return month_end(first.year, first.month), at + 1
    if word == "week":
        return today + timedelta(days=6 - today.weekday() + 7 * following), at + 1
    if word == "quarter":
        first = plus(date(today.year, 3 * ((today.month - 1) // 3) + 3, 1), 3 * following, "months")
        return month_end(first.year, first.month), at + 1
    return (date(today.year + following, 12, 31), at + 1) if word == "year" else None


def _in_some_time(tokens: Sequence[Token], place: int, today: date) -> tuple[date, int] | None:
    word = word_at(tokens, place)
    if word == "net":
        number = read_number(tokens, place + 1) if place + 1 < len(tokens) else None
        if number is None or not is_whole(number.value):
            return None
        end = number.end + (word_at(tokens, number.end) in {"day", "days"})
        return today + timedelta(days=int(number.value or 0)), end
    start = place + 1 if word in {"in", "within"} else place
    counted = read_span(tokens, start)
    if counted is None:
        return None
    count, unit, end = counted
    later = word_at(tokens, end) in {"from", "out"} or start > place or word_at(tokens, place - 1) in {"due", "in"}
    end += 2 if word_at(tokens, end) == "from" and word_at(tokens, end + 1) in {"now", "today"} else 0
    return (plus(today, count, unit), end) if later else None


def read_span(tokens: Sequence[Token], place: int) -> tuple[int, str, int] | None:
    """Read a length of time (`two weeks`, `a month`, `14 days`): count, unit and the place after it."""
    word = word_at(tokens, place)
    if word in {"a", "an", "one"} and word_at(tokens, place + 1) in UNITS:
        return 1, UNITS[word_at(tokens, place + 1)], place + 2
    if word == "a" and word_at(tokens, place + 1) == "couple":
        at = place + 2 + (word_at(tokens, place + 2) == "of")
        return (2, UNITS[word_at(tokens, at)], at + 1) if word_at(tokens, at) in UNITS else None
    number = read_number(tokens, place) if place < len(tokens) else None
    if number is None or not is_whole(number.value) or word_at(tokens, number.end) not in UNITS:
        return None
    return int(number.value or 0), UNITS[word_at(tokens, number.end)], number.end + 1


def is_whole(value: Decimal | None) -> bool:
    """Say whether a number can count days or weeks."""
    return value is not None and value == value.to_integral_value() and 0 < value < _TOO_LONG


def _named(tokens: Sequence[Token], place: int, today: date) -> tuple[date, int] | None:
    word = word_at(tokens, place)
    start = place + (word == "the")
    if tuple(word_at(tokens, start + at) for at in range(3)) == ("day", "after", "tomorrow"):
        return today + timedelta(days=2), start + 3
    days = {"today": 0, "tonight": 0, "tomorrow": 1, "tmrw": 1, "tomoz": 1}.get(word)
    if days is not None:
        return today + timedelta(days=days), place + 1
    return None


def _of_month(tokens: Sequence[Token], place: int, today: date, *, past: bool) -> tuple[date, int] | None:
    """Read `the 20th` as the coming one, or the latest one if `past`."""
    day = read_named_day(tokens, place)
    for months in range(3) if day else ():
        first = plus(today.replace(day=1), -months if past else months, "months")
        if day is not None and day[0] <= month_end(first.year, first.month).day:
            found = first.replace(day=day[0])
            if (found <= today) if past else (found >= today):
                return found, day[1]
    return None
