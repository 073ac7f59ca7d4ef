"""Stripe's events: hints that count only for the account and mode that a workspace is connected to."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.event import listen

from billing.errors import UnknownRecord
from billing.money import Money
from billing.payments import LinkAtStripe, Payout, Settlement
from billing.ports.changes import Change
from billing.queues import Ignored, InboxEvent, OutboxKind, RowState, Source
from billing.subscriptions import Subscription
from billing.workspaces import NotificationRoute, StripeConnection, Workspace
from bot.worker.inbox import Inbox
from bot.worker.stripe_inbox import StripeInbox
from bot.worker.worker import Work, Worker
from storage import SqlStore
from storage.tables import inbox
from tests.support.changes import made
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
    payouts: list[Payout] = field(default_factory=list)
    links: list[LinkAtStripe] = field(default_factory=list)
    name: str = ""

    def parse(self, body: bytes) -> Event:
        return self.event

    def settlements_of(self, event: Event, connection: StripeConnection) -> Sequence[Settlement]:
        return self.settlements

    def subscriptions_of(self, event: Event, connection: StripeConnection) -> Sequence[Subscription]:
        return self.subscriptions

    def payouts_of(self, event: Event, connection: StripeConnection) -> Sequence[Payout]:
        return self.payouts

    def links_of(self, event: Event, connection: StripeConnection) -> Sequence[LinkAtStripe]:
        return self.links

    def name_of(self, event: Event, connection: StripeConnection) -> str:
        return self.name


@pytest.fixture
def events(studio: Studio) -> Events:
    studio.connect()
    studio.done("create_invoice", opportunity="OPP-1", amount="500")
    return Events(settlements=[studio.settlement("INV-1001", 500_00)])


def handle(studio: Studio, events: Events, own_account: str | None = None) -> bool:
    stripe = StripeInbox(studio.store, events.parse, events, lambda: own_account, studio.clock)
    inbox = Inbox({Source.STRIPE: stripe.handle})
    row = InboxEvent(Source.STRIPE, "acct_studio:evt_1", events.event.type, "", b"{}", studio.now)
    return made(studio.store, inbox.handle(row))


def test_what_the_fetched_object_says_is_settled(studio: Studio, events: Events) -> None:
    assert handle(studio, events)
    assert studio.invoice("INV-1001").status == "paid"


@pytest.mark.parametrize("event", [Event(account="acct_other"), Event(livemode=True), Event(account=None)])
def test_events_of_another_account_or_mode_are_ignored(studio: Studio, events: Events, event: Event) -> None:
    events.event = event
    with pytest.raises(Ignored, match="no workspace is connected to"):
        handle(studio, events)
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
    with pytest.raises(Ignored):
        handle(studio, events)
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
    with pytest.raises(Ignored, match="connected again since"):
        handle(studio, events)
    with studio.store.transaction(studio.id) as tx:
        assert tx.connections.active() is not None


def test_an_event_of_a_source_that_is_not_set_up_is_ignored(studio: Studio) -> None:
    assert not Inbox({}).handle(InboxEvent(Source.SLACK, "k", "message", "", b"{}", studio.now))


# A10: what is not of the workspace's account and mode is kept, ignored, and why


@pytest.mark.parametrize(
    ("event", "why"),
    [
        (Event(account="acct_other"), "no workspace is connected to acct_other in test mode"),
        (Event(livemode=True), "no workspace is connected to acct_studio in live mode"),
        (Event(account=None), "no workspace is connected to the key's own account in test mode"),
        (Event(account="acct_gone", type="account.application.deauthorized"), "acct_gone in test mode"),
    ],
)
def test_an_event_of_another_account_or_mode_is_stored_and_ignored_with_the_reason(
    studio: Studio, events: Events, event: Event, why: str
) -> None:
    events.event = event
    kept = row_after(studio, events)
    assert kept["state"] is RowState.IGNORED
    assert why in kept["last_error"]
    assert studio.invoice("INV-1001").status == "draft"
    assert studio.payments("INV-1001") == []


def test_an_event_of_an_account_that_was_disconnected_is_ignored_with_the_reason(
    studio: Studio, events: Events
) -> None:
    studio.done("disconnect_stripe")
    assert "no workspace is connected to acct_studio" in row_after(studio, events)["last_error"]


def test_money_of_an_account_that_names_another_workspaces_invoice_leaves_that_alone(
    studio: Studio, events: Events
) -> None:
    other = Workspace("ws_other", "Other", "AUD", "AU", "en_AU", "Australia/Brisbane", studio.now)
    studio.store.directory.add_workspace(other)
    events.settlements = [replace(events.settlements[0], workspace_id="ws_other")]
    row_after(studio, events)
    with studio.store.transaction("ws_other") as tx:
        assert tx.payments.list() == []
    assert studio.payments("INV-1001") == []


# The skill and Stripe's word of it, in any order


def told(studio: Studio) -> list[str]:
    return [str(message.payload["text"]) for message in studio.outbox(OutboxKind.SAY)]


def deauthorized(studio: Studio, events: Events) -> None:
    events.event = Event(type="account.application.deauthorized", created=studio.now)
    with suppress(Ignored):
        handle(studio, events)


@pytest.fixture
def channel(studio: Studio) -> None:
    with studio.store.transaction(studio.id) as tx:
        tx.people.set_route(NotificationRoute(studio.id, "payment_succeeded", "#billing"))


@pytest.mark.usefixtures("channel")
def test_stripes_word_after_the_skill_is_told_as_the_skill_told_it(studio: Studio, events: Events) -> None:
    studio.done("disconnect_stripe")
    deauthorized(studio, events)
    (said,) = told(studio)
    assert said.startswith("Admin disconnected Stripe")


@pytest.mark.usefixtures("channel")
def test_stripes_word_before_the_skill_leaves_nothing_to_disconnect(studio: Studio, events: Events) -> None:
    deauthorized(studio, events)
    assert "nothing to disconnect" in studio.done("disconnect_stripe").text
    (said,) = told(studio)
    assert said.startswith("Stripe was disconnected from its own side.")


@pytest.mark.usefixtures("channel")
def test_stripes_word_while_the_skill_asks_for_it_is_told_once(studio: Studio, events: Events) -> None:
    studio.stripe.before_deauthorizing = [lambda: deauthorized(studio, events)]
    studio.done("disconnect_stripe")
    (said,) = told(studio)
    assert said.startswith("Admin disconnected Stripe")


# A8, A11


def worker_of(studio: Studio, events: Events) -> Worker:
    stripe = StripeInbox(studio.store, events.parse, events, lambda: None, studio.clock)
    return Worker(studio.store, Work(stripe.handle, lambda _message, *, again: {}))


def received(studio: Studio, events: Events) -> Worker:
    studio.store.receive(InboxEvent(Source.STRIPE, "acct_studio:evt_1", events.event.type, "", b"{}", studio.now))
    worker = worker_of(studio, events)
    worker.drain()
    return worker


def row_after(studio: Studio, events: Events) -> dict[str, Any]:
    """Let a worker take the event, and return its row."""
    received(studio, events)
    assert isinstance(studio.store, SqlStore)
    with studio.store.engine.connect() as connection:
        return dict(connection.execute(select(inbox)).mappings().one())


def test_whose_several_events_are_is_looked_up_once(studio: Studio, events: Events) -> None:
    def parse(body: bytes) -> Event:
        if body == b"odd":
            raise ValueError(body)
        return replace(events.event, account=body.decode())

    stripe = StripeInbox(studio.store, parse, events, lambda: None, studio.clock)
    bodies = (b"acct_studio", b"acct_other", b"odd", b"acct_studio")
    rows = [InboxEvent(Source.STRIPE, str(place), "event", "", body, studio.now) for place, body in enumerate(bodies)]
    handling = Inbox({Source.STRIPE: stripe.handle}, stripe.together)
    asked: list[str] = []
    assert isinstance(studio.store, SqlStore)
    listen(studio.store.engine, "before_cursor_execute", lambda _c, _cursor, text, *_: asked.append(text))
    with handling.together(rows):
        assert isinstance(handling.handle(rows[0]), Change)
        with pytest.raises(Ignored, match="no workspace is connected to acct_other"):
            handling.handle(rows[1])
        with pytest.raises(ValueError, match="odd"):
            handling.handle(rows[2])
        assert isinstance(handling.handle(rows[3]), Change)
    assert len(asked) == 1
    with handling.together(rows[:1]):
        handling.handle(rows[0])
    assert len(asked) == 2


def test_an_event_that_comes_before_its_invoice_is_kept_and_applied_once_that_is_there(
    studio: Studio, events: Events
) -> None:
    events.settlements = [studio.settlement("INV-1002", 500_00)]
    worker = received(studio, events)
    assert studio.payments("INV-1002") == []
    studio.done("create_invoice", opportunity="OPP-1", amount="500")
    worker.drain()
    assert studio.invoice("INV-1002").status == "draft"
    studio.now += timedelta(minutes=5)
    worker.drain()
    assert studio.invoice("INV-1002").status == "paid"


@pytest.mark.parametrize(
    ("minor", "currency", "status"), [(499_99, "AUD", "draft"), (500_00, "EUR", "draft"), (500_01, "AUD", "paid")]
)
def test_money_that_is_not_what_was_asked_for_is_flagged_once_and_runs_nothing(
    studio: Studio, events: Events, minor: int, currency: str, status: str
) -> None:
    with studio.store.transaction(studio.id) as tx:
        tx.people.set_route(NotificationRoute(studio.id, "payment_succeeded", "#billing"))
    events.settlements = [studio.settlement("INV-1001", 0, money=Money(minor, currency))]
    for _ in range(3):
        handle(studio, events)
        studio.now += timedelta(minutes=1)
    assert studio.invoice("INV-1001").status == status
    assert len(studio.payments("INV-1001")) == 1
    assert len(studio.outbox(OutboxKind.NOTIFY)) == 1
