"""What a value in a sentence is: its type, its meaning and the words it takes up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Value:
    """A value of an argument type at tokens `start` to `end` (excluded).

    `value` is None where the type was named but not the value (`recurring`, `a part`): that asks for it.
    `bare` marks a number without a unit, which may also be a record's number.
    """

    type: str
    value: Any
    start: int
    end: int
    bare: bool = False
    note: str = ""

    @property
    def places(self) -> frozenset[int]:
        """The tokens it takes up."""
        return frozenset(range(self.start, self.end))

    def overlaps(self, other: Value) -> bool:
        """Whether the two take up a token both."""
        return self.start < other.end and other.start < self.end
