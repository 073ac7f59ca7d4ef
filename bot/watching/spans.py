"""What a trace is made of here, and the one that is not kept."""

from __future__ import annotations

from contextlib import nullcontext
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager


class Side(StrEnum):
    """On which side of a call the work is."""

    SERVER = "server"
    CLIENT = "client"
    CONSUMER = "consumer"
    PRODUCER = "producer"
    INTERNAL = "internal"


class Span(Protocol):
    """A piece of work that is being timed."""

    def name(self, name: str) -> None:
        """Call it by what it was found to be."""

    def say(self, facts: Mapping[str, str], *, failed: bool = False) -> None:
        """Add what is known of it by now, and whether it went wrong."""


class Spans(Protocol):
    """Makes the spans of one process."""

    def span(
        self, name: str, side: Side, facts: Mapping[str, str], *, begins: bool = False
    ) -> AbstractContextManager[Span]:
        """Time the block as a part of the trace that is followed (`billing.correlation`), or as what it begins with."""

    def close(self) -> None:
        """Hand over what was not handed over yet."""


class _Nothing:
    def name(self, _name: str) -> None:
        """Forget it."""

    def say(self, _facts: Mapping[str, str], *, failed: bool = False) -> None:
        """Forget it."""


_NOTHING = _Nothing()


class NoSpans:
    """Keeps nothing, and takes no time to."""

    def span(
        self,
        _name: str,
        _side: Side,
        _facts: Mapping[str, str],
        *,
        begins: bool = False,  # noqa: ARG002 - as above
    ) -> AbstractContextManager[Span]:
        """Time nothing."""
        return nullcontext(_NOTHING)

    def close(self) -> None:
        """There is nothing to hand over."""
