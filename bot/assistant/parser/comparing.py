"""How like the examples of a skill a clause may be, as far as its words alone tell: the same whatever is filled in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from bot.assistant.parser.saying import FULL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet

    from skills.moods import Mood
    from skills.weighing import Weighed

    # An example, how like it a clause is at most, the weight of what was said of its words that mark nothing, and what
    # its mood leaves of that.
    Compared: TypeAlias = tuple[Weighed, float, float, float]

OPEN_SLOT: Final = 0.25  # a place of the example that was not filled
_OTHER_MOOD: Final = 0.45


@dataclass(frozen=True, slots=True)
class Comparison:
    """A clause beside examples: the stem that it opens with, how far words were said, and its mood.

    At most, all of the arguments that are `fillable` are filled. What marks those counts as if it was said in full:
    that never makes the clause less alike.
    """

    opening: str
    degrees: Mapping[str, float]
    mood: Mood

    def most(self, examples: Iterable[Weighed], fillable: AbstractSet[str]) -> float:
        """Return how like the nearest of some examples the clause is at most."""
        top = 0.0
        for example in examples:
            reached, same = self._reached(example), self._same(example)
            # With all of its arguments filled it would be so like it: most examples need not be looked at any closer.
            if same * (reached + example.room) > top * (example.least + example.room):
                top = max(top, self._alike(example, reached, same, fillable))
        return top

    def compared(self, examples: Iterable[Weighed], fillable: AbstractSet[str]) -> list[Compared]:
        """Compare the clause with each of some examples."""
        found: list[Compared] = []
        for example in examples:
            reached, same = self._reached(example), self._same(example)
            found.append((example, self._alike(example, reached, same, fillable), reached, same))
        return found

    def _same(self, example: Weighed) -> float:
        return 1.0 if example.mood is self.mood else _OTHER_MOOD

    def _reached(self, example: Weighed) -> float:
        """Return the weight of what was said; a verb is said where the clause opens with it."""
        degrees, verb, reached = self.degrees, example.verb, 0.0
        if verb is not None and self.opening in verb[1]:
            reached = verb[2] * degrees.get(verb[0], 0.0)
        for word, weight in example.plain:
            if word in degrees:
                reached += weight * degrees[word]
        return reached

    def _alike(self, example: Weighed, reached: float, same: float, fillable: AbstractSet[str]) -> float:
        marked = 0.0
        for word, weight, argument in example.marks:
            if argument in fillable and word in self.degrees:
                marked += weight * self.degrees[word]
        if not (reached or marked) and example.least:
            return 0.0
        filled = len(example.slots & fillable)
        more = marked + FULL * filled
        whole = example.least + more + OPEN_SLOT * (len(example.slots) - filled)
        return min(1.0, same * (reached + more) / whole) if whole else 0.0
