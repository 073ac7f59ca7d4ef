"""Stripe's events: each is a hint to fetch the object it names, and what that says is settled in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog

from billing.queues import OutboxKind, OutboxMessage
from billing.settling import settle

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from billing.payments import Settlement
    from billing.ports import Clock, Store, Transaction
    from billing.queues import InboxEvent
    from billing.workspaces import StripeConnection
    from bot.receiving import StripeEvent

_log = structlog.get_logger(__name__)
_DEAUTHORIZED = "account.application.deauthorized"
_GONE = "Stripe was disconnected from its own side. An admin can say “connect Stripe” to use it again."


class StripeInbox:
    """Applies Stripe's events to the workspace whose account they are of.

    `parse` reads a stored body; `settlements_of` fetches what an event names and returns what it says now.
    `own_account` is the id of the account that events without one are of.
    """

    def __init__(
        self,
        store: Store,
        parse: Callable[[bytes], StripeEvent],
        settlements_of: Callable[[Any, StripeConnection], Sequence[Settlement]],
        own_account: Callable[[], str | None],
        clock: Clock,
    ) -> None:
        self._store = store
        self._parse = parse
        self._settlements_of = settlements_of
        self._own_account = own_account
        self._clock = clock

    def handle(self, row: InboxEvent) -> bool:
        """Apply one event; False where it is nobody's, of another mode, or of a type that means no payment."""
        event = self._parse(row.body)
        connection = self._connection(event)
        if connection is None:
            _log.info("stripe_event_ignored", type=event.type, reason="no active connection of that account and mode")
            return False
        if event.type == _DEAUTHORIZED:
            return self._deauthorized(event, connection, row.key)
        settlements = self._settlements_of(event, connection)
        for settlement in settlements:
            self._settle(connection, settlement)
        return bool(settlements)

    def _connection(self, event: StripeEvent) -> StripeConnection | None:
        account = event.account or self._own_account()
        if account is None:
            return None
        workspace_id = self._store.directory.by_stripe_account(account, livemode=event.livemode)
        if workspace_id is None:
            return None
        with self._store.transaction(workspace_id) as tx:
            active = tx.connections.active()
        return active if active is not None and active.stripe_account_id == account else None

    def _settle(self, connection: StripeConnection, settlement: Settlement) -> None:
        # The metadata names a workspace, but money of an account counts in that account's workspace only.
        if settlement.workspace_id != connection.workspace_id:
            _log.warning("settlement_of_another_workspace", account=connection.stripe_account_id)
            return
        with self._store.transaction(connection.workspace_id) as tx:
            settle(tx, settlement, now=self._clock())

    def _deauthorized(self, event: StripeEvent, connection: StripeConnection, key: str) -> bool:
        # Stripe tells of every disconnection, ours too, and maybe days later: after a new consent.
        if event.created < connection.connected_at.replace(microsecond=0):
            return False
        now = self._clock()
        with self._store.transaction(connection.workspace_id) as tx:
            if tx.connections.end(connection.stripe_account_id, now):
                for channel in sorted({route.channel for route in tx.people.routes()}):
                    tx.send(_announcement(tx, f"{key}:{channel}", channel, now))
        return True


def _announcement(tx: Transaction, key: str, channel: str, now: datetime) -> OutboxMessage:
    payload = {"channel": channel, "text": _GONE}
    return OutboxMessage(tx.workspace_id, f"deauthorized:{key}", OutboxKind.SAY, f"channel:{channel}", payload, now)
