"""Actions of automations: what each does, once, and what cannot be done."""

from __future__ import annotations

import pytest

from billing.acting import Occasion, act
from billing.automations import Action, ActionKind
from billing.errors import BillingError
from billing.invoices import InvoiceStatus
from billing.queues import OutboxKind
from tests.support.studio import Studio


def do(studio: Studio, does: ActionKind, invoice: str = "INV-1001", **arguments: str) -> str:
    occasion = Occasion(invoice, "action:1", studio.now, studio.now.date())
    with studio.store.transaction(studio.id) as tx:
        return act(tx, Action(does, arguments), occasion)


@pytest.fixture(autouse=True)
def _invoice(studio: Studio) -> None:
    studio.done("create_invoice", opportunity="OPP-1", kind="deposit", amount="500")


def test_the_deal_is_moved(studio: Studio) -> None:
    assert do(studio, ActionKind.MOVE_OPPORTUNITY, stage="won") == "moved Bluebird shop sign to won"
    assert studio.opportunity("OPP-1").stage == "won"


def test_a_message_is_posted_once_however_often_it_is_tried(studio: Studio) -> None:
    do(studio, ActionKind.POST_MESSAGE, channel="#billing", text="Hooray")
    assert do(studio, ActionKind.POST_MESSAGE, channel="#billing", text="Hooray") == "posted to #billing"
    assert [message.payload["text"] for message in studio.outbox(OutboxKind.SAY)] == ["Hooray"]


def test_a_message_without_a_text_names_the_invoice(studio: Studio) -> None:
    do(studio, ActionKind.POST_MESSAGE, channel="#billing")
    assert [message.payload["text"] for message in studio.outbox(OutboxKind.SAY)] == ["There is news of INV-1001."]


def test_the_client_is_thanked_by_mail(studio: Studio) -> None:
    assert do(studio, ActionKind.EMAIL_CONTACT) == "e-mailed tess@bluebird.example"
    payload = studio.outbox(OutboxKind.MAIL)[0].payload
    assert (payload["template"], payload["message"]) == ("note", "Thank you for your payment.")


def test_a_reminder_goes_out_for_what_can_still_be_paid(studio: Studio) -> None:
    do(studio, ActionKind.SEND_REMINDER)
    assert studio.outbox(OutboxKind.MAIL)[0].payload["template"] == "reminder"


def test_nobody_is_reminded_of_a_void_invoice(studio: Studio) -> None:
    with studio.store.transaction(studio.id) as tx:
        tx.invoices.save(tx.invoices.get("INV-1001").move(InvoiceStatus.VOID))
    with pytest.raises(BillingError, match="nobody is reminded"):
        do(studio, ActionKind.SEND_REMINDER)


def test_the_next_invoice_is_created_once(studio: Studio) -> None:
    done = {do(studio, ActionKind.CREATE_INVOICE, kind="progress", percent="40") for _ in range(2)}
    assert done == {"created INV-1002"}
    assert str(studio.invoice("INV-1002").total) == "4000.00"


def test_a_client_without_an_address_cannot_be_written_to(studio: Studio) -> None:
    studio.done("create_invoice", opportunity="OPP-2", amount="10")
    with pytest.raises(BillingError, match="no e-mail address"):
        do(studio, ActionKind.EMAIL_CONTACT, "INV-1002")


def test_calling_a_webhook_is_refused_plainly(studio: Studio) -> None:
    with pytest.raises(BillingError, match="not part of this version"):
        do(studio, ActionKind.CALL_WEBHOOK, url="https://hooks.example")
