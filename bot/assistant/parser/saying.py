"""The words of a clause as examples are compared with them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from skills.vocabulary import FILLERS, FUNCTION, POSSESSIVE, related
from skills.words import stem

if TYPE_CHECKING:
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

    @cached_property
    def degrees(self) -> Degrees:
        """How far each word of any example was said, between 0 and 1."""
        return Degrees(self)


class Degrees(dict[str, float]):
    """How far words were said: each is looked at once, however many examples have it."""

    def __init__(self, said: Said) -> None:
        super().__init__()
        self._said = said

    def __missing__(self, word: str) -> float:
        """Find out how far a word was said."""
        found = self[word] = self._degree(word)
        return found

    def _degree(self, word: str) -> float:
        if word in self._said.words:
            return FULL
        if word in FUNCTION:
            return FULL if word in POSSESSIVE and POSSESSIVE & self._said.words else 0.0
        key = stem(word)
        if key in self._said.stems:
            return OTHER_FORM
        return LIKE if key in self._said.kin else 0.0
