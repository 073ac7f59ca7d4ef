"""How often something is to be done, as people say it: `every Monday at 9`, as a recurrence rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.assistant.parser.clocks import read_clock
from bot.assistant.parser.numbers import read_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from skills.words import Token

_DAYS: Final = {
    "monday": "MO",
    "tuesday": "TU",
    "wednesday": "WE",
    "thursday": "TH",
    "friday": "FR",
    "saturday": "SA",
    "sunday": "SU",
}
_SHORT: Final = {name[:3]: code for name, code in _DAYS.items()} | {"tues": "TU", "thur": "TH", "thurs": "TH"}
_UNITS: Final = {"day": "DAILY", "week": "WEEKLY", "month": "MONTHLY", "year": "YEARLY"}
_SINGLE: Final = {"daily": "DAILY", "weekly": "WEEKLY", "monthly": "MONTHLY", "yearly": "YEARLY"}
_WORKDAYS: Final = "MO,TU,WE,TH,FR"
_ORDINALS: Final = {
    "first": 1,
    "1st": 1,
    "second": 2,
    "2nd": 2,
    "third": 3,
    "3rd": 3,
    "15th": 15,
    "last": -1,
    "end": -1,
}


def schedule_in(tokens: Sequence[Token]) -> tuple[str, frozenset[int]] | None:
    """Return the recurrence rule that the words name, with the places of these words; None where they name none."""
    for place in range(len(tokens)):
        found = _at(tokens, place)
        if found is not None:
            rule, end = found
            clock, places = _clock(tokens)
            return f"{rule}{clock}", frozenset(range(place, end)) | places
    return None


def _at(tokens: Sequence[Token], place: int) -> tuple[str, int] | None:
    word = tokens[place].word
    if word in _SINGLE:
        return f"FREQ={_SINGLE[word]}", place + 1
    if word in {"every", "each"} and place + 1 < len(tokens):
        return _every(tokens, place + 1)
    if word in {"mondays", "tuesdays", "wednesdays", "thursdays", "fridays", "saturdays", "sundays"}:
        return f"FREQ=WEEKLY;BYDAY={_DAYS[word[:-1]]}", place + 1
    return _of_month(tokens, place)


def _word(tokens: Sequence[Token], place: int) -> str:
    return tokens[place].word if place < len(tokens) else ""


def _every(tokens: Sequence[Token], place: int) -> tuple[str, int] | None:
    word = _word(tokens, place)
    if word in {"weekday", "workday"}:
        return f"FREQ=WEEKLY;BYDAY={_WORKDAYS}", place + 1
    if word == "morning":
        return "FREQ=DAILY", place + 1
    days, end = weekdays_at(tokens, place)
    if days:
        return f"FREQ=WEEKLY;BYDAY={','.join(days)}", end
    number = 2 if word in {"other", "second"} else None
    at = place + 1 if number else place
    if number is None and (read := read_number(tokens, place)) is not None and read.value is not None:
        number, at = int(read.value), read.end
    unit = _word(tokens, at)
    if days_after := weekdays_at(tokens, at)[0] if number else []:
        return f"FREQ=WEEKLY;INTERVAL={number};BYDAY={','.join(days_after)}", at + 1
    unit = unit.removesuffix("s")
    if unit not in _UNITS:
        return None
    often = f";INTERVAL={number}" if number else ""
    after, past = weekdays_at(tokens, at + 2) if _word(tokens, at + 1) == "on" else ([], at + 1)
    by_day = f";BYDAY={','.join(after)}" if after and unit == "week" else ""
    return f"FREQ={_UNITS[unit]}{often}{by_day}", past if after else at + 1


def weekdays_at(tokens: Sequence[Token], place: int) -> tuple[list[str], int]:
    """Return the weekdays that are named one after the other at a place, as a rule has them, and the place after."""
    days: list[str] = []
    while (code := _DAYS.get(_word(tokens, place)) or _SHORT.get(_word(tokens, place))) is not None:
        days.append(code)
        place += 1
        if _word(tokens, place) in {"and", ","} and _word(tokens, place + 1) in _DAYS | _SHORT:
            place += 1
    return days, place


def _of_month(tokens: Sequence[Token], place: int) -> tuple[str, int] | None:
    """Read `the first of every month`, `on the last day of the month`; the end of the month is but once."""
    day = _ORDINALS.get(_word(tokens, place))
    at = place + 1 + (_word(tokens, place + 1) == "day")
    if day is None or _word(tokens, at) != "of" or _word(tokens, at + 1) not in {"every", "each", "the"}:
        return None
    if (_word(tokens, place), _word(tokens, at + 1)) == ("end", "the"):
        return None
    return (f"FREQ=MONTHLY;BYMONTHDAY={day}", at + 3) if _word(tokens, at + 2) == "month" else None


def _clock(tokens: Sequence[Token]) -> tuple[str, frozenset[int]]:
    """Return the hour of `at 9`, `at 9:30`, `at 5pm` as a part of the rule, with its places."""
    for place in range(len(tokens)):
        time = read_clock(tokens, place)
        if time is not None:
            minutes = f";BYMINUTE={time.minute}" if time.minute else ""
            return f";BYHOUR={time.hour}{minutes}", frozenset(range(place, time.end))
    return "", frozenset()
