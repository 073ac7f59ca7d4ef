"""Actions of automations: what each does, once, and what cannot be done."""

from __future__ import annotations

from dataclasses import replace

import pytest

from billing.acting import Occasion, act
from billing.automations import Action, ActionKind
from billing.errors import BillingError
from billing.invoices import InvoiceStatus
from billing.queues import OutboxKind
from billing.roles import Role
from billing.workspaces import AWAY, Member
from tests.support.books import an_automation
from tests.support.studio import Studio

PAID = "Bluebird Cafe paid INV-1001 for Bluebird shop sign: A$500.00."


def do(studio: Studio, does: ActionKind, invoice: str = "INV-1001", **arguments: str) -> str:
    action, formats = Action(does, arguments), studio.context().formats
    automation = an_automation(workspace_id=studio.id, name="Weekly", actions=(action,))
    occasion = Occasion(invoice, "action:run:0", studio.now, studio.now.date(), formats, automation)
    with studio.store.transaction(studio.id) as tx:
        return act(tx, action, occasion).text


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


def test_a_message_without_a_text_tells_the_news(studio: Studio) -> None:
    do(studio, ActionKind.POST_MESSAGE, channel="#billing")
    assert [message.payload["text"] for message in studio.outbox(OutboxKind.SAY)] == [PAID]


def test_the_client_is_thanked_by_mail(studio: Studio) -> None:
    assert do(studio, ActionKind.EMAIL_CONTACT) == "e-mailed tess@bluebird.example"
    payload = studio.outbox(OutboxKind.MAIL)[0].payload
    assert (payload["template"], payload["message"]) == ("note", "Thank you for your payment.")


def test_a_reminder_goes_out_for_what_can_still_be_paid(studio: Studio) -> None:
    with studio.store.transaction(studio.id) as tx:
        tx.invoices.save(tx.invoices.get("INV-1001").move(InvoiceStatus.SENT))
    do(studio, ActionKind.SEND_REMINDER)
    assert studio.outbox(OutboxKind.MAIL)[0].payload["template"] == "reminder"


def test_nobody_is_reminded_of_a_void_invoice(studio: Studio) -> None:
    with studio.store.transaction(studio.id) as tx:
        tx.invoices.save(tx.invoices.get("INV-1001").move(InvoiceStatus.VOID))
    with pytest.raises(BillingError, match="nothing to remind"):
        do(studio, ActionKind.SEND_REMINDER)


def test_the_next_invoice_is_created_once(studio: Studio) -> None:
    done = {do(studio, ActionKind.CREATE_INVOICE, kind="progress", percent="40") for _ in range(2)}
    assert done == {"created INV-1002 as a draft and asked whether to send it"}
    assert str(studio.invoice("INV-1002").total) == "4000.00"


def test_a_client_without_an_address_cannot_be_written_to(studio: Studio) -> None:
    studio.done("create_invoice", opportunity="OPP-2", amount="10")
    with pytest.raises(BillingError, match="no e-mail address"):
        do(studio, ActionKind.EMAIL_CONTACT, "INV-1002")


def test_what_another_system_is_told_is_as_the_specification_advises(studio: Studio) -> None:
    assert do(studio, ActionKind.CALL_WEBHOOK, url="https://hooks.shop.example/paid").startswith("calling https://")
    row = studio.outbox(OutboxKind.WEBHOOK)[0]
    assert row.payload["url"] == "https://hooks.shop.example/paid"
    assert row.payload["step"] == "action:run:0"
    body = row.payload["body"]
    assert sorted(body) == ["data", "timestamp", "type"]
    assert body["data"]["invoice"] == "INV-1001"
    assert (body["data"]["amount"], body["data"]["currency"]) == ("500.00", "AUD")


def test_another_system_is_told_of_a_time_that_came_without_an_invoice(studio: Studio) -> None:
    do(studio, ActionKind.CALL_WEBHOOK, "", url="https://hooks.shop.example/weekly")
    assert studio.outbox(OutboxKind.WEBHOOK)[0].payload["body"]["data"] == {"automation": "AUT-1"}


def test_a_task_goes_to_a_colleague_or_to_everybody_of_a_role(studio: Studio) -> None:
    assert do(studio, ActionKind.ASSIGN_TASK, to="@editor", text="Call {client}") == "told Editor"
    assert do(studio, ActionKind.ASSIGN_TASK, to="admin") == "told Admin"
    told = [(row.payload["member"], row.payload["text"]) for row in studio.outbox(OutboxKind.SAY)]
    assert told == [("Editor", "Call Bluebird Cafe"), ("Admin", PAID)]
    with pytest.raises(BillingError, match="nobody here"):
        do(studio, ActionKind.ASSIGN_TASK, to="@Ghost")


def test_no_task_goes_to_a_colleague_who_left_the_slack(studio: Studio) -> None:
    with studio.store.transaction(studio.id) as tx:
        tx.people.save_member(Member(studio.id, "Editor", Role.VIEWER, f"{AWAY}U7"))
    with pytest.raises(BillingError, match="nobody here"):
        do(studio, ActionKind.ASSIGN_TASK, to="@editor")
    assert do(studio, ActionKind.ASSIGN_TASK, to="viewer") == "told Viewer"


def test_a_post_about_no_invoice_says_the_name_of_the_automation(studio: Studio) -> None:
    do(studio, ActionKind.POST_MESSAGE, "", channel="#billing")
    assert [row.payload["text"] for row in studio.outbox(OutboxKind.SAY)] == ["Weekly"]


def test_fields_are_filled_in_once_and_what_a_record_contains_is_never_a_field(studio: Studio) -> None:
    with studio.store.transaction(studio.id) as tx:
        tx.contacts.save(replace(tx.contacts.get("CON-1"), company="{amount} & Sons"))
    do(studio, ActionKind.POST_MESSAGE, channel="#billing", text="{client}: {amount} for {deal}, {unknown}")
    said = [row.payload["text"] for row in studio.outbox(OutboxKind.SAY)]
    assert said == ["{amount} & Sons: A$500.00 for Bluebird shop sign, {unknown}"]


def test_all_fields_of_an_invoice_can_be_filled_in(studio: Studio) -> None:
    text = "{invoice} {balance} {due} {status} {days_overdue}"
    do(studio, ActionKind.POST_MESSAGE, channel="#billing", text=text)
    assert [row.payload["text"] for row in studio.outbox(OutboxKind.SAY)] == ["INV-1001 A$500.00 25 March draft 0"]


def test_an_invoice_without_a_client_is_spoken_of_all_the_same(studio: Studio) -> None:
    studio.done("create_opportunity", name="Idea")
    number = studio.done("create_invoice", opportunity="OPP-4", amount="5").result["number"]
    do(studio, ActionKind.POST_MESSAGE, number, channel="#billing", text="Hello {client}")
    assert [row.payload["text"] for row in studio.outbox(OutboxKind.SAY)] == ["Hello the client"]


def test_the_next_invoice_is_offered_for_sending_with_a_link_where_stripe_is_connected(studio: Studio) -> None:
    studio.connect()
    do(studio, ActionKind.CREATE_INVOICE, kind="final")
    ask = studio.outbox(OutboxKind.ASK)[0].payload
    with studio.store.transaction(studio.id) as tx:
        proposal = tx.talk.proposal(ask["proposal"])
    assert proposal is not None
    assert proposal.member == ""
    assert [call.skill for call in proposal.calls] == ["create_payment_link", "send_invoice"]
    assert {call.arguments["invoice"] for call in proposal.calls} == {"INV-1002"}
