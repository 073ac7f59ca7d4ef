"""One thread through everything that one cause brings about: from an event that came in to what leaves for it.

Whoever begins (a request, an event, a look of the clock) makes an id; whoever works on its behalf finds it here,
without every function in between handing it on. Rows keep it, so that it outlives a process.
"""

from __future__ import annotations

import secrets
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_CURRENT: Final[ContextVar[str]] = ContextVar("evie_correlation", default="")


def current() -> str:
    """Return the id of what is being worked on, "" where nobody has said."""
    return _CURRENT.get()


def begun() -> str:
    """Return the current id, or a new one: 32 hexadecimal digits, as a trace of OpenTelemetry has."""
    return _CURRENT.get() or secrets.token_hex(16)


@contextmanager
def following(correlation: str) -> Iterator[str]:
    """Work under this id within the block, or under a new one where it is empty."""
    given = correlation or secrets.token_hex(16)
    token = _CURRENT.set(given)
    try:
        yield given
    finally:
        _CURRENT.reset(token)
