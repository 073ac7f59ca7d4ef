"""The words of a clause as examples are compared with them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from skills.vocabulary import FILLERS, FUNCTION, related
from skills.words import stem

if TYPE_CHECKING:
    from bot.assistant.parser.clauses import Clause

FULL: Final = 1.0
OTHER_FORM: Final = 0.9  # `creating` for `create`
LIKE: Final = 0.75  # a word that means about the same


@dataclass(frozen=True, slots=True)
class Said:
    """The words of a clause, their stems, and the stems of what means about the same."""

    words: frozenset[str]
    stems: frozenset[str]
    kin: frozenset[str]
    opening: str
    known: dict[str, float] = field(default_factory=dict, compare=False)  # what was asked before

    @classmethod
    def of(cls, clause: Clause) -> Said:
        """Gather them."""
        words = frozenset(token.word for token in clause.tokens if not token.is_mark)
        stems = frozenset(map(stem, words))
        kin = frozenset(like for key in stems for like in related(key))
        return cls(words, stems, kin, stem(next((w for w in clause.words[clause.opening :] if w not in FILLERS), "")))

    def has(self, word: str, key: str) -> float:
        """Return between 0 and 1 how far a word of an example (with its stem) was said."""
        found = self.known.get(word)
        if found is None:
            found = self.known[word] = self._has(word, key)
        return found

    def _has(self, word: str, key: str) -> float:
        if word in self.words:
            return FULL
        if word in FUNCTION:
            return 0.0
        if key in self.stems:
            return OTHER_FORM
        return LIKE if key in self.kin else 0.0
