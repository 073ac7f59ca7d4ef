"""Days of the month as people say them: `the 20th`, `the twenty-first`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from skills.words import Token

ORDINALS: Final = {
    word: number
    for number, word in enumerate(
        """first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth
        fifteenth sixteenth seventeenth eighteenth nineteenth twentieth""".split(),
        start=1,
    )
} | {"thirtieth": 30}
_SUFFIXES: Final = frozenset(("st", "nd", "rd", "th"))
LAST_MONTH_DAY: Final = 31
_BEFORE_DAY: Final = frozenset("on by until till to due is for from at before".split())
_AFTER_DAY: Final = frozenset("and please pls thanks then instead with saying not no".split())


def read_ordinal(tokens: Sequence[Token], place: int) -> tuple[int, int] | None:
    """Read a day of the month: `1`, `1st`, `first`, `twenty-first`; the number and the place after it."""
    word = word_at(tokens, place)
    if word.isdecimal() and 0 < int(word) <= LAST_MONTH_DAY:
        return int(word), place + (2 if word_at(tokens, place + 1) in _SUFFIXES else 1)
    if word in ORDINALS:
        return ORDINALS[word], place + 1
    tens, _, unit = word.partition("-")
    unit, end = (unit, place + 1) if unit else (word_at(tokens, place + 1), place + 2)
    base = {"twenty": 20, "thirty": 30}.get(tens)
    if base is not None and unit in ORDINALS and ORDINALS[unit] < 10:  # noqa: PLR2004 - one digit
        return base + ORDINALS[unit], end
    return None


def read_named_day(tokens: Sequence[Token], place: int) -> tuple[int, int] | None:
    """Read a day of the month that is surely one: `the 20th`, `the twentieth`; not `the first invoice`, nor `20`."""
    if word_at(tokens, place) != "the" or place + 1 >= len(tokens):
        return None
    day = read_ordinal(tokens, place + 1)
    if day is None or (word_at(tokens, place + 1).isdecimal() and word_at(tokens, place + 2) not in _SUFFIXES):
        return None
    following = tokens[day[1]] if day[1] < len(tokens) else None
    if following is not None and following.kind == "word" and following.word not in _AFTER_DAY:
        return None
    before = word_at(tokens, place - 1)
    return day if before in _BEFORE_DAY or (word_at(tokens, place + 1).isdecimal() and following is None) else None


def word_at(tokens: Sequence[Token], place: int) -> str:
    """Return the word at a place, empty outside of the tokens."""
    return tokens[place].word if 0 <= place < len(tokens) else ""
