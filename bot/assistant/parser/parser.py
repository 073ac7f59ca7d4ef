"""The sentence parser: one message in, its meaning out. No network, no model, no clock, no database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billing.conversations import SkillCall
from bot.assistant.parser.clauses import Clause
from bot.assistant.parser.intent import readings
from bot.assistant.parser.scene import Scene
from bot.assistant.understanding import Question, Understanding
from skills.grammar import Grammar
from skills.words import tokenise

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.assistant.understanding import Memory, Surroundings
    from skills.spec import Skill


class Parser:
    """Reads messages as calls of the given skills. It keeps nothing between messages."""

    def __init__(self, skills: Mapping[str, Skill]) -> None:
        self._grammar = Grammar(skills)

    def parse(self, text: str, memory: Memory, surroundings: Surroundings) -> Understanding:
        """Return what a message means, with a confidence between 0 and 1. Never raises."""
        scene = Scene(self._grammar, memory, surroundings)
        clause = Clause(text, tuple(tokenise(text)))
        found = readings(clause, scene)
        best = found[0]
        d = best.draft
        if d.asks:
            return Understanding(question=Question(best.skill, d.arguments, tuple(d.asks), d.options), confidence=best.score)
        return Understanding(calls=(SkillCall(best.skill, d.arguments),), confidence=best.score)
