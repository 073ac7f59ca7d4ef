"""Stripe's events: each is a hint to fetch the object it names, and what that says is settled in one transaction."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

import structlog

from billing.connecting import ended_at_stripe, rename
from billing.link_keeping import note
from billing.payouts import keep_payout
from billing.ports.changes import Change, Expected
from billing.queues import Ignored
from billing.settling import settle
from billing.subscribing import keep
from billing.syncing import in_their_order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from billing.payments import LinkAtStripe, Payout, Settlement
    from billing.ports import Clock, Store, Transaction
    from billing.queues import InboxEvent
    from billing.subscriptions import Subscription
    from billing.workspaces import StripeConnection
    from bot.receiving import StripeEvent

_log = structlog.get_logger(__name__)
_DEAUTHORIZED = "account.application.deauthorized"
_GONE = "Stripe was disconnected from its own side."


class Asked(Protocol):
    """Where what an event names is asked for: Stripe's answers in our words."""

    def settlements_of(self, event: Any, connection: StripeConnection) -> Sequence[Settlement]:  # noqa: ANN401 - as parsed
        """Return what the payments that the event is about say now."""

    def subscriptions_of(self, event: Any, connection: StripeConnection) -> Sequence[Subscription]:  # noqa: ANN401 - as above
        """Return what the subscription that the event is about says now."""

    def payouts_of(self, event: Any, connection: StripeConnection) -> Sequence[Payout]:  # noqa: ANN401 - as above
        """Return what the payout that the event is about says now."""

    def links_of(self, event: Any, connection: StripeConnection) -> Sequence[LinkAtStripe]:  # noqa: ANN401 - as above
        """Return how the payment link that the event is about is now."""

    def name_of(self, event: Any, connection: StripeConnection) -> str:  # noqa: ANN401 - as above
        """Return the business's name now, "" where the event is not about the account."""


class StripeInbox:
    """Applies Stripe's events to the workspace whose account they are of.

    `parse` reads a stored body; `asked` fetches what an event names and returns what it says now.
    `own_account` is the id of the account that events without one are of.
    """

    def __init__(
        self,
        store: Store,
        parse: Callable[[bytes], StripeEvent],
        asked: Asked,
        own_account: Callable[[], str | None],
        clock: Clock,
    ) -> None:
        self._store = store
        self._parse = parse
        self._asked = asked
        self._own_account = own_account
        self._clock = clock
        self._looked_up = threading.local()

    @contextmanager
    def together(self, rows: Sequence[InboxEvent]) -> Iterator[None]:
        """Look up at once whose the rows' accounts are, for all that this thread handles in the block."""
        accounts = {account for row in rows if (account := self._account_told(row)) is not None}
        self._looked_up.connections = self._store.directory.stripe_connections(accounts)
        try:
            yield
        finally:
            del self._looked_up.connections

    def _account_told(self, row: InboxEvent) -> tuple[str, bool] | None:
        try:
            event = self._parse(row.body)
        except Exception:  # noqa: BLE001 - it is said of the row, once that is handled
            return None
        return self._account_of(event)

    def handle(self, row: InboxEvent) -> Change:
        """Ask Stripe what an event names, and return what is to be written of that.

        Raises Ignored where it is of an account or mode that no workspace uses, and what asking Stripe raises. Making
        the change raises UnknownRecord where what it is about is not on record yet; it says False where the event is
        of a type that means no payment.
        """
        event = self._parse(row.body)
        connection = self._connection(event)
        if connection is None:
            account, mode = event.account or "the key's own account", "live" if event.livemode else "test"
            reason = f"no workspace is connected to {account} in {mode} mode"
            _log.info("stripe_event_ignored", event_id=event.id, type=event.type, reason=reason)
            raise Ignored(reason)
        if event.type == _DEAUTHORIZED:
            return self._deauthorized(event, connection)
        found = self._asked_for(event, connection)
        return Change(connection.workspace_id, found.write, found.expected)

    def _asked_for(self, event: StripeEvent, connection: StripeConnection) -> _Found:
        # Taken before Stripe is asked: of two answers to two workers, the later one has to count.
        now = self._clock()
        return _Found(
            connection=connection,
            now=now,
            # The link comes first: what used it up is known to Stripe before it ends, so it is found afterwards.
            links=self._asked.links_of(event, connection),
            settlements=self._asked.settlements_of(event, connection),
            subscriptions=self._asked.subscriptions_of(event, connection),
            payouts=self._asked.payouts_of(event, connection),
            name=self._asked.name_of(event, connection),
        )

    def _connection(self, event: StripeEvent) -> StripeConnection | None:
        account = self._account_of(event)
        if account is None:
            return None
        known: Mapping[tuple[str, bool], StripeConnection] | None = getattr(self._looked_up, "connections", None)
        return (self._store.directory.stripe_connections([account]) if known is None else known).get(account)

    def _account_of(self, event: StripeEvent) -> tuple[str, bool] | None:
        account = event.account or self._own_account()
        return None if account is None else (account, event.livemode)

    def _deauthorized(self, event: StripeEvent, connection: StripeConnection) -> Change:
        # Stripe tells of every disconnection, ours too, and maybe days later: after a new consent.
        if event.created < connection.connected_at.replace(microsecond=0):
            raise Ignored("the account was connected again since")
        now = self._clock()

        def end(tx: Transaction) -> bool:
            ended_at_stripe(tx, connection, _GONE, now=now)
            return True

        return Change(connection.workspace_id, end)


@dataclass(frozen=True, slots=True)
class _Found:
    """What Stripe said at `now` of the things that an event names."""

    connection: StripeConnection
    now: datetime
    links: Sequence[LinkAtStripe]
    settlements: Sequence[Settlement]
    subscriptions: Sequence[Subscription]
    payouts: Sequence[Payout]
    name: str

    @property
    def expected(self) -> tuple[Expected, ...]:
        """The payments that there are to write."""
        return tuple(Expected(one.invoice, one.stripe_account_id, one.stripe_object_id) for one in self.settlements)

    def write(self, tx: Transaction) -> bool:
        """Write it; False where there is nothing."""
        for settlement in filter(partial(_is_of, self.connection), in_their_order(self.settlements)):
            settle(tx, settlement, now=self.now)
        for subscription in filter(partial(_is_of, self.connection), self.subscriptions):
            keep(tx, subscription, now=self.now)
        for payout in self.payouts:
            keep_payout(tx, payout, now=self.now)
        for link in self.links:
            note(tx, link)
        if self.name:
            rename(tx, self.connection, self.name)
        return bool(self.settlements or self.subscriptions or self.payouts or self.links or self.name)


def _is_of(connection: StripeConnection, found: Settlement | Subscription) -> bool:
    # The metadata names a workspace, but money of an account counts in that account's workspace only.
    ours = found.workspace_id == connection.workspace_id
    if not ours:
        _log.warning("money_of_another_workspace", account=connection.stripe_account_id)
    return ours
