"""The examples of all skills in one row, with what each of their words says, and where weighty words are said.

A clause has a dozen words and there are thousands of examples: which of them have one of its words is looked up.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

from skills.vocabulary import related

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from skills.moods import Mood
    from skills.phrasebook import Pattern, Phrasebook


@dataclass(frozen=True, slots=True)
class Weighed:
    """An example with what each of its words says.

    `verb` is the one that a request begins with, and the stems that mean the same; `plain` are the others that count
    whatever is said, and `marks` those that only mark a value, with its argument. `least` is the weight of `verb` and
    `plain`. `slots` are the arguments that it has a place for, each once.
    """

    pattern: Pattern
    verb: tuple[str, frozenset[str], float] | None
    plain: tuple[tuple[str, float], ...]
    marks: tuple[tuple[str, float, str], ...]
    least: float
    slots: frozenset[str]
    mood: Mood


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

    def near(self, kin: frozenset[str]) -> list[int]:
        """Return in their order the places of the examples with a weighty word of these stems, or without any."""
        return sorted(self._by_stem[""].union(*(self._by_stem[key] for key in kin & self._by_stem.keys())))

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
        verb=(verb[0], related(verb[1]), verb[3]) if verb is not None else None,
        plain=tuple((word, weight) for word, _, marked, weight in rest if not marked),
        marks=tuple((word, weight, marked) for word, _, marked, weight in rest if marked),
        least=sum(weight for *_, marked, weight in said if not marked),
        slots=frozenset(pattern.slots),
        mood=pattern.mood,
    )


def _by_stem(row: Sequence[Weighed]) -> dict[str, set[int]]:
    """Return the places of the examples by the stems of their weighty words; under "" those that have none."""
    places: dict[str, set[int]] = {"": set()}
    for place, example in enumerate(row):
        for key in example.pattern.weighty or ("",):
            places.setdefault(key, set()).add(place)
    return places
