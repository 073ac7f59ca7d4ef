"""Reconciling: what no webhook brought is asked of Stripe, and ends in the same state, told once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from billing.errors import ProviderUnavailable
from billing.queues import OutboxKind
from billing.workspaces import NotificationRoute, StripeConnection
from bot.worker.looking import Interrupted, Pace
from bot.worker.reconciling import Reconciler
from bot.worker.stripe_inbox import StripeInbox
from bot.worker.worker import Work, Worker
from integrations.sandbox.stripe.cards import read_payer
from integrations.sandbox.stripe.in_process import in_process_config
from integrations.sandbox.stripe.sandbox import SandboxStripe
from integrations.sandbox.stripe.settings import SandboxSettings
from integrations.stripe_connect import StripeGateways
from integrations.stripe_events import parse
from tests.support.studio import Studio

PAYER = {
    "email": "tess@bluebird.example",
    "number": "4242 4242 4242 4242",
    "expiry": "12 / 34",
    "cvc": "123",
    "name": "Tess Blue",
}


class Desk:
    """The studio with a real client of a Stripe whose webhooks never arrive."""

    def __init__(self, studio: Studio, stripe: SandboxStripe) -> None:
        self.studio = studio
        self.stripe = stripe
        self.gateways = StripeGateways(in_process_config(stripe))
        inbox = StripeInbox(studio.store, parse, self.gateways, lambda: None, studio.clock)
        self.worker = Worker(studio.store, Work(inbox.handle, self._keep))
        self.reconciler = Reconciler(studio.store, self.gateways.past_events, parse, studio.clock)

    @staticmethod
    def _keep(message: Any, *, again: bool) -> dict[str, Any]:
        raise ProviderUnavailable("nothing leaves this desk")

    def look(self) -> None:
        self.reconciler.run()
        while self.worker.step():
            pass

    def told(self) -> list[str]:
        self.studio.now += timedelta(days=1)
        return [str(message.payload["event"]) for message in self.studio.outbox(OutboxKind.NOTIFY)]


@pytest.fixture
def desk(studio: Studio, tmp_path: Path) -> Iterator[Desk]:
    stripe = SandboxStripe(SandboxSettings("http://localhost/stripe", tmp_path / "stripe.db"), studio.clock)
    made = Desk(studio, stripe)
    studio.stripe = made.gateways  # type: ignore[assignment] # the real one takes the place of the fake
    connection = StripeConnection(
        workspace_id=studio.id,
        stripe_account_id=stripe.connect("Lantern Studio"),
        livemode=False,
        direct=False,
        connected_at=studio.now,
        connected_by="Admin",
    )
    with studio.store.transaction(studio.id) as tx:
        tx.connections.add(connection)
        for event in ("payment_succeeded", "payment_failed", "subscription_renewed"):
            tx.people.set_route(NotificationRoute(studio.id, event, "#billing"))
    yield made
    stripe.close()


def bill(desk: Desk, **link: str) -> str:
    """Make an invoice with a link and return the link's id at Stripe."""
    number = desk.studio.done("create_invoice", opportunity="OPP-1", amount="500").result["number"]
    desk.studio.done("create_payment_link", invoice=number, **link)
    with desk.studio.store.transaction(desk.studio.id) as tx:
        live = tx.links.active(number)
    assert live is not None
    return str(live.stripe_payment_link_id)


def test_a_payment_that_no_webhook_told_is_found_and_told_once(desk: Desk) -> None:
    desk.stripe.pay(bill(desk), read_payer(PAYER, date(2026, 3, 11)))
    for _ in range(3):
        desk.look()
    assert desk.studio.invoice("INV-1001").status == "paid"
    assert len(desk.studio.payments("INV-1001")) == 1
    assert desk.told() == ["payment_succeeded"]


def test_a_declined_card_and_a_subscription_are_found_too(desk: Desk) -> None:
    declined = PAYER | {"number": "4000 0000 0000 0002"}
    desk.stripe.pay(bill(desk), read_payer(declined, date(2026, 3, 11)))
    desk.stripe.pay(bill(desk, interval="month"), read_payer(PAYER, date(2026, 3, 11)))
    desk.look()
    assert desk.studio.invoice("INV-1001").status == "open"
    assert desk.studio.invoice("INV-1002").status == "paid"
    assert sorted(desk.told()) == ["payment_failed", "payment_succeeded"]


