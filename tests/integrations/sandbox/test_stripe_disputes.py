"""Disputes at the sandbox: opened by the payer's bank, answered, decided, and what becomes of the money."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from integrations.sandbox.stripe.faults import ApiFault
from tests.support.stripe import DECLINED_CARD, a_payer
from tests.support.stripe_api import error, get, make_link, post, read, recurring
from tests.support.stripe_events import told
from tests.support.stripe_shapes import misfits

if TYPE_CHECKING:
    from stripe import StripeClient

    from integrations.sandbox.stripe.sandbox import SandboxStripe

DISPUTED_CARD = "4000000000000259"
INQUIRY_CARD = "4000000000001976"


@pytest.fixture
def paid(sandbox: SandboxStripe) -> dict[str, Any]:
    """A charge of A$500.00."""
    sandbox.pay(make_link(sandbox)["id"], a_payer())
    return charge_of(sandbox)


def charge_of(sandbox: SandboxStripe) -> dict[str, Any]:
    charge: dict[str, Any] = read(get(sandbox, "/v1/charges"))["data"][0]
    return charge


def dispute_of(sandbox: SandboxStripe) -> dict[str, Any]:
    (dispute,) = read(get(sandbox, "/v1/disputes"))["data"]
    assert isinstance(dispute, dict)
    return dispute


def types_about_disputes(sandbox: SandboxStripe) -> list[str]:
    return [event["type"].removeprefix("charge.dispute.") for event in told(sandbox) if "dispute" in event["type"]]


def moved(dispute: dict[str, Any]) -> list[tuple[int, int, int]]:
    return [(entry["amount"], entry["fee"], entry["net"]) for entry in dispute["balance_transactions"]]


@pytest.mark.parametrize("make", [make_link, recurring])
def test_a_card_disputes_right_after_it_paid(sandbox: SandboxStripe, make: Any) -> None:
    sandbox.pay(make(sandbox)["id"], a_payer(number=DISPUTED_CARD))

    dispute, charge = dispute_of(sandbox), charge_of(sandbox)
    assert (dispute["charge"], dispute["payment_intent"]) == (charge["id"], charge["payment_intent"])
    assert (dispute["amount"], dispute["status"], dispute["reason"]) == (50000, "needs_response", "fraudulent")
    assert (charge["disputed"], charge["status"], dispute["is_charge_refundable"]) == (True, "succeeded", False)
    assert types_about_disputes(sandbox) == ["created", "funds_withdrawn"]
    assert moved(dispute) == [(-50000, 1500, -51500)]
    assert misfits(dispute) == []
    assert misfits({"object": "list", "data": told(sandbox)}) == []


def test_a_disputed_charge_is_not_refunded(sandbox: SandboxStripe, paid: dict[str, Any]) -> None:
    sandbox.open_dispute(paid["id"], "product_not_received")

    refusal = error(post(sandbox, "/v1/refunds", {"charge": paid["id"]}))
    assert refusal["code"] == "charge_disputed"
    assert refusal["message"] == f"Charge {paid['id']} has been charged back; cannot issue a refund."


def test_a_dispute_that_is_won_brings_the_money_back(sandbox: SandboxStripe, paid: dict[str, Any]) -> None:
    sandbox.close_dispute(sandbox.open_dispute(paid["id"]), won=True)

    assert dispute_of(sandbox)["status"] == "won"
    assert moved(dispute_of(sandbox)) == [(-50000, 1500, -51500), (50000, 0, 50000)]
    assert types_about_disputes(sandbox) == ["created", "funds_withdrawn", "funds_reinstated", "closed"]


def test_a_dispute_that_is_lost_does_not(sandbox: SandboxStripe, paid: dict[str, Any]) -> None:
    sandbox.close_dispute(sandbox.open_dispute(paid["id"]), won=False)

    assert dispute_of(sandbox)["status"] == "lost"
    assert len(moved(dispute_of(sandbox))) == 1
    assert types_about_disputes(sandbox) == ["created", "funds_withdrawn", "closed"]


def test_an_inquiry_moves_no_money_and_ends_when_the_charge_is_refunded(sandbox: SandboxStripe) -> None:
    sandbox.pay(make_link(sandbox)["id"], a_payer(number=INQUIRY_CARD))
    asked = dispute_of(sandbox)
    part = post(sandbox, "/v1/refunds", {"charge": asked["charge"], "amount": "100"})
    still = dispute_of(sandbox)
    rest = post(sandbox, "/v1/refunds", {"charge": asked["charge"]})

    assert (asked["status"], asked["is_charge_refundable"], moved(asked)) == ("warning_needs_response", True, [])
    assert (part.status, rest.status) == (200, 200)
    assert still["status"] == "warning_needs_response"
    assert dispute_of(sandbox)["status"] == "warning_closed"
    assert types_about_disputes(sandbox) == ["created", "closed"]


def test_an_inquiry_is_dropped_or_becomes_a_dispute(sandbox: SandboxStripe) -> None:
    for won, status, events in (
        (True, "warning_closed", ["created", "closed"]),
        (False, "lost", ["created", "updated", "funds_withdrawn", "closed"]),
    ):
        before = len(types_about_disputes(sandbox))
        sandbox.pay(make_link(sandbox)["id"], a_payer())
        opened = sandbox.open_dispute(charge_of(sandbox)["id"], inquiry=True)
        sandbox.close_dispute(opened, won=won)

        assert read(get(sandbox, f"/v1/disputes/{opened}"))["status"] == status
        assert types_about_disputes(sandbox)[before:] == events


def test_evidence_is_given_and_the_bank_reviews_it(client: StripeClient, sandbox: SandboxStripe, paid: Any) -> None:
    opened = sandbox.open_dispute(paid["id"])

    draft = client.v1.disputes.update(opened, {"evidence": {"customer_name": "Jane"}, "submit": False})
    sent = client.v1.disputes.update(opened, {"evidence": {"product_description": "A fit-out"}})

    assert (draft.status, draft.evidence_details.submission_count) == ("needs_response", 0)
    assert (sent.status, sent.evidence_details.submission_count) == ("under_review", 1)
    assert (sent.evidence.customer_name, sent.evidence.product_description) == ("Jane", "A fit-out")
    assert error(post(sandbox, f"/v1/disputes/{opened}", {"evidence[customer_name]": "Joe"}))["param"] == "evidence"


@pytest.mark.parametrize(("text", "status"), [("winning_evidence", "won"), ("losing_evidence", "lost")])
def test_test_evidence_decides_at_once(
    client: StripeClient, sandbox: SandboxStripe, paid: Any, text: str, status: str
) -> None:
    opened = sandbox.open_dispute(paid["id"])

    assert client.v1.disputes.update(opened, {"evidence": {"uncategorized_text": text}}).status == status


def test_a_dispute_can_be_given_up_once(client: StripeClient, sandbox: SandboxStripe, paid: dict[str, Any]) -> None:
    opened = sandbox.open_dispute(paid["id"])

    assert client.v1.disputes.close(opened).status == "lost"
    assert "closed already" in error(post(sandbox, f"/v1/disputes/{opened}/close", {}))["message"]


def test_only_what_is_left_of_a_paid_charge_is_disputed_and_once(sandbox: SandboxStripe, paid: dict[str, Any]) -> None:
    post(sandbox, "/v1/refunds", {"charge": paid["id"], "amount": "20000"})
    sandbox.open_dispute(paid["id"])

    assert dispute_of(sandbox)["amount"] == 30000
    with pytest.raises(ApiFault, match="disputed already"):
        sandbox.open_dispute(paid["id"])
    sandbox.pay(make_link(sandbox)["id"], a_payer(number=DECLINED_CARD))
    with pytest.raises(ApiFault, match="nothing left"):
        sandbox.open_dispute(charge_of(sandbox)["id"])
    with pytest.raises(ApiFault, match="Invalid reason"):
        sandbox.open_dispute(paid["id"], "bored")


def test_disputes_are_listed_by_charge(sandbox: SandboxStripe, paid: dict[str, Any]) -> None:
    sandbox.open_dispute(paid["id"])

    assert len(read(get(sandbox, "/v1/disputes", f"charge={paid['id']}"))["data"]) == 1
    assert read(get(sandbox, "/v1/disputes", "payment_intent=pi_other"))["data"] == []
