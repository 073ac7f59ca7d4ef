"""What is to be seen of a call to another service: how long it took, how it ended, and as what the other side knows it.

Whoever calls says so here, and whoever watches writes it into logs, counts it, or does nothing.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

OK = "ok"


@dataclass(slots=True)
class Call:
    """A call under way. `result` is one of a few words: a status, a code.

    `facts` are what a log may say of it: never a secret, and never whom it is about. `amounts` are counted, such as
    tokens.
    """

    result: str = OK
    facts: dict[str, str] = field(default_factory=dict)
    amounts: dict[str, int] = field(default_factory=dict)


class Watch(Protocol):
    """Watches calls."""

    def __call__(self, service: str, operation: str, /) -> AbstractContextManager[Call]:
        """Watch the call that is made within the block; both words are of a small vocabulary."""


@contextmanager
def unwatched(_service: str, _operation: str) -> Iterator[Call]:
    """Watch nothing."""
    yield Call()
