"""What is in a clause whatever is meant by it: found once, and then looked at for every skill."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from bot.assistant.parser.choosing import chosen
from bot.assistant.parser.clauses import values_in
from bot.assistant.parser.mentions import Mentions, mentions_in

if TYPE_CHECKING:
    from bot.assistant.parser.clauses import Clause
    from bot.assistant.parser.scene import Scene
    from bot.assistant.parser.values import Value
    from skills.spec import Argument


class Seen:
    """A clause with its values, choices and mentions, each looked for only once."""

    def __init__(self, clause: Clause, scene: Scene) -> None:
        self.clause = clause
        self._scene = scene
        self._choices: dict[str, list[Value]] = {}
        self._mentions: dict[frozenset[int], Mentions] = {}

    @cached_property
    def values(self) -> list[Value]:
        """The values that look the same whatever is asked."""
        return values_in(self.clause, self._scene.around)

    def choices(self, argument: Argument) -> list[Value]:
        """Return the values of a choice that are named."""
        name = argument.type.name
        if name not in self._choices:
            self._choices[name] = chosen(self.clause, argument)
        return self._choices[name]

    def mentions(self, taken: frozenset[int]) -> Mentions:
        """Return the mentions of records outside of the places that are taken."""
        if taken not in self._mentions:
            self._mentions[taken] = mentions_in(self.clause, taken, self._scene.grammar, self._scene.around.catalog)
        return self._mentions[taken]
