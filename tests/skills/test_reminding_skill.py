"""Reminders: to whom, of what, and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from billing.errors import BillingError
from billing.invoices import InvoiceStatus
from billing.payments import PaymentStatus
from billing.queues import OutboxKind
from billing.settling import settle
from skills.cards import Card
from skills.registry import SKILLS
from tests.support.studio import Studio


@pytest.fixture(autouse=True)
def _invoice(studio: Studio) -> None:
    studio.done("create_invoice", opportunity="OPP-1", amount="500")
    become(studio, InvoiceStatus.SENT)


def become(studio: Studio, *statuses: InvoiceStatus) -> None:
    with studio.store.transaction(studio.id) as tx:
        for status in statuses:
            tx.invoices.save(tx.invoices.get("INV-1001").move(status))


def preview(studio: Studio, **arguments: object) -> Card:
    show = SKILLS["send_reminder"].preview
    assert show is not None
    return show(studio.context(), **arguments)


def button(studio: Studio) -> str:
    return next(field.value for field in preview(studio, invoice="INV-1001").fields if field.label == "Pay now button")


def test_the_card_says_exactly_who_is_reminded_of_what(studio: Studio) -> None:
    studio.connect()
    studio.done("record_payment", invoice="INV-1001", amount="100")
    card = preview(studio, invoice="INV-1001", message="Please!", on=date(2026, 3, 13))
    assert card.summary == "Remind tess@bluebird.example of INV-1001 (A$500.00)?"
    assert card.text == "Hello Tess,\nPlease!"
    assert {field.label: field.value for field in card.fields} == {
        "To": "tess@bluebird.example",
        "Subject": "Reminder: invoice INV-1001 from Lantern Studio, A$400.00 due 25 March",
        "Client": "Bluebird Cafe",
        "Invoice": "Invoice INV-1001",
        "For": "Bluebird shop sign",
        "Amount": "A$500.00",
        "Still to pay": "A$400.00",
        "Due": "25 March",
        "Pay now button": "yes",
        "Leaves": "13 March",
    }


def test_a_reminder_is_one_mail(studio: Studio) -> None:
    done = studio.done("send_reminder", invoice="INV-1001", message="Please!")
    assert done.text == "A reminder of INV-1001 is on its way to tess@bluebird.example."
    (mail,) = studio.outbox(OutboxKind.MAIL)
    assert mail.payload == {
        "template": "reminder",
        "invoice": "INV-1001",
        "to": ["tess@bluebird.example"],
        "cc": [],
        "message": "Please!",
        "movement": None,
        "until_paid": False,
    }


def test_a_reminder_waits_for_its_day(studio: Studio) -> None:
    done = studio.done("send_reminder", invoice="INV-1001", on="2026-03-13")
    assert done.text == (
        "A reminder of INV-1001 goes out on 13 March to tess@bluebird.example. "
        "It is dropped if the invoice is paid, void or disputed by then."
    )
    assert studio.outbox(OutboxKind.MAIL) == []
    studio.now += timedelta(days=2)
    assert len(studio.outbox(OutboxKind.MAIL)) == 1


@pytest.mark.parametrize("status", [InvoiceStatus.PAID, InvoiceStatus.VOID])
def test_nobody_is_reminded_of_what_is_closed(studio: Studio, status: InvoiceStatus) -> None:
    become(studio, status)
    said = f"INV-1001 is {status}, so there is nothing to remind anybody of."
    assert studio.run("send_reminder", invoice="INV-1001").text == said
    with pytest.raises(BillingError, match=said):
        preview(studio, invoice="INV-1001")


def test_a_draft_is_to_be_sent_first(studio: Studio) -> None:
    number = studio.done("create_invoice", opportunity="OPP-1", amount="5").result["number"]
    assert f"Say “send {number}”" in studio.run("send_reminder", invoice=number).text


def test_a_switched_off_link_stays_off_when_the_client_is_reminded(studio: Studio) -> None:
    assert button(studio) == "no: Stripe is not connected"
    studio.connect()
    studio.done("create_payment_link", invoice="INV-1001")
    studio.done("deactivate_payment_link", invoice="INV-1001")
    assert button(studio) == "no: the payment link is switched off"
    studio.done("send_reminder", invoice="INV-1001")
    assert len(studio.stripe.made) == 1


def test_nobody_is_reminded_of_what_is_disputed_or_being_paid(studio: Studio) -> None:
    settlement = studio.settlement("INV-1001", 500_00, status=PaymentStatus.PROCESSING)
    with studio.store.transaction(studio.id) as tx:
        settle(tx, settlement, now=studio.now)
    with pytest.raises(BillingError, match="just now: a payment is under way"):
        preview(studio, invoice="INV-1001")
    with studio.store.transaction(studio.id) as tx:
        tx.invoices.save(replace(tx.invoices.get("INV-1001"), disputed=True))
    assert studio.run("send_reminder", invoice="INV-1001").outcome is None
