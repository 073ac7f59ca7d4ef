"""What is said for one skill: its examples cut up into words and places for arguments."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from skills.cues import Cue, Slot, cues_at
from skills.moods import Mood, mood_of
from skills.names import NOUNS, PREFIXES
from skills.vocabulary import DENYING, FUNCTION, LIGHT_VERBS, PARTICLES, alike, related
from skills.words import stem, tokenise

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from skills.spec import Argument, Skill

_SLOT: Final = re.compile(r"\{(\w+)(?:=([^}]*))?\}(s\b)?")
_OBJECTS: Final = frozenset("a an the our my me us it them all every this that up off on over".split())
_ARTICLES: Final = frozenset(("a", "an", "the"))


@dataclass(frozen=True)
class Pattern:
    """An example, cut up. `implied` are values that its words stand for."""

    items: tuple[str | Slot, ...]
    implied: Mapping[str, Any]
    mood: Mood

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Its words without the slots."""
        return tuple(item for item in self.items if isinstance(item, str))

    @cached_property
    def word_set(self) -> frozenset[str]:
        """Its words, for looking them up."""
        return frozenset(self.words)

    @cached_property
    def keys(self) -> tuple[tuple[str, str, str], ...]:
        """Its words, each with its stem and the argument that it marks: the one right after it, but for the verb's."""
        pairs = zip(self.items, (*self.items[1:], ""), strict=True)
        return tuple(
            (item, stem(item), following.name if place and isinstance(following, Slot) else "")
            for place, (item, following) in enumerate(pairs)
            if isinstance(item, str)
        )

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of its words."""
        return frozenset(map(stem, self.words))

    @cached_property
    def kin(self) -> frozenset[str]:
        """The stems of its words and of what means about the same."""
        return self.stems.union(*(related(key) for key in self.stems))

    @cached_property
    def weighty(self) -> frozenset[str]:
        """The stems of its words that are more than grammar."""
        return frozenset(stem(word) for word in self.words if word not in FUNCTION)

    @cached_property
    def has_weight(self) -> bool:
        """Whether it has a word that is more than grammar."""
        return not all(word in FUNCTION for word in self.words)

    @cached_property
    def is_faint(self) -> bool:
        """Whether it is made of grammar words alone, without a slot."""
        return not self.slots and not self.has_weight

    @cached_property
    def opens_with_verb(self) -> bool:
        """Whether its first word has an object right after it, so that it cannot be a noun (`payment link`)."""
        if len(self.items) < 2 or not isinstance(self.items[0], str) or self.mood is not Mood.REQUEST:  # noqa: PLR2004 - a verb and its object
            return False
        follows = self.items[1]
        return self.items[0] not in FUNCTION - LIGHT_VERBS and (isinstance(follows, Slot) or follows in _OBJECTS)

    @cached_property
    def is_phrasal(self) -> bool:
        """Whether a particle makes another verb of its first: `write off` has nothing to do with `write`."""
        return self.items[1:2] == ("off",)

    @cached_property
    def slots(self) -> tuple[str, ...]:
        """The arguments it has places for."""
        return tuple(item.name for item in self.items if isinstance(item, Slot))


@dataclass(frozen=True)
class Phrasebook:
    """What is said for one skill."""

    skill: Skill
    patterns: tuple[Pattern, ...]

    @cached_property
    def name(self) -> str:
        """The skill's name."""
        return self.skill.name

    @cached_property
    def words(self) -> frozenset[str]:
        """All words of its examples."""
        return frozenset(word for pattern in self.patterns for word in pattern.words)

    @cached_property
    def mere_openers(self) -> frozenset[str]:
        """The verbs that its examples only begin with: elsewhere in a sentence such a word is something else."""
        inner = {word for pattern in self.patterns for word in pattern.words if word not in pattern.items[:1]}
        return frozenset(p.items[0] for p in self.patterns if p.opens_with_verb and isinstance(p.items[0], str)) - inner

    @cached_property
    def faint_openings(self) -> frozenset[tuple[str, ...]]:
        """The grammar words before the free text of the questions that have no other words: `how do i {topic}`."""
        asking = (p for p in self.patterns if p.mood is Mood.QUESTION and p.slots and not p.has_weight)
        texts = {argument.name for argument in self.takes("text")}
        return frozenset(p.words for p in asking if isinstance(p.items[-1], Slot) and set(p.slots) <= texts)

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of all words of its examples."""
        return frozenset(map(stem, self.words))

    @cached_property
    def _openers(self) -> frozenset[str]:
        found: set[str] = set()
        for pattern in self.patterns:
            if isinstance(pattern.items[0], str):
                same = pattern.opens_with_verb and not pattern.is_phrasal
                found |= {pattern.items[0]} | (alike(pattern.items[0]) if same else set())
        return frozenset(found)

    def opens_with(self, word: str) -> bool:
        """Say whether its examples begin with a verb, or one that means the same: `send` or `sending`, not `sends`."""
        if word in self._openers:
            return True
        return word.endswith("ing") and stem(word) in {stem(opener) for opener in self._openers}

    @cached_property
    def nouns(self) -> frozenset[str]:
        """The stems of what the records of its arguments, and what it makes, are called."""
        records = {argument.type.record for argument in self.skill.arguments if argument.type.record}
        records |= {self.makes} if self.makes is not None else set()
        return frozenset(stem(noun) for record in records for noun in NOUNS.get(record, ()))

    @cached_property
    def cues(self) -> Mapping[str, tuple[Cue, ...]]:
        """For each argument, the words around its places, the longest first."""
        found: defaultdict[str, set[Cue]] = defaultdict(set)
        for pattern in self.patterns:
            for place, item in enumerate(pattern.items):
                if isinstance(item, Slot):
                    found[item.name].update(cues_at(pattern.items, place))
        return {
            name: tuple(sorted(cues, key=lambda cue: (-len(cue.before), -len(cue.after), cue.before, cue.after)))
            for name, cues in found.items()
        }

    @cached_property
    def denying(self) -> tuple[frozenset[str], ...]:
        """The words of its examples that deny something."""
        return tuple(pattern.word_set for pattern in self.patterns if DENYING & pattern.word_set)

    @cached_property
    def leading(self) -> frozenset[str]:
        """The last of the words that mark the place of a record: `for` and `about` before a client."""
        records = [argument.name for argument in self.skill.arguments if argument.type.record]
        return frozenset(cue.marking[-1] for name in records for cue in self.cues.get(name, ()) if cue.marking)

    @cached_property
    def particles(self) -> Mapping[str, frozenset[str]]:
        """The particles of verbs that its examples never have without one: `off` and `over` of `shoot`."""
        found: defaultdict[str, list[frozenset[str]]] = defaultdict(list)
        for pattern in self.patterns:
            if pattern.opens_with_verb and isinstance(pattern.items[0], str):
                near = {item for item in pattern.items[1:3] if isinstance(item, str)}
                found[pattern.items[0]].append(frozenset(PARTICLES & near))
        return {verb: frozenset().union(*sets) for verb, sets in found.items() if all(sets)}

    @cached_property
    def closings(self) -> frozenset[tuple[str, ...]]:
        """The words that close a slot in the examples: `as a client` after a name."""
        return frozenset(cue.after for cues in self.cues.values() for cue in cues if cue.after)

    @cached_property
    def other_marks(self) -> Mapping[str, frozenset[str]]:
        """For each argument, the words that stand directly before the others."""
        marks = {name: {cue.before[-1] for cue in cues if cue.before} - _ARTICLES for name, cues in self.cues.items()}
        names = [argument.name for argument in self.skill.arguments]
        return {each: frozenset().union(*(marks[name] for name in marks if name != each)) for each in names}

    def takes(self, type_name: str) -> Sequence[Argument]:
        """Return its arguments of a type."""
        return self._by_type.get(type_name, ())

    @cached_property
    def _by_type(self) -> Mapping[str, Sequence[Argument]]:
        found: defaultdict[str, list[Argument]] = defaultdict(list)
        for argument in self.skill.arguments:
            found[argument.type.name].append(argument)
        return dict(found)

    @cached_property
    def types(self) -> frozenset[str]:
        """The types of its arguments, and the kinds of records that they name."""
        records = frozenset(argument.type.record for argument in self.skill.arguments if argument.type.record)
        return records.union(self._by_type)

    @cached_property
    def makes(self) -> str | None:
        """The kind of record that it makes, by its name: `create_invoice` makes an invoice."""
        verb, _, noun = self.name.partition("_")
        return noun if verb == "create" and noun in PREFIXES else None


def phrasebook(skill: Skill) -> Phrasebook:
    """Cut up the examples of a skill."""
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
