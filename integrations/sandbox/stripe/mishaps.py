"""Mishaps on demand: what goes wrong between Stripe and whoever asks it, the next time an operation is asked for.

Two of them happen on the way, so there is no answer at all; whether anything was done, nobody is told.
"""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from enum import Enum
from typing import TYPE_CHECKING, Final

from integrations.sandbox.stripe.faults import ApiFault
from integrations.sandbox.stripe.http import as_json
from integrations.sandbox.stripe.routes import ids_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from integrations.sandbox.stripe.http import Request, Response

_TOO_MANY_REQUESTS: Final = 429
_SERVER_ERROR: Final = 500


class Mishap(Enum):
    """What goes wrong. Stripe remembers a 500 under its idempotency key and repeats it, whether or not it is done."""

    RATE_LIMITED = "429, and nothing is done"
    BROKEN_BEFORE = "500, and nothing is done"
    BROKEN_AFTER = "500, and it is done"
    LOST_REQUEST = "no answer, and nothing is done"
    LOST_ANSWER = "no answer, and it is done"


class NoAnswer(Exception):
    """The connection ended before there was an answer."""


class Mishaps:
    """What will go wrong next, by operation. Threads may ask at the same time."""

    def __init__(self) -> None:
        self._planned: defaultdict[str, deque[Mishap]] = defaultdict(deque)
        self._lock = threading.Lock()

    def plan(self, operation: str, mishap: Mishap, times: int = 1) -> None:
        """Let the next requests for the operation go wrong, as many as `times` says, after those planned already.

        `operation` is named as Stripe publishes it: `post /v1/refunds`, `get /v1/charges/{charge}`, and so the OAuth
        addresses, `post /oauth/token`. None of these is a mishap after which Stripe's client asks again by itself.
        """
        with self._lock:
            self._planned[operation].extend([mishap] * times)

    def clear(self) -> None:
        """Plan nothing any more."""
        with self._lock:
            self._planned.clear()

    def take(self, request: Request) -> Mishap | None:
        """Return what goes wrong with this request, and take it off the plan; None for nothing."""
        with self._lock:
            for operation, mishaps in self._planned.items():
                if mishaps and ids_in(operation, request.method, request.path) is not None:
                    return mishaps.popleft()
        return None


def suffer(mishap: Mishap | None, act: Callable[[], Response]) -> Response:
    """Return what `act` answers, or what is answered where Stripe breaks before or after it."""
    answer = None if mishap is Mishap.BROKEN_BEFORE else act()
    if answer is None or mishap is Mishap.BROKEN_AFTER:
        fault = ApiFault("An unknown error occurred.", status=_SERVER_ERROR, type_="api_error")
        # Repeated with its key, the request would get the same answer again.
        return as_json(fault.status, fault.body, stripe_should_retry="false")
    return answer


def refuse(mishap: Mishap | None) -> None:
    """Raise NoAnswer or ApiFault (429) where a request is not even looked at."""
    if mishap is Mishap.LOST_REQUEST:
        raise NoAnswer
    if mishap is Mishap.RATE_LIMITED:
        words = "Request rate limit exceeded. Please retry your request later."
        raise ApiFault(words, code="rate_limit", status=_TOO_MANY_REQUESTS)
