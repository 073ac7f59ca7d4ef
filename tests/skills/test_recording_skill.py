"""Money that Stripe never sees: recorded by a person, and a payment like any other from there on."""

from __future__ import annotations

import pytest

from billing.automations import Action, ActionKind, Automation, Trigger
from billing.conversations import SkillCall
from billing.invoices import InvoiceStatus
from billing.queues import OutboxKind
from billing.workspaces import NotificationRoute
from skills.registry import SKILLS
from skills.runner import Runner
from tests.support.studio import Studio


@pytest.fixture(autouse=True)
def _invoice(studio: Studio) -> None:
    studio.done("create_invoice", opportunity="OPP-1", kind="deposit", amount="500")


def fields(studio: Studio, **arguments: object) -> dict[str, str]:
    show = SKILLS["record_payment"].preview
    assert show is not None
    return {field.label: field.value for field in show(studio.context(), **arguments).fields}


def test_the_card_says_what_came_in_and_what_is_left(studio: Studio) -> None:
    assert fields(studio, invoice="INV-1001", amount="200", method=None) == {
        "Client": "Bluebird Cafe",
        "Invoice": "Deposit invoice INV-1001",
        "For": "Bluebird shop sign",
        "Came in": "A$200.00",
        "How": "not said",
        "Left to pay": "A$300.00",
    }
    assert fields(studio, invoice="INV-1001")["Left to pay"] == "nothing: the invoice is paid"


def test_all_that_is_owed_is_recorded_where_no_amount_is_said(studio: Studio) -> None:
    done = studio.done("record_payment", invoice="INV-1001", method="bank_transfer")
    assert done.text == "Recorded A$500.00 (bank transfer) for INV-1001: it is paid."
    assert studio.invoice("INV-1001").status == "paid"
    (payment,) = studio.payments("INV-1001")
    assert (payment.method, payment.payer, payment.stripe_account_id) == ("bank_transfer", "Bluebird Cafe", "")
    assert payment.stripe_object_id.startswith("recorded:")
    card = studio.done("show_invoice", invoice="INV-1001").card
    assert card is not None
    assert "bank transfer" in card.rows[0].detail


def test_a_part_leaves_a_balance_and_ends_the_link_that_asked_for_all(studio: Studio) -> None:
    studio.connect()
    studio.done("create_payment_link", invoice="INV-1001")
    part = studio.done("record_payment", invoice="INV-1001", amount="200")
    assert part.text == "Recorded A$200.00 for INV-1001: A$300.00 is left to pay."
    assert len(studio.outbox(OutboxKind.RETIRE)) == 1
    studio.done("create_payment_link", invoice="INV-1001")
    assert str(studio.stripe.made[-1].money) == "300.00"
    studio.done("record_payment", invoice="INV-1001")
    assert studio.invoice("INV-1001").status == "paid"
    assert len(studio.outbox(OutboxKind.RETIRE)) == 1


def test_more_than_is_owed_is_refused(studio: Studio) -> None:
    refused = studio.run("record_payment", invoice="INV-1001", amount="500.01")
    assert refused.text == "A$500.01 is more than what is left to pay on INV-1001 (A$500.00). Record at most that."
    assert studio.payments("INV-1001") == []


@pytest.mark.parametrize("status", [InvoiceStatus.PAID, InvoiceStatus.VOID, InvoiceStatus.REFUNDED])
def test_nothing_is_recorded_where_nothing_is_owed(studio: Studio, status: InvoiceStatus) -> None:
    with studio.store.transaction(studio.id) as tx:
        invoice = tx.invoices.get("INV-1001")
        for step in (InvoiceStatus.PAID, status) if status is InvoiceStatus.REFUNDED else (status,):
            invoice = tx.invoices.save(invoice.move(step))
    assert f"INV-1001 is {status}." in studio.run("record_payment", invoice="INV-1001").text


def test_it_is_told_and_automations_run_once_however_often_the_confirmation_arrives(studio: Studio) -> None:
    with studio.store.transaction(studio.id) as tx:
        tx.people.set_route(NotificationRoute(studio.id, Trigger.PAYMENT_SUCCEEDED, "#billing"))
        action = Action(ActionKind.MOVE_OPPORTUNITY, {"stage": "won"})
        tx.automations.add(
            Automation(studio.id, "AUT-1", "Won", True, Trigger.PAYMENT_SUCCEEDED, (action,), studio.now),  # noqa: FBT003 - it is on
        )
    for _ in range(2):
        call = SkillCall("record_payment", {"invoice": "INV-1001", "method": "cash"})
        ran = Runner(SKILLS).run(studio.context(key="prop_1:0"), call, confirmed=True)
        assert ran.status == "done"
    assert [message.kind for message in studio.outbox()] == [OutboxKind.NOTIFY, OutboxKind.ACTION, OutboxKind.MAIL]
    assert len(studio.payments("INV-1001")) == 1


def test_money_for_a_deal_without_a_client_has_no_payer(studio: Studio) -> None:
    studio.done("create_opportunity", name="Idea")
    number = str(studio.done("create_invoice", opportunity="OPP-4", amount="5").result["number"])
    studio.done("record_payment", invoice=number)
    assert studio.payments(number)[0].payer == ""
