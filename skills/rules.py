"""Recurrence rules in words: `every Monday at 9:00`."""

from __future__ import annotations

from typing import Final

_DAYS: Final = {
    "MO": "Monday",
    "TU": "Tuesday",
    "WE": "Wednesday",
    "TH": "Thursday",
    "FR": "Friday",
    "SA": "Saturday",
    "SU": "Sunday",
}
_UNITS: Final = {"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"}
_WORKDAYS: Final = "MO,TU,WE,TH,FR"
_PLACES: Final = {"1": "first", "2": "second", "3": "third", "4": "fourth", "-1": "last"}
_MONTHS: Final = "January February March April May June July August September October November December".split()


def in_words(rule: str) -> str:
    """Return a checked recurrence rule as people say it."""
    parts = dict(part.partition("=")[::2] for part in rule.split(";"))
    often = _often(parts)
    ends = f", {parts['COUNT']} times" if "COUNT" in parts else ""
    until = parts.get("UNTIL", "")
    ends += f", until {until[:4]}-{until[4:6]}-{until[6:8]}" if until else ""
    return f"{often} at {_clock(parts)}{ends}"


def _often(parts: dict[str, str]) -> str:
    unit, count = _UNITS[parts["FREQ"]], int(parts.get("INTERVAL", "1"))
    every = f"every {unit}" if count == 1 else f"every {count} {unit}s"
    days = parts.get("BYDAY")
    if days == _WORKDAYS and count == 1:
        return "every weekday"
    if days is None:
        return " ".join([every, *_of_month(parts)])
    named = listed([_day(day) for day in days.split(",")])
    if unit == "week" and count == 1:
        return f"every {named}"
    return f"{every} on {named}" if unit in {"day", "week"} else " ".join([f"{named} of {every}", *_in_months(parts)])


def _of_month(parts: dict[str, str]) -> list[str]:
    days = [("the last day" if day == "-1" else f"day {day}") for day in parts.get("BYMONTHDAY", "").split(",") if day]
    return ([f"on {listed(days)}"] if days else []) + _in_months(parts)


def _in_months(parts: dict[str, str]) -> list[str]:
    months = [_MONTHS[int(month) - 1] for month in parts.get("BYMONTH", "").split(",") if month]
    return [f"in {listed(months)}"] if months else []


def _day(code: str) -> str:
    place, name = code[:-2].removeprefix("+"), _DAYS[code[-2:]]
    return f"the {_PLACES.get(place, place + '.')} {name}" if place else name


def _clock(parts: dict[str, str]) -> str:
    minutes = parts.get("BYMINUTE", "0").split(",")
    hours = parts.get("BYHOUR", "9").split(",")
    return listed([f"{int(hour)}:{int(minute):02}" for hour in hours for minute in minutes])


def listed(words: list[str]) -> str:
    """Return words as people list them: `one, two and three`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
