"""The numbers that clients know invoices by, read as Evie's own: `2026-0042` and `RE/17` are cut up by any grammar."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from skills.words import Token, tokenise

if TYPE_CHECKING:
    from skills.names import Catalog

_MOST_TOKENS: Final = 9
_BEFORE: Final = frozenset(("number", "no", "nr", "#"))


def with_handles(text: str, catalog: Catalog) -> list[Token]:
    """Return the tokens of a text, with each client's number as one token that has the record's number as its word."""
    tokens, found = tokenise(text), list[Token]()
    place = 0
    while place < len(tokens):
        handle, end = _handle(text, tokens, place, catalog)
        while handle is not None and found and found[-1].word in _BEFORE:
            handle = replace(handle, start=found.pop().start)
        found.append(handle or tokens[place])
        place = end
    return found


def _handle(text: str, tokens: list[Token], place: int, catalog: Catalog) -> tuple[Token | None, int]:
    """Return the longest client's number that begins at a place and the place after it; one token where none does."""
    start = tokens[place].start
    for end in range(min(place + _MOST_TOKENS, len(tokens)), place, -1):
        entry = catalog.by_alias(text[start : tokens[end - 1].end])
        if entry is not None:
            return Token(entry.number.casefold(), "record", start, tokens[end - 1].end), end
    return None, place + 1
