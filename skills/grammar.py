"""The sentence grammar, derived from the skills' own examples: what is said for a skill and where its values stand.

It is the only bridge between the skills and the sentence parser; nothing here knows any one skill.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final

from skills.moods import Mood, mood_of
from skills.names import NOUNS, PREFIXES
from skills.spec import Effect
from skills.vocabulary import FILLERS, FUNCTION, alike, related
from skills.words import forms_of, stem, tokenise

if TYPE_CHECKING:
    from collections.abc import Mapping

    from skills.arguments import ArgumentType
    from skills.spec import Argument, Skill

_SLOT: Final = re.compile(r"\{(\w+)(?:=([^}]*))?\}(s\b)?")
_FAINT: Final = 0.15  # what a grammar word says about the skill that is meant
_OBJECTS: Final = frozenset("a an the our my me us it them all every this that up off on over".split())
_REACH: Final = 3  # how many words before a slot mark it


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for an argument in an example."""

    name: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """An example, cut up. `implied` are values that its words stand for."""

    items: tuple[str | Slot, ...]
    implied: Mapping[str, Any]
    mood: Mood

    @property
    def words(self) -> tuple[str, ...]:
        """Its words without the slots."""
        return tuple(item for item in self.items if isinstance(item, str))

    @property
    def slots(self) -> tuple[str, ...]:
        """The arguments it has places for."""
        return tuple(item.name for item in self.items if isinstance(item, Slot))


@dataclass(frozen=True, slots=True)
class Cue:
    """The words directly before and after a slot. `first` says that nothing but them comes before it."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    first: bool
    last: bool


@dataclass(frozen=True)
class Phrasebook:
    """What is said for one skill."""

    skill: Skill
    patterns: tuple[Pattern, ...]

    @property
    def name(self) -> str:
        """The skill's name."""
        return self.skill.name

    @cached_property
    def words(self) -> frozenset[str]:
        """All words of its examples."""
        return frozenset(word for pattern in self.patterns for word in pattern.words)

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of all words of its examples."""
        return frozenset(map(stem, self.words))

    @cached_property
    def openers(self) -> frozenset[str]:
        """The stems of the words that its examples begin with, and of those that mean the same."""
        first = (pattern.items[0] for pattern in self.patterns)
        return frozenset(like for word in first if isinstance(word, str) for like in related(stem(word)))

    @cached_property
    def nouns(self) -> frozenset[str]:
        """The stems of what the records of its arguments are called."""
        records = {argument.type.record for argument in self.skill.arguments if argument.type.record}
        return frozenset(stem(noun) for record in records for noun in NOUNS.get(record, ()))

    @cached_property
    def moods(self) -> frozenset[Mood]:
        """The moods it is asked in."""
        return frozenset(pattern.mood for pattern in self.patterns)

    @cached_property
    def cues(self) -> Mapping[str, tuple[Cue, ...]]:
        """For each argument, the words around its places, the longest first."""
        found: defaultdict[str, set[Cue]] = defaultdict(set)
        for pattern in self.patterns:
            for place, item in enumerate(pattern.items):
                if isinstance(item, Slot):
                    found[item.name].update(_cues(pattern.items, place))
        return {
            name: tuple(sorted(cues, key=lambda cue: (-len(cue.before), -len(cue.after), cue.before, cue.after)))
            for name, cues in found.items()
        }

    def takes(self, type_name: str) -> list[Argument]:
        """Return its arguments of a type."""
        return [argument for argument in self.skill.arguments if argument.type.name == type_name]

    @cached_property
    def makes(self) -> str | None:
        """The kind of record that it makes, by its name: `create_invoice` makes an invoice."""
        verb, _, noun = self.name.partition("_")
        return noun if verb == "create" and noun in PREFIXES else None


class Grammar:
    """The phrasebooks of all skills, and how much each word says about which is meant."""

    def __init__(self, skills: Mapping[str, Skill]) -> None:
        self.books = {name: _phrasebook(skill) for name, skill in skills.items()}
        self._spread = Counter(key for book in self.books.values() for key in book.stems)

    def weight(self, word: str) -> float:
        """Return how much a word says: nothing for fillers, most for one that few skills or none use."""
        if word in FILLERS and stem(word) not in self._spread:
            return 0.0
        if word in FUNCTION or word in FILLERS:
            return _FAINT
        used_by = max(1, self._spread[stem(word)])
        return math.log(1 + len(self.books) / used_by)

    def choice(self, type_name: str) -> Argument | None:
        """Return an argument of that type, of whichever skill has one."""
        return next((argument for book in self.books.values() for argument in book.takes(type_name)), None)

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
    def choice_singles(self) -> frozenset[str]:
        """The words that alone are a value of a choice."""
        return frozenset(
            phrase[0]
            for argument in self.choosable
            for phrases in choices(argument).values()
            for phrase in phrases
            if len(phrase) == 1
        )

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
            if isinstance(pattern.items[-1], str) and len(pattern.items) > 1
        }
        return frozenset({stem(noun) for nouns in NOUNS.values() for noun in nouns} | ending)

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
        return frozenset(pattern.words[0] for pattern in patterns if _opens_with_verb(pattern))

    @cached_property
    def verbs(self) -> frozenset[str]:
        """The stems that requests begin with, in the examples or in words that mean the same."""
        patterns = [pattern for book in self.books.values() for pattern in book.patterns]
        opening = {stem(pattern.words[0]) for pattern in patterns if _opens_with_verb(pattern)}
        return frozenset(key for verb in opening for key in related(verb))


def choices(argument: Argument) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Return, for each value of a choice, the phrases that people say for it, as words; nothing for other types."""
    return _phrases(argument.type)


