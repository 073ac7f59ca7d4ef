"""Bank debits at the sandbox: paid by promise, and settled or sent back days later."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from integrations.sandbox.stripe.checkout import Closed, Processing
from integrations.sandbox.stripe.faults import ApiFault
from tests.support.stripe import a_payer
from tests.support.stripe_api import get, make_link, read, recurring
from tests.support.stripe_events import told
from tests.support.stripe_shapes import misfits

if TYPE_CHECKING:
    from stripe import StripeClient

    from integrations.sandbox.stripe.sandbox import SandboxStripe

ONCE = {"restrictions[completed_sessions][limit]": "1"}


def pay_by_debit(sandbox: SandboxStripe, link: str) -> str:
    outcome = sandbox.pay(link, a_payer(method="debit"))
    assert isinstance(outcome, Processing)
    return outcome.session


def types(sandbox: SandboxStripe) -> list[str]:
    return [event["type"] for event in told(sandbox)]


def test_a_debit_completes_the_session_unpaid_and_uses_the_link_up(
    sandbox: SandboxStripe, client: StripeClient
) -> None:
    link = make_link(sandbox, **ONCE)["id"]
    session = client.v1.checkout.sessions.retrieve(
        pay_by_debit(sandbox, link), {"expand": ["payment_intent.latest_charge"]}
    )

    intent = read(get(sandbox, "/v1/payment_intents"))["data"][0]
    charge = read(get(sandbox, "/v1/charges"))["data"][0]
    assert (session.status, session.payment_status) == ("complete", "unpaid")
    assert (intent["status"], intent["amount_received"]) == ("processing", 0)
    assert (charge["status"], charge["paid"], charge["balance_transaction"]) == ("pending", False, None)
    assert charge["payment_method_details"]["type"] == "au_becs_debit"
    assert isinstance(sandbox.pay(link, a_payer()), Closed)
    assert types(sandbox) == [
        "charge.pending",
        "payment_intent.processing",
        "checkout.session.completed",
        "payment_link.updated",
    ]
    assert misfits({"object": "list", "data": told(sandbox)}) == []


def test_money_that_comes_makes_the_session_paid(sandbox: SandboxStripe) -> None:
    session = pay_by_debit(sandbox, make_link(sandbox)["id"])
    before = len(told(sandbox))
    sandbox.settle(session, succeeded=True)

    assert read(get(sandbox, f"/v1/checkout/sessions/{session}"))["payment_status"] == "paid"
    assert read(get(sandbox, "/v1/payment_intents"))["data"][0]["amount_received"] == 50000
    assert types(sandbox)[before:] == [
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.async_payment_succeeded",
    ]


def test_money_that_does_not_come_leaves_it_unpaid(sandbox: SandboxStripe) -> None:
    session = pay_by_debit(sandbox, make_link(sandbox)["id"])
    before = len(told(sandbox))
    sandbox.settle(session, succeeded=False)

    intent = read(get(sandbox, "/v1/payment_intents"))["data"][0]
    body = read(get(sandbox, f"/v1/checkout/sessions/{session}"))
    assert (body["status"], body["payment_status"]) == ("complete", "unpaid")
    assert intent["status"] == "requires_payment_method"
    assert intent["last_payment_error"]["code"] == "insufficient_funds"
    assert types(sandbox)[before:] == [
        "charge.failed",
        "payment_intent.payment_failed",
        "checkout.session.async_payment_failed",
    ]


@pytest.mark.parametrize(
    ("succeeded", "invoice", "subscription"), [(True, "paid", "active"), (False, "open", "past_due")]
)
def test_a_subscription_starts_while_its_first_debit_is_on_its_way(
    sandbox: SandboxStripe, *, succeeded: bool, invoice: str, subscription: str
) -> None:
    session = pay_by_debit(sandbox, recurring(sandbox)["id"])
    on_its_way = read(get(sandbox, "/v1/subscriptions"))["data"][0]
    sandbox.settle(session, succeeded=succeeded)

    assert on_its_way["status"] == "active"
    assert read(get(sandbox, "/v1/subscriptions"))["data"][0]["status"] == subscription
    assert read(get(sandbox, "/v1/invoices"))["data"][0]["status"] == invoice
    sandbox.renew(on_its_way["id"])
    assert read(get(sandbox, "/v1/invoices"))["data"][0]["status"] == "paid"


def test_only_what_waits_is_settled_and_once(sandbox: SandboxStripe) -> None:
    sandbox.pay(make_link(sandbox)["id"], a_payer())
    paid = read(get(sandbox, "/v1/checkout/sessions"))["data"][0]["id"]
    waiting = pay_by_debit(sandbox, make_link(sandbox)["id"])
    sandbox.settle(waiting, succeeded=False)

    for session in (paid, waiting):
        with pytest.raises(ApiFault, match="does not wait"):
            sandbox.settle(session, succeeded=True)


def test_there_is_no_debit_in_every_currency(sandbox: SandboxStripe) -> None:
    link = make_link(sandbox, **{"line_items[0][price_data][currency]": "jpy"})

    with pytest.raises(ApiFault, match="no bank debits in jpy"):
        sandbox.pay(link["id"], a_payer(method="debit"))
