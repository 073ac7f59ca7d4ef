"""Ways of saying a thing that hold for every skill: the passive, contrasts, differences, asides, letters."""

from __future__ import annotations

from typing import Any

import pytest

from skills.names import Names
from tests.support.parsing import a_catalog, calls_of, understood


def meant(text: str) -> list[tuple[str, dict[str, Any]]]:
    return calls_of(understood(text))


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("INV-2004 should be sent on Friday", "send INV-2004 on Friday"),
        ("I want INV-2004 sent to x@y.example", "send INV-2004 to x@y.example"),
        ("have INV-2004 sent please", "send INV-2004"),
        ("INV-2001 needs chasing", "chase INV-2001"),
        ("the payment link on INV-2001 is to be disabled forthwith", "disable the payment link on INV-2001"),
        ("Stripe should be disconnected", "disconnect Stripe"),
        ("AUT-1 can be deleted", "delete AUT-1"),
    ],
)
def test_a_wish_in_the_passive_is_the_command(text: str, command: str) -> None:
    assert meant(text) == meant(command) != []


@pytest.mark.parametrize(
    ("text", "trigger"),
    [
        ("Automation: if a client pays an invoice, remind the client", "payment_succeeded"),
        ("Three days before any invoice is due, send a reminder, every time", "invoice_due"),
    ],
)
def test_a_rule_may_be_headed_and_closed_as_one(text: str, trigger: str) -> None:
    [(skill, said)] = meant(text)
    assert (skill, said["trigger"]) == ("create_automation", trigger)


def test_why_they_want_it_back_is_the_reason() -> None:
    [(skill, said)] = meant("give $40 back on 2003, she asked for it")
    assert (skill, said["reason"]) == ("refund_payment", "requested_by_customer")


def test_a_passive_that_is_denied_is_no_command() -> None:
    assert meant("INV-2001 is not to be marked as paid") == []


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("send 2004, not 2001", {"invoice": "INV-2004"}),
        ("send 2004 rather than 2001", {"invoice": "INV-2004"}),
        ("send 2004 on Friday not Monday", {"invoice": "INV-2004", "on": "2026-03-13"}),
        ("send 2004 not on Monday but on Friday", {"invoice": "INV-2004", "on": "2026-03-13"}),
    ],
)
def test_what_is_named_to_be_left_out_is_left_out(text: str, arguments: dict[str, Any]) -> None:
    assert meant(text) == [("send_invoice", arguments)]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("knock 200 off 2001", "700.00"),
        ("reduce 2001 by 500", "400.00"),
        ("increase 2001 by 10%", "990.00"),
        ("add 500 to 2001", "1400.00"),
        ("make 2001 200 more", "1100.00"),
        ("reduce 2001 by half", "450.00"),
    ],
)
def test_a_difference_is_reckoned_from_what_there_is(text: str, amount: str) -> None:
    assert meant(text) == [("update_invoice", {"invoice": "INV-2001", "amount": amount})]


@pytest.mark.parametrize("text", ["reduce 2001 by 5000", "reduce 2001 by USD 50"])
def test_a_difference_that_cannot_be_reckoned_changes_nothing(text: str) -> None:
    assert meant(text) == []


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("deposit for the van wraps twenty percent no hang on twenty five", {"kind": "deposit", "percent": "25"}),
        ("deposit for the van wraps $500, no, 600", {"kind": "deposit", "amount": "600"}),
    ],
)
def test_a_corrected_number_keeps_its_unit(text: str, arguments: dict[str, Any]) -> None:
    [(skill, said)] = meant(text)
    assert skill == "create_invoice"
    assert said.items() >= arguments.items()


def test_a_request_that_begins_again_replaces_the_first() -> None:
    assert meant("refund half... no, refund $100 of 2003") == [
        ("refund_payment", {"amount": "100", "invoice": "INV-2003"})
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Morning Evie,\n\nHope you're well. Please send 2004.\n\nMany thanks,\nAlex",
        "righto, send 2004 would ya",
        "Could I trouble you to send 2004, there's a dear",
        "send out 2004, chop chop",
    ],
)
def test_a_letter_and_its_courtesies_want_no_more_than_what_they_ask(text: str) -> None:
    assert meant(text) == [("send_invoice", {"invoice": "INV-2004"})]


