"""Sentences with amounts of money in them, which are written only where the workspace's way of writing is known.

Errors are made of them, and money raises errors: so what an amount is, is said here by what is needed of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable


class Amount(Protocol):
    """Money, as `billing.money` has it: as a string it is a plain decimal."""

    @property
    def currency(self) -> str:
        """Its ISO 4217 code."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A sentence in parts: text, and money between it. As a string it is for logs; people read it `in_words`."""

    parts: tuple[str | Amount, ...]

    def __str__(self) -> str:
        """Return the sentence with each amount as a plain decimal and its currency: `500.00 AUD`."""
        return "".join(part if isinstance(part, str) else f"{part} {part.currency}" for part in self.parts)

    def in_words(self, money: Callable[[Any], str]) -> str:
        """Return the sentence with each amount as `money` writes it, which is `Formats.money`: `A$500.00`."""
        return "".join(part if isinstance(part, str) else money(part) for part in self.parts)


def worded(*parts: str | Amount) -> Wording:
    """Return the sentence that is made of these parts."""
    return Wording(parts)
