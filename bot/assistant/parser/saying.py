"""The words of a clause as examples are compared with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from skills.vocabulary import FILLERS, FUNCTION, POSSESSIVE, related
from skills.words import stem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.assistant.parser.clauses import Clause

FULL: Final = 1.0
OTHER_FORM: Final = 0.9  # `creating` for `create`
LIKE: Final = 0.75  # a word that means about the same


@dataclass(frozen=True)
class Said:
    """The words of a clause, their stems, and the stems of what means about the same."""

    words: frozenset[str]
    stems: frozenset[str]
    kin: frozenset[str]
    opening: str

    @classmethod
    def of(cls, clause: Clause) -> Said:
        """Gather them."""
        words = frozenset(token.word for token in clause.tokens if not token.is_mark)
        stems = frozenset(map(stem, words))
        kin = frozenset(like for key in stems for like in related(key))
        return cls(words, stems, kin, stem(next((w for w in clause.words[clause.opening :] if w not in FILLERS), "")))

    def degrees(self, words: Iterable[str]) -> dict[str, float]:
        """Return how far some words were said, between 0 and 1, without those that were not said at all."""
        degrees = ((word, self._degree(word)) for word in words)
        return {word: degree for word, degree in degrees if degree}

    def _degree(self, word: str) -> float:
        if word in self.words:
            return FULL
        if word in FUNCTION:
            return FULL if word in POSSESSIVE and POSSESSIVE & self.words else 0.0
        key = stem(word)
        if key in self.stems:
            return OTHER_FORM
        return LIKE if key in self.kin else 0.0
