"""What is in a clause whatever is meant by it: found once, and then looked at for every skill."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from bot.assistant.parser.choosing import chosen
from bot.assistant.parser.comparing import Comparison
from bot.assistant.parser.lines import LineFinder
from bot.assistant.parser.mentions import Mentions, mentions_in, numbered_in
from bot.assistant.parser.money import vague_amounts
from bot.assistant.parser.referring import find
from bot.assistant.parser.saying import Said
from bot.assistant.parser.shifting import shifts
from bot.assistant.parser.syntax import has_object, is_figure, object_follows
from skills.vocabulary import FUNCTION
from skills.words import parts_of, stem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.assistant.parser.clauses import Clause
    from bot.assistant.parser.comparing import Compared
    from bot.assistant.parser.mentions import Numbered
    from bot.assistant.parser.referring import Found, Narrowing
    from bot.assistant.parser.scene import Scene
    from bot.assistant.parser.values import Value
    from skills.phrasebook import Phrasebook
    from skills.spec import Argument
    from skills.weighing import Weighed

# As which values an argument of a type is found. What is not here stands where the examples have a place for it.
_FOUND_AS: Final = {
    **{name: frozenset((name,)) for name in ("percent", "phone", "channel", "member", "email")},
    "amount": frozenset(("amount", "percent")),
    "date": frozenset(("date", "period", "shift")),
    "period": frozenset(("date", "period")),
}
_DESCRIBING: Final = ("kind", "status")


class Seen:
    """A clause with its values, choices and mentions, each looked for only once."""

    def __init__(self, clause: Clause, scene: Scene) -> None:
        self.clause = clause
        self._scene = scene
        self._compared: dict[str, list[Compared]] = {}
        self._most: dict[str, float] = {}
        self._choices: dict[str, list[Value]] = {}
        self._fillable: dict[str, bool] = {}
        self._mentions: dict[frozenset[int], Mentions] = {}
        self._found: dict[tuple[str, Mentions, Narrowing], Found | None] = {}

    @cached_property
    def values(self) -> list[Value]:
        """The values that look the same whatever is asked."""
        return self._scene.values(self.clause)

    @cached_property
    def lines(self) -> Value | None:
        """What is billed one by one."""
        return LineFinder(self.clause, self._scene).find()

    @cached_property
    def said(self) -> Said:
        """Its words, for comparing with examples."""
        return Said.of(self.clause)

    @cached_property
    def weights(self) -> tuple[float, ...]:
        """How much each of its words says about which skill is meant, by their places."""
        return tuple(self._scene.grammar.weight(token.word) for token in self.clause.tokens)

    def compared(self, book: Phrasebook) -> list[Compared]:
        """Return a skill's examples beside the clause, in their order: those that have a word of it."""
        if book.name not in self._compared:
            self._compared[book.name] = self._comparison.compared(self._examples(book), self._may_be_filled(book))
        return self._compared[book.name]

    @cached_property
    def degrees(self) -> dict[str, float]:
        """How far words of examples were said, without those that were not said at all."""
        return self.said.degrees(self._scene.grammar.examples.words_of(self.said.kin))

    def most(self, book: Phrasebook) -> float:
        """Return how like its nearest example of a skill the clause is at most."""
        if book.name not in self._most:
            self._most[book.name] = self._comparison.most(self._examples(book), self._may_be_filled(book))
        return self._most[book.name]

    @cached_property
    def _comparison(self) -> Comparison:
        return Comparison(self.said.opening, self.degrees, self.clause.mood)

    def _examples(self, book: Phrasebook) -> Iterable[Weighed]:
        return self._scene.grammar.examples.among(self._near, book)

    def _may_be_filled(self, book: Phrasebook) -> frozenset[str]:
        return frozenset([argument.name for argument in book.skill.arguments if self.may_fill(argument)])

    @cached_property
    def _near(self) -> list[int]:
        return self._scene.grammar.examples.near(self.said.kin)

    def may_fill(self, argument: Argument) -> bool:
        """Say whether there is anything, in the clause or spoken of before it, that an argument may be filled with."""
        name = argument.type.name
        if name not in self._fillable:
            self._fillable[name] = self._may_fill(argument)
        return self._fillable[name]

    def _may_fill(self, argument: Argument) -> bool:
        if argument.type.record is not None:
            return self._may_mean_records
        if "enum" in argument.type.schema:
            return bool(self.choices(argument))
        found_as = _FOUND_AS.get(argument.type.name)
        if found_as is None or (argument.type.name == "email" and self.mentions(frozenset()).named):
            return True  # “send it to Tom” means his address
        return any(value.type in found_as for value in (*self.values, *self.shifts))

    @cached_property
    def shifts(self) -> list[Value]:
        """By how much days are moved."""
        return list(shifts(self.clause.tokens))

    @cached_property
    def vague(self) -> list[Value]:
        """Words that stand where an amount should."""
        return list(vague_amounts(self.clause.tokens))

    @cached_property
    def _may_mean_records(self) -> bool:
        """Whether a record is mentioned, described or remembered, or has a name that is a word of the trade."""
        mentions, memory, known = self.mentions(frozenset()), self._scene.memory, self._scene.around.catalog.known
        if self._scene.made or memory.focus or memory.created or memory.last_calls or memory.listed:
            return True
        if mentions.named or mentions.numbered or mentions.pronouns or mentions.both or mentions.every:
            return True
        if any(self.choices(choice) for name in _DESCRIBING if (choice := self._scene.grammar.choice(name))):
            return True
        return any(known(part) for word in self.clause.words if word not in FUNCTION for part in parts_of(word))

    @cached_property
    def identified(self) -> bool:
        """Whether a record is named by its number or a pronoun, so that its kind is not needed to find it."""
        found = self.mentions(frozenset())
        pointed = any(self.clause.words[place] in {"it", "this", "that"} for place in found.pronouns)
        return pointed or bool(found.numbered)

    def choices(self, argument: Argument) -> list[Value]:
        """Return the values of a choice that are named."""
        name = argument.type.name
        if name not in self._choices:
            found = chosen(self.clause, argument)
            self._choices[name] = [value for value in found if not self._opens_as_verb(value)]
        return self._choices[name]

    def _opens_as_verb(self, value: Value) -> bool:
        """Say whether a choice's word is the verb of the request: `refund INV-1001`, but `refunds this week`."""
        alone = value.start == self.clause.opening and value.end == value.start + 1
        word = self.clause.words[value.start]
        if not alone or word.endswith("s"):
            return False
        if stem(word) in self._scene.grammar.verbs:
            return has_object(self.clause, value.start, self._scene)
        return object_follows(self.clause, value.start) and not is_figure(self.clause, value.start + 1, self._scene)

    def found(self, record: str, mentions: Mentions, narrowing: Narrowing) -> Found | None:
        """Return what mentions mean as a record of a kind: many skills ask the same."""
        asked = (record, mentions, narrowing)
        if asked not in self._found:
            self._found[asked] = find(record, mentions, narrowing, self._scene)
        return self._found[asked]

    def mentions(self, taken: frozenset[int]) -> Mentions:
        """Return the mentions of records outside of the places that are taken."""
        if taken not in self._mentions:
            grammar, catalog = self._scene.grammar, self._scene.around.catalog
            self._mentions[taken] = mentions_in(self.clause, taken, grammar, catalog, self._numbers)
        return self._mentions[taken]

    @cached_property
    def _numbers(self) -> list[Numbered]:
        return list(numbered_in(self.clause, self._scene.around.catalog))