def test_a_later_look_goes_back_only_a_little(desk: Desk) -> None:
    since: list[datetime] = []

    def past_events(connection: StripeConnection, start: datetime, end: datetime | None) -> list[bytes]:
        since.append(start)
        return []

    reconciler = Reconciler(desk.studio.store, past_events, parse, desk.studio.clock)
    first = desk.studio.now
    reconciler.run()
    assert since == [first - timedelta(days=days) for days in range(30, 0, -1)]
    since.clear()
    desk.studio.now += timedelta(days=2)
    # Another process goes on from where this one was.
    Reconciler(desk.studio.store, past_events, parse, desk.studio.clock).run()
    assert since == [first + timedelta(days=days) - timedelta(hours=1) for days in range(3)]


def test_a_look_that_was_interrupted_goes_on_from_the_day_it_had_reached(desk: Desk) -> None:
    asked: list[datetime] = []

    def past_events(connection: StripeConnection, start: datetime, end: datetime | None) -> list[bytes]:
        asked.append(start)
        if len(asked) == 10:
            raise ProviderUnavailable("away")
        return []

    reconciler = Reconciler(desk.studio.store, past_events, parse, desk.studio.clock)
    reconciler.run()
    reconciler.run()
    assert asked[10] == asked[9] - timedelta(hours=1)


def test_an_account_that_cannot_be_asked_is_asked_again_from_where_it_was(desk: Desk) -> None:
    answers: list[datetime] = []

    def past_events(connection: StripeConnection, start: datetime, end: datetime | None) -> list[bytes]:
        answers.append(start)
        raise ProviderUnavailable("away")

    reconciler = Reconciler(desk.studio.store, past_events, parse, desk.studio.clock)
    reconciler.run()
    reconciler.run()
    assert answers == [desk.studio.now - timedelta(days=30)] * 2


@dataclass
class Asked:
    """Stripe's list of events, which is empty; counts by days, and lets somebody interrupt."""

    days: int = 0
    meanwhile: Callable[[], None] = lambda: None

    def __call__(self, _connection: StripeConnection, _start: datetime, _end: datetime | None) -> list[bytes]:
        self.days += 1
        self.meanwhile()
        return []


def test_of_several_processes_each_looks_when_it_starts_and_then_one_for_all(desk: Desk) -> None:
    asked, pace = Asked(), Pace(every=timedelta(minutes=55))
    store, clock = desk.studio.store, desk.studio.clock
    processes = [Reconciler(store, asked, parse, clock, pace) for _ in range(3)]
    for process in processes:
        process.run()
    assert asked.days == 30 + len(processes) - 1

    asked.days = 0
    for _ in range(4):
        desk.studio.now += timedelta(hours=1)
        for process in processes:
            process.run()
    assert asked.days == 4


def test_a_look_that_another_process_makes_at_that_moment_is_not_made_twice(desk: Desk) -> None:
    store, clock = desk.studio.store, desk.studio.clock
    asked = Asked()
    asked.meanwhile = Reconciler(store, asked, parse, clock).run
    Reconciler(store, asked, parse, clock).run()
    assert asked.days == 30


def test_a_look_ends_with_its_worker_and_the_next_one_goes_on_from_there(desk: Desk) -> None:
    store, clock, pace = desk.studio.store, desk.studio.clock, Pace()
    desk.stripe.pay(bill(desk), read_payer(PAYER, date(2026, 3, 11)))

    def past_events(connection: StripeConnection, start: datetime, end: datetime | None) -> Iterator[bytes]:
        for body in desk.gateways.past_events(connection, start, end):
            pace.ending.set()
            yield body

    with pytest.raises(Interrupted):
        Reconciler(store, past_events, parse, clock, pace).run()
    assert store.health().due_inbox == 0
    desk.look()
    assert desk.told() == ["payment_succeeded"]


def test_a_workspace_without_stripe_is_not_asked_about(studio: Studio) -> None:
    def past_events(connection: StripeConnection, start: datetime, end: datetime | None) -> list[bytes]:
        raise AssertionError("nobody is connected")

    Reconciler(studio.store, past_events, parse, studio.clock).run()
    assert studio.store.claim_inbox(lease_seconds=1) is None
