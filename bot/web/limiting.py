"""How often the pages of clients may be asked for: enough for people, too little for guessing.

Each client address and each token has a bucket that fills with time. It is kept in this process only: with several,
a caller may ask as many times more often, which still guesses nothing of 256 bits.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Final

from bot.web.pages import Notice, notice
from skills.cards import Tone

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Receive, Scope, Send

_GUARDED: Final = ("/portal/", "/pay/", "/invoices/", "/reminders/")
_MOST_BUCKETS: Final = 20_000
_SLOW_DOWN: Final = Notice(
    "Please wait a moment",
    "That was more than these pages answer at a time. Try again in a minute.",
    Tone.WARNING,
)


@dataclass(frozen=True, slots=True)
class Rate:
    """How many requests may come at once, and how many a second from then on."""

    burst: int = 60
    per_second: float = 1.0


class Buckets:
    """Token buckets by key; the ones that were used least lately are forgotten first."""

    def __init__(self, rate: Rate, clock: Callable[[], float] = monotonic) -> None:
        self._rate = rate
        self._clock = clock
        self._lock = threading.Lock()
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> float:
        """Take one from the key's bucket; 0.0, or the seconds after which there is one again."""
        now = self._clock()
        with self._lock:
            level, at = self._levels.pop(key, (float(self._rate.burst), now))
            level = min(self._rate.burst, level + (now - at) * self._rate.per_second)
            waits = 0.0 if level >= 1 else (1 - level) / self._rate.per_second
            self._levels[key] = (level if waits else level - 1, now)
            if len(self._levels) > _MOST_BUCKETS:
                self._levels.popitem(last=False)
        return waits


class Limiting:
    """ASGI middleware that answers 429 to a client address, or for a token, that asks too often."""

    def __init__(self, app: ASGIApp, *, rate: Rate, clock: Callable[[], float] = monotonic) -> None:
        self._app = app
        self._buckets = Buckets(rate, clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or turn it away."""
        waits = self._waits(scope) if scope["type"] == "http" else 0.0
        if not waits:
            await self._app(scope, receive, send)
            return
        page = notice(_SLOW_DOWN, status=429, headers={"retry-after": str(int(waits) + 1)})
        await page(scope, receive, send)

    def _waits(self, scope: Scope) -> float:
        path: str = scope["path"]
        if not path.startswith(_GUARDED):
            return 0.0
        kind, token = path.split("/")[1:3]
        address = scope["client"][0] if scope.get("client") else ""
        return max(self._buckets.take(f"from {address}"), self._buckets.take(f"{kind} {token}"))
