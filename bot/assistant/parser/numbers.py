"""Numbers as people write and say them: `1,500`, `2k`, `three and a half grand`, `ten oh four`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from skills.idioms import Idioms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from skills.words import Token

UNITS: Final = {
    word: value
    for value, word in enumerate(
        """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
        seventeen eighteen nineteen""".split(),
    )
}
TENS: Final = {
    word: 10 * value
    for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
} | {"fourty": 40}
SCALES: Final = {
    "hundred": 100,
    "thousand": 1000,
    "grand": 1000,
    "k": 1000,
    "million": 1_000_000,
    "mil": 1_000_000,
    "mio": 1_000_000,
    "m": 1_000_000,
}
TIMES: Final = {"double": 2, "triple": 3, "treble": 3}
_GROUP: Final = re.compile(r"[1-9]\d{0,2}")
_NEXT_GROUP: Final = re.compile(r"\d{3}(?:\.\d\d)?")
_PLAIN: Final = re.compile(r"-?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?", re.ASCII)
_CONTINENTAL: Final = re.compile(r"-?\d{1,3}(\.\d{3})+,\d{2}", re.ASCII)
_HALVES: Final = Idioms((("and", "a", "half"), ("and", "half")))
SMALL: Final = frozenset((*UNITS, *TENS))
_PAIR: Final = 100


@dataclass(frozen=True, slots=True)
class Number:
    """A number and the place after it. `value` is None where it is written so that it could mean two things."""

    value: Decimal | None
    end: int
    spoken: bool


def read_number(tokens: Sequence[Token], start: int) -> Number | None:
    """Read the number that starts at a token, with its scale (`k`, `thousand`, `grand`) if one follows."""
    number = _digits(tokens, start) or _spoken(tokens, start)
    if number is None:
        return None
    if number.value is None:
        scaled = number.end < len(tokens) and tokens[number.end].word in SCALES
        return Number(None, number.end + scaled, number.spoken)
    return _scaled(tokens, number)


def read_digit_pairs(tokens: Sequence[Token], start: int) -> tuple[str, int] | None:
    """Read a number said as two halves or digit by digit (`ten oh four`, `one zero zero four`): digits, end."""
    digits, place = "", start
    while place < len(tokens):
        pair = _pair(tokens, place)
        if pair is None:
            break
        digits, place = digits + pair[0], pair[1]
    return (digits, place) if place - start > 1 and len(digits) > 1 else None


def _pair(tokens: Sequence[Token], place: int) -> tuple[str, int] | None:
    word = tokens[place].word
    if word in TIMES and place + 1 < len(tokens):
        again = _pair(tokens, place + 1)
        return (again[0] * TIMES[word], again[1]) if again is not None and len(again[0]) == 1 else None
    if word in {"oh", "o", "zero", "nought"}:
        return "0", place + 1
    if word in TENS:
        following = tokens[place + 1].word if place + 1 < len(tokens) else ""
        unit = UNITS.get(following, 0)
        return (str(TENS[word] + unit), place + 2) if 0 < unit < 10 else (str(TENS[word]), place + 1)  # noqa: PLR2004 - one digit
    return (str(UNITS[word]), place + 1) if word in UNITS else None


def _digits(tokens: Sequence[Token], start: int) -> Number | None:
    token = tokens[start]
    if token.kind != "number":
        return None
    following = tokens[start + 1] if start + 1 < len(tokens) else None
    grouped = following is not None and following.kind == "number" and following.start == token.end + 1
    if following is not None and grouped and _GROUP.fullmatch(token.word) and _NEXT_GROUP.fullmatch(following.word):
        return Number(Decimal(token.word + following.word), start + 2, spoken=False)  # “20 000”
    plain = _PLAIN.fullmatch(token.word)
    if plain is None and _CONTINENTAL.fullmatch(token.word):
        return Number(Decimal(token.word.replace(".", "").replace(",", ".")), start + 1, spoken=False)
    return Number(Decimal(token.word.replace(",", "")) if plain else None, start + 1, spoken=False)


def _spoken(tokens: Sequence[Token], start: int) -> Number | None:
    first = tokens[start].word
    if first in {"a", "an"}:
        return _single(tokens, start)
    if not _is_small(first):
        return None
    total, current, place, heard = Decimal(0), Decimal(0), start, False
    while place < len(tokens):
        words = _split(tokens[place].word)
        if heard and words == ["and"] and place + 1 < len(tokens) and _is_small(tokens[place + 1].word):
            place += 1
            continue
        if not all(_is_small(word) or (heard and word in {"hundred", "thousand"}) for word in words):
            break
        if heard and not _goes_on(current, words[0]):
            break
        total, current = _added(total, current, words)
        heard, place = True, place + 1
    return Number(total + current, place, spoken=True) if heard else None


def _single(tokens: Sequence[Token], start: int) -> Number | None:
    """Read `a grand`, `a hundred and twenty`, `a couple of grand`."""
    following = tokens[start + 1].word if start + 1 < len(tokens) else ""
    if following in {"hundred", "thousand", "million"}:
        scaled = Number(Decimal(SCALES[following]), start + 2, spoken=True)
        rest = start + 3 if start + 2 < len(tokens) and tokens[start + 2].word == "and" else start + 2
        more = _spoken(tokens, rest) if rest < len(tokens) and _is_small(tokens[rest].word) else None
        return Number(Decimal(SCALES[following]) + (more.value or 0), more.end, spoken=True) if more else scaled
    return Number(Decimal(1), start + 1, spoken=True) if following == "grand" else None


def _split(word: str) -> list[str]:
    return word.split("-") if "-" in word else [word]


def _is_small(word: str) -> bool:
    return word in SMALL or ("-" in word and SMALL.issuperset(word.split("-")))


def _goes_on(current: Decimal, word: str) -> bool:
    """Say whether a further number word belongs to the same number: `twenty five` does, `twenty thirty` does not."""
    if word in {"hundred", "thousand"}:
        return True
    room = current % _PAIR
    if word in TENS:
        return room == 0
    return room == 0 or (room % 10 == 0 and room >= 20 and UNITS[word] < 10)  # noqa: PLR2004 - tens take one digit


def _added(total: Decimal, current: Decimal, words: list[str]) -> tuple[Decimal, Decimal]:
    for word in words:
        if word == "hundred":
            current *= 100
        elif word == "thousand":
            total, current = total + current * 1000, Decimal(0)
        else:
            current += UNITS.get(word, TENS.get(word, 0))
    return total, current


def _scaled(tokens: Sequence[Token], number: Number) -> Number:
    value, place = number.value or Decimal(0), number.end
    half = _HALVES.among(tokens, place)
    if half is not None:
        value, place = value + Decimal("0.5"), place + len(half)
    scale = SCALES.get(tokens[place].word) if place < len(tokens) else None
    if scale is None or not _close_enough(tokens, place):
        return Number(value, place, number.spoken)
    value = _whole(value * scale)
    if place + 3 < len(tokens) and tuple(t.word for t in tokens[place + 1 : place + 4]) == ("and", "a", "half"):
        return Number(_whole(value + Decimal("0.5") * scale), place + 4, number.spoken)
    return Number(value, place + 1, number.spoken)


def _whole(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value


def _close_enough(tokens: Sequence[Token], place: int) -> bool:
    # “2 m” may be metres; “2m” is two million.
    return len(tokens[place].word) > 1 or tokens[place].word == "k" or tokens[place].start == tokens[place - 1].end
