"""What marks the places for arguments in the examples: the words directly around them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from skills.names import ARTICLES
from skills.vocabulary import FUNCTION, with_one_owner
from skills.words import stem

LEADING: Final = frozenset("for of from at with in on to".split())
UNMARKING: Final = ARTICLES - LEADING  # they mark no slot
_REACH: Final = 3  # how many words before a slot mark it


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for an argument in an example."""

    name: str


@dataclass(frozen=True)
class Cue:
    """The words directly before and after a slot. `first` says that nothing but them comes before it.

    `needs` are the weighty words of the whole example, as stems, where those directly around have no weight.
    """

    before: tuple[str, ...]
    after: tuple[str, ...]
    first: bool
    last: bool
    needs: frozenset[str] = frozenset()

    @cached_property
    def marking(self) -> tuple[str, ...]:
        """The words before it that mark it, whatever articles stand between."""
        return tuple(word for word in self.before if word not in UNMARKING)

    @cached_property
    def plain_owners(self) -> tuple[str, ...]:
        """The words before it with one possessive for all: `his company is` marks what `their company is` does."""
        return with_one_owner(self.before)


def cues_at(items: tuple[str | Slot, ...], place: int) -> set[Cue]:
    """Return what marks a slot: the words before it, and the last of them alone where they have weight."""
    cue = _cue(items, place)
    if all(word in FUNCTION for word in cue.before + cue.after):
        cue = replace(cue, needs=frozenset(_own_words(items)))
    ends = [cue.before[at:] for at in range(1, len(cue.before))]
    return {cue, *(replace(cue, before=end, first=False) for end in ends if end[-1] not in FUNCTION)}


def _own_words(items: tuple[str | Slot, ...]) -> list[str]:
    """Return the stems of the weighty words that do not merely mark a slot."""
    pairs = zip(items, (*items[1:], ""), strict=True)
    return [
        stem(item)
        for item, following in pairs
        if isinstance(item, str) and item not in FUNCTION and (not isinstance(following, Slot) or item == items[0])
    ]


def _cue(items: tuple[str | Slot, ...], place: int) -> Cue:
    before: list[str] = []
    for item in reversed(items[:place]):
        if not isinstance(item, str) or len(before) == _REACH:
            break
        before.insert(0, item)
    after: list[str] = []
    for item in items[place + 1 :]:
        if not isinstance(item, str):
            if len(after) == 1:
                after.clear()  # a single word marks the next slot
            break
        after.append(item)
    return Cue(tuple(before), tuple(after), first=len(before) == place, last=place == len(items) - 1)
