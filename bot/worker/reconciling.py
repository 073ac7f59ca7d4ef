"""What Stripe never delivered: its list of events is read again, and what is new goes the way of every event.

So an outage of ours heals by itself, and a desk that no webhook reaches hears of payments all the same.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import structlog

from billing.errors import BillingError
from bot.receiving import stripe_row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from billing.ports import Clock, Store
    from billing.workspaces import StripeConnection
    from bot.receiving import StripeEvent

_log = structlog.get_logger(__name__)
# How long Stripe keeps events that can be listed.
_REACH: Final = timedelta(days=30)
# An event may be listed a little later than it is dated.
_OVERLAP: Final = timedelta(hours=1)


class Reconciler:
    """Looks for events that are not in the inbox yet. The first look of a process goes back 30 days."""

    def __init__(
        self,
        store: Store,
        past_events: Callable[[StripeConnection, datetime], Iterable[bytes]],
        parse: Callable[[bytes], StripeEvent],
        clock: Clock,
    ) -> None:
        self._store = store
        self._past_events = past_events
        self._parse = parse
        self._clock = clock
        self._looked_at: dict[tuple[str, str], datetime] = {}

    def run(self) -> None:
        """Look in every connected account; one that cannot be asked does not keep the others waiting."""
        for workspace in self._store.directory.workspaces():
            with self._store.transaction(workspace.id) as tx:
                active = tx.connections.active()
            if active is None:
                continue
            try:
                self._look(active)
            except BillingError as error:
                _log.warning("account_not_reconciled", account=active.stripe_account_id, reason=error.code)

    def _look(self, connection: StripeConnection) -> None:
        now = self._clock()
        seen = (connection.workspace_id, connection.stripe_account_id)
        last = self._looked_at.get(seen, now - _REACH)
        missed = 0
        for body in self._past_events(connection, max(last - _OVERLAP, now - _REACH)):
            missed += self._store.receive(stripe_row(self._parse(body), body, now))
        self._looked_at[seen] = now
        if missed:
            _log.info("missed_events_found", account=connection.stripe_account_id, events=missed)
