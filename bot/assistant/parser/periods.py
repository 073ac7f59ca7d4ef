"""Spans of days: `last month`, `this quarter`, `since 1/2`, `between the first and the fifteenth of February`."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from bot.assistant.parser.dates import MONTHS, month_end, plus, read_day, read_span
from bot.assistant.parser.ordinals import read_ordinal
from bot.assistant.parser.values import Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from skills.words import Token

Span = tuple[date, date]

# First day (month, day) of the financial year; elsewhere it is the calendar year.
_FINANCIAL_YEARS: Final = {"AU": (7, 1), "NZ": (4, 1), "GB": (4, 6), "IN": (4, 1), "JP": (4, 1), "ZA": (3, 1)}
_BACK: Final = frozenset(("last", "past", "previous", "prior"))
_SHIFTS: Final = {"this": 0, "current": 0, "next": 1, "coming": 1} | dict.fromkeys(_BACK, -1)
# The words that periods begin with, and the signs that `q3` and `2025` do: most words are none of them.
_FIRST: Final = frozenset(
    ("since", "between", "from", "ytd", "mtd", "wtd", "year", "month", "so", "the", "yesterday", "today")
).union(_SHIFTS, MONTHS)
_FIRST_SIGNS: Final = ("q", "20")
_FINANCIAL: Final = frozenset(("financial", "fiscal", "tax", "fin"))


def periods(tokens: Sequence[Token], today: date, country: str, *, ahead: bool = False) -> Iterator[Value]:
    """Find periods; `value` is (first day, last day). `ahead` reads a bare month as the coming one (due dates)."""
    for place, token in enumerate(tokens):
        begins = token.word in _FIRST or token.word.startswith(_FIRST_SIGNS)
        found = _read(tokens, place, today, country, ahead=ahead) if begins else None
        if found is not None:
            start, end, after = found
            yield Value("period", (start, end), place, after)


def as_json(span: Span) -> dict[str, str]:
    """Return the period as the catalogue writes it."""
    return {"from": span[0].isoformat(), "to": span[1].isoformat()}


def shifted(span: Span, count: int) -> Span:
    """Return the period as many of its own lengths later: whole months stay whole months."""
    start, end = span
    months = (end.year - start.year) * 12 + end.month - start.month + 1
    if start.day == 1 and end == month_end(end.year, end.month):
        first = plus(start, months * count, "months")
        last = plus(first, months - 1, "months")
        return first, month_end(last.year, last.month)
    days = (end - start).days + 1
    return start + timedelta(days=days * count), end + timedelta(days=days * count)


def _word(tokens: Sequence[Token], place: int) -> str:
    return tokens[place].word if 0 <= place < len(tokens) else ""


def _read(
    tokens: Sequence[Token], place: int, today: date, country: str, *, ahead: bool
) -> tuple[date, date, int] | None:
    return (
        _since(tokens, place, today, country)
        or _between(tokens, place, today, past=not ahead)
        or _to_date(tokens, place, today, country)
        or _relative(tokens, place, today, country)
        or _lately(tokens, place, today)
        or _month(tokens, place, today, ahead=ahead)
        or _quarter_or_year(tokens, place, today)
        or _day(tokens, place, today)
    )


def _since(tokens: Sequence[Token], place: int, today: date, country: str) -> tuple[date, date, int] | None:
    if _word(tokens, place) != "since":
        return None
    at = place + 1
    while _word(tokens, at) in {"the", "start", "beginning", "of"}:
        at += 1
    day = read_day(tokens, place + 1, today, past=True)
    if day is not None and day[0] <= today:
        return day[0], today, day[1]
    span = _relative(tokens, at, today, country) or _month(tokens, at, today, ahead=False)
    span = span or _quarter_or_year(tokens, at, today) or _day(tokens, at, today)
    this = whole(_word(tokens, at), today, 0) if span is None and at > place + 1 else None
    span = (*this, at + 1) if this is not None else span  # “since the start of the year”
    return (span[0], today, span[2]) if span and span[0] <= today else None


def _between(tokens: Sequence[Token], place: int, today: date, *, past: bool) -> tuple[date, date, int] | None:
    first_word = _word(tokens, place)
    if first_word not in {"between", "from"}:
        return None
    joins = {"and"} if first_word == "between" else {"to", "until", "till", "-", "through"}
    start = _edge(tokens, place + 1, today, past=past)
    if start is None or _word(tokens, start[1]) not in joins:
        return None
    end = read_day(tokens, start[1] + 1, today, past=past) or _month_edge(tokens, start[1] + 1, today)
    if end is None:
        return None
    first = start[0] if isinstance(start[0], date) else _same_month(end[0], start[0])
    if first is None:
        return None
    dated = re.fullmatch(r"20\d\d", _word(tokens, end[1] - 1)) is not None
    # Read back from today, the end may lie before the beginning: “between the first of March and the 15th of April”.
    last = end[0] if first <= end[0] or dated else plus(end[0], 1, "years")
    return (first, last, end[1]) if first <= last else None


def _edge(tokens: Sequence[Token], place: int, today: date, *, past: bool) -> tuple[date | int, int] | None:
    """Read the first day of a span, which may leave its month to the second: `the first and the fifteenth of…`."""
    day = read_day(tokens, place, today, past=past)
    if day is not None:
        return day
    month = _month(tokens, place, today, ahead=not past)
    if month is not None:
        return month[0], month[2]
    at = place + (_word(tokens, place) == "the")
    return read_ordinal(tokens, at) if at < len(tokens) else None


def _month_edge(tokens: Sequence[Token], place: int, today: date) -> tuple[date, int] | None:
    month = _month(tokens, place, today, ahead=False)
    return (min(month[1], today), month[2]) if month else None


def _same_month(day: date, number: int) -> date | None:
    try:
        return day.replace(day=number)
    except ValueError:
        return None


def _to_date(tokens: Sequence[Token], place: int, today: date, country: str) -> tuple[date, date, int] | None:
    word = _word(tokens, place)
    first = {
        "ytd": today.replace(month=1, day=1),
        "mtd": today.replace(day=1),
        "wtd": today - timedelta(today.weekday()),
    }
    if word in first:
        return first[word], today, place + 1
    if (word, _word(tokens, place + 1), _word(tokens, place + 2)) == ("year", "to", "date"):
        return date(today.year, 1, 1), today, place + 3
    if (word, _word(tokens, place + 1), _word(tokens, place + 2)) == ("month", "to", "date"):
        return today.replace(day=1), today, place + 3
    if (word, _word(tokens, place + 1)) == ("so", "far"):
        at = place + 2 + (_word(tokens, place + 2) == "in")
        span = _relative(tokens, at, today, country) or _month(tokens, at, today, ahead=False)
        return (span[0], min(span[1], today), span[2]) if span else None
    span = _relative(tokens, place, today, country) or _month(tokens, place, today, ahead=False)
    if span and (_word(tokens, span[2]), _word(tokens, span[2] + 1)) in {("so", "far"), ("to", "date")}:
        return span[0], min(span[1], today), span[2] + 2
    return None


def _relative(tokens: Sequence[Token], place: int, today: date, country: str) -> tuple[date, date, int] | None:
    at = place + (_word(tokens, place) == "the")
    shift = _SHIFTS.get(_word(tokens, at))
    if shift is None:
        return None
    unit, end = _word(tokens, at + 1), at + 2
    if unit in _FINANCIAL and _word(tokens, at + 2) == "year":
        return (*_financial_year(today, country, shift), at + 3)
    if unit == "fy":
        return (*_financial_year(today, country, shift), end)
    if unit in MONTHS:
        return _named_month(MONTHS[unit], today, shift, end)
    span = whole(unit, today, shift)
    return (*span, end) if span else None


def whole(unit: str, today: date, shift: int) -> Span | None:
    """Return the whole calendar week, month, quarter or year that many away from today's."""
    if unit == "week":
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=shift)
        return monday, monday + timedelta(days=6)
    if unit == "month":
        first = plus(today.replace(day=1), shift, "months")
        return first, month_end(first.year, first.month)
    if unit == "quarter":
        first = plus(date(today.year, 3 * ((today.month - 1) // 3) + 1, 1), 3 * shift, "months")
        last = plus(first, 2, "months")
        return first, month_end(last.year, last.month)
    if unit == "year":
        return date(today.year + shift, 1, 1), date(today.year + shift, 12, 31)
    return None


def _financial_year(today: date, country: str, shift: int) -> Span:
    month, day = _FINANCIAL_YEARS.get(country, (1, 1))
    start = date(today.year, month, day)
    start = plus(start, shift - (start > today), "years")
    return start, plus(start, 1, "years") - timedelta(days=1)


def _named_month(month: int, today: date, shift: int, end: int) -> tuple[date, date, int]:
    """Read `this March`, `last March`, `next March`: the nearest one on that side."""
    year = today.year
    if shift < 0 and month >= today.month:
        year -= 1
    if shift > 0 and month <= today.month:
        year += 1
    return date(year, month, 1), month_end(year, month), end


def _lately(tokens: Sequence[Token], place: int, today: date) -> tuple[date, date, int] | None:
    at = place + (_word(tokens, place) == "the")
    if _word(tokens, at) not in _BACK:
        return None
    span = read_span(tokens, at + 1)
    if span is None:
        return None
    count, unit, end = span
    return plus(today, -count, unit) + timedelta(days=1), today, end


def _month(tokens: Sequence[Token], place: int, today: date, *, ahead: bool) -> tuple[date, date, int] | None:
    month = MONTHS.get(_word(tokens, place))
    # “may” and “mar” are words too: they are months after a word of time, or with their year.
    if month is None or (_word(tokens, place) in {"may", "mar", "jan"} and not _months_place(tokens, place)):
        return None
    year = _word(tokens, place + 1)
    if re.fullmatch(r"20\d\d", year):
        return date(int(year), month, 1), month_end(int(year), month), place + 2
    found = today.year - (month > today.month)
    if ahead and month > today.month:
        found = today.year
    return date(found, month, 1), month_end(found, month), place + 1


def _months_place(tokens: Sequence[Token], place: int) -> bool:
    before = _word(tokens, place - 1)
    return before in {
        "in",
        "for",
        "during",
        "of",
        "since",
        "from",
        "to",
        "and",
        "through",
        "until",
        "last",
        "this",
    } or (re.fullmatch(r"20\d\d", _word(tokens, place + 1)) is not None)


def _quarter_or_year(tokens: Sequence[Token], place: int, today: date) -> tuple[date, date, int] | None:
    word = _word(tokens, place)
    if re.fullmatch(r"q[1-4]", word):
        given = _word(tokens, place + 1)
        year = int(given) if re.fullmatch(r"20\d\d", given) else today.year
        first = date(year, 3 * int(word[1]) - 2, 1)
        last = plus(first, 2, "months")
        return first, month_end(last.year, last.month), place + (2 if re.fullmatch(r"20\d\d", given) else 1)
    if re.fullmatch(r"20[0-4]\d", word) and _word(tokens, place - 1) in {"in", "for", "during", "all", "year"}:
        return date(int(word), 1, 1), date(int(word), 12, 31), place + 1
    return None


def _day(tokens: Sequence[Token], place: int, today: date) -> tuple[date, date, int] | None:
    word = _word(tokens, place)
    if word == "yesterday":
        day = today - timedelta(days=1)
        return day, day, place + 1
    return (today, today, place + 1) if word == "today" else None
