"""How fast a fake Slack lets an app post in a channel: one message a second, with short bursts."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

Json = dict[str, Any]

# What becomes a message that all of a channel see. Edits and ephemeral messages have limits of their own.
_POSTING: Final = frozenset({"chat.postMessage", "chat.startStream"})


@dataclass
class Rates:
    """A bucket for each channel: full at first, a second brings one more, and a post takes one.

    Slack says that it tolerates short bursts and not how long; `burst` is a little more than Evie allows herself, so
    that a slow machine makes no difference. `ticks` is a clock in seconds.
    """

    burst: float = 5.0
    ticks: Callable[[], float] = time.monotonic
    refused: list[str] = field(default_factory=list)
    _buckets: dict[str, tuple[float, float]] = field(default_factory=dict)

    def pause(self, method: str, arguments: Json) -> int | None:
        """Take a post into account; return for how many seconds Slack asks for a pause instead, None where it goes."""
        if method not in _POSTING:
            return None
        channel = _channel(str(arguments.get("channel", "")))
        now = self.ticks()
        held, since = self._buckets.get(channel, (self.burst, now))
        held = min(self.burst, held + now - since)
        if held < 1:
            self._buckets[channel] = (held, now)
            self.refused.append(channel)
            return math.ceil(1 - held)
        self._buckets[channel] = (held - 1, now)
        return None


def _channel(place: str) -> str:
    # A person's id stands for the channel of their direct messages.
    return f"D{place[1:]}" if place.startswith("U") else place
