"""Turns of phrase that mean the same as plain words, whatever is asked for in them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.parsing import calls_of, understood


def meant(text: str) -> list[tuple[str, dict[str, Any]]]:
    return calls_of(understood(text))


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("how much did we collect in the quarter just gone", "how much did we collect last quarter"),
        ("payments in the month that just ended", "payments in last month"),
        ("payments since the start of the year", "payments year to date"),
        ("payments since the start of February", "payments since February"),
        ("deposit of 900 for the van wraps, he pays by 30 March", "deposit of 900 for the van wraps due 30 March"),
        ("deposit for the van wraps, call it 900", "deposit for the van wraps, 900"),
        ("invoice the van wraps to the tune of $900", "invoice the van wraps $900"),
        ("invoice the van wraps 900, and that's for new doors", "invoice the van wraps 900 for new doors"),
        ("invoice the van wraps 900, he must pay until 30 March", "invoice the van wraps 900 due 30 March"),
        ("invoice the van wraps 900, it has to be paid within 14 days", "invoice the van wraps 900 due in 14 days"),
        ("invoice the van wraps 900 payable no later than 30 March", "invoice the van wraps 900 due 30 March"),
        ("need a deposit of 900 for the van wraps", "I need a deposit of 900 for the van wraps"),
        ("send reminders to everyone unpaid, but leave Maya out of it", "remind everyone unpaid except Maya"),
        ("remind everyone unpaid without Maya", "remind everyone unpaid except Maya"),
        ("2001 pd by chq", "2001 paid by cheque"),
        ("help me with reminders", "help with reminders"),
        ("Come Friday, send 2004", "send 2004 on Friday"),
        ("send 2001 to x@y.example, tell him it is late", "send 2001 to x@y.example saying it is late"),
        ("invoice the van wraps for new doors, we agreed 900", "invoice the van wraps 900 for new doors"),
        ("Could you bill Harper for new doors? I quoted them 900.", "bill Harper for new doors 900"),
        ("create an invoice for Harper and it should be 900", "create an invoice for Harper 900"),
        (
            "make a deposit for Harper, the amount is 900, due on the 20th",
            "make a deposit for Harper 900 due on the 20th",
        ),
        ("pull up invoice 2001", "show invoice 2001"),
        ("let me have a look at Maya's payments", "show me Maya's payments"),
        ("can I see the Harper deal", "show me the Harper deal"),
        ("could you bring up 2004", "show me 2004"),
        ("record 1 500 in cash on 2001", "record 1500 in cash on 2001"),
        ("invoice the van wraps twelve hundred dollars and fifty cents", "invoice the van wraps $1,200.5"),
        (
            "Not a deposit, just a standard invoice of 275 for the van wraps",
            "standard invoice of 275 for the van wraps",
        ),
        ("Could you send 2001 to x@y.example? Cheers, A.", "Could you send 2001 to x@y.example?"),
        ("Maya paid 400 of 2001 yesterday", "Maya paid 400 of 2001"),
        ("set up a yearly recurring link on 2001", "set up a yearly link on 2001"),
    ],
)
def test_it_means_what_the_plain_words_mean(text: str, plain: str) -> None:
    assert meant(text) == meant(plain) != []


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        ("invoice the van wraps 900 and it is due on 30 March", ["create_invoice"]),
        ("invoice the van wraps 900, send it, and it is due on 30 March", ["create_invoice", "send_invoice"]),
        ("deposit of 900 for the van wraps, no link needed", ["create_invoice"]),
        ("deposit of 900 for the van wraps, no need to email it", ["create_invoice"]),
        ("send 2001 again, Maya says she never got it", ["send_invoice"]),
        ("resend the Maya one, she's lost it", ["send_invoice"]),
        ("deposit invoice of 900 for the van wraps pls, he's keen", ["create_invoice"]),
    ],
)
def test_what_is_told_beside_a_request_is_no_request(text: str, calls: list[str]) -> None:
    assert [skill for skill, _ in meant(text)] == calls


def test_what_is_told_of_a_new_invoice_goes_into_it() -> None:
    [(_, said)] = meant("invoice the van wraps 900 and it is due on 30 March")
    assert said == {"opportunity": "OPP-2", "amount": "900", "due": "2026-03-30"}


@pytest.mark.parametrize(
    "text",
    [
        "hold the van wraps deposit, we are not ready",
        "cancel all invoices but 2001",
        "I think Maya paid",
        "remove Sam's admin access",
        "take the editor role from Sam",
        "I reckon we could void 2001",
    ],
)
def test_what_is_in_doubt_is_not_done(text: str) -> None:
    assert meant(text) == []


def test_all_but_one_by_its_number_are_the_others() -> None:
    assert meant("send all drafts except 2004") == [("send_invoice", {"invoice": "INV-2006"})]


def test_a_word_that_promises_more_may_be_the_last() -> None:
    assert [skill for skill, _ in meant("deposit invoices for the van wraps, 20% each")] == ["create_invoice"]


def test_a_list_of_sums_is_a_request_for_each() -> None:
    assert meant("invoice the van wraps 400 and the wedding album 250") == [
        ("create_invoice", {"opportunity": "OPP-2", "amount": "400"}),
        ("create_invoice", {"opportunity": "OPP-6", "amount": "250"}),
    ]


def test_each_of_two_occasions_has_its_own_automation() -> None:
    said = meant("post to #ops whenever an invoice is created or sent")
    assert [arguments["trigger"] for _, arguments in said] == ["invoice_created", "invoice_sent"]


def test_who_is_named_is_looked_for() -> None:
    assert meant("what deals has Maya got") == [("list_opportunities", {"query": "Maya"})]


def test_how_something_is_done_is_a_question_for_help() -> None:
    [(skill, said)] = meant("how do I use payment links?")
    assert (skill, said) == ("help", {"topic": "payment links"})


@pytest.mark.parametrize("text", ["let me see", "let me see, who was it", "hm, let me see if it is there"])
def test_who_only_muses_looks_nothing_up(text: str) -> None:
    assert meant(text) == []


def test_a_sum_that_changes_what_there_is_stays_a_change() -> None:
    assert meant("2001 is wrong, it should be 900") == [("update_invoice", {"invoice": "INV-2001", "amount": "900"})]


@pytest.mark.parametrize("text", ["pull up Grace's payments", "pull up payments on 2002", "let me see the reminders"])
def test_who_wants_to_see_changes_nothing(text: str) -> None:
    assert not {"sync_payment_status", "send_reminder"} & {skill for skill, _ in meant(text)}
