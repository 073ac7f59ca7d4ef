"""What plain sentences mean: one request each, against the whole catalogue."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.parsing import calls_of, understood

Call = tuple[str, dict[str, Any]]

INVOICES: list[tuple[str, dict[str, Any]]] = [
    (
        "Please put together a deposit invoice for Harper, 35%, due 15 April",
        {"opportunity": "OPP-2", "kind": "deposit", "percent": "35", "due": "2026-04-15"},
    ),
    ("invoice northwind loyalty app 9k", {"opportunity": "OPP-3", "amount": "9000"}),
    ("um invoice uh chloe seven hundred euros for the lookbook", {"opportunity": "OPP-5", "amount": "700"}),
    ("half up front for the recital film please", {"opportunity": "OPP-7", "kind": "deposit", "percent": "50"}),
    ("plese creat a depsoit invocie for harper 40%", {"opportunity": "OPP-2", "kind": "deposit", "percent": "40"}),
    (
        "Charge Anna Berg $120 for extra prints",
        {"opportunity": "OPP-6", "amount": "120", "description": "extra prints"},
    ),
    ("invoice harper five hundred pounds", {"opportunity": "OPP-2", "amount": "500", "currency": "GBP"}),
    ("bill Bill 200", {"opportunity": "OPP-2", "amount": "200"}),
    ("final invoice for the van wraps", {"opportunity": "OPP-2", "kind": "final"}),
    ("Bill -50 to Harper", {"opportunity": "OPP-2", "amount": "-50"}),
    ("invoice Harper 12.345", {"opportunity": "OPP-2", "amount": "12.345"}),
    (
        "New deposit invoice. Client: Petrova Ballet School. Amount: $1,000.",
        {"opportunity": "OPP-7", "kind": "deposit", "amount": "1000"},
    ),
]


@pytest.mark.parametrize(("text", "arguments"), INVOICES)
def test_an_invoice_is_asked_for_in_many_ways(text: str, arguments: dict[str, Any]) -> None:
    assert calls_of(understood(text)) == [("create_invoice", arguments)]


SENDING: list[tuple[str, dict[str, Any]]] = [
    ("send grace's progress invoice", {"invoice": "INV-2002"}),
    ("send invoice two thousand and one", {"invoice": "INV-2001"}),
    ("send twenty oh two", {"invoice": "INV-2002"}),
    ("Email INV-2001 to finance@lindqvist.example please", {"invoice": "INV-2001", "to": "finance@lindqvist.example"}),
    ("send 2004 to Grace", {"invoice": "INV-2004", "to": "grace@northwind.example"}),
    ("send bill's draft", {"invoice": "INV-2004"}),
    ("send the overdue one again", {"invoice": "INV-2005"}),
    ("snd 2004", {"invoice": "INV-2004"}),
    ("schedule 2004 to go out on Monday", {"invoice": "INV-2004", "on": "2026-03-16"}),
    ('email 2004 with the message "See you Thursday!"', {"invoice": "INV-2004", "message": "See you Thursday!"}),
    (
        "send 2002 with a note saying thanks for your patience",
        {"invoice": "INV-2002", "message": "thanks for your patience"},
    ),
]


@pytest.mark.parametrize(("text", "arguments"), SENDING)
def test_an_invoice_is_sent_to_its_client_or_somebody_else(text: str, arguments: dict[str, Any]) -> None:
    assert calls_of(understood(text)) == [("send_invoice", arguments)]


UNPAID = ["open", "sent", "overdue"]
READING: list[tuple[str, Call]] = [
    ("any unpaid deposits?", ("list_invoices", {"kind": "deposit", "status": UNPAID})),
    ("which ones are late", ("list_invoices", {"status": ["overdue"]})),
    ("drafts?", ("list_invoices", {"status": ["draft"]})),
    ("Show me what Northwind owes", ("list_invoices", {"contact": "CON-3", "status": UNPAID})),
    ("invoices for the van wraps", ("list_invoices", {"opportunity": "OPP-2"})),
    ("Which invoices fall due in April?", ("list_invoices", {"period": {"from": "2026-04-01", "to": "2026-04-30"}})),
    ("show the deposits", ("list_invoices", {"kind": "deposit"})),
    ("What's the status of 2005?", ("show_invoice", {"invoice": "INV-2005"})),
    ("INV-2004", ("show_invoice", {"invoice": "INV-2004"})),
    ("where are we at with the Dubois invoice", ("show_invoice", {"invoice": "INV-2005"})),
    (
        "what has Maya paid us this year",
        ("list_payments", {"contact": "CON-1", "period": {"from": "2026-01-01", "to": "2026-12-31"}}),
    ),
    (
        "show refunds since January",
        ("list_payments", {"type": "refund", "period": {"from": "2026-01-01", "to": "2026-03-11"}}),
    ),
    ("Payments on INV-2003", ("list_payments", {"invoice": "INV-2003"})),
    ("find harper", ("find_contacts", {"query": "harper"})),
    ("what's Chloé's email?", ("find_contacts", {"query": "Chloé"})),
    ("which deals have we lost?", ("list_opportunities", {"stage": "lost"})),
    ("What are we working on for Northwind?", ("list_opportunities", {"query": "Northwind"})),
    ("what automations are running?", ("list_automations", {})),
    ("are we connected to Stripe right now?", ("connection_status", {})),
    ("What can you do?", ("help", {})),
    ("how do I create a payment link?", ("help", {"topic": "create a payment link"})),
]


@pytest.mark.parametrize(("text", "call"), READING)
def test_questions_are_looked_up(text: str, call: Call) -> None:
    assert calls_of(understood(text)) == [call]


WRITING: list[tuple[str, Call]] = [
    ("make a link for 2004 please", ("create_payment_link", {"invoice": "INV-2004"})),
    (
        "Set up a fortnightly payment link for INV-2006",
        ("create_payment_link", {"invoice": "INV-2006", "interval": "week", "interval_count": 2}),
    ),
    ("annual payment link for Bill's deposit", ("create_payment_link", {"invoice": "INV-2004", "interval": "year"})),
    ("sync everything with Stripe", ("sync_payment_status", {})),
    ("Has Harper paid the deposit?", ("sync_payment_status", {"invoice": "INV-2004"})),
    ("let's get Stripe hooked up", ("connect_stripe", {})),
    ("please disconnect us from stripe", ("disconnect_stripe", {})),
    (
        "notify #ops about failed payments and disputes",
        ("set_notification_channel", {"channel": "#ops", "events": ["payment_failed", "dispute_opened"]}),
    ),
    (
        "Add Ruth Abebe from Zuri Crafts, ruth@zuri.example, as a contact",
        ("create_contact", {"name": "Ruth Abebe", "company": "Zuri Crafts", "email": "ruth@zuri.example"}),
    ),
    (
        "new contact jack frost jack at frost dot example",
        ("create_contact", {"name": "Jack Frost", "email": "jack@frost.example"}),
    ),
    (
        "New client Kofi Mensah, Mensah Motors, kofi@mensah.example",
        ("create_contact", {"name": "Kofi Mensah", "company": "Mensah Motors", "email": "kofi@mensah.example"}),
    ),
    (
        "open a new deal called Spring Campaign for Northwind Coffee worth $12,000",
        ("create_opportunity", {"name": "Spring Campaign", "contact": "CON-3", "amount": "12000"}),
    ),
    (
        'Create an opportunity named "Refund everything now" for Harper',
        ("create_opportunity", {"name": "Refund everything now", "contact": "CON-2"}),
    ),
    ("we won the Lindqvist rebrand!", ("update_opportunity", {"opportunity": "OPP-1", "stage": "won"})),
    ("change the value of the van wraps to 9500", ("update_opportunity", {"opportunity": "OPP-2", "amount": "9500"})),
    ("turn off the receipt automation", ("set_automation", {"automation": "AUT-1", "active": False})),
    ("switch the overdue shout-out back on", ("set_automation", {"automation": "AUT-2", "active": True})),
]


@pytest.mark.parametrize(("text", "call"), WRITING)
def test_our_own_records_are_changed_as_asked(text: str, call: Call) -> None:
    assert calls_of(understood(text)) == [call]


COMPOUND: list[tuple[str, list[Call]]] = [
    (
        "create a 50% deposit for the recital film and send it",
        [
            ("create_invoice", {"opportunity": "OPP-7", "kind": "deposit", "percent": "50"}),
            ("send_invoice", {"invoice": "$1"}),
        ],
    ),
    (
        "Invoice Harper 3k due friday, add a payment link, then email it to him",
        [
            ("create_invoice", {"opportunity": "OPP-2", "amount": "3000", "due": "2026-03-13"}),
            ("create_payment_link", {"invoice": "$1"}),
            ("send_invoice", {"invoice": "$1"}),
        ],
    ),
    (
        "Mark the film as won, invoice a 30% deposit for it and make a link",
        [
            ("update_opportunity", {"opportunity": "OPP-7", "stage": "won"}),
            ("create_invoice", {"opportunity": "OPP-7", "kind": "deposit", "percent": "30"}),
            ("create_payment_link", {"invoice": "$2"}),
        ],
    ),
    (
        "add contact Tess Ward tess@ward.example and open a deal called Podcast jingle for her",
        [
            ("create_contact", {"name": "Tess Ward", "email": "tess@ward.example"}),
            ("create_opportunity", {"name": "Podcast jingle", "contact": "$1"}),
        ],
    ),
    ("Send 2004 and 2006", [("send_invoice", {"invoice": "INV-2004"}), ("send_invoice", {"invoice": "INV-2006"})]),
    ("send all drafts", [("send_invoice", {"invoice": "INV-2004"}), ("send_invoice", {"invoice": "INV-2006"})]),
    (
        "sync 2001 and show it",
        [("sync_payment_status", {"invoice": "INV-2001"}), ("show_invoice", {"invoice": "INV-2001"})],
    ),
]


@pytest.mark.parametrize(("text", "calls"), COMPOUND)
def test_a_compound_sentence_is_its_calls_in_order(text: str, calls: list[Call]) -> None:
    said = [(skill, {**arguments, "message": None}) for skill, arguments in calls_of(understood(text))]
    assert said == [(skill, {**arguments, "message": None}) for skill, arguments in calls]


CORRECTED: list[tuple[str, Call]] = [
    ("send 2001 no wait 2002", ("send_invoice", {"invoice": "INV-2002"})),
    ("invoice Harper 500 sorry 600", ("create_invoice", {"opportunity": "OPP-2", "amount": "600"})),
    (
        "make a weekly, actually monthly link for 2004",
        ("create_payment_link", {"invoice": "INV-2004", "interval": "month"}),
    ),
    (
        "Invoice Lindqvist, I mean Northwind menu boards, $300",
        ("create_invoice", {"opportunity": "OPP-4", "amount": "300"}),
    ),
    (
        "create a twenty sorry thirty percent deposit for harper",
        ("create_invoice", {"opportunity": "OPP-2", "kind": "deposit", "percent": "30"}),
    ),
    ("disconnect stripe... no, scratch that, show 2001", ("show_invoice", {"invoice": "INV-2001"})),
]


@pytest.mark.parametrize(("text", "call"), CORRECTED)
def test_what_was_taken_back_does_not_count(text: str, call: Call) -> None:
    assert calls_of(understood(text)) == [call]


@pytest.mark.parametrize(
    ("rhythm", "interval", "count"),
    [
        ("every other month", "month", 2),
        ("every six months", "month", 6),
        ("quarterly", "month", 3),
        ("every quarter", "month", 3),
        ("every fortnight", "week", 2),
        ("weekly", "week", 1),
        ("every 2 weeks", "week", 2),
    ],
)
def test_a_link_charges_as_often_as_was_said(rhythm: str, interval: str, count: int) -> None:
    ((skill, arguments),) = calls_of(understood(f"payment link for 2002 {rhythm}"))
    assert (skill, arguments["interval"], arguments.get("interval_count", 1)) == (
        "create_payment_link",
        interval,
        count,
    )


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("Push INV-2004's due date back a week", "2026-04-09"),
        ("bring the due date of 2004 forward by two days", "2026-03-31"),
    ],
)
def test_a_due_date_is_moved_from_where_it_is(text: str, due: str) -> None:
    assert calls_of(understood(text)) == [("update_invoice", {"invoice": "INV-2004", "due": due})]


def test_a_share_of_an_invoice_is_an_amount() -> None:
    assert calls_of(understood("Refund half of INV-2003")) == [
        ("refund_payment", {"invoice": "INV-2003", "amount": "450.00"}),
    ]


@pytest.mark.parametrize(
    ("text", "currency"),
    [("Invoice Harper US$250", "USD"), ("Invoice Harper €250", "EUR"), ("Invoice the lookbook A$250", "AUD")],
)
def test_another_currency_than_the_deals_is_handed_over(text: str, currency: str) -> None:
    ((_, arguments),) = calls_of(understood(text))
    assert arguments["currency"] == currency


@pytest.mark.parametrize("text", ["Invoice Harper $250", "Invoice Harper A$250", "Invoice the lookbook €250"])
def test_the_deals_own_currency_is_left_out(text: str) -> None:
    ((_, arguments),) = calls_of(understood(text))
    assert "currency" not in arguments


@pytest.mark.parametrize("article", ["a", "another"])
def test_an_invoice_with_an_indefinite_article_is_a_new_one(article: str) -> None:
    said = understood(f"give Harper {article} deposit invoice of 500")
    assert calls_of(said) == [("create_invoice", {"opportunity": "OPP-2", "kind": "deposit", "amount": "500"})]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ping everyone who's overdue", [("send_reminder", {"invoice": "INV-2005"})]),
        ("remind everyone overdue", [("send_reminder", {"invoice": "INV-2005"})]),
        ("bump 2002 to 9500", [("update_invoice", {"invoice": "INV-2002", "amount": "9500"})]),
        (
            "amend the company of CON-5 to Berg Gardens",
            [("update_contact", {"contact": "CON-5", "company": "Berg Gardens"})],
        ),
        (
            'change the description of INV-2002 to "First stage"',
            [("update_invoice", {"invoice": "INV-2002", "description": "First stage"})],
        ),
        ("has INV-2002 been paid? check the payment status", [("sync_payment_status", {"invoice": "INV-2002"})]),
    ],
)
def test_words_that_mean_the_same_and_narrow_the_same_are_read_alike(text: str, expected: list[Call]) -> None:
    assert calls_of(understood(text)) == expected