@lru_cache(maxsize=256)
def _phrases(type_: ArgumentType) -> dict[str, tuple[tuple[str, ...], ...]]:
    enum = type_.schema.get("enum", ())
    said: dict[str, tuple[tuple[str, ...], ...]] = {}
    for value in [*enum, *(key for key in type_.words if key not in enum)]:
        own = [str(value).replace("_", " ")] if value in enum else []
        phrases = [*own, *type_.words.get(value, ())]
        said[str(value)] = tuple(tuple(phrase.split()) for phrase in phrases)
    return said


def _opens_with_verb(pattern: Pattern) -> bool:
    """Say whether the first word has an object right after it, so that it cannot be a noun (`payment link`)."""
    if len(pattern.items) < 2 or not isinstance(pattern.items[0], str) or pattern.mood is not Mood.REQUEST:  # noqa: PLR2004 - a verb and its object
        return False
    follows = pattern.items[1]
    return pattern.items[0] not in FUNCTION and (isinstance(follows, Slot) or follows in _OBJECTS)


def _phrasebook(skill: Skill) -> Phrasebook:
    return Phrasebook(skill, tuple(_pattern(example) for example in skill.examples))


def _pattern(example: str) -> Pattern:
    items: list[str | Slot] = []
    implied: dict[str, Any] = {}
    place = 0
    for match in _SLOT.finditer(example):
        items += _between(example[place : match.start()])
        if match[2] is None:
            items.append(Slot(match[1]))
        else:
            implied[match[1]] = _literal(match[2])
        place = match.end()
    items += _between(example[place:])
    return Pattern(tuple(items), implied, mood_of([item if isinstance(item, str) else "" for item in items]))


def _between(text: str) -> list[str]:
    """Return the words between two slots; a possessive belongs to the slot before it."""
    rest = text.removeprefix("'s")
    words = [token.word for token in tokenise(rest) if not token.is_mark]
    return words if rest == text else ["'s", *words]


def _literal(text: str) -> Any:  # noqa: ANN401 - any JSON value
    try:
        return json.loads(text)
    except ValueError:
        return text.split(",") if "," in text else text


def _cues(items: tuple[str | Slot, ...], place: int) -> set[Cue]:
    """Return what marks a slot: the words before it, and the last of them alone where they have weight."""
    cue = _cue(items, place)
    ends = [cue.before[at:] for at in range(1, len(cue.before))]
    return {cue, *(replace(cue, before=end, first=False) for end in ends if end[-1] not in FUNCTION)}


def _cue(items: tuple[str | Slot, ...], place: int) -> Cue:
    before: list[str] = []
    for item in reversed(items[:place]):
        if not isinstance(item, str) or len(before) == _REACH:
            break
        before.insert(0, item)
    after: list[str] = []
    for item in items[place + 1 :]:
        if not isinstance(item, str) or len(after) == _REACH:
            break
        after.append(item)
    return Cue(tuple(before), tuple(after), first=len(before) == place, last=place == len(items) - 1)
