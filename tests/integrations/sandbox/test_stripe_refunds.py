"""Refunds at the sandbox: how much may be given back, what the charge says of it, and what is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import stripe

from integrations.sandbox.stripe.faults import ApiFault
from tests.support.stripe import DECLINED_CARD, a_payer
from tests.support.stripe_api import PRICE, error, get, make_link, post, read
from tests.support.stripe_events import told
from tests.support.stripe_shapes import misfits

if TYPE_CHECKING:
    from stripe import StripeClient

    from integrations.sandbox.stripe.sandbox import SandboxStripe


@pytest.fixture
def paid(sandbox: SandboxStripe) -> dict[str, Any]:
    """A charge of A$500.00."""
    sandbox.pay(make_link(sandbox)["id"], a_payer())
    return charge_of(sandbox)


def charge_of(sandbox: SandboxStripe) -> dict[str, Any]:
    charge: dict[str, Any] = read(get(sandbox, "/v1/charges"))["data"][0]
    return charge


def refuse(sandbox: SandboxStripe, **form: str) -> dict[str, str]:
    answer = post(sandbox, "/v1/refunds", form)
    assert answer.status in {400, 404}
    return error(answer)


def test_all_of_a_charge_is_given_back_unless_an_amount_is_named(
    sandbox: SandboxStripe, client: StripeClient, paid: dict[str, Any]
) -> None:
    refund = client.v1.refunds.create({"payment_intent": paid["payment_intent"], "reason": "requested_by_customer"})

    charge = client.v1.charges.retrieve(paid["id"])
    assert (refund.amount, refund.currency, refund.status, refund.reason) == (
        50000,
        "aud",
        "succeeded",
        "requested_by_customer",
    )
    assert (refund.charge, refund.payment_intent) == (paid["id"], paid["payment_intent"])
    assert (charge.amount_refunded, charge.refunded, charge.status) == (50000, True, "succeeded")


def test_parts_add_up_and_only_the_last_makes_the_charge_refunded(sandbox: SandboxStripe, paid: dict[str, Any]) -> None:
    seen = []
    for amount in ("20000", "10000", "20000"):
        read(post(sandbox, "/v1/refunds", {"charge": paid["id"], "amount": amount}))
        charge = charge_of(sandbox)
        seen.append((charge["amount_refunded"], charge["refunded"]))

    assert seen == [(20000, False), (30000, False), (50000, True)]


def test_every_refund_is_told_in_stripes_events_with_what_it_changed(
    sandbox: SandboxStripe, paid: dict[str, Any]
) -> None:
    before = len(told(sandbox))
    post(sandbox, "/v1/refunds", {"charge": paid["id"], "amount": "100"})

    events = told(sandbox)[before:]
    assert [event["type"] for event in events] == [
        "charge.refunded",
        "refund.created",
        "refund.updated",
        "charge.refund.updated",
    ]
    assert events[0]["data"]["object"]["amount_refunded"] == 100
    assert events[0]["data"]["previous_attributes"] == {"amount_refunded": 0}
    assert misfits({"object": "list", "data": events}) == []


def test_a_charge_carries_its_newest_ten_refunds_where_they_are_asked_for(
    sandbox: SandboxStripe, client: StripeClient, paid: dict[str, Any]
) -> None:
    made = [client.v1.refunds.create({"charge": paid["id"], "amount": 100}).id for _ in range(12)]

    charge = client.v1.charges.retrieve(paid["id"], {"expand": ["refunds"]})
    assert "refunds" not in paid
    assert charge.refunds is not None
    assert [refund.id for refund in charge.refunds.data] == made[:1:-1]
    assert charge.refunds.has_more
    everything = client.v1.refunds.list({"charge": paid["id"], "limit": 5}).auto_paging_iter()
    assert [refund.id for refund in everything] == made[::-1]


@pytest.mark.parametrize(
    ("form", "code", "words"),
    [
        ({"amount": "50001"}, "amount_too_large", "Refund amount (A$500.01) is greater than charge amount (A$500.00)"),
        ({"amount": "0"}, "parameter_invalid_integer", "Invalid positive integer"),
        ({"amount": "-5"}, "parameter_invalid_integer", "Invalid positive integer"),
        ({"amount": "1.5"}, "parameter_invalid_integer", "Invalid integer: 1.5"),
        ({"reason": "bored"}, None, "must be one of duplicate, fraudulent or requested_by_customer"),
        ({"charge": "ch_gone"}, "resource_missing", "No such charge: 'ch_gone'"),
        ({"currency": "eur"}, None, "does not support 'currency' of a refund"),
        ({"colour": "red"}, "parameter_unknown", "Received unknown parameter: colour"),
    ],
)
def test_what_cannot_be_given_back_is_refused(
    sandbox: SandboxStripe, paid: dict[str, Any], form: dict[str, str], code: str | None, words: str
) -> None:
    refusal = refuse(sandbox, **{"charge": paid["id"]} | form)

    assert refusal.get("code") == code
    assert words in refusal["message"]
    assert charge_of(sandbox)["amount_refunded"] == 0


def test_no_more_is_given_back_than_is_left(sandbox: SandboxStripe, paid: dict[str, Any]) -> None:
    post(sandbox, "/v1/refunds", {"charge": paid["id"], "amount": "30000"})
    too_much = refuse(sandbox, charge=paid["id"], amount="20001")
    post(sandbox, "/v1/refunds", {"charge": paid["id"]})
    again = refuse(sandbox, charge=paid["id"])

    assert too_much["message"] == ("Refund amount (A$200.01) is greater than unrefunded amount on charge (A$200.00)")
    assert (again["code"], again["message"]) == (
        "charge_already_refunded",
        f"Charge {paid['id']} has already been refunded.",
    )


def test_a_refund_names_one_payment_that_succeeded(sandbox: SandboxStripe) -> None:
    sandbox.pay(make_link(sandbox)["id"], a_payer(number=DECLINED_CARD))
    failed = charge_of(sandbox)

    assert refuse(sandbox, charge=failed["id"])["code"] == "charge_not_refundable"
    assert "successful charge" in refuse(sandbox, payment_intent=failed["payment_intent"])["message"]
    assert "should be provided" in refuse(sandbox)["message"]
    assert "only specify one" in refuse(sandbox, charge="ch_1", payment_intent="pi_1")["message"]


def test_coins_that_do_not_exist_are_not_given_back(sandbox: SandboxStripe) -> None:
    price = {"line_items[0][price_data][currency]": "isk", "line_items[0][price_data][unit_amount]": "750000"}
    sandbox.pay(read(post(sandbox, "/v1/payment_links", PRICE | price))["id"], a_payer())

    refusal = refuse(sandbox, charge=charge_of(sandbox)["id"], amount="12345")
    assert (refusal["param"], refusal["code"]) == ("amount", "parameter_invalid_integer")


def test_a_refund_that_fails_later_is_on_the_balance_again(
    sandbox: SandboxStripe, client: StripeClient, paid: dict[str, Any]
) -> None:
    refund = client.v1.refunds.create({"charge": paid["id"], "amount": 20000})
    before = len(told(sandbox))

    sandbox.fail_refund(refund.id)

    failed = client.v1.refunds.retrieve(refund.id, {"expand": ["failure_balance_transaction"]})
    assert (failed.status, failed.failure_reason) == ("failed", "lost_or_stolen_card")
    assert isinstance(failed.failure_balance_transaction, stripe.BalanceTransaction)
    assert failed.failure_balance_transaction.net == 20000
    assert (charge_of(sandbox)["amount_refunded"], charge_of(sandbox)["refunded"]) == (0, False)
    assert [event["type"] for event in told(sandbox)[before:]] == [
        "refund.updated",
        "charge.refund.updated",
        "refund.failed",
    ]
    with pytest.raises(ApiFault, match="already failed"):
        sandbox.fail_refund(refund.id)


def test_metadata_of_a_refund_can_change(client: StripeClient, paid: dict[str, Any]) -> None:
    refund = client.v1.refunds.create({"charge": paid["id"], "metadata": {"a": "1", "b": "2"}})

    changed = client.v1.refunds.update(refund.id, {"metadata": {"b": "", "c": "3"}})
    assert changed.to_dict()["metadata"] == {"a": "1", "c": "3"}


def test_a_refund_asked_for_twice_with_one_key_happens_once(sandbox: SandboxStripe, paid: dict[str, Any]) -> None:
    form = {"charge": paid["id"], "amount": "100"}
    first, again = (post(sandbox, "/v1/refunds", form, idempotency_key="refund-1") for _ in range(2))

    assert read(first)["id"] == read(again)["id"]
    assert charge_of(sandbox)["amount_refunded"] == 100
