"""Each skill as the people of the studio use it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from billing.invoices import InvoiceStatus
from billing.money import Money
from billing.payments import PaymentStatus, PaymentType
from billing.queues import OutboxKind
from billing.settling import settle
from skills.cards import Tone
from skills.presenting import invoice_card, view
from skills.registry import SKILLS
from tests.support.studio import Studio


def bill(studio: Studio, amount: str = "500", opportunity: str = "OPP-1") -> str:
    return str(studio.done("create_invoice", opportunity=opportunity, amount=amount).result["number"])


def set_invoice(studio: Studio, number: str, **fields: object) -> None:
    with studio.store.transaction(studio.id) as tx:
        tx.invoices.save(replace(tx.invoices.get(number), **fields))  # type: ignore[arg-type] # fields by name


def pay(studio: Studio, number: str, minor: int = 500_00, **changes: object) -> None:
    with studio.store.transaction(studio.id) as tx:
        settle(tx, studio.settlement(number, minor, **changes), now=studio.now)


# Invoices


def test_an_invoice_is_shown_with_its_payments(studio: Studio) -> None:
    number = bill(studio)
    pay(studio, number, 200_00)
    shown = studio.done("show_invoice", invoice=number)
    assert shown.text == f"{number} for Bluebird Cafe: A$500.00, draft, due 25 March."
    assert shown.result["balance"] == "300.00"
    assert shown.card is not None
    assert [row.title for row in shown.card.rows] == ["Payment succeeded", "Receipt by e-mail"]
    assert "A$300.00" in [field.value for field in shown.card.fields if field.label == "Still to pay"]


def test_an_overdue_invoice_says_by_how_much(studio: Studio) -> None:
    number = bill(studio)
    for days, said in ((1, "1 day"), (12, "12 days")):
        due_on = studio.now.date() - timedelta(days=days)
        set_invoice(studio, number, status=InvoiceStatus.SENT, due_on=due_on, sent_at=studio.now)
        card = studio.done("show_invoice", invoice=number).card
        assert card is not None
        assert card.tone is Tone.BAD
        assert said in [field.value for field in card.fields if field.label == "Overdue by"]
        assert "Send again" in [button.label for button in card.buttons]


def test_a_paid_invoice_offers_nothing_more_to_do(studio: Studio) -> None:
    number = bill(studio)
    pay(studio, number)
    card = studio.done("show_invoice", invoice=number).card
    assert card is not None
    assert (card.badge, card.buttons) == ("paid", ())


def test_an_invoice_without_a_client_says_so(studio: Studio) -> None:
    studio.done("create_opportunity", name="Idea")
    number = bill(studio, opportunity="OPP-4")
    assert "no client yet" in studio.done("show_invoice", invoice=number).text


def test_unpaid_invoices_are_open_sent_and_overdue_ones(studio: Studio) -> None:
    draft, sent, late, paid = (bill(studio) for _ in range(4))
    set_invoice(studio, sent, status=InvoiceStatus.SENT)
    set_invoice(studio, late, status=InvoiceStatus.OPEN, due_on=studio.now.date() - timedelta(days=1))
    pay(studio, paid)
    listed = studio.done("list_invoices", status=["open", "sent", "overdue"])
    assert listed.result == {"invoices": [sent, late]}
    assert listed.text == "2 invoices, A$1,000.00 in all."
    assert studio.done("list_invoices", status="overdue").result == {"invoices": [late]}
    assert studio.done("list_invoices", status="draft").result == {"invoices": [draft]}


def test_a_list_tells_what_is_left_of_an_invoice_that_is_paid_in_part(studio: Studio) -> None:
    part, _ = bill(studio), bill(studio)
    pay(studio, part, money=Money(200_00, "AUD"))
    listed = studio.done("list_invoices", contact="CON-1")
    assert listed.text == "2 invoices, A$1,000.00 in all, A$800.00 of it still to pay."
    assert listed.card is not None
    assert [row.detail.rpartition(" · ")[2] for row in listed.card.rows] == ["A$300.00 still to pay", "due 25 March"]


@pytest.mark.parametrize("listing", ["list_invoices", "list_payments", "list_subscriptions"])
def test_there_is_no_card_where_there_is_nothing_to_list(studio: Studio, listing: str) -> None:
    assert studio.done(listing).card is None


def test_only_an_invoice_with_a_link_offers_to_ask_stripe(studio: Studio) -> None:
    card = studio.done("show_invoice", invoice=bill(studio)).card
    assert card is not None
    assert [button.label for button in card.buttons] == [
        "Send",
        "Make payment link",
        "Send with a message",
        "Edit",
        "Client's portal",
        "Void",
    ]


def test_invoices_to_choose_from_are_named_once(studio: Studio) -> None:
    first, second = bill(studio), bill(studio)
    asked = studio.run("show_invoice", invoice="Bluebird").text
    assert asked.count(first) == asked.count(second) == 1


def test_invoices_are_listed_by_client_deal_kind_and_due_date(studio: Studio) -> None:
    first, second = bill(studio), bill(studio, "700", "OPP-3")
    assert studio.done("list_invoices", contact="CON-3").result == {"invoices": [second]}
    assert studio.done("list_invoices", opportunity="OPP-1").result == {"invoices": [first]}
    assert studio.done("list_invoices", kind="deposit").text == "No invoice fits."
    march = {"from": "2026-03-25", "to": "2026-03-25"}
    # Babel puts a no-break space behind a currency's letters.
    assert studio.done("list_invoices", period=march).text == "2 invoices, A$500.00 and NOK\u00a0700.00 in all."


def test_a_period_that_ends_before_it_starts_is_refused(studio: Studio) -> None:
    backwards = {"from": "2026-03-25", "to": "2026-03-01"}
    assert "a period ends on or after the day it starts" in studio.run("list_invoices", period=backwards).text


# Links


def test_a_link_leads_to_our_own_pay_page(studio: Studio) -> None:
    studio.connect()
    number = bill(studio)
    made = studio.done("create_payment_link", invoice=number)
    assert made.result["url"] == f"https://evie.example/pay/{studio.invoice(number).token}"
    assert "can be paid once" in made.text
    assert "There is a link already" in studio.done("create_payment_link", invoice=number).text


def test_a_recurring_link_says_how_often_it_charges(studio: Studio) -> None:
    studio.connect()
    made = studio.done("create_payment_link", invoice=bill(studio), interval="week", interval_count=2)
    assert "charges every 2 weeks" in made.text
    assert made.card is not None
    assert "Open pay page" in [button.label for button in made.card.buttons]


def test_without_stripe_no_link_is_made(studio: Studio) -> None:
    number = bill(studio)
    assert studio.run("create_payment_link", invoice=number).error is not None
    assert studio.invoice(number).status == "draft"


def test_a_card_without_a_pay_address_offers_no_pay_page(studio: Studio) -> None:
    studio.connect()
    number = bill(studio)
    studio.done("create_payment_link", invoice=number)
    context = studio.context()
    with context.transaction() as tx:
        card = invoice_card(view(tx, number), context.formats, context.today)
    assert [button.label for button in card.buttons] == [
        "Send",
        "Send with a message",
        "Edit",
        "Sync",
        "Client's portal",
        "Void",
    ]


# Sending


def preview(studio: Studio, **arguments: object) -> dict[str, str]:
    show = SKILLS["send_invoice"].preview
    assert show is not None
    return {field.label: field.value for field in show(studio.context(), **arguments).fields}


def test_the_card_says_exactly_who_gets_what(studio: Studio) -> None:
    studio.connect()
    shown = preview(studio, invoice=bill(studio), message="Thanks!")
    assert shown == {
        "To": "tess@bluebird.example",
        "Subject": "Invoice INV-1001 from Lantern Studio: A$500.00 due 25 March",
        "Client": "Bluebird Cafe",
        "Invoice": "Invoice INV-1001",
        "For": "Bluebird shop sign",
        "Amount": "A$500.00",
        "Due": "25 March",
        "Pay now button": "yes",
        "Leaves": "now",
    }


def test_the_card_says_why_there_is_no_pay_button(studio: Studio) -> None:
    number = bill(studio)
    assert preview(studio, invoice=number)["Pay now button"] == "no: Stripe is not connected"
    pay(studio, number)
    assert preview(studio, invoice=number)["Pay now button"] == "no: it is paid already"


def test_an_invoice_below_what_stripe_charges_is_sent_without_a_button(studio: Studio) -> None:
    studio.connect()
    number = bill(studio, "0.20")
    assert preview(studio, invoice=number)["Pay now button"] == "no: it is less than Stripe charges"
    assert studio.run("send_invoice", invoice=number).status == "done"
    assert studio.stripe.made == []


def test_sending_makes_a_link_marks_the_invoice_and_queues_one_mail(studio: Studio) -> None:
    studio.connect()
    number = bill(studio)
    sent = studio.done("send_invoice", invoice=number, message="Thanks!")
    assert sent.text == f"{number} is on its way to tess@bluebird.example."
    assert (studio.invoice(number).status, studio.invoice(number).sent_at) == ("sent", studio.now)
    assert len(studio.stripe.made) == 1
    mail = studio.outbox(OutboxKind.MAIL)[0].payload
    assert (mail["template"], mail["invoice"], mail["message"]) == ("invoice", number, "Thanks!")
    assert (mail["to"], mail["cc"]) == (["tess@bluebird.example"], [])


def test_an_imported_wish_for_a_monthly_link_is_kept_when_sending(studio: Studio) -> None:
    from tests.support.records import a_link

    studio.connect()
    number = bill(studio)
    with studio.store.transaction(studio.id) as tx:
        wanted = a_link(workspace_id=studio.id, invoice=number, url=None, stripe_payment_link_id=None)
        tx.links.add(replace(wanted, interval=wanted.interval.MONTH))
    studio.done("send_invoice", invoice=number)
    assert [link.interval.value for link in studio.stripe.made] == ["month"]


def test_another_address_can_be_named(studio: Studio) -> None:
    studio.done("send_invoice", invoice=bill(studio), to="accounts@bluebird.example")
    assert studio.outbox(OutboxKind.MAIL)[0].payload["to"] == ["accounts@bluebird.example"]


def test_a_mail_waits_for_its_day(studio: Studio) -> None:
    number = bill(studio)
    assert preview(studio, invoice=number, on=datetime(2026, 3, 13, tzinfo=UTC).date())["Leaves"] == "13 March"
    assert "goes out on 13 March" in studio.done("send_invoice", invoice=number, on="2026-03-13").text
    assert studio.outbox(OutboxKind.MAIL) == []
    studio.now += timedelta(days=2)
    assert len(studio.outbox(OutboxKind.MAIL)) == 1


def test_a_day_that_has_passed_is_refused(studio: Studio) -> None:
    assert "has passed already" in studio.run("send_invoice", invoice=bill(studio), on="2026-03-01").text


def test_the_same_confirmation_sends_one_mail(studio: Studio) -> None:
    from billing.conversations import SkillCall
    from skills.runner import Runner

    number = bill(studio)
    for _ in range(2):
        Runner(SKILLS).run(
            studio.context(key="prop_1:0"), SkillCall("send_invoice", {"invoice": number}), confirmed=True
        )
    assert len(studio.outbox(OutboxKind.MAIL)) == 1


@pytest.mark.parametrize("status", [InvoiceStatus.VOID, InvoiceStatus.REFUNDED])
def test_what_is_void_or_refunded_is_not_sent(studio: Studio, status: InvoiceStatus) -> None:
    number = bill(studio)
    set_invoice(studio, number, status=status)
    assert f"is {status}, so it is not sent" in studio.run("send_invoice", invoice=number).text


def test_a_client_without_an_address_is_said_to_have_none(studio: Studio) -> None:
    assert "has no e-mail address yet" in studio.run("send_invoice", invoice=bill(studio, opportunity="OPP-2")).text
    studio.done("create_opportunity", name="Idea")
    assert "has no client yet" in studio.run("send_invoice", invoice=bill(studio, opportunity="OPP-4")).text


def test_sending_a_sent_invoice_again_keeps_it_sent(studio: Studio) -> None:
    number = bill(studio)
    for _ in range(2):
        studio.done("send_invoice", invoice=number)
    assert len(studio.outbox(OutboxKind.MAIL)) == 2
    assert studio.invoice(number).status == "sent"


# Sync and payments


def linked(studio: Studio) -> str:
    studio.connect()
    number = bill(studio)
    studio.done("create_payment_link", invoice=number)
    return number


def test_sync_finds_a_payment_that_no_webhook_told(studio: Studio) -> None:
    number = linked(studio)
    studio.stripe.settled[number] = [studio.settlement(number, 500_00)]
    assert (
        studio.done("sync_payment_status", invoice=number).text == f"Stripe has news of {number} (was open, is paid)."
    )
    assert studio.invoice(number).status == "paid"
    again = studio.done("sync_payment_status", invoice=number)
    assert again.text == f"{number} is paid; there is nothing new at Stripe."


def test_sync_of_all_open_invoices_says_what_changed_and_what_not(studio: Studio) -> None:
    number = linked(studio)
    assert studio.done("sync_payment_status").text == "Nothing new at Stripe: 1 open invoice checked."
    assert studio.done("sync_payment_status", invoice=number).text == f"Nothing new at Stripe for {number}."
    studio.stripe.settled[number] = [studio.settlement(number, 500_00, status=PaymentStatus.FAILED)]
    assert studio.done("sync_payment_status").result == {"checked": [number], "changed": []}


def test_sync_does_not_ask_a_live_account_for_links_of_its_test_mode(studio: Studio) -> None:
    number = linked(studio)
    studio.stripe.settled = {number: [studio.settlement(number, 500_00)]}
    with studio.store.transaction(studio.id) as tx:
        tested = tx.connections.active()
        assert tested is not None
        tx.connections.add(replace(tested, livemode=True))
    assert studio.done("sync_payment_status", invoice=number).text == f"Nothing new at Stripe for {number}."


def test_sync_ignores_money_that_names_another_workspace(studio: Studio) -> None:
    number = linked(studio)
    studio.stripe.settled[number] = [studio.settlement(number, 500_00, workspace_id="ws_other")]
    studio.done("sync_payment_status", invoice=number)
    assert studio.invoice(number).status == "open"


def test_payments_are_listed_by_client_type_and_days_in_the_workspaces_zone(studio: Studio) -> None:
    number = bill(studio)
    # Midnight in Brisbane is 14:00 UTC the day before.
    pay(studio, number, occurred_at=datetime(2026, 3, 9, 14, 0, tzinfo=UTC))
    tenth, ninth = ({"from": day, "to": day} for day in ("2026-03-10", "2026-03-09"))
    assert studio.done("list_payments", contact="CON-1", period=tenth).text == "1 found, A$500.00 settled."
    assert studio.done("list_payments", period=ninth).text == "No payment fits."
    assert studio.done("list_payments", type="refund").text == "No payment fits."
    assert studio.done("list_payments", invoice=number).mentions == (number,)


def test_a_failed_payment_is_listed_and_not_added_up(studio: Studio) -> None:
    number = bill(studio)
    pay(studio, number, status=PaymentStatus.FAILED, failure_message="Your card was declined.")
    pay(studio, number, stripe_object_id="pi_2", status=PaymentStatus.PROCESSING, type=PaymentType.SUBSCRIPTION)
    listed = studio.done("list_payments")
    assert listed.text == "2 found."
    assert listed.card is not None
    assert "Your card was declined." in " ".join(row.detail for row in listed.card.rows)
