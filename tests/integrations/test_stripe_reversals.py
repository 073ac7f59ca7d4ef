"""What happens to money after it came: the real client against the sandbox, and the books at the end of it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from billing.errors import BadAmount, CannotRefund, ProviderRefused, ProviderUnavailable
from billing.money import Money
from billing.payments import Payment, PaymentStatus, PaymentType, Refund, RefundReason, Reversal
from billing.queues import InboxEvent, OutboxKind
from billing.standing import came_in
from billing.subscriptions import Subscription
from billing.workspaces import NotificationRoute
from bot.receiving import stripe_row
from bot.worker.stripe_inbox import StripeInbox
from integrations.sandbox.stripe.in_process import in_process_config
from integrations.sandbox.stripe.mishaps import Mishap
from integrations.sandbox.stripe.sandbox import SandboxStripe
from integrations.sandbox.stripe.settings import SandboxSettings
from integrations.stripe_connect import StripeGateways
from integrations.stripe_events import parse
from tests.support.changes import made
from tests.support.stripe import a_connection, a_payer
from tests.support.studio import Studio

NEWS = "payment_succeeded payment_failed refund_created dispute_opened subscription_renewed subscription_cancelled"


class Desk:
    """The studio with a real client of a sandbox, of whose events it hears when a test says so."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        self.stripe = SandboxStripe(SandboxSettings("https://sandbox.example/stripe"), studio.clock)
        self.gateways = StripeGateways(in_process_config(self.stripe))
        studio.stripe = self.gateways  # type: ignore[assignment] # the real one takes the place of the fake
        account = self.stripe.connect("Lantern Studio")
        self.connection = replace(a_connection(account), workspace_id=studio.id)
        self.gateway = self.gateways.for_connection(self.connection)
        self._inbox = StripeInbox(studio.store, parse, self.gateways, lambda: None, studio.clock)
        self._heard: set[str] = set()
        with studio.store.transaction(studio.id) as tx:
            tx.connections.add(self.connection)
            for event in NEWS.split():
                tx.people.set_route(NotificationRoute(studio.id, event, "#billing"))

    def sell(self, **link: Any) -> str:
        """Make an invoice and have it paid; return its number."""
        number = str(self.studio.done("create_invoice", opportunity="OPP-1", amount="500").result["number"])
        self.studio.done("create_payment_link", invoice=number, **link)
        self.stripe.pay(self.link(number), a_payer())
        self.hear()
        return number

    def link(self, number: str) -> str:
        with self.studio.store.transaction(self.studio.id) as tx:
            return str(tx.links.of_invoice(number)[-1].stripe_payment_link_id)

    def hear(self, *, every: bool = False, seed: int | None = None) -> None:
        """Hear of what is new at Stripe, or of everything again, in the order of the seed."""
        rows = [row for row in self._events() if every or row.key not in self._heard]
        if seed is not None:
            random.Random(seed).shuffle(rows)  # noqa: S311 - an order, no secret
        for row in rows:
            self._heard.add(row.key)
            self.studio.now += timedelta(milliseconds=1)
            assert made(self.studio.store, self._inbox.handle(row))

    def _events(self) -> list[InboxEvent]:
        now = self.studio.now
        bodies = self.gateways.past_events(self.connection, now - timedelta(days=30))
        return [stripe_row(parse(body), body, now) for body in reversed(list(bodies))]

    def told(self) -> list[str]:
        self.studio.now += timedelta(days=1)
        return sorted(message.key.split(":")[1] for message in self.studio.outbox(OutboxKind.NOTIFY))

    def paid(self, number: str) -> Payment:
        return next(line for line in self.studio.payments(number) if came_in(line))

    def charge(self, number: str) -> str:
        client = in_process_config(self.stripe).client()
        intent = self.paid(number).stripe_object_id
        options: Any = {"stripe_account": self.connection.stripe_account_id}
        return str(client.v1.payment_intents.retrieve(intent, options=options).latest_charge)

    def refund(self, number: str, minor: int = 150_00, key: str = "k1") -> Reversal:
        money = Money(minor, "AUD")
        wanted = Refund(self.paid(number), money, money, key, RefundReason.DUPLICATE)
        return self.gateway.refund(wanted)

    def refunds(self, number: str) -> list[str]:
        return [line.stripe_object_id for line in self.studio.payments(number) if line.type is PaymentType.REFUND]

    def subscription(self) -> Subscription:
        with self.studio.store.transaction(self.studio.id) as tx:
            (found,) = tx.subscriptions.list()
        return found


