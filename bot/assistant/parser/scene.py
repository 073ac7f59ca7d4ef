"""What a clause is read against, in one place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.assistant.parser.clauses import values_in

if TYPE_CHECKING:
    from bot.assistant.parser.clauses import Clause
    from bot.assistant.parser.values import Value
    from bot.assistant.understanding import Memory, Surroundings
    from skills.grammar import Grammar
    from skills.words import Token


@dataclass(frozen=True, slots=True)
class Made:
    """A record that an earlier clause of the same message makes or is about: `reference` is `$1` or a number.

    `contact` is the client it will belong to, where that is known.
    """

    record: str
    reference: str
    contact: str | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """Grammar, memory and surroundings, and the `made` of the clauses before, the newest first.

    `seen` are the values that were found in this message before, by their tokens.
    """

    grammar: Grammar
    memory: Memory
    around: Surroundings
    made: tuple[Made, ...] = ()
    seen: dict[tuple[Token, ...], list[Value]] = field(default_factory=dict, compare=False, repr=False)

    def values(self, clause: Clause) -> list[Value]:
        """Return the values of a clause that look the same whatever is asked; the same words are read once."""
        found = self.seen.get(clause.tokens)
        if found is None:
            found = self.seen[clause.tokens] = values_in(clause, self.around)
        return found
