"""The sentence grammar, derived from the skills' own examples: what is said for a skill and where its values stand.

It is the only bridge between the skills and the sentence parser; nothing here knows any one skill.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final

from skills.names import NOUNS
from skills.phrasebook import phrasebook
from skills.spec import Effect
from skills.vocabulary import FILLERS, FUNCTION, LIGHT_VERBS, MODIFIERS, alike, related
from skills.weighing import Examples
from skills.words import IRREGULAR_VERBS, forms_of, stem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from skills.arguments import ArgumentType
    from skills.spec import Argument, Skill

FAINT: Final = 0.15  # what a grammar word says about the skill that is meant


class Grammar:
    """The phrasebooks of all skills, and how much each word says about which is meant."""

    def __init__(self, skills: Mapping[str, Skill]) -> None:
        self.books = {name: phrasebook(skill) for name, skill in skills.items()}
        self._spread = Counter(key for book in self.books.values() for key in book.stems)
        self._weights = {word: self._weighed(word) for book in self.books.values() for word in book.words}

    @cached_property
    def examples(self) -> Examples:
        """The examples of all skills, weighed."""
        return Examples(self.books.values(), self.weight)

    def spoken_by(self, stems: frozenset[str] | set[str]) -> set[str]:
        """Return the names of the skills whose examples, or what their records are called, have one of some stems."""
        return set().union(*(self._speakers[key] for key in stems & self._speakers.keys()))

    @cached_property
    def _speakers(self) -> dict[str, set[str]]:
        found: defaultdict[str, set[str]] = defaultdict(set)
        for name, book in self.books.items():
            for key in book.stems | book.nouns:
                found[key].add(name)
        return dict(found)

    def weight(self, word: str) -> float:
        """Return how much a word says: nothing for fillers, most for one that few skills or none use."""
        found = self._weights.get(word)
        return self._weighed(word) if found is None else found

    def _weighed(self, word: str) -> float:
        if word in FILLERS and stem(word) not in self._spread:
            return 0.0
        if word in MODIFIERS and stem(word) not in self._spread:
            return FAINT
        return FAINT if word in FUNCTION or word in FILLERS else self.weight_of(stem(word))

    def weight_of(self, key: str) -> float:
        """Return how much a stem says."""
        return math.log(1 + len(self.books) / max(1, self._spread[key]))

    def choice(self, type_name: str) -> Argument | None:
        """Return an argument of that type, of whichever skill has one."""
        return self._first.get(type_name)

    @cached_property
    def _first(self) -> dict[str, Argument]:
        """For each type, the first argument that there is of it."""
        found: dict[str, Argument] = {}
        for book in self.books.values():
            for argument in book.skill.arguments:
                found.setdefault(argument.type.name, argument)
        return found

    def knows(self, word: str) -> bool:
        """Say whether a word, or another form of it, is one of the trade."""
        return word in self._forms

    @cached_property
    def _forms(self) -> frozenset[str]:
        words = self.words | {like for word in self.words for like in alike(word)}
        return frozenset(form for word in words for form in forms_of(word))

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word of the examples, of the choices of the argument types, and of what records are called."""
        said = {word for book in self.books.values() for word in book.words}
        return frozenset(said | self.choice_words | {noun for nouns in NOUNS.values() for noun in nouns})

    @cached_property
    def choice_words(self) -> frozenset[str]:
        """Every word that names a value of a choice."""
        return frozenset(
            word
            for book in self.books.values()
            for argument in book.skill.arguments
            for phrases in choices(argument).values()
            for phrase in phrases
            for word in phrase
        )

    @cached_property
    def choice_phrases(self) -> frozenset[tuple[str, ...]]:
        """The phrases that are a value of a choice."""
        return frozenset(p for argument in self.choosable for said in choices(argument).values() for p in said)

    @cached_property
    def choice_singles(self) -> frozenset[str]:
        """The words that alone are a value of a choice."""
        return frozenset(phrase[0] for phrase in self.choice_phrases if len(phrase) == 1)

    @cached_property
    def states(self) -> frozenset[str]:
        """The words that alone say in what state an invoice is: `draft`, `overdue`."""
        return self._singles("status")

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The words that alone say what kind an invoice is: `deposit`, `upfront`."""
        return self._singles("kind")

    def _singles(self, type_name: str) -> frozenset[str]:
        choice = self.choice(type_name)
        said = choices(choice).values() if choice is not None else ()
        return frozenset(phrase[0] for phrases in said for phrase in phrases if len(phrase) == 1)

    @cached_property
    def choosable(self) -> tuple[Argument, ...]:
        """One argument of each type that is a choice."""
        found = {
            argument.type.name: argument
            for book in self.books.values()
            for argument in book.skill.arguments
            if "enum" in argument.type.schema
        }
        return tuple(found.values())

    @cached_property
    def nouns(self) -> frozenset[str]:
        """The stems of what things are called: records, and words that end an example or stand before a slot."""
        ending = {
            stem(pattern.items[-1])
            for book in self.books.values()
            for pattern in book.patterns
            if isinstance(pattern.items[-1], str) and len(pattern.items) > 1 and not pattern.items[-1].endswith("ed")
        }
        events = {stem(word) for word in self._singles("payment_type")}
        return frozenset({stem(noun) for nouns in NOUNS.values() for noun in nouns} | ending | events)

    @cached_property
    def text_openers(self) -> frozenset[str]:
        """The words that a free text follows to the end of the sentence: `saying`, `with the note`."""
        return frozenset(
            cue.before[-1]
            for book in self.books.values()
            if book.skill.effect is not Effect.READ  # what is looked for ends where the sentence goes on
            for argument in book.takes("text")
            for cue in book.cues.get(argument.name, ())
            if cue.last and cue.before and not cue.first and cue.before[-1] not in FUNCTION
        )

    @cached_property
    def plain_verbs(self) -> frozenset[str]:
        """The words that requests begin with, as they are in the examples."""
        patterns = [pattern for book in self.books.values() for pattern in book.patterns]
        return frozenset(pattern.words[0] for pattern in patterns if pattern.opens_with_verb)

    def base_of(self, word: str) -> str | None:
        """Return the verb of the trade that a word is a form of, as commands have it: `sent` is `send`."""
        return self._bases.get(word)

    @cached_property
    def _bases(self) -> dict[str, str]:
        verbs = self.plain_verbs | {like for verb in self.plain_verbs for like in alike(verb)}
        verbs = frozenset(verb for verb in verbs if verb not in FUNCTION or verb in LIGHT_VERBS)
        found = {form: verb for verb in sorted(verbs) for form in forms_of(verb)}
        irregular = {form: verb for form, verb in IRREGULAR_VERBS.items() if verb in verbs}
        return found | irregular | {verb: verb for verb in verbs}

    @cached_property
    def verbs(self) -> frozenset[str]:
        """The stems that requests begin with, in the examples or in words that mean the same."""
        patterns = [pattern for book in self.books.values() for pattern in book.patterns]
        opening = {stem(pattern.words[0]) for pattern in patterns if pattern.opens_with_verb}
        return frozenset(key for verb in opening for key in related(verb))


def choices(argument: Argument) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Return, for each value of a choice, the phrases that people say for it, as words; nothing for other types."""
    return phrases_of(argument.type)


@lru_cache(maxsize=256)
def phrases_of(type_: ArgumentType) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Return, for each value of a type of choice, the phrases that people say for it, as words."""
    enum = type_.schema.get("enum", ())
    said: dict[str, tuple[tuple[str, ...], ...]] = {}
    for value in [*enum, *(key for key in type_.words if key not in enum)]:
        own = [str(value).replace("_", " ")] if value in enum else []
        phrases = [*own, *type_.words.get(value, ())]
        said[str(value)] = tuple(tuple(phrase.split()) for phrase in phrases)
    return said
