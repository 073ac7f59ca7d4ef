"""How like the examples of a skill a clause may be, as far as its words alone tell: the same whatever is filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from bot.assistant.parser.saying import FULL

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

    from bot.assistant.parser.saying import Said
    from skills.moods import Mood
    from skills.weighing import Weighed

    # An example, how like it a clause is at most, the weight of what was said of its words that mark nothing, and what
    # its mood leaves of that.
    Compared: TypeAlias = tuple[Weighed, float, float, float]

OPEN_SLOT: Final = 0.25  # a place of the example that was not filled
_OTHER_MOOD: Final = 0.45


def compared(examples: Iterable[Weighed], said: Said, mood: Mood, fillable: AbstractSet[str]) -> list[Compared]:
    """Compare a clause in a mood with examples; at most, all of the arguments that are `fillable` are filled.

    What marks those counts as if it was said in full: that never makes it less alike.
    """
    degrees, opening = said.degrees, said.opening
    found: list[Compared] = []
    for example in examples:
        reached = marked = most = 0.0
        if example.verb is not None and opening in example.verb[1]:  # it is said where the clause opens with it
            reached = example.verb[2] * degrees[example.verb[0]]
        for word, weight in example.plain:
            reached += weight * degrees[word]
        for word, weight, argument in example.marks:
            if argument in fillable:
                marked += weight * degrees[word]
        same = 1.0 if example.mood is mood else _OTHER_MOOD
        if reached or marked or not example.least:
            filled = len(example.slots & fillable)
            more = marked + FULL * filled
            whole = example.least + more + OPEN_SLOT * (len(example.slots) - filled)
            most = min(1.0, same * (reached + more) / whole) if whole else 0.0
        found.append((example, most, reached, same))
    return found
