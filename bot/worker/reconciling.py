"""What Stripe never delivered: its list of events is read again, and what is new goes the way of every event.

So an outage of ours heals by itself, and a desk that no webhook reaches hears of payments all the same. Each process
looks when it starts; after that one of them does, for all.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import structlog

from billing.connecting import looked
from billing.correlation import following
from billing.errors import BillingError
from bot.receiving import stripe_row
from bot.worker.looking import Pace

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
_AT_ONCE: Final = timedelta(days=1)
_DUTY: Final = "reconcile"
# Whoever takes longer may have died over it; two who look do no harm.
_LONGEST: Final = timedelta(minutes=2)


class Reconciler:
    """Looks for events that are not in the inbox yet, since the last look; the first goes back 30 days."""

    def __init__(
        self,
        store: Store,
        past_events: Callable[[StripeConnection, datetime, datetime | None], Iterable[bytes]],
        parse: Callable[[bytes], StripeEvent],
        clock: Clock,
        pace: Pace | None = None,
    ) -> None:
        self._store = store
        self._past_events = past_events
        self._parse = parse
        self._clock = clock
        self._pace = pace or Pace()
        self._looked: set[str] = set()

    def run(self) -> None:
        """Look in every connected account; one that cannot be asked does not keep the others waiting."""
        for workspace in self._pace.through(self._store.directory.workspaces()):
            active = self._taken(workspace.id)
            if active is None:
                continue
            try:
                self._look(active)
                self._looked.add(workspace.id)
            except BillingError as error:
                _log.warning("account_not_reconciled", account=active.stripe_account_id, reason=error.code)
            finally:
                with self._store.transaction(workspace.id) as tx:
                    tx.duties.give_back(_DUTY)

    def _taken(self, workspace_id: str) -> StripeConnection | None:
        """Return the account to look into; None where there is none, or another process looks or lately did."""
        now = self._clock()
        with self._store.transaction(workspace_id) as tx:
            active = tx.connections.active()
            if active is None or (workspace_id in self._looked and self._is_fresh(active, now)):
                return None
            return active if tx.duties.take(_DUTY, now.date(), now=now, until=now + _LONGEST) else None

    def _is_fresh(self, connection: StripeConnection, now: datetime) -> bool:
        return connection.reconciled_at is not None and now - connection.reconciled_at < self._pace.every

    def _look(self, connection: StripeConnection) -> None:
        """Go through the time since the last look, a day at a time, so that a long outage needs little memory.

        Each day is kept once it is read: who is interrupted goes on from there.
        """
        now = self._clock()
        since = max((connection.reconciled_at or now - _REACH) - _OVERLAP, now - _REACH)
        missed = 0
        while since + _AT_ONCE < now:
            until = since + _AT_ONCE
            missed += self._receive(connection, since, until)
            self._keep(connection, until)
            since = until
        missed += self._receive(connection, since, None)
        self._keep(connection, now)
        if missed:
            _log.info("missed_events_found", account=connection.stripe_account_id, events=missed)

    def _receive(self, connection: StripeConnection, since: datetime, until: datetime | None) -> int:
        """Put what happened then into the inbox, the oldest first, as webhooks would have; return how much is new."""
        now = self._clock()
        bodies = reversed(list(self._pace.through(self._past_events(connection, since, until))))
        rows = sorted(((self._parse(body), body) for body in bodies), key=lambda row: row[0].created)
        return sum(self._missed(event, body, now) for event, body in self._pace.through(rows))

    def _missed(self, event: StripeEvent, body: bytes, now: datetime) -> bool:
        # Each is a story of its own, and not the sweep's.
        with following(""):
            return self._store.receive(stripe_row(event, body, now))

    def _keep(self, connection: StripeConnection, until: datetime) -> None:
        with self._store.transaction(connection.workspace_id) as tx:
            looked(tx, connection, until)
