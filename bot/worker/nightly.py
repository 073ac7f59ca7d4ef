"""Every night all that may have changed at Stripe is asked for, whatever events said of it or did not.

Events reach back thirty days, and one may be lost; the payments, subscriptions and links themselves are always there.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import structlog

from billing.errors import BillingError
from billing.link_keeping import end_leftovers
from billing.payouts import sync_payouts
from billing.syncing import sync_invoice, worth_a_look

if TYPE_CHECKING:
    from datetime import date

    from billing.ports import Clock, Gateways, Store
    from billing.workspaces import StripeConnection

_log = structlog.get_logger(__name__)
# The hour from which it is night: after midnight, and before people open their books.
_FROM_HOUR: Final = 3


class Nightly:
    """Syncs every workspace once a night of its own; a process that starts by day begins with that."""

    def __init__(self, store: Store, gateways: Gateways, clock: Clock) -> None:
        self._store = store
        self._gateways = gateways
        self._clock = clock
        self._done: dict[str, date] = {}

    def run(self) -> None:
        """Sync the workspaces whose night has come; one that cannot be does not keep the others waiting."""
        for workspace in self._store.directory.workspaces():
            local = self._clock().astimezone(ZoneInfo(workspace.timezone))
            if local.hour < _FROM_HOUR or self._done.get(workspace.id) == local.date():
                continue
            try:
                self._sync(workspace.id)
            except BillingError as error:
                _log.warning("workspace_not_synced", workspace=workspace.id, reason=error.code)
            else:
                self._done[workspace.id] = local.date()

    def _sync(self, workspace_id: str) -> None:
        transaction = partial(self._store.transaction, workspace_id)
        with transaction() as tx:
            connection = tx.connections.active()
            numbers = worth_a_look(tx, connection, now=self._clock()) if connection else []
        if connection is None:
            return
        gateway = self._gateways.for_connection(connection)
        changed = [number for number in numbers if self._has_news(connection, number)]
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