@pytest.fixture
def desk(studio: Studio) -> Iterator[Desk]:
    made = Desk(studio)
    yield made
    made.stripe.close()


def test_a_refund_from_the_chat_and_its_events_are_one_refund(desk: Desk) -> None:
    number = desk.sell()
    desk.studio.done("refund_payment", invoice=number, amount="150", reason="requested_by_customer")
    before = desk.studio.payments(number)
    desk.hear(every=True)
    assert [replace(line, observed_at=None) for line in desk.studio.payments(number)] == [
        replace(line, observed_at=None) for line in before
    ]
    assert before[1].reason == "requested_by_customer"
    assert desk.told() == ["payment_succeeded", "refund_created"]


def test_a_refund_in_the_dashboard_is_heard_of_by_each_of_its_events(desk: Desk) -> None:
    number = desk.sell()
    desk.refund(number, 500_00)
    desk.hear()
    assert desk.studio.invoice(number).status == "refunded"


@pytest.mark.parametrize("mishap", [Mishap.BROKEN_AFTER, Mishap.LOST_ANSWER])
def test_a_refund_whose_answer_is_lost_is_looked_up_and_not_repeated(desk: Desk, mishap: Mishap) -> None:
    number = desk.sell()
    desk.stripe.faults.plan("post /v1/refunds", mishap)
    made = desk.refund(number)
    assert desk.refund(number) == made
    desk.hear()
    assert desk.refunds(number) == [made.stripe_object_id]


def test_a_refund_that_stripe_did_not_make_is_said_to_be_uncertain(desk: Desk) -> None:
    number = desk.sell()
    desk.stripe.faults.plan("post /v1/refunds", Mishap.BROKEN_BEFORE)
    with pytest.raises(ProviderUnavailable):
        desk.refund(number)
    desk.hear()
    assert desk.refunds(number) == []


def test_what_stripe_refuses_to_refund_is_said_in_our_words(desk: Desk) -> None:
    number = desk.sell()
    with pytest.raises(BadAmount, match="more than what is left"):
        desk.refund(number, 500_01)
    desk.refund(number, 500_00)
    with pytest.raises(CannotRefund, match="given back already"):
        desk.refund(number, 500_00, key="k2")
    payment = replace(desk.paid(number), stripe_object_id="pi_unknown")
    with pytest.raises(ProviderRefused):
        desk.gateway.refund(Refund(payment, payment.money, payment.money, "k3"))


def test_a_refund_that_fails_later_makes_the_invoice_paid_again(desk: Desk) -> None:
    number = desk.sell()
    made = desk.refund(number, 500_00)
    desk.hear()
    desk.stripe.fail_refund(made.stripe_object_id)
    desk.hear()
    assert desk.studio.invoice(number).status == "paid"
    assert desk.told() == ["payment_succeeded", "refund_created", "refund_failed"]


@pytest.mark.parametrize(("won", "status"), [(True, "paid"), (False, "refunded")])
def test_a_dispute_is_followed_to_its_end(desk: Desk, won: bool, status: str) -> None:  # noqa: FBT001 - a parameter
    number = desk.sell()
    dispute = desk.stripe.open_dispute(desk.charge(number))
    desk.hear()
    assert desk.studio.invoice(number).disputed
    with pytest.raises(CannotRefund, match="disputed"):
        desk.refund(number)
    desk.stripe.close_dispute(dispute, won=won)
    desk.hear()
    assert (desk.studio.invoice(number).status, desk.studio.invoice(number).disputed) == (status, False)
    assert desk.told() == sorted([f"dispute_{'won' if won else 'lost'}", "dispute_opened", "payment_succeeded"])


