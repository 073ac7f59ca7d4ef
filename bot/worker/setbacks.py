"""What becomes of a row that could not be done: it is tried again later, or set aside for a person."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

import structlog

from billing.errors import BillingError, NotYet, StoreUnavailable, UnknownRecord, WaitsForPerson
from billing.queues import OutboxMessage

if TYPE_CHECKING:
    from collections.abc import Callable

    from billing.ports import Store
    from billing.queues import Claim
    from bot.worker.settling import Settling

_log = structlog.get_logger(__name__)
_MOST_ATTEMPTS: Final = 10
# With the longest delay between them, three days: as long as Stripe itself goes on telling us of an event.
_MOST_ATTEMPTS_WHILE_AWAY: Final = 900
# And a month, where a person has to mend something and may be away.
_MOST_ATTEMPTS_UNTIL_MENDED: Final = 9000
_LONGEST_DELAY_SECONDS: Final = 300.0
_MOST_UNSENT: Final = 10_000


class Setbacks:
    """Puts rows back or parks them; `give_up` is told of an outbox row that was tried too often, and why."""

    def __init__(self, store: Store, settling: Settling, give_up: Callable[[OutboxMessage, str], None] | None) -> None:
        self._store = store
        self.settling = settling
        self._give_up = give_up
        self._unsent: dict[int, int] = {}

    def may_have_arrived(self, claim: Claim[Any]) -> bool:
        """Say whether an earlier try may have sent the row.

        It was not where each, by this process, found only that its turn had not come. Another process has counted.
        """
        return claim.attempts > 1 and self._unsent.get(claim.id) != claim.attempts - 1

    def put_back(self, claim: Claim[Any], error: Exception) -> str:
        """Let the row be tried again later, or park it where that cannot help; return which of them."""
        unsent = isinstance(error, NotYet) and not self.may_have_arrived(claim)
        self._unsent.pop(claim.id, None)
        if len(self._unsent) >= _MOST_UNSENT:
            # They were sent in the end. Of one that was not it is looked up whether it arrived, which is only slower.
            self._unsent.clear()
        if unsent:
            self._unsent[claim.id] = claim.attempts
        reason = f"{type(error).__name__}: {error}"[:500]
        if claim.tries >= _most_attempts(error):
            _log.error("row_parked", row=claim.id, attempts=claim.tries, error=type(error).__name__)
            if self._give_up is not None and isinstance(claim.row, OutboxMessage):
                self.settling.write(partial(self._give_up, claim.row, type(error).__name__))
            self.settling.write(partial(self._store.park, claim, error=reason))
            return "parked"
        grown = 2.0 ** min(claim.tries - 1, _MOST_ATTEMPTS)
        delay = getattr(error, "retry_after", None) or min(grown, _LONGEST_DELAY_SECONDS)
        _log.warning("row_put_back", row=claim.id, attempts=claim.tries, error=type(error).__name__, delay=delay)
        self.settling.write(partial(self._store.retry, claim, error=reason, delay_seconds=delay))
        return "put_back"


def _most_attempts(error: Exception) -> int:
    if isinstance(error, StoreUnavailable):
        return _MOST_ATTEMPTS_WHILE_AWAY
    # An unknown record may be one that another process is about to write.
    if not isinstance(error, BillingError) or isinstance(error, UnknownRecord):
        return _MOST_ATTEMPTS
    if isinstance(error, WaitsForPerson):
        return _MOST_ATTEMPTS_UNTIL_MENDED
    return _MOST_ATTEMPTS_WHILE_AWAY if error.retryable else 1
