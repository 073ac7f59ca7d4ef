"""What cards and news offer to do next: only what the state and the reader's role allow, and in words that work."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from inline_snapshot import snapshot

from billing.automations import Trigger
from billing.linking import retire
from billing.news import PROCESSING
from billing.payments import PaymentStatus
from billing.roles import Role
from billing.settling import settle
from bot.assistant.understanding import Memory
from skills.cards import Card, Tone
from skills.catalogs import load
from skills.notices import notice_card
from skills.presenting import view
from tests.support.parsing import PARSER, calls_of, surroundings
from tests.support.studio import Studio


@pytest.fixture
def sent(studio: Studio) -> str:
    """An invoice that was sent with a link, and is not due yet."""
    studio.connect()
    number = str(studio.done("create_invoice", opportunity="OPP-1", kind="deposit", amount="500").result["number"])
    studio.done("create_payment_link", invoice=number)
    studio.done("send_invoice", invoice=number)
    return number


def shown(studio: Studio, number: str, role: Role) -> Card:
    card = studio.run("show_invoice", role, invoice=number).card
    assert card is not None
    return card


def labels(card: Card) -> list[str]:
    return [button.label for button in card.buttons]


def test_an_editor_is_offered_what_can_be_done_and_a_viewer_only_what_can_be_looked_at(
    studio: Studio, sent: str
) -> None:
    assert labels(shown(studio, sent, Role.EDITOR)) == [
        "Open pay page",
        "Copy link",
        "Send again",
        "Send with a message",
        "Edit",
        "Sync",
        "Remind",
        "Client's portal",
        "Void",
    ]
    assert labels(shown(studio, sent, Role.VIEWER)) == ["Open pay page", "Copy link"]


def test_the_next_step_is_the_first_button_and_stands_out(studio: Studio, sent: str) -> None:
    def first(number: str) -> tuple[str, Tone]:
        button = shown(studio, number, Role.EDITOR).buttons[0]
        return button.label, button.tone

    def made(deal: str) -> str:
        return str(studio.done("create_invoice", opportunity=deal, amount="70").result["number"])

    unsent, nowhere = made("OPP-1"), made("OPP-2")
    assert first(unsent) == ("Send", Tone.GOOD)
    assert first(nowhere) == ("Make payment link", Tone.NEUTRAL)
    assert first(sent) == ("Open pay page", Tone.NEUTRAL)
    studio.now += timedelta(days=30)
    assert first(sent) == ("Remind", Tone.GOOD)
    with studio.store.transaction(studio.id) as tx:
        settle(tx, studio.settlement(sent, 500_00, status=PaymentStatus.PROCESSING), now=studio.now)
    assert first(sent) == ("Open pay page", Tone.NEUTRAL)


def test_what_is_paid_offers_nothing_more_and_no_address_to_pay_at(studio: Studio, sent: str) -> None:
    assert "Pay page" in [field.label for field in shown(studio, sent, Role.VIEWER).fields]
    with studio.store.transaction(studio.id) as tx:
        settle(tx, studio.settlement(sent, 500_00), now=studio.now)
    card = shown(studio, sent, Role.ADMIN)
    assert (labels(card), "Pay page" in [field.label for field in card.fields]) == ([], False)


def test_what_a_button_says_is_understood_as_what_it_is_called(studio: Studio, sent: str) -> None:
    expected = {
        "Send again": [("send_invoice", {"invoice": sent})],
        "Sync": [("sync_payment_status", {"invoice": sent})],
        "Remind": [("send_reminder", {"invoice": sent})],
        "Client's portal": [("share_portal", {"contact": "CON-1"})],
        "Void": [("void_invoice", {"invoice": sent})],
    }
    with studio.store.transaction(studio.id) as tx:
        around = surroundings(catalog=load(tx))
    said = {button.label: button.say for button in shown(studio, sent, Role.ADMIN).buttons if button.say}
    assert {label: calls_of(PARSER.parse(words, Memory(), around)) for label, words in said.items()} == expected


@pytest.mark.parametrize(
    ("news", "offered"),
    [
        (Trigger.PAYMENT_FAILED, ["Remind", "Show invoice", "Sync"]),
        (Trigger.INVOICE_OVERDUE, ["Remind", "Show invoice"]),
        (Trigger.INVOICE_DUE, ["Show invoice", "Remind"]),
        (Trigger.PAYMENT_SUCCEEDED, ["Show invoice"]),
        (Trigger.SUBSCRIPTION_CANCELLED, ["Show invoice"]),
        (PROCESSING, ["Show invoice", "Sync"]),
    ],
)
def test_news_offers_what_is_done_about_it(studio: Studio, sent: str, news: str, offered: list[str]) -> None:
    context = studio.context()
    with studio.store.transaction(studio.id) as tx:
        card = notice_card(news, view(tx, sent), None, context.formats)
    assert labels(card) == offered


def test_every_piece_of_news_reads_well_as_a_notification(studio: Studio, sent: str) -> None:
    context = studio.context()
    with studio.store.transaction(studio.id) as tx:
        found = view(tx, sent)
        words = [notice_card(news, found, None, context.formats).summary for news in (*Trigger, PROCESSING)]
    assert words == snapshot(
        [
            "A payment came in for INV-1001: A$500.00 · Bluebird Cafe",
            "A payment of INV-1001 failed: A$500.00 · Bluebird Cafe",
            "INV-1001 was created: A$500.00 · Bluebird Cafe",
            "INV-1001 was sent: A$500.00 · Bluebird Cafe",
            "INV-1001 is due today: A$500.00 · Bluebird Cafe",
            "INV-1001 is overdue: A$500.00 · Bluebird Cafe",
            "A payment of INV-1001 was refunded: A$500.00 · Bluebird Cafe",
            "A payment of INV-1001 is disputed: A$500.00 · Bluebird Cafe",
            "The subscription of INV-1001 was renewed: A$500.00 · Bluebird Cafe",
            "The subscription of INV-1001 was cancelled: A$500.00 · Bluebird Cafe",
            "News of INV-1001: A$500.00 · Bluebird Cafe",
            "News of INV-1001: A$500.00 · Bluebird Cafe",
            "A payment of INV-1001 is on its way from a bank: A$500.00 · Bluebird Cafe",
        ]
    )


def test_news_names_who_paid_where_that_is_not_the_client(studio: Studio, sent: str) -> None:
    formats = studio.context().formats

    def labels_of(payer: str) -> list[str]:
        with studio.store.transaction(studio.id) as tx:
            shown, [payment] = view(tx, sent), tx.payments.of_invoice(sent)
        told = notice_card(Trigger.PAYMENT_SUCCEEDED, shown, replace(payment, payer=payer), formats)
        return [field.label for field in told.fields]

    with studio.store.transaction(studio.id) as tx:
        settle(tx, studio.settlement(sent, 500_00), now=studio.now)
    assert "Paid by" in labels_of("Tess Blue")
    assert "Paid by" not in labels_of("Bluebird Cafe")
    assert "Paid by" not in labels_of("")


def test_nobody_is_reminded_of_money_that_is_on_its_way(studio: Studio, sent: str) -> None:
    studio.now += timedelta(days=30)
    context = studio.context()
    with studio.store.transaction(studio.id) as tx:
        settle(tx, studio.settlement(sent, 500_00, status=PaymentStatus.PROCESSING), now=studio.now)
        card = notice_card(Trigger.INVOICE_OVERDUE, view(tx, sent), None, context.formats)
    assert labels(card) == ["Show invoice"]
    assert {field.label: field.value for field in card.fields}["Due"] == "25 March"


def test_no_second_link_is_offered_while_money_is_on_its_way(studio: Studio, sent: str) -> None:
    with studio.store.transaction(studio.id) as tx:
        settle(tx, studio.settlement(sent, 500_00, status=PaymentStatus.PROCESSING), now=studio.now)
        retire(tx, sent, now=studio.now)
    assert "Make payment link" not in labels(shown(studio, sent, Role.EDITOR))


def test_what_is_paid_and_partly_given_back_asks_for_nothing(studio: Studio, sent: str) -> None:
    studio.done("record_payment", invoice=sent, method="bank_transfer")
    studio.done("refund_payment", invoice=sent, amount="40")
    fields = {field.label: field.value for field in shown(studio, sent, Role.EDITOR).fields}
    assert fields["Refunded"] == "A$40.00"
    assert "Still to pay" not in fields
    listed = studio.done("list_invoices").card
    assert listed is not None
    assert not [row for row in listed.rows if "still to pay" in row.detail]


def listed(studio: Studio, skill: str, role: Role = Role.ADMIN, /, **arguments: object) -> Card:
    card = studio.run(skill, role, **arguments).card
    assert card is not None
    return card


def meanings(studio: Studio, card: Card) -> dict[str, list[tuple[str, dict[str, object]]]]:
    """Return what each button that says something is understood as, by its label."""
    with studio.store.transaction(studio.id) as tx:
        around = surroundings(catalog=load(tx))
    return {one.label: calls_of(PARSER.parse(one.say, Memory(), around)) for one in card.buttons if one.say}


def test_a_short_list_of_invoices_leads_to_each_and_a_late_one_to_reminders(studio: Studio, sent: str) -> None:
    assert labels(listed(studio, "list_invoices")) == [f"Show {sent}", "New invoice"]
    studio.now += timedelta(days=60)
    card = listed(studio, "list_invoices")
    assert labels(card) == [f"Show {sent}", "Remind everyone overdue", "New invoice"]
    assert labels(listed(studio, "list_invoices", Role.VIEWER)) == [f"Show {sent}"]
    assert meanings(studio, card)[f"Show {sent}"] == [("show_invoice", {"invoice": sent})]


def test_a_long_list_leads_to_none_of_them(studio: Studio, sent: str) -> None:
    for _ in range(4):
        studio.done("create_invoice", opportunity="OPP-1", kind="standard", amount="10")
    assert labels(listed(studio, "list_invoices")) == ["New invoice"]


def test_the_payments_of_one_invoice_lead_to_it(studio: Studio, sent: str) -> None:
    studio.done("record_payment", invoice=sent, method="cash")
    assert labels(listed(studio, "list_payments", invoice=sent)) == ["Open as a page", f"Show {sent}"]
    assert labels(listed(studio, "list_payments")) == ["Open as a page"]


def test_a_report_leads_to_what_is_unpaid_and_where_something_is_late_to_reminders(studio: Studio, sent: str) -> None:
    assert labels(listed(studio, "billing_report")) == ["Open as a page", "Unpaid invoices"]
    studio.now += timedelta(days=60)
    assert labels(listed(studio, "billing_report")) == ["Open as a page", "Unpaid invoices", "Remind everyone overdue"]
    card = listed(studio, "billing_report", contact="CON-1")
    assert labels(card) == ["Open as a page", "Unpaid invoices"]
    asked = {"contact": "CON-1", "status": ["open", "sent", "overdue"]}
    assert meanings(studio, card)["Unpaid invoices"] == [("list_invoices", asked)]


def test_automations_are_paused_and_switched_on_from_their_list(studio: Studio) -> None:
    for active in (True, False):
        action = {"do": "move_opportunity", "stage": "won" if active else "lost"}
        studio.done("create_automation", trigger=["payment_succeeded"], action=action)
        studio.done("set_automation", automation="AUT-1" if active else "AUT-2", active=active)
    card = listed(studio, "list_automations")
    assert labels(card) == ["Pause AUT-1", "Switch on AUT-2", "New automation"]
    assert meanings(studio, card) == {
        "Pause AUT-1": [("set_automation", {"automation": "AUT-1", "active": False})],
        "Switch on AUT-2": [("set_automation", {"automation": "AUT-2", "active": True})],
    }
    assert labels(listed(studio, "list_automations", Role.VIEWER)) == []
    for text in "abc":
        action = {"do": "post_message", "channel": "#ops", "text": text}
        studio.done("create_automation", trigger=["payment_failed"], action=action)
    assert labels(listed(studio, "list_automations")) == ["New automation"]


def test_the_connection_leads_an_admin_to_connecting_and_disconnecting(studio: Studio) -> None:
    assert labels(listed(studio, "connection_status")) == ["Connect Stripe"]
    assert labels(listed(studio, "connection_status", Role.EDITOR)) == []
    studio.connect()
    card = listed(studio, "connection_status")
    assert labels(card) == ["Payments this month", "Sync", "Disconnect"]
    said = meanings(studio, card)
    assert [calls[0][0] for calls in said.values()] == ["list_payments", "sync_payment_status", "disconnect_stripe"]
    assert labels(listed(studio, "connection_status", Role.VIEWER)) == ["Payments this month"]


def test_news_of_a_part_payment_and_of_money_that_moved_offer_more(studio: Studio, sent: str) -> None:
    formats = studio.context().formats
    with studio.store.transaction(studio.id) as tx:
        settle(tx, studio.settlement(sent, 100_00), now=studio.now)
        found = view(tx, sent)
        cards = {news: notice_card(news, found, None, formats) for news in Trigger}
    assert labels(cards[Trigger.PAYMENT_SUCCEEDED]) == ["Show invoice", "Remind"]
    assert labels(cards[Trigger.REFUND_CREATED]) == ["Show invoice", "Its payments"]
    assert meanings(studio, cards[Trigger.REFUND_CREATED])["Its payments"] == [("list_payments", {"invoice": sent})]
