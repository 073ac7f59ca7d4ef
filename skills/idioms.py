"""Phrases that are said as they are, kept by the word that each begins with: a look-up compares a few of them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from skills.words import Token


class Idioms:
    """Phrases in the order in which they are looked for. None of them is empty."""

    def __init__(self, phrases: Iterable[tuple[str, ...]]) -> None:
        self._by_first: defaultdict[str, list[tuple[str, ...]]] = defaultdict(list)
        for phrase in phrases:
            self._by_first[phrase[0]].append(phrase)

    @classmethod
    def longest_first(cls, phrases: Iterable[str]) -> Idioms:
        """Make them of phrases that are written as such."""
        return cls(sorted((tuple(phrase.split()) for phrase in phrases), key=len, reverse=True))

    def at(self, words: Sequence[str], place: int) -> tuple[str, ...] | None:
        """Return the first of them that stands at a place."""
        for phrase in self._by_first.get(words[place], ()) if place < len(words) else ():
            if tuple(words[place : place + len(phrase)]) == phrase:
                return phrase
        return None

    def among(self, tokens: Sequence[Token], place: int) -> tuple[str, ...] | None:
        """Return the first of them that stands at a place among tokens."""
        for phrase in self._by_first.get(tokens[place].word, ()) if place < len(tokens) else ():
            if tuple(token.word for token in tokens[place : place + len(phrase)]) == phrase:
                return phrase
        return None
