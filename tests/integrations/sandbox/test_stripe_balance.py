"""The balance at the sandbox: what each movement adds, what Stripe keeps of it, and what reaches the bank."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import stripe

from integrations.sandbox.stripe.amounts import fee
from integrations.sandbox.stripe.faults import ApiFault
from integrations.stripe_money import from_stripe, to_stripe
from tests.support.stripe import DECLINED_CARD, a_payer
from tests.support.stripe_api import get, make_link, post, read
from tests.support.stripe_events import told
from tests.support.stripe_shapes import misfits

if TYPE_CHECKING:
    from stripe import StripeClient

    from integrations.sandbox.stripe.sandbox import SandboxStripe


def paid(sandbox: SandboxStripe) -> str:
    sandbox.pay(make_link(sandbox)["id"], a_payer())
    return str(read(get(sandbox, "/v1/charges"))["data"][0]["id"])


def entries(sandbox: SandboxStripe, query: str = "") -> list[dict[str, Any]]:
    listed = read(get(sandbox, "/v1/balance_transactions", f"limit=100&{query}"))
    assert misfits(listed) == []
    data: list[dict[str, Any]] = listed["data"]
    return data[::-1]


def test_a_charge_has_its_fee_and_net(sandbox: SandboxStripe, client: StripeClient) -> None:
    charge = client.v1.charges.retrieve(paid(sandbox), {"expand": ["balance_transaction"]})

    booked = charge.balance_transaction
    assert isinstance(booked, stripe.BalanceTransaction)
    # 2.9 % of A$500.00, and thirty cents.
    assert (booked.amount, booked.fee, booked.net, booked.type) == (50000, 1480, 48520, "charge")
    assert booked.fee_details[0].type == "stripe_fee"


def test_a_failed_charge_books_nothing(sandbox: SandboxStripe) -> None:
    sandbox.pay(make_link(sandbox)["id"], a_payer(number=DECLINED_CARD))

    assert entries(sandbox) == []


def test_a_refund_takes_its_amount_and_the_fee_stays(sandbox: SandboxStripe, client: StripeClient) -> None:
    refund = client.v1.refunds.create(
        {"charge": paid(sandbox), "amount": 20000, "expand": ["balance_transaction.source"]}
    )

    booked = refund.balance_transaction
    assert isinstance(booked, stripe.BalanceTransaction)
    assert (booked.amount, booked.fee, booked.net, booked.type) == (-20000, 0, -20000, "refund")
    assert isinstance(booked.source, stripe.Refund)
    assert booked.source.id == refund.id


def test_movements_are_listed_by_kind_and_by_what_they_come_from(sandbox: SandboxStripe) -> None:
    charge = paid(sandbox)
    post(sandbox, "/v1/refunds", {"charge": charge, "amount": "100"})
    sandbox.close_dispute(sandbox.open_dispute(charge), won=True)

    assert [entry["type"] for entry in entries(sandbox)] == ["charge", "refund", "adjustment", "adjustment"]
    assert [entry["source"] for entry in entries(sandbox, "type=charge")] == [charge]
    assert [entry["reporting_category"] for entry in entries(sandbox, "type=adjustment")] == [
        "dispute",
        "dispute_reversal",
    ]
    assert len(entries(sandbox, f"source={charge}&currency=aud")) == 1


def test_a_payout_sends_what_is_on_the_balance_once(sandbox: SandboxStripe, client: StripeClient) -> None:
    paid(sandbox)
    sent = sandbox.pay_out(sandbox.settings.platform, "aud")

    payout = client.v1.payouts.retrieve(sent, {"expand": ["balance_transaction"]})
    assert (payout.amount, payout.status, payout.automatic) == (48520, "paid", True)
    assert [entry["type"] for entry in entries(sandbox, f"payout={sent}")] == ["charge", "payout"]
    assert [event["type"] for event in told(sandbox)][-2:] == ["payout.created", "payout.paid"]
    assert sum(entry["net"] for entry in entries(sandbox)) == 0
    with pytest.raises(ApiFault, match="nothing to pay out"):
        sandbox.pay_out(sandbox.settings.platform, "aud")


def test_a_payout_that_the_bank_sends_back_is_on_the_balance_again(
    sandbox: SandboxStripe, client: StripeClient
) -> None:
    paid(sandbox)
    failed = sandbox.pay_out(sandbox.settings.platform, "aud", fails=True)
    again = sandbox.pay_out(sandbox.settings.platform, "aud")

    assert [payout.id for payout in client.v1.payouts.list().data] == [again, failed]
    assert [payout.id for payout in client.v1.payouts.list({"status": "failed"}).data] == [failed]
    assert client.v1.payouts.retrieve(again).amount == 48520
    assert misfits(read(get(sandbox, "/v1/payouts"))) == []


@pytest.mark.parametrize(
    ("amount", "currency", "kept"),
    [(50000, "aud", 1480), (20, "aud", 20), (5000, "jpy", 145), (750000, "isk", 21800), (10000, "kwd", 590)],
)
def test_fees_are_made_of_coins_that_exist(amount: int, currency: str, kept: int) -> None:
    assert fee(amount, currency) == kept
    assert to_stripe(from_stripe(kept, currency)) == kept
