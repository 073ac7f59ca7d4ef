"""Changing an invoice, making it void and switching its link off: nothing outdated stays payable."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from billing.amending import Changes, update_invoice
from billing.automations import Trigger
from billing.crediting import credit_document_of
from billing.documenting import document_of
from billing.invoices import InvoiceStatus
from billing.lines import Line
from billing.money import Money
from billing.payments import PaymentLink
from billing.queues import OutboxKind
from billing.settling import settle
from billing.workspaces import NotificationRoute
from skills.cards import Card
from skills.registry import SKILLS
from tests.support.studio import Studio


def bill(studio: Studio, amount: str = "500", **arguments: object) -> str:
    made = studio.done("create_invoice", **{"opportunity": "OPP-1", "amount": amount} | arguments)
    return str(made.result["number"])


def linked(studio: Studio) -> str:
    studio.connect()
    number = bill(studio)
    studio.done("create_payment_link", invoice=number, interval="month")
    return number


def close(studio: Studio, number: str, status: InvoiceStatus) -> None:
    with studio.store.transaction(studio.id) as tx:
        tx.invoices.save(replace(tx.invoices.get(number), status=status))


def pay(studio: Studio, number: str, minor: int) -> None:
    with studio.store.transaction(studio.id) as tx:
        settle(tx, studio.settlement(number, minor), now=studio.now)


def links(studio: Studio, number: str) -> list[PaymentLink]:
    with studio.store.transaction(studio.id) as tx:
        return tx.links.of_invoice(number)


def preview(studio: Studio, skill: str, **arguments: object) -> Card:
    show = SKILLS[skill].preview
    assert show is not None
    return show(studio.context(), **arguments)


CLOSED = [InvoiceStatus.PAID, InvoiceStatus.VOID, InvoiceStatus.REFUNDED]


# Changing


def test_an_invoice_is_changed_where_it_was_said(studio: Studio) -> None:
    number = bill(studio)
    changed = studio.done("update_invoice", invoice=number, amount="600", due="2026-04-01")
    assert changed.text == f"Updated: Invoice {number} for Bluebird shop sign is now A$600.00, due 1 April."
    studio.done("update_invoice", invoice=number, description="Sign, painted", kind="progress")
    invoice = studio.invoice(number)
    assert (str(invoice.total), invoice.description, invoice.kind) == ("600.00", "Sign, painted", "progress")


def test_what_is_the_same_already_changes_nothing(studio: Studio) -> None:
    number = linked(studio)
    same = studio.done("update_invoice", invoice=number, amount="500")
    assert same.text.startswith("Nothing to change: ")
    assert links(studio, number)[0].active


def test_a_change_of_nothing_is_asked_back(studio: Studio) -> None:
    assert studio.run("update_invoice", invoice=bill(studio)).missing == ("amount",)


@pytest.mark.parametrize("status", CLOSED)
def test_what_is_closed_can_no_longer_change(studio: Studio, status: InvoiceStatus) -> None:
    number = bill(studio)
    close(studio, number, status)
    assert f"is {status}, so it can no longer change" in studio.run("update_invoice", invoice=number, amount="5").text


def test_another_amount_ends_the_link_and_the_next_sending_makes_one_as_often_as_before(studio: Studio) -> None:
    number = linked(studio)
    changed = studio.done("update_invoice", invoice=number, amount="600")
    assert "Its old payment link is switched off" in changed.text
    assert [link.active for link in links(studio, number)] == [False]
    assert len(studio.outbox(OutboxKind.RETIRE)) == 1
    studio.done("send_invoice", invoice=number)
    assert [(link.interval, str(link.money)) for link in studio.stripe.made][1:] == [("month", "600.00")]


def test_another_due_date_leaves_the_link_alone(studio: Studio) -> None:
    number = linked(studio)
    assert "payment link" not in studio.done("update_invoice", invoice=number, due="2026-04-01").text
    assert [link.active for link in links(studio, number)] == [True]


def test_another_description_or_the_kind_that_stands_in_for_it_ends_the_link(studio: Studio) -> None:
    number = linked(studio)
    assert "switched off" in studio.done("update_invoice", invoice=number, kind="final").text
    studio.done("create_payment_link", invoice=number)
    assert "switched off" in studio.done("update_invoice", invoice=number, description="Paint").text


def test_a_client_who_has_the_old_version_is_mentioned(studio: Studio) -> None:
    number = bill(studio)
    studio.done("send_invoice", invoice=number)
    changed = studio.done("update_invoice", invoice=number, description="Sign, painted")
    assert changed.text.endswith(f"The client still has the old version: say “send {number} again”.")
    assert changed.result == {"number": number}


def test_what_the_client_has_is_replaced_and_not_changed(studio: Studio) -> None:
    number = linked(studio)
    studio.done("send_invoice", invoice=number)
    changed = studio.done("update_invoice", invoice=number, amount="600", due="2026-04-01")
    new = changed.result["number"]
    assert changed.text == (
        f"{number} was with the client, so it is void now and Invoice {new} for Bluebird shop sign takes its place: "
        f"A$600.00, due 1 April. Say “send {new}” to send it."
    )
    old, replacement = studio.invoice(number), studio.invoice(new)
    assert (old.status, str(old.total), old.replaced_by) == ("void", "500.00", new)
    assert (replacement.status, str(replacement.total), replacement.replaces) == ("draft", "600.00", number)
    assert (replacement.sent_at, replacement.token != old.token) == (None, True)
    assert [link.active for link in links(studio, number)] == [False]
    assert changed.mentions[0] == new
    refused = studio.run("update_invoice", invoice=number, amount="700")
    assert refused.text == f"{number} is void, so it can no longer change. Change {new}, which stands for it instead."
    shown = studio.done("show_invoice", invoice=number).card
    assert shown is not None
    assert ("Replaced by", new) in [(field.label, field.value) for field in shown.fields]


def test_the_same_change_again_replaces_nothing_more(studio: Studio) -> None:
    number = bill(studio)
    studio.done("send_invoice", invoice=number)
    with studio.store.transaction(studio.id) as tx:
        first, again = (
            update_invoice(
                tx, number, Changes(amount="600"), now=studio.now, today=studio.now.date(), request_key="again"
            )
            for _ in range(2)
        )
    assert (again.invoice, again.replaced) == (first.invoice, True)


def test_a_client_who_paid_a_part_gets_a_credit_note_for_the_rest(studio: Studio) -> None:
    number = bill(studio)
    studio.done("send_invoice", invoice=number)
    pay(studio, number, 200_00)
    changed = studio.done("update_invoice", invoice=number, amount="350")
    assert "Credit note CRN-1 takes off A$150.00." in changed.text
    with studio.store.transaction(studio.id) as tx:
        document, note = document_of(tx, number), credit_document_of(tx, "CRN-1")
    assert (str(document.gross), str(document.total), str(document.balance)) == ("500.00", "350.00", "150.00")
    assert [(each.number, str(each.amount), each.credit) for each in document.deductions] == [("CRN-1", "150.00", True)]
    assert (note.corrects, str(note.total)) == (number, "150.00")
    down = studio.done("update_invoice", invoice=number, amount="200")
    assert "All of that had come in, so it is paid." in down.text
    with studio.store.transaction(studio.id) as tx:
        assert str(document_of(tx, number).gross) == "500.00"


@pytest.mark.parametrize(
    ("said", "refusal"), [({"amount": "600"}, "ask for more"), ({"kind": "final"}, "another kind")]
)
def test_a_client_who_paid_a_part_is_not_asked_for_more_on_the_same_paper(
    studio: Studio, said: dict[str, str], refusal: str
) -> None:
    number = bill(studio)
    studio.done("send_invoice", invoice=number)
    pay(studio, number, 200_00)
    refused = studio.run("update_invoice", invoice=number, **said)
    assert refused.error is not None
    assert (refused.error[0], refusal in refused.text) == ("invoice_closed", True)


def test_lines_that_no_longer_add_up_become_one(studio: Studio) -> None:
    number = bill(studio)
    with studio.store.transaction(studio.id) as tx:
        line = Line("Paint", Money(250_00, "AUD"), Decimal(2))
        tx.invoices.save(replace(tx.invoices.get(number), lines=(line,), deductions=()))
    assert "one line now" not in studio.done("update_invoice", invoice=number, kind="progress").text
    assert studio.invoice(number).lines == (line,)
    assert "so it has one line now." in studio.done("update_invoice", invoice=number, amount="600").text
    assert studio.invoice(number).lines == ()


def test_an_open_invoice_that_becomes_the_final_one_takes_off_what_was_issued(studio: Studio) -> None:
    deposit = bill(studio, kind="deposit")
    studio.done("send_invoice", invoice=deposit)
    number = linked(studio)
    studio.done("update_invoice", invoice=number, kind="final")
    deductions = studio.invoice(number).deductions
    assert deductions is not None
    assert [(each.number, str(each.amount)) for each in deductions] == [(deposit, "500.00")]


def test_a_change_beyond_the_deals_value_warns_as_creating_does(studio: Studio) -> None:
    number = bill(studio, "9000", kind="deposit")
    warned = studio.done("update_invoice", invoice=number, amount="10500")
    assert warned.text.endswith("Mind: That is A$500.00 more than the deal is worth (A$10,000.00).")
    # It was so before; only what is new is worth a word.
    assert "Mind" not in studio.done("update_invoice", invoice=number, due="2026-04-01").text


def test_a_second_deposit_by_a_change_of_kind_warns_too(studio: Studio) -> None:
    bill(studio, kind="deposit")
    changed = studio.done("update_invoice", invoice=bill(studio), kind="deposit")
    assert "has a deposit invoice already" in changed.text


def test_a_change_in_another_currency_than_the_deals_is_in_the_invoices(studio: Studio) -> None:
    number = bill(studio, currency="EUR")
    studio.done("update_invoice", invoice=number, amount="600")
    assert studio.invoice(number).total.currency == "EUR"


def test_nothing_below_what_was_paid_is_taken(studio: Studio) -> None:
    number = bill(studio)
    pay(studio, number, 200_00)
    refused = studio.run("update_invoice", invoice=number, amount="199.99")
    assert refused.text == f"A$200.00 of {number} is paid already, so it cannot ask for less."
    studio.done("update_invoice", invoice=number, amount="300")
    assert str(studio.invoice(number).balance) == "100.00"


def test_an_invoice_that_is_brought_down_to_what_was_paid_is_paid_and_told_once(studio: Studio) -> None:
    number = bill(studio)
    pay(studio, number, 200_00)
    with studio.store.transaction(studio.id) as tx:
        tx.people.set_route(NotificationRoute(studio.id, Trigger.PAYMENT_SUCCEEDED, "#billing"))
    changed = studio.done("update_invoice", invoice=number, amount="200")
    assert "All of that had come in, so it is paid." in changed.text
    assert studio.invoice(number).status == "paid"
    assert [message.key for message in studio.outbox(OutboxKind.NOTIFY)] == [f"notify:payment_succeeded:{number}"]


@pytest.mark.parametrize("due", ["2026-03-01", "2036-03-01"])
def test_a_due_date_has_to_make_sense(studio: Studio, due: str) -> None:
    assert studio.run("update_invoice", invoice=bill(studio), due=due).status == "failed"


# Void


def test_the_card_says_what_becomes_void(studio: Studio) -> None:
    number = linked(studio)
    card = preview(studio, "void_invoice", invoice=number)
    assert card.summary == f"Make {number} (A$500.00, Bluebird Cafe) void?"
    assert {field.label: field.value for field in card.fields} == {
        "Client": "Bluebird Cafe",
        "Invoice": f"Invoice {number}",
        "For": "Bluebird shop sign",
        "Amount": "A$500.00",
        "Payment link": "stops working",
    }
    assert card.note == ""
    unlinked = bill(studio)
    with studio.store.transaction(studio.id) as tx:
        tx.invoices.save(replace(tx.invoices.get(unlinked), sent_at=studio.now))
    card = preview(studio, "void_invoice", invoice=unlinked)
    assert "none" in [field.value for field in card.fields]
    assert "by e-mail" in card.note


def test_a_void_invoice_and_its_link_stay_so(studio: Studio) -> None:
    number = linked(studio)
    done = studio.done("void_invoice", invoice=number)
    assert done.text == f"{number} for Bluebird Cafe (A$500.00) is void. It can no longer be paid."
    assert studio.done("void_invoice", invoice=number).text == done.text
    assert (studio.invoice(number).status, links(studio, number)[0].active) == ("void", False)
    assert len(studio.outbox(OutboxKind.RETIRE)) == 1


@pytest.mark.parametrize(
    ("status", "instead"),
    [
        (InvoiceStatus.PAID, "Refund the payment instead."),
        (InvoiceStatus.REFUNDED, "nothing is owed on it"),
        (InvoiceStatus.VOID, "is void already"),
    ],
)
def test_what_cannot_become_void_says_what_to_do(studio: Studio, status: InvoiceStatus, instead: str) -> None:
    number = bill(studio)
    close(studio, number, status)
    ran = studio.run("void_invoice", invoice=number)
    assert (ran.status == "done") == (status is InvoiceStatus.VOID)
    with pytest.raises(Exception, match=instead):
        preview(studio, "void_invoice", invoice=number)


def test_an_invoice_that_is_paid_in_part_cannot_become_void(studio: Studio) -> None:
    number = bill(studio)
    pay(studio, number, 200_00)
    assert "or change the amount to A$200.00 to close it there" in studio.run("void_invoice", invoice=number).text


# Link


def test_the_card_says_which_link_is_switched_off(studio: Studio) -> None:
    number = linked(studio)
    card = preview(studio, "deactivate_payment_link", invoice=number)
    assert {field.label: field.value for field in card.fields} == {
        "Client": "Bluebird Cafe",
        "Invoice": f"Invoice {number}",
        "Amount": "A$500.00",
        "Charges": "every month",
    }
    assert card.note == "A subscription that was started through it goes on."
    studio.done("create_payment_link", invoice=number)
    assert preview(studio, "deactivate_payment_link", invoice=number).note == ""


def test_a_link_is_switched_off_once_and_stays_off(studio: Studio) -> None:
    number = linked(studio)
    off = studio.done("deactivate_payment_link", invoice=number)
    assert off.text.startswith(f"The payment link of {number} is switched off;")
    studio.now += timedelta(minutes=1)
    assert studio.done("deactivate_payment_link", invoice=number).text == off.text
    assert len(studio.outbox(OutboxKind.RETIRE)) == 1
    assert studio.invoice(number).status == "open"


def test_without_a_live_link_there_is_nothing_to_switch_off(studio: Studio) -> None:
    number = bill(studio)
    assert studio.run("deactivate_payment_link", invoice=number).error == (
        "no_live_link",
        f"{number} has no live payment link, so there is nothing to switch off.",
    )


@pytest.mark.parametrize("skill", ["send_invoice", "create_payment_link"])
def test_sending_or_asking_for_a_link_makes_another(studio: Studio, skill: str) -> None:
    number = linked(studio)
    studio.done("deactivate_payment_link", invoice=number)
    studio.done(skill, invoice=number)
    assert [link.active for link in links(studio, number)] == [False, True]
