"""The objects that the sandbox makes: of the published shape, tied to each other, and behaving as Stripe's do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import stripe

from integrations.sandbox.stripe import shapes
from integrations.sandbox.stripe.checkout import Declined, Paid
from integrations.sandbox.stripe.sandbox import SandboxStripe
from integrations.sandbox.stripe.settings import SandboxSettings
from tests.support.stripe import DECLINED_CARD, SettableClock, a_payer
from tests.support.stripe_api import error, get, make_link, post, read, recurring
from tests.support.stripe_shapes import misfits

if TYPE_CHECKING:
    from stripe import StripeClient

KINDS = """balance_transactions charges checkout/sessions customers disputes events invoices invoice_payments
    payment_intents payment_links payouts prices products refunds subscriptions""".split()


def test_the_published_interface_is_that_of_the_installed_package() -> None:
    assert shapes.sdk_version() == stripe.VERSION
    assert shapes.api_version() == stripe.api_version


def test_every_object_has_the_shape_that_stripe_publishes(sandbox: SandboxStripe) -> None:
    once, monthly = make_link(sandbox), recurring(sandbox)
    for link in (once, monthly):
        declined = sandbox.pay(link["id"], a_payer(number=DECLINED_CARD))
        assert isinstance(declined, Declined)
        sandbox.pay(link["id"], a_payer(), declined.session)
    post(sandbox, f"/v1/payment_links/{once['id']}", {"active": "false"})
    sandbox.pay(monthly["id"], a_payer(method="debit"))
    newest, paid = (body["id"] for body in read(get(sandbox, "/v1/charges", "limit=2"))["data"])
    assert newest != paid
    sandbox.fail_refund(read(post(sandbox, "/v1/refunds", {"charge": paid, "amount": "100"}))["id"])
    sandbox.close_dispute(sandbox.open_dispute(paid), won=True)
    sandbox.pay_out(sandbox.settings.platform, "aud", fails=True)

    for kind in KINDS:
        listed = read(get(sandbox, f"/v1/{kind}", "limit=100"))
        assert listed["data"], kind
        assert misfits(listed) == []
        for body in listed["data"]:
            assert read(get(sandbox, f"/v1/{kind}/{body['id']}")) == body
    told = [event["data"]["object"] for event in read(get(sandbox, "/v1/events", "limit=100"))["data"]]
    assert misfits({"object": "list", "data": told}) == []
    assert misfits(read(get(sandbox, "/v1/account"))) == []
    assert misfits(read(get(sandbox, f"/v1/payment_links/{once['id']}/line_items"))) == []


def test_a_link_can_be_made_of_a_price_that_exists(sandbox: SandboxStripe) -> None:
    make_link(sandbox)
    price = read(get(sandbox, "/v1/prices"))["data"][0]["id"]

    answer = post(sandbox, "/v1/payment_links", {"line_items[0][price]": price, "line_items[0][quantity]": "3"})

    items = read(get(sandbox, f"/v1/payment_links/{read(answer)['id']}/line_items"))["data"]
    assert [(item["quantity"], item["amount_total"]) for item in items] == [(3, 150000)]


def test_a_link_is_changed_and_its_limits_are_lifted(sandbox: SandboxStripe) -> None:
    link = make_link(sandbox, **{"restrictions[completed_sessions][limit]": "1", "inactive_message": "Gone."})
    sandbox.pay(link["id"], a_payer())
    path = f"/v1/payment_links/{link['id']}"

    used_up = read(get(sandbox, path))
    opened = read(post(sandbox, path, {"active": "true", "restrictions": "", "inactive_message": ""}))

    assert (used_up["active"], used_up["restrictions"]["completed_sessions"]) == (False, {"count": 1, "limit": 1})
    assert (opened["active"], opened["restrictions"], opened["inactive_message"]) == (True, None, None)
    assert isinstance(sandbox.pay(link["id"], a_payer()), Paid)


def test_a_link_for_three_takes_three(sandbox: SandboxStripe) -> None:
    link = make_link(sandbox, **{"restrictions[completed_sessions][limit]": "3"})["id"]

    assert [isinstance(sandbox.pay(link, a_payer()), Paid) for _ in range(4)] == [True, True, True, False]


def test_what_a_link_hands_on_is_replaced_as_a_whole(sandbox: SandboxStripe) -> None:
    link = make_link(sandbox, **{"payment_intent_data[metadata][a]": "1"})["id"]
    post(sandbox, f"/v1/payment_links/{link}", {"payment_intent_data[metadata][b]": "2"})
    sandbox.pay(link, a_payer())
    post(sandbox, f"/v1/payment_links/{link}", {"payment_intent_data[metadata]": ""})
    sandbox.pay(link, a_payer())

    intents = read(get(sandbox, "/v1/payment_intents"))["data"]
    assert [intent["metadata"] for intent in intents] == [{}, {"b": "2"}]


def test_ids_are_expanded_as_deep_as_was_asked(sandbox: SandboxStripe, client: StripeClient) -> None:
    sandbox.pay(recurring(sandbox)["id"], a_payer())

    session = client.v1.checkout.sessions.list(
        {"expand": ["data.subscription.latest_invoice", "data.customer", "data.line_items"]},
    ).data[0]
    payment = client.v1.invoice_payments.list({"expand": ["data.payment.payment_intent.latest_charge"]}).data[0]

    assert isinstance(session.subscription, stripe.Subscription)
    assert isinstance(session.customer, stripe.Customer)
    assert session.line_items is not None
    assert session.line_items.data[0].description == "Deposit"
    assert isinstance(payment.payment.payment_intent, stripe.PaymentIntent)
    assert isinstance(payment.payment.payment_intent.latest_charge, stripe.Charge)


def test_what_cannot_be_expanded_is_said(sandbox: SandboxStripe) -> None:
    sandbox.pay(make_link(sandbox)["id"], a_payer())

    for path in ("data.currency", "data.surprise", "data", "payment_intent", "data.payment_intent.metadata.a"):
        answer = get(sandbox, "/v1/checkout/sessions", f"expand[]={path}")
        assert (answer.status, "cannot be expanded" in error(answer)["message"]) == (400, True), path


def test_a_subscription_starts_with_its_first_period(sandbox: SandboxStripe, client: StripeClient) -> None:
    sandbox.pay(recurring(sandbox)["id"], a_payer())

    subscription = client.v1.subscriptions.list({"status": "active"}).data[0]
    invoice = client.v1.invoices.list({"subscription": subscription.id, "status": "paid"}).data[0]
    item = subscription["items"].data[0]

    # From 11 March to 11 April, by the calendar.
    assert item.current_period_end - item.current_period_start == 31 * 24 * 60 * 60
    assert (invoice.amount_paid, invoice.amount_remaining, invoice.billing_reason) == (50000, 0, "subscription_create")
    assert client.v1.subscriptions.list({"status": "canceled"}).data == []
    assert len(client.v1.subscriptions.list({"status": "all"}).data) == 1


def test_a_person_is_found_by_their_address(sandbox: SandboxStripe, client: StripeClient) -> None:
    link = recurring(sandbox)
    sandbox.pay(link["id"], a_payer(email="one@client.example"))
    sandbox.pay(link["id"], a_payer(email="two@client.example"))

    assert len(client.v1.customers.list({"email": "two@client.example"}).data) == 1
    assert len(client.v1.checkout.sessions.list({"customer_details": {"email": "one@client.example"}}).data) == 1


def test_the_webhook_endpoint_is_the_one_it_was_started_with(sandbox: SandboxStripe) -> None:
    told = SandboxStripe(SandboxSettings("http://s.example", webhook_url="http://127.0.0.1:1/hook"), SettableClock())

    listed = read(get(told, "/v1/webhook_endpoints"))
    told.close()

    assert [endpoint["url"] for endpoint in listed["data"]] == ["http://127.0.0.1:1/hook"]
    assert misfits(listed) == []
    assert read(get(sandbox, "/v1/webhook_endpoints"))["data"] == []
