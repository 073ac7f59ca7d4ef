"""Every night all that may have changed at Stripe is asked for, whatever events said of it or did not.

Events reach back thirty days, and one may be lost; the payments, subscriptions and links themselves are always there.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import structlog

from billing.errors import BillingError
from billing.link_keeping import end_leftovers
from billing.payouts import sync_payouts
from billing.syncing import sync_invoice, worth_a_look
from bot.worker.looking import Pace

if TYPE_CHECKING:
    from datetime import date

    from billing.ports import Clock, Gateways, Store
    from billing.workspaces import StripeConnection

_log = structlog.get_logger(__name__)
# The hour from which it is night: after midnight, and before people open their books.
_FROM_HOUR: Final = 3
_DUTY: Final = "sync"
# Whoever takes longer has died over it.
_LONGEST: Final = timedelta(hours=1)


class Nightly:
    """Syncs every workspace once a night of its own, in one of all processes; a start by day begins with that."""

    def __init__(self, store: Store, gateways: Gateways, clock: Clock, pace: Pace | None = None) -> None:
        self._store = store
        self._gateways = gateways
        self._clock = clock
        self._pace = pace or Pace()
        self._done: dict[str, date] = {}

    def run(self) -> None:
        """Sync the workspaces whose night has come; one that cannot be does not keep the others waiting."""
        for workspace in self._pace.through(self._store.directory.workspaces()):
            local = self._clock().astimezone(ZoneInfo(workspace.timezone))
            if local.hour < _FROM_HOUR or self._done.get(workspace.id) == local.date():
                continue
            if self._sync_once(workspace.id, local.date()):
                self._done[workspace.id] = local.date()

    def _sync_once(self, workspace_id: str, night: date) -> bool:
        """Sync unless that is done or another process is at it; say whether there is nothing left to do that night."""
        now = self._clock()
        with self._store.transaction(workspace_id) as tx:
            if not tx.duties.take(_DUTY, night, now=now, until=now + _LONGEST):
                # Whoever has it may fail, so this one looks again.
                return False
        try:
            self._sync(workspace_id)
        except Exception as error:
            with self._store.transaction(workspace_id) as tx:
                tx.duties.give_back(_DUTY)
            if not isinstance(error, BillingError):
                raise
            _log.warning("workspace_not_synced", workspace=workspace_id, reason=error.code)
            return False
        with self._store.transaction(workspace_id) as tx:
            tx.duties.done(_DUTY, night)
        return True

    def _sync(self, workspace_id: str) -> None:
        transaction = partial(self._store.transaction, workspace_id)
        with transaction() as tx:
            connection = tx.connections.active()
            numbers = worth_a_look(tx, connection, now=self._clock()) if connection else []
        if connection is None:
            return
        gateway = self._gateways.for_connection(connection)
        changed = [number for number in self._pace.through(numbers) if self._has_news(connection, number)]
        ended = end_leftovers(transaction, gateway, now=self._clock())
        payouts = sync_payouts(transaction, gateway, connection, now=self._clock())
        counts = {"looked": len(numbers), "changed": len(changed), "ended": ended, "payouts": payouts}
        _log.info("workspace_synced", workspace=workspace_id, **counts)

    def _has_news(self, connection: StripeConnection, number: str) -> bool:
        """Sync one invoice; where Stripe refuses to tell of it, the others are asked of all the same."""
        transaction = partial(self._store.transaction, connection.workspace_id)
        gateway = self._gateways.for_connection(connection)
        try:
            return sync_invoice(transaction, gateway, connection, number, now=self._clock()).news
        except BillingError as error:
            if error.retryable:
                raise
            _log.warning("invoice_not_synced", workspace=connection.workspace_id, invoice=number, reason=error.code)
            return False