@pytest.mark.parametrize(
    "text",
    [
        "send 2004 by fax",
        "send 2004 via carrier pigeon",
        "send 2004 as a spreadsheet",
        "send 2004 to Globex",
        "remind Maya by telegram",
        "create an invoice template for the van wraps",
    ],
)
def test_a_word_that_says_how_or_to_whom_is_not_passed_over(text: str) -> None:
    assert meant(text) == []


@pytest.mark.parametrize("text", ["Maya is paying by transfer", "Maya will pay 2001 tomorrow"])
def test_what_somebody_is_going_to_do_is_not_done_yet(text: str) -> None:
    assert meant(text) == []


def test_changes_of_one_record_that_follow_each_other_are_one() -> None:
    assert meant("change INV-2001 to 600. Make INV-2001 due 27/3") == [
        (
            "update_invoice",
            {"invoice": "INV-2001", "amount": "600", "due": meant("make INV-2001 due 27/3")[0][1]["due"]},
        )
    ]


def test_changes_of_two_records_stay_two() -> None:
    assert len(meant("change INV-2001 to 600. Change INV-2004 to 700")) == 2


def test_a_day_may_end_with_a_dot() -> None:
    assert meant("make INV-2001 due 27.3.") == meant("make INV-2001 due 27/3") != []


def test_an_amount_beside_a_percentage_is_not_taken_for_both() -> None:
    assert not any({"amount", "percent"} <= said.keys() for _, said in meant("invoice Maya 900 with a 30% deposit"))


def test_a_draft_is_not_reminded_of() -> None:
    assert all(skill != "send_reminder" for skill, _ in meant("could you write that draft to Maya now"))


@pytest.mark.parametrize("text", ["1006: end the subscription immediately", "1006 cancel the subscription now"])
def test_the_record_may_stand_before_the_verb(text: str) -> None:
    text = text.replace("1006", "INV-2001")
    assert [skill for skill, _ in meant(text)] == ["cancel_subscription"]


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("send 2004 to Bill", "send 2004"),
        ("mail 2004 tomorrow at 9", "mail 2004 tomorrow"),
        ("remind Maya on Friday at 4:30pm, please", "remind Maya on Friday"),
        ("remind Maya tomorrow at noon", "remind Maya tomorrow"),
    ],
)
def test_what_goes_without_saying_changes_nothing(text: str, command: str) -> None:
    assert meant(text) == meant(command) != []


def test_somebody_elses_address_is_said() -> None:
    assert meant("send 2004 to Maya") == [("send_invoice", {"invoice": "INV-2004", "to": "maya@lindqvist.example"})]


@pytest.mark.parametrize("said", ["the thank you automation", "the thank-you automation", "the thank you one"])
def test_thanks_that_an_automation_gives_are_its_name(said: str) -> None:
    catalog = a_catalog(Names("automation", "AUT-3", "Thank-you on payment", ("Thank-you on payment", "AUT-3")))
    understanding = understood(f"pause {said}", catalog=catalog)
    assert calls_of(understanding) == [("set_automation", {"automation": "AUT-3", "active": False})]


def test_thanks_at_the_end_name_nothing() -> None:
    assert meant("pause the receipt automation thanks") == [
        ("set_automation", {"automation": "AUT-1", "active": False})
    ]


def test_names_stand_beside_commas_and_colons() -> None:
    said = {"name": "Peter Hall", "email": "peter@hall.example", "company": "Hall Roofing"}
    assert meant("new client: Peter Hall, peter@hall.example, Hall Roofing") == [("create_contact", said)]
    deal = {"name": "Menu refresh", "contact": "CON-2", "amount": "4500"}
    assert meant("create a deal for Harper: Menu refresh, 4,500") == [("create_opportunity", deal)]


