"""The examples of all skills in one row, with what each of their words says, and where weighty words are said.

A clause has a dozen words and there are thousands of examples: which of them have one of its words is looked up.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from skills.vocabulary import POSSESSIVE, related
from skills.words import stem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from skills.moods import Mood
    from skills.phrasebook import Pattern, Phrasebook


class Weighed(NamedTuple):
    """An example with what each of its words says.

    `verb` is the one that a request begins with, and the stems that mean the same; `plain` are the others that count
    whatever is said, and `marks` those that only mark a value, with its argument. `least` is the weight of `verb` and
    `plain`. `slots` are the arguments that it has a place for, and `room` is what they and their marks weigh.
    """

    pattern: Pattern
    verb: tuple[str, frozenset[str], float] | None
    plain: tuple[tuple[str, float], ...]
    marks: tuple[tuple[str, float, str], ...]
    least: float
    slots: frozenset[str]
    mood: Mood
    room: float


class Examples:
    """The weighed examples by their places in one row, where those of a skill stand side by side in their order."""

    def __init__(self, books: Iterable[Phrasebook], weight: Callable[[str], float]) -> None:
        self.row: list[Weighed] = []
        self._of: dict[str, range] = {}
        for book in books:
            start = len(self.row)
            self.row += (_weighed(pattern, weight) for pattern in book.patterns)
            self._of[book.name] = range(start, len(self.row))
        self._by_stem = _by_stem(self.row)
        self._alike = _alike(self.row)

    def near(self, kin: frozenset[str]) -> list[int]:
        """Return in their order the places of the examples with a weighty word of these stems, or without any."""
        return sorted(self._by_stem[""].union(*(self._by_stem[key] for key in kin & self._by_stem.keys())))

    def words_of(self, kin: frozenset[str]) -> set[str]:
        """Return the words of the examples that have one of these stems."""
        return set().union(*(self._alike[key] for key in kin & self._alike.keys()))

    def among(self, near: Sequence[int], book: Phrasebook) -> Iterator[Weighed]:
        """Yield a skill's own among the examples at these places, in their order; all that it has if none is there."""
        own = self._of[book.name]
        places = near[bisect_left(near, own.start) : bisect_left(near, own.stop)] or own
        return map(self.row.__getitem__, places)


def _weighed(pattern: Pattern, weight: Callable[[str], float]) -> Weighed:
    said = [(word, key, marked, weight(word)) for word, key, marked in pattern.keys]
    verb, rest = (said[0], said[1:]) if pattern.opens_with_verb else (None, said)
    return Weighed(
        pattern=pattern,
        verb=(verb[0], _same(pattern, verb[1]), verb[3]) if verb is not None else None,
        plain=tuple((word, weight) for word, _, marked, weight in rest if not marked),
        marks=tuple((word, weight, marked) for word, _, marked, weight in rest if marked),
        least=sum(weight for *_, marked, weight in said if not marked),
        slots=frozenset(pattern.slots),
        mood=pattern.mood,
        room=len(pattern.slots) + sum(weight for *_, marked, weight in rest if marked),
    )


def _by_stem(row: Sequence[Weighed]) -> dict[str, set[int]]:
    """Return the places of the examples by the stems of their weighty words; under "" those that have none."""
    places: dict[str, set[int]] = {"": set()}
    for place, example in enumerate(row):
        for key in example.pattern.weighty or ("",):
            places.setdefault(key, set()).add(place)
    return places


def _alike(row: Sequence[Weighed]) -> dict[str, set[str]]:
    """Return the words by their stems; for an owner, any word for one is as good as another."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for word in {word for example in row for word in example.pattern.words}:
        for owner in POSSESSIVE if word in POSSESSIVE else (word,):
            found[stem(owner)].add(word)
    return dict(found)


def _same(pattern: Pattern, key: str) -> frozenset[str]:
    """Return the stems that mean the same as a verb; a particle makes it another one: `write off` is not `make`."""
    return frozenset((key,)) if pattern.is_phrasal else related(key)
