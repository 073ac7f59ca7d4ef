"""What an event leads to: the object it names is asked, and says what is true now."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from billing.errors import ProviderRefused
from billing.money import Money
from billing.payments import Interval, PaymentStatus, PaymentType, Settlement
from integrations.sandbox.stripe.checkout import Declined
from integrations.sandbox.stripe.in_process import in_process_config
from integrations.stripe_connect import StripeGateways
from integrations.stripe_events import StripeEvent
from tests.support.records import NOW, a_link, an_invoice, aud
from tests.support.stripe import DECLINED_CARD, a_connection, a_payer

if TYPE_CHECKING:
    from collections.abc import Callable

    from billing.payments import PaymentLink
    from integrations.sandbox.stripe.books import Books
    from integrations.sandbox.stripe.sandbox import SandboxStripe

TOLD = """checkout.session.completed checkout.session.async_payment_succeeded checkout.session.async_payment_failed
    payment_intent.succeeded payment_intent.payment_failed payment_intent.processing
    invoice.paid invoice.payment_failed""".split()


class Shop:
    """A connected account with one link, and what its events lead to."""

    def __init__(self, core: SandboxStripe, interval: Interval = Interval.ONE_TIME) -> None:
        self.core = core
        self.account = core.connect("Bluebird Studio")
        self._gateways = StripeGateways(in_process_config(core))
        self.gateway = self._gateways.for_connection(a_connection(self.account))
        wanted = a_link(url=None, stripe_payment_link_id=None, interval=interval)
        self.link: PaymentLink = self.gateway.create_payment_link(wanted, an_invoice(), "Bluebird Studio")

    def pay(self, session: str | None = None, **typed: str) -> str:
        outcome = self.core.pay(self.link.stripe_payment_link_id or "", a_payer(**typed), session)
        return outcome.session if isinstance(outcome, Declined) else ""

    def events(self) -> list[StripeEvent]:
        """What Stripe has to tell of the account, as it would be read from the webhook; the oldest first."""
        with self.core._ledger() as ledger:
            told = [event for event in ledger.books(self.account).all("event") if event["type"] in TOLD]
        return [self.event(event["type"], event["data"]["object"]) for event in reversed(told)]

    def event(self, type_: str, about: dict[str, Any]) -> StripeEvent:
        return StripeEvent("evt_1", type_, self.account, False, NOW, about["id"], about["object"])  # noqa: FBT003 - livemode

    def follow(self, event: StripeEvent) -> list[Settlement]:
        return self._gateways.settlements_of(event, a_connection(self.account))

    def change(self, kind: str, **changes: Any) -> StripeEvent:
        """Put the newest object of the kind into another state, as at Stripe; return an event that names it."""
        with self.core._ledger() as ledger:
            books: Books = ledger.books(self.account)
            body = books.save(next(books.all(kind)) | changes)
        type_ = {"checkout.session": "checkout.session.completed", "invoice": "invoice.paid"}
        return self.event(type_.get(kind, "payment_intent.succeeded"), body)


@pytest.fixture
def shop(sandbox: SandboxStripe) -> Shop:
    return Shop(sandbox)


@pytest.fixture
def club(sandbox: SandboxStripe) -> Shop:
    return Shop(sandbox, Interval.MONTH)


def test_all_events_of_one_payment_lead_to_one_object(shop: Shop) -> None:
    shop.pay()
    found = [shop.follow(event) for event in shop.events()]

    assert len(found) == 2
    assert all(settlements == shop.gateway.settlements(shop.link) for settlements in found)


def test_all_events_of_a_subscriptions_first_period_lead_to_its_stripe_invoice(club: Shop) -> None:
    club.pay()
    found = [club.follow(event) for event in club.events()]

    assert len(found) == 3
    assert all(settlements == club.gateway.settlements(club.link) for settlements in found)
    assert found[0][0].stripe_object_id.startswith("in_")


def test_a_declined_subscription_is_one_failed_attempt_whichever_event_tells(club: Shop) -> None:
    club.pay(number=DECLINED_CARD)
    first, second = (club.follow(event) for event in club.events())

    assert first == second
    (failed,) = first
    assert (failed.status, failed.type) == (PaymentStatus.FAILED, PaymentType.SUBSCRIPTION)
    assert failed.stripe_object_id.startswith("in_")
    assert failed.attempt.startswith("ch_")
    assert failed.failure_message == "Your card was declined."
    assert failed.money == aud(500_00)


def test_news_of_a_failure_that_comes_late_says_what_is_true_by_now(shop: Shop) -> None:
    session = shop.pay(number=DECLINED_CARD)
    (late,) = shop.events()
    shop.pay(session)

    (settlement,) = shop.follow(late)

    assert settlement.status is PaymentStatus.SUCCEEDED


def test_events_that_mean_no_payment_lead_nowhere(shop: Shop) -> None:
    shop.pay()
    about = {"id": "x_1", "object": "thing"}
    others = "charge.succeeded invoice.upcoming account.updated new.type"

    assert [shop.follow(shop.event(type_, about)) for type_ in others.split()] == [[]] * 4
    assert shop.follow(shop.event("invoice.paid", {"id": "", "object": "invoice"})) == []


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ({"status": "processing", "amount_received": 0}, PaymentStatus.PROCESSING),
        ({"status": "succeeded"}, PaymentStatus.SUCCEEDED),
    ],
)
def test_money_under_way_is_not_money_that_came(shop: Shop, state: dict[str, Any], status: PaymentStatus) -> None:
    shop.pay()

    (settlement,) = shop.follow(shop.change("payment_intent", **state))

    assert (settlement.status, settlement.money) == (status, aud(500_00))


@pytest.mark.parametrize("status", ["canceled", "requires_action", "requires_capture", "requires_confirmation"])
def test_an_intent_that_neither_failed_nor_paid_says_nothing(shop: Shop, status: str) -> None:
    shop.pay()

    assert shop.follow(shop.change("payment_intent", status=status)) == []


def test_a_session_that_is_not_paid_holds_back_what_its_intent_says(shop: Shop) -> None:
    shop.pay()

    (settlement,) = shop.follow(shop.change("checkout.session", payment_status="unpaid"))

    assert settlement.status is PaymentStatus.PROCESSING


def test_a_session_that_needed_no_payment_claims_nothing(shop: Shop) -> None:
    shop.pay()

    assert shop.follow(shop.change("checkout.session", payment_status="no_payment_required")) == []
    assert shop.follow(shop.change("checkout.session", payment_intent=None, payment_status="paid")) == []


def test_a_free_period_claims_nothing(club: Shop) -> None:
    club.pay()

    assert club.follow(club.change("invoice", amount_paid=0)) == []


@pytest.mark.parametrize("status", ["draft", "void", "uncollectible"])
def test_a_stripe_invoice_that_asks_for_nothing_says_nothing(club: Shop, status: str) -> None:
    club.pay()

    assert club.follow(club.change("invoice", status=status)) == []


def test_an_open_stripe_invoice_never_counts_as_paid(club: Shop) -> None:
    club.pay()
    event = club.change("invoice", status="open")

    assert club.follow(event) == []
    club.change("payment_intent", status="processing")
    (settlement,) = club.follow(event)
    assert settlement.status is PaymentStatus.PROCESSING


def test_a_subscription_session_without_a_subscription_says_nothing(club: Shop) -> None:
    club.pay()

    assert club.follow(club.change("checkout.session", subscription=None)) == []


@pytest.mark.parametrize(
    "strip",
    [
        lambda shop: shop.change("payment_intent", metadata={}),
        lambda shop: shop.change("payment_intent", metadata={"evie_invoice": "INV-1001"}),
        lambda shop: shop.change("payment_intent", metadata={"evie_workspace": "ws_test"}),
    ],
)
def test_a_payment_that_does_not_name_us_is_somebody_elses(shop: Shop, strip: Callable[[Shop], StripeEvent]) -> None:
    shop.pay()

    assert shop.follow(strip(shop)) == []
    assert shop.gateway.settlements(shop.link) == []


@pytest.mark.parametrize(
    "parent", [None, {"type": "quote_details", "quote_details": None, "subscription_details": None}]
)
def test_a_stripe_invoice_of_another_kind_is_somebody_elses(club: Shop, parent: dict[str, Any] | None) -> None:
    club.pay()

    assert club.follow(club.change("invoice", parent=parent)) == []


def test_who_gives_no_name_is_known_by_the_address(shop: Shop, club: Shop) -> None:
    nameless = {"name": None, "email": "jane@client.example", "address": None, "phone": None, "tax_id": None}
    shop.pay()
    shop.change("charge", billing_details=nameless)
    club.pay()
    club.change("invoice", customer_name=None)

    assert [found.gateway.settlements(found.link)[0].payer for found in (shop, club)] == ["jane@client.example"] * 2


def test_what_another_account_has_is_not_to_be_had_by_naming_it(shop: Shop, sandbox: SandboxStripe) -> None:
    shop.pay()
    stolen = shop.events()[0]
    stranger = a_connection(sandbox.connect("Cedar Homes"))

    with pytest.raises(ProviderRefused, match="does not know this record"):
        StripeGateways(in_process_config(sandbox)).settlements_of(stolen, stranger)


def test_a_price_that_was_presented_in_another_currency_is_booked_in_ours_and_shown_as_it_was_paid(shop: Shop) -> None:
    shop.pay()
    shown = {"presentment_amount": 295_00, "presentment_currency": "eur"}

    (settlement,) = shop.follow(shop.change("payment_intent", presentment_details=shown))

    assert (settlement.money, settlement.presented) == (aud(500_00), Money(295_00, "EUR"))


def test_a_link_and_a_stripe_invoice_s_payment_lead_to_what_they_are_about(shop: Shop, club: Shop) -> None:
    for one in (shop, club):
        one.pay()

    (by_link,) = shop.follow(
        shop.event("payment_link.updated", {"id": shop.link.stripe_payment_link_id, "object": "x"})
    )
    (event,) = [event for event in club.events() if event.type == "invoice_payment.paid"] or [
        club.change("invoice_payment")
    ]
    (by_invoice,) = club.follow(replace(event, type="invoice_payment.paid"))

    assert by_link.stripe_object_id.startswith("pi_")
    assert by_invoice.stripe_object_id.startswith("in_")


def test_a_debit_that_bounced_says_which_link_it_used_up(shop: Shop) -> None:
    shop.pay(method="debit")
    with shop.core._ledger() as ledger:
        session = next(ledger.books(shop.account).all("checkout.session"))["id"]
    shop.core.settle(session, succeeded=False)

    used_up = {settlement.used_up for event in shop.events() for settlement in shop.follow(event)}

    assert used_up == {shop.link.id}


def test_a_declined_card_uses_no_link_up(shop: Shop) -> None:
    shop.pay(number=DECLINED_CARD)
    assert {settlement.used_up for event in shop.events() for settlement in shop.follow(event)} == {""}
