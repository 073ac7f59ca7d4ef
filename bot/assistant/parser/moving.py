"""Times that are told from the one before: `and the month before?`, `the Thursday before instead`, `a day later`."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from bot.assistant.parser.dates import WEEKDAYS
from bot.assistant.parser.periods import as_json, shifted
from skills.vocabulary import FILLERS, FUNCTION

if TYPE_CHECKING:
    from bot.assistant.parser.clauses import Clause

_EARLIER: Final = frozenset(("before", "earlier", "previous", "preceding", "prior"))
_LATER: Final = frozenset(("after", "following", "later"))
_UNITS: Final = frozenset(("week", "month", "quarter", "year", "day", "one", "period"))
_DAYS: Final = {"day": 1, "week": 7}
_DATES: Final = ("on", "due")
_ONE: Final = {("the",), ("a",), ("one",)}


def moved_time(clause: Clause, arguments: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Return the period or the day of a call as a message moves it; nothing where it moves none."""
    return _moved_period(clause, arguments) or _moved_day(clause, arguments)


def _moved_period(clause: Clause, arguments: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Read `and the month before?` against the period of the call."""
    words = set(clause.words)
    period = arguments.get("period")
    if not isinstance(period, dict) or not words & _UNITS or not words & (_EARLIER | _LATER):
        return {}
    span = (date.fromisoformat(period["from"]), date.fromisoformat(period["to"]))
    return {"period": as_json(shifted(span, -1 if words & _EARLIER else 1))}


def _moved_day(clause: Clause, arguments: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Read `the Thursday before` and `the day after` against the one day that the call has."""
    days = {name: arguments[name] for name in _DATES if name in arguments}
    at = next((p for p, word in enumerate(clause.words) if word in _EARLIER | _LATER), 0)
    unit = clause.words[at - 1] if at else ""
    beside = (*clause.words[: max(0, at - 2)], *clause.words[at + 1 :])
    plainly = all(word in FUNCTION or word in FILLERS or not word.isalpha() for word in beside)
    if len(days) != 1 or not plainly or clause.words[at - 2 : at - 1] not in _ONE:
        return {}  # “the day before Easter” is told from another day, “remind him the day before” is no correction
    [(name, said)] = days.items()
    way = -1 if clause.words[at] in _EARLIER else 1
    day = date.fromisoformat(said)
    if unit in WEEKDAYS:
        distance = (way * (WEEKDAYS[unit] - day.weekday()) - 1) % 7 + 1
    elif unit in _DAYS:
        distance = _DAYS[unit]
    else:
        return {}
    return {name: (day + timedelta(days=way * distance)).isoformat()}