def test_an_inquiry_is_not_a_dispute_yet(desk: Desk) -> None:
    number = desk.sell()
    desk.stripe.open_dispute(desk.charge(number), inquiry=True)
    desk.hear()
    assert [line.status for line in desk.studio.payments(number)][1:] == [PaymentStatus.INQUIRY]
    desk.studio.done("refund_payment", invoice=number)
    desk.hear()
    assert desk.studio.invoice(number).status == "refunded"


def test_a_subscription_is_followed_from_its_start_to_its_end(desk: Desk) -> None:
    number = desk.sell(interval="month")
    first = desk.subscription()
    assert (first.status, str(first.money), first.interval, first.invoice) == ("active", "500.00", "month", number)
    desk.stripe.renew(first.stripe_subscription_id)
    desk.hear()
    renewed = desk.subscription()
    assert first.current_period_end is not None
    assert renewed.current_period_end is not None
    assert first.current_period_end < renewed.current_period_end
    later = desk.studio.done("cancel_subscription", invoice=number)
    assert "ends on" in later.text
    assert desk.subscription().cancel_at_period_end
    desk.studio.done("cancel_subscription", invoice=number, when="now")
    desk.hear(every=True)
    assert desk.subscription().status == "canceled"
    assert desk.told() == ["payment_succeeded", "subscription_cancelled", "subscription_renewed"]


def test_a_renewal_that_fails_is_told_and_a_period_can_be_refunded(desk: Desk) -> None:
    number = desk.sell(interval="month")
    desk.stripe.renew(desk.subscription().stripe_subscription_id, fails=True)
    desk.hear()
    assert desk.subscription().status == "past_due"
    assert desk.studio.invoice(number).status == "paid"
    desk.studio.done("refund_payment", invoice=number)
    assert desk.studio.invoice(number).status == "refunded"
    assert desk.told() == ["payment_failed", "payment_succeeded", "refund_created"]


@pytest.mark.parametrize("seed", range(5))
def test_an_outage_and_any_order_end_as_no_outage(desk: Desk, seed: int) -> None:
    number = desk.sell(interval="month")
    subscription = desk.subscription().stripe_subscription_id
    desk.stripe.renew(subscription)
    made = desk.refund(number, 200_00)
    desk.stripe.renew(subscription, fails=True)
    desk.stripe.fail_refund(made.stripe_object_id)
    desk.refund(number, 100_00, key="k2")
    desk.hear(every=True, seed=seed)
    invoice = desk.studio.invoice(number)
    assert (invoice.status, str(invoice.refunded)) == ("paid", "100.00")
    assert desk.told() == [
        "payment_failed",
        "payment_succeeded",
        "refund_created",
        "refund_created",
        "refund_failed",
        "subscription_renewed",
    ]


def test_a_sync_finds_what_no_event_told(desk: Desk) -> None:
    number = desk.sell(interval="month")
    desk.refund(number, 500_00)
    desk.studio.now += timedelta(seconds=1)
    assert desk.studio.done("sync_payment_status", invoice=number).result["changed"] == [number]
    assert desk.studio.invoice(number).status == "refunded"


def test_what_is_not_ours_is_no_subscription_of_ours(desk: Desk) -> None:
    number = desk.sell(interval="month")
    known = desk.subscription()
    client = in_process_config(desk.stripe).client()
    options: Any = {"stripe_account": desk.connection.stripe_account_id}
    stripped: Any = {"metadata": {"evie_workspace": ""}}
    client.v1.subscriptions.update(known.stripe_subscription_id, stripped, options)
    with desk.studio.store.transaction(desk.studio.id) as tx:
        (link,) = tx.links.of_invoice(number)
    assert desk.gateway.subscriptions(link) == []
    assert desk.gateway.subscriptions(replace(link, stripe_payment_link_id=None)) == []
    with pytest.raises(ProviderRefused, match="not made by Evie"):
        desk.gateway.cancel_subscription(known.stripe_subscription_id, at_period_end=True)
