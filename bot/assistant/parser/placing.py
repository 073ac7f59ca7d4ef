"""Places in what was listed: `the second one` is a record, where several stand side by side in what was shown.

`the other one` is one too, where two were spoken of.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.assistant.parser.ordinals import read_ordinal, word_at
from bot.assistant.parser.referring import record_of
from skills.names import NOUNS
from skills.words import Token

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.assistant.understanding import Memory

# As many as one surely saw: of more, what the last one is is a matter of where the list was cut.
_ON_VIEW: Final = 10
_OTHER: Final = ("the", "other")
_TWO: Final = 2


def with_places(tokens: Sequence[Token], memory: Memory) -> list[Token]:
    """Return the tokens, with each place in the list as one token that has the record's number as its word.

    While a question is open, a place is one among what it offers.
    """
    found: list[Token] = []
    place = 0
    while place < len(tokens):
        named = (_named(tokens, place, memory) or _other(tokens, place, memory)) if memory.question is None else None
        found.append(named[0] if named else tokens[place])
        place = named[1] if named else place + 1
    return found


def _named(tokens: Sequence[Token], start: int, memory: Memory) -> tuple[Token, int] | None:
    """Return the record that `the second one` is, and the place after it; None where no such thing begins there."""
    if not memory.listed:
        return None
    at = start + (word_at(tokens, start) == "the")
    last = word_at(tokens, at) in {"last", "bottom"}
    counted = (len(memory.listed), at + 1) if last else read_ordinal(tokens, at)
    if counted is None or (tokens[at].word.isdecimal() and counted[1] == at + 1):
        return None
    position, end = counted
    nouns = NOUNS.get(record_of(memory.listed[0]) or "", frozenset())
    if word_at(tokens, end) not in {"one", *(noun for noun in nouns if not noun.endswith("s"))}:
        return None
    if position > len(memory.listed) or (last and position > _ON_VIEW):
        return None
    number = memory.listed[position - 1].casefold()
    return Token(number, "record", tokens[start].start, tokens[end].end), end + 1


def _other(tokens: Sequence[Token], start: int, memory: Memory) -> tuple[Token, int] | None:
    """Return the record that `the other one` is beside the one that was spoken of last; None where it may be any."""
    end = start + len(_OTHER)
    if tuple(token.word for token in tokens[start:end]) != _OTHER or not memory.focus:
        return None
    noun = word_at(tokens, end)
    kind = next((record for record, nouns in NOUNS.items() if noun in nouns and not noun.endswith("s")), None)
    if kind is None and noun != "one" and (end < len(tokens) and not tokens[end].is_mark):
        return None  # “the other day”
    kind = kind or record_of(memory.focus[0])
    two = [number for number in memory.focus if record_of(number) == kind]
    if len(two) != _TWO:
        return None
    end += bool(noun) and not tokens[end].is_mark
    return Token(two[1].casefold(), "record", tokens[start].start, tokens[end - 1].end), end
