"""Slack takes about one post a second in a channel, with short bursts: whoever posts more often waits here, in turn.

Replies may use a burst and news may not, so that no reply waits behind news. Whoever would wait for long comes again
at their turn instead of standing still, since a thread that sleeps works for nobody.
"""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from billing.errors import NotYet, ProviderUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from billing.ports import Clock

_SECONDS: Final = 1.0
# So many posts of a channel may be ahead of one a second where people wait for them.
_BURST: Final = 3
_LONGEST_SLEEP: Final = _BURST + 0.5
# A turn that was promised and not taken by then was another process's in the end.
_KEPT_SECONDS: Final = 600.0
_IN_TURN: Final = "Slack takes one message a second in a channel: it is not its turn yet."


@dataclass(slots=True)
class _Line:
    """The posts of one channel: when the next would keep to one a second, and the turns that were promised, by key."""

    free_at: float
    promised: dict[str, float] = field(default_factory=dict)


class Pace:
    """Paces the posts of this process, in the order of those who wait.

    Where several processes post to one channel, Slack's own refusals (`Retry-After`) pace them.
    """

    def __init__(
        self,
        clock: Clock,
        ticks: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._clock = clock
        self._ticks = ticks
        self._sleep = sleep
        self._pauses: dict[str, tuple[float, datetime]] = {}
        self._lines: dict[str, _Line] = {}
        self._lock = threading.Lock()

    @contextmanager
    def turn(self, channel: str, key: str, *, news: bool = False) -> Iterator[None]:
        """Post in the block, once `wait` returns; where Slack asks for a pause, the whole channel keeps it."""
        self.wait(channel, key, news=news)
        try:
            yield
        except ProviderUnavailable as error:
            if error.retry_after is not None:
                self.pause(channel, error.retry_after)
            raise

    def wait(self, channel: str, key: str, *, news: bool = False) -> None:
        """Return when the channel takes the post of that key; raises NotYet where that takes long."""
        with self._lock:
            now = self._ticks()
            self._keep_pause(channel, now)
            line = self._line(channel, now)
            turn = line.promised.pop(key, None)
            if turn is None:
                turn = self._next(line, now, news=news)
            if turn - now > _LONGEST_SLEEP:
                line.promised[key] = turn
        if turn - now > _LONGEST_SLEEP:
            raise NotYet(_IN_TURN, retry_after=turn - now)
        if turn > now:
            self._sleep(turn - now)

    def take(self, channel: str) -> bool:
        """Take a turn for a post that need not be; False, and none is taken, where it would have to wait."""
        with self._lock:
            now = self._ticks()
            line = self._line(channel, now)
            if channel in self._pauses or line.promised or line.free_at - _ahead(news=False) > now:
                return False
            self._next(line, now, news=False)
            return True

    def pause(self, channel: str, seconds: float) -> None:
        """Let nobody post in the channel for so long: Slack has said so."""
        with self._lock:
            self._pauses[channel] = (self._ticks() + seconds, self._clock() + timedelta(seconds=seconds))

    def _keep_pause(self, channel: str, now: float) -> None:
        """Raise NotYet while the pause lasts, by both clocks: the outbox goes by the one that may be set back."""
        until, at = self._pauses.get(channel, (now, None))
        left = min(until - now, (at - self._clock()).total_seconds()) if at else 0.0
        if left > 0:
            raise NotYet(_IN_TURN, retry_after=left)
        self._pauses.pop(channel, None)

    def _line(self, channel: str, now: float) -> _Line:
        for line in self._lines.values():
            line.promised = {key: turn for key, turn in line.promised.items() if turn > now - _KEPT_SECONDS}
        self._lines = {name: line for name, line in self._lines.items() if line.promised or line.free_at > now}
        return self._lines.setdefault(channel, _Line(now))

    def _next(self, line: _Line, now: float, *, news: bool) -> float:
        free_at = max(now, line.free_at)
        line.free_at = free_at + _SECONDS
        return max(now, free_at - _ahead(news=news))


def _ahead(*, news: bool) -> float:
    return 0.0 if news else (_BURST - 1) * _SECONDS
