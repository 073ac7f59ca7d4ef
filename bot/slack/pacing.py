"""Slack takes about one post a second in a channel: whoever posts more often waits here, not for Slack to refuse."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_SECONDS: Final = 1.0


class Pace:
    """Lets one post a second go to each channel of this process, in the order of those who wait.

    Where several processes post to one channel, Slack's own refusals (`Retry-After`) pace them.
    """

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._free_at: dict[str, float] = {}
        self._lock = threading.Lock()

    def wait(self, channel: str) -> None:
        """Return when the channel takes another post."""
        with self._lock:
            now = self._clock()
            turn = max(now, self._free_at.get(channel, now))
            self._free_at = {name: at for name, at in self._free_at.items() if at > now} | {channel: turn + _SECONDS}
        if turn > now:
            self._sleep(turn - now)
