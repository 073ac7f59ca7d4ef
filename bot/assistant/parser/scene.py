"""What a clause is read against, in one place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.assistant.understanding import Memory, Surroundings
    from skills.grammar import Grammar


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
    """Grammar, memory and surroundings, and the `made` of the clauses before, the newest first."""

    grammar: Grammar
    memory: Memory
    around: Surroundings
    made: tuple[Made, ...] = ()
