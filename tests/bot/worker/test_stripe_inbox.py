"""Stripe's events: hints that count only for the account and mode that a workspace is connected to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from billing.errors import UnknownRecord
from billing.payments import Settlement
from billing.queues import InboxEvent, OutboxKind, Source
from billing.subscriptions import Subscription
from billing.workspaces import NotificationRoute, StripeConnection
from bot.worker.inbox import Inbox
from bot.worker.stripe_inbox import StripeInbox
from tests.support.studio import NOW, Studio


@dataclass(frozen=True)
class Event:
    id: str = "evt_1"
    object_id: str = ""
    type: str = "checkout.session.completed"
    account: str | None = "acct_studio"
    livemode: bool = False
    created: datetime = NOW


@dataclass
class Events:
    """Reads every body as the event that is set, about the settlements that are set."""

    event: Event = field(default_factory=Event)
    settlements: list[Settlement] = field(default_factory=list)
    subscriptions: list[Subscription] = field(default_factory=list)

    def parse(self, body: bytes) -> Event:
        return self.event

    def settlements_of(self, event: Event, connection: StripeConnection) -> Sequence[Settlement]:
        return self.settlements

    def subscriptions_of(self, event: Event, connection: StripeConnection) -> Sequence[Subscription]:
        return self.subscriptions


@pytest.fixture
def events(studio: Studio) -> Events:
    studio.connect()
    studio.done("create_invoice", opportunity="OPP-1", amount="500")
    return Events(settlements=[studio.settlement("INV-1001", 500_00)])


def handle(studio: Studio, events: Events, own_account: str | None = None) -> bool:
    stripe = StripeInbox(studio.store, events.parse, events, lambda: own_account, studio.clock)
    inbox = Inbox({Source.STRIPE: stripe.handle})
    return inbox.handle(InboxEvent(Source.STRIPE, "acct_studio:evt_1", events.event.type, "", b"{}", studio.now))


def test_what_the_fetched_object_says_is_settled(studio: Studio, events: Events) -> None:
    assert handle(studio, events)
    assert studio.invoice("INV-1001").status == "paid"


@pytest.mark.parametrize("event", [Event(account="acct_other"), Event(livemode=True), Event(account=None)])
def test_events_of_another_account_or_mode_are_ignored(studio: Studio, events: Events, event: Event) -> None:
    events.event = event
    assert not handle(studio, events)
    assert studio.invoice("INV-1001").status == "draft"


def test_an_event_of_our_own_key_counts_in_direct_mode(studio: Studio, events: Events) -> None:
    events.event = Event(account=None)
    assert handle(studio, events, own_account="acct_studio")
    assert studio.invoice("INV-1001").status == "paid"


def test_an_event_about_no_payment_is_ignored(studio: Studio, events: Events) -> None:
    events.settlements = []
    assert not handle(studio, events)


def test_metadata_that_names_another_workspace_moves_nothing(studio: Studio, events: Events) -> None:
    events.settlements = [replace(events.settlements[0], workspace_id="ws_other")]
    handle(studio, events)
    assert studio.invoice("INV-1001").status == "draft"


def test_an_unknown_invoice_is_an_error_that_the_worker_waits_with(studio: Studio, events: Events) -> None:
    events.settlements = [studio.settlement("INV-7777", 500_00)]
    with pytest.raises(UnknownRecord):
        handle(studio, events)


def test_a_disconnection_from_stripes_side_is_told_once(studio: Studio, events: Events) -> None:
    with studio.store.transaction(studio.id) as tx:
        for event in ("payment_succeeded", "payment_failed"):
            tx.people.set_route(NotificationRoute(studio.id, event, "#billing"))
    events.event = Event(type="account.application.deauthorized")
    assert handle(studio, events)
    assert not handle(studio, events)
    with studio.store.transaction(studio.id) as tx:
        assert tx.connections.active() is None
    said = [message.payload for message in studio.outbox(OutboxKind.SAY)]
    assert [payload["channel"] for payload in said] == ["#billing"]
    assert "disconnected from its own side" in said[0]["text"]


def test_a_late_word_of_an_earlier_disconnection_does_not_end_a_new_connection(studio: Studio, events: Events) -> None:
    events.event = Event(type="account.application.deauthorized", created=studio.now)
    studio.done("disconnect_stripe")
    studio.now += timedelta(minutes=1)
    studio.connect()
    assert not handle(studio, events)
    with studio.store.transaction(studio.id) as tx:
        assert tx.connections.active() is not None


def test_an_event_of_a_source_that_is_not_set_up_is_ignored(studio: Studio) -> None:
    assert not Inbox({}).handle(InboxEvent(Source.SLACK, "k", "message", "", b"{}", studio.now))
