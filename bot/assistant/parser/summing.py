"""What people say before a sum: `call it 1,900`, `we agreed 2,500`. The sum alone says as much."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from skills.vocabulary import FILLERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from skills.words import Token


def rows(text: str) -> tuple[tuple[str, ...], ...]:
    """Return the phrases of some lines, the longest first."""
    return tuple(sorted((tuple(line.split()) for line in text.strip().splitlines()), key=len, reverse=True))


def said_at(tokens: Sequence[Token], place: int, phrases: Sequence[tuple[str, ...]]) -> int:
    """Return how many tokens the longest phrase takes that is said at a place; 0 where none is."""
    words = tuple(token.word for token in tokens[place : place + len(phrases[0])])
    return next((len(row) for row in phrases if words[: len(row)] == row), 0)


def word_at(tokens: Sequence[Token], place: int) -> str:
    """Return the word at a place, "" where there is none."""
    return tokens[place].word if 0 <= place < len(tokens) else ""


# Before a sum they say nothing: “call it 1,900”.
_BEFORE_SUMS: Final = rows("""
call it
let us call it
let us say
say
to the tune of
to the value of
which comes to
that comes to
it comes to
""")
_SIGNS: Final = frozenset("$ € £ ¥".split())
_ITS: Final = rows("""
that is for
it is for
this is for
it was for
that was for
""")
# Of what is to be made, they tell its sum: elsewhere `it should be 800` changes what there is.
_AGREED: Final = rows("""
we agreed on
we agreed to
we agreed
we have agreed on
we have agreed
we settled on
we settled for
we said
i quoted
i quoted them
we quoted
we quoted them
i told them
the price is
the price was
the agreed price is
price is
the amount is
amount is
the total is
total is
the fee is
the figure is
it should be
it should be for
that should be
it would be
that would be
it will be
it comes out at
it amounts to
""")
_MAKING: Final = frozenset("invoice bill charge create raise make draft prepare issue do generate need want".split())
_OPENING: Final = FILLERS | frozenset("can could would you i we to let us go ahead".split())
_JOINTS: Final = frozenset((",", "and", "-", ".", ";", ":"))


def plain_sum(tokens: list[Token], place: int) -> list[Token] | None:
    """Leave out what only leads to a sum, and say `for` where a sum is followed by what it is for."""
    taken = said_at(tokens, place, _BEFORE_SUMS)
    if taken and place and _is_sum(tokens, place + taken):
        return [*tokens[:place], *tokens[place + taken :]]
    taken = said_at(tokens, place, _AGREED)
    if taken and _is_sum(tokens, place + taken) and _is_unpriced(tokens[:place]):
        joint = word_at(tokens, place - 1) in _JOINTS
        return [*tokens[: place - joint], *tokens[place + taken :]]
    start = place + (word_at(tokens, place) in {",", "and", "-"})
    taken = said_at(tokens, start, _ITS) if start > place else 0
    if taken and tokens[place - 1].kind == "number" and place:
        return [*tokens[:place], tokens[start + taken - 1], *tokens[start + taken :]]
    return None


def _is_sum(tokens: Sequence[Token], place: int) -> bool:
    return place < len(tokens) and (tokens[place].kind == "number" or tokens[place].word in _SIGNS)


def _is_unpriced(tokens: Sequence[Token]) -> bool:
    """Say whether something is to be made of which no sum has been told."""
    first = next((token.word for token in tokens if token.word not in _OPENING and not token.is_mark), "")
    return first in _MAKING and not any(token.kind in {"number", "record"} for token in tokens)