@pytest.mark.parametrize(
    ("text", "call"),
    [
        (
            "link on 2002, weekly, er, make it every two weeks",
            ("create_payment_link", {"invoice": "INV-2002", "interval": "week", "interval_count": 2}),
        ),
        (
            "Maya's mobile is +61 412 345 678, save that on her contact",
            ("update_contact", {"contact": "CON-1", "phone": "+61412345678"}),
        ),
        ("Send 2004, then send 2004 on Friday", ("send_invoice", {"invoice": "INV-2004", "on": "2026-03-13"})),
    ],
)
def test_what_is_said_twice_is_done_once(text: str, call: tuple[str, dict[str, Any]]) -> None:
    assert meant(text) == [call]


@pytest.mark.parametrize(
    "text",
    [
        "suppose we'd billed Northwind 10k instead, anyway don't do it",
        "imagine 2002 was 9,000 instead",
        "No reminders to Maya this week, please",
        "no mails to Bill for now",
    ],
)
def test_what_is_only_imagined_or_not_wanted_changes_nothing(text: str) -> None:
    assert understood(text).calls == ()


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("give 2002 two more weeks", "2026-04-13"),
        ("give 2002 another week", "2026-04-06"),
        ("push 2002 out two extra days", "2026-04-01"),
        ("Grace asked for two more weeks. Move her app invoice to 14/04/2026.", "2026-04-14"),
    ],
)
def test_more_time_is_no_money(text: str, due: str) -> None:
    assert meant(text) == [("update_invoice", {"invoice": "INV-2002", "due": due})]


def test_two_invoices_of_one_sentence_are_two() -> None:
    said = meant("Deposit of 20% for the studio rebrand and a progress invoice of $3,200 for the van wraps")
    assert [arguments["opportunity"] for _, arguments in said] == ["OPP-1", "OPP-2"]
    assert [skill for skill, _ in said] == ["create_invoice", "create_invoice"]


@pytest.mark.parametrize("title", ["Mr", "Dr", "Mrs"])
def test_titles_are_no_part_of_what_finds_a_name(title: str) -> None:
    assert meant(f"invoice {title} Harper 300") == meant("invoice Harper 300") != []


@pytest.mark.parametrize(
    "text",
    [
        "I already voided 2001 last night",
        "I sent INV-2004 to the client first thing this morning",
        "just refunded 2003 myself",
        "I've cancelled the subscription on 2003 already",
        "INV-2001 was due on the 1st",
        "make sure 2004 doesn't go out before I've looked at it",
    ],
)
def test_what_is_told_as_done_is_not_done_again(text: str) -> None:
    assert meant(text) == []


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("Stripe has to go, so unlink it", "disconnect Stripe"),
        ("Stripe's dropped off, plug it back in", "connect Stripe"),
        ("the payment link on 2001 yeah switch that off please", "switch off the payment link on 2001"),
        ("all our automations, listed", "list our automations"),
        ("every overdue invoice, chase them please", "chase every overdue invoice"),
        ("INV-2004, could you send it to x@y.example", "send INV-2004 to x@y.example"),
    ],
)
def test_what_is_named_first_stands_where_its_pronoun_does(text: str, command: str) -> None:
    assert meant(text) == meant(command) != []


@pytest.mark.parametrize(
    ("text", "trigger"),
    [
        ("auto: dispute opened -> post in #billing", "dispute_opened"),
        ("I want clients reminded automatically four days ahead of an invoice's due date", "invoice_due"),
        ("Two days after an invoice goes overdue, a reminder should go by itself", "invoice_overdue"),
        ("Nobody notices when an invoice goes overdue, so post to #billing every time it happens", "invoice_overdue"),
        ("For payments of 5,000 or more, tell #billing each time one succeeds", "payment_succeeded"),
    ],
)
def test_a_rule_is_told_in_many_ways(text: str, trigger: str) -> None:
    [(skill, said)] = meant(text)
    assert (skill, said["trigger"]) == ("create_automation", trigger)
