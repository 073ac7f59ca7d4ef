"""By how much a day is moved: `back a week`, `by 3 days`, `two weeks later`, `another fortnight`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.assistant.parser.dates import UNITS, is_whole, read_span
from bot.assistant.parser.numbers import read_number
from bot.assistant.parser.ordinals import word_at
from bot.assistant.parser.values import Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from skills.words import Token

_MOVES: Final = frozenset("by back out forward another extra".split())
_LATER: Final = frozenset("later longer more extra".split())
_EARLIER: Final = frozenset("earlier sooner".split())


def shifts(tokens: Sequence[Token]) -> Iterator[Value]:
    """Find by how much a day is moved (`back a week`, `two weeks later`, `3 more days`); `value` is (count, unit)."""
    for place in range(len(tokens)):
        word = word_at(tokens, place)
        more = _more_time(tokens, place)
        if more is not None:
            yield Value("shift", more[:2], place, more[2])
            continue
        moves = word in _MOVES
        start = place + 1 + (moves and word_at(tokens, place + 1) in {"by", "another", "a"} and word != "by")
        span = read_span(tokens, start) or read_span(tokens, place + 1) if moves else read_span(tokens, place)
        if span is None:
            continue
        count, unit, end = span
        after = word_at(tokens, end)
        if moves or after in _LATER | _EARLIER:
            sign = -1 if word == "forward" or after in _EARLIER else 1
            yield Value("shift", (sign * count, unit), place, end + (after in _LATER | _EARLIER))


def _more_time(tokens: Sequence[Token], place: int) -> tuple[int, str, int] | None:
    """Read `another week` and `two more weeks`."""
    number = None if word_at(tokens, place) == "another" else read_number(tokens, place)
    end = place if number is None else number.end
    unit = UNITS.get(word_at(tokens, end + 1))
    if unit is None or word_at(tokens, end) not in ({"another"} if number is None else _LATER):
        return None
    if number is None:
        return 1, unit, end + 2
    return (int(number.value or 0), unit, end + 2) if is_whole(number.value) else None
