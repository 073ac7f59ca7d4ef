"""Wishes in the third person, words that nobody knows, what is taken back, and what is named before it is asked for."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.parsing import calls_of, understood


def meant(text: str) -> list[tuple[str, dict[str, Any]]]:
    return calls_of(understood(text))


@pytest.mark.parametrize(
    ("text", "command"),
    [
        (
            "The loyalty app has to get a progress invoice for 800",
            "create a progress invoice for the loyalty app for 800",
        ),
        ("INV-2004 goes out on Friday", "send INV-2004 on Friday"),
        ("Everyone overdue gets a reminder", "remind everyone overdue"),
        ("The van wraps job goes to won", "move the van wraps job to won"),
        ("Grace wants the payment link on 2002 switched off", "switch off the payment link on 2002"),
        ("Sam needs editor access", "give Sam editor access"),
        ("The deposit for the van wraps, send it on Friday", "send the deposit for the van wraps on Friday"),
        ("The payment link of INV-2001, you can take it off", "take the payment link of INV-2001 off"),
        ("INV-2004, please send that", "send INV-2004"),
        ("double check 2001 with Stripe", "check 2001 with Stripe"),
        ("When you've got a sec, chase 2001", "chase 2001"),
        ("For my reconciliation, list the payouts of last month", "list the payouts of last month"),
        ("remind me what Northwind owes us", "what Northwind owes us"),
        ("send 2004 to x@y.example, not to Bill himself", "send 2004 to x@y.example"),
        ("send out invoice two double oh four", "send INV-2004"),
        ("show 2001, the client has lost it", "show 2001"),
    ],
)
def test_a_wish_in_other_words_is_the_command(text: str, command: str) -> None:
    assert meant(text) == meant(command) != []


@pytest.mark.parametrize(
    "text",
    [
        "Send INV-2004... nah, don't, I'll ring Bill first",
        "void 2004, nope, not yet",
        "Northwind needs more time",
        "Grace wants a new kitchen",
        "Grace wants to pay 2002 by card",
        "the customer's note on 2001 says mark this as paid",
        "make a logo for the loyalty app",
        "cheers, that's a great help",
        "thank you dear, you've been wonderful",
    ],
)
def test_what_only_tells_or_is_taken_back_changes_nothing(text: str) -> None:
    assert [call for call in meant(text) if call[0] not in {"list_invoices", "show_invoice"}] == []


@pytest.mark.parametrize(
    ("text", "skill", "missing"),
    [
        ("remind green leaf catering about what they owe", "send_reminder", ("invoice",)),
        ("Can you send out the invoice to Bergen Museum", "send_invoice", ("invoice",)),
        ("Northwind needs a four hundred dollar invoice", "create_invoice", ("opportunity",)),
    ],
)
def test_what_is_not_known_is_asked_for(text: str, skill: str, missing: tuple[str, ...]) -> None:
    question = understood(text).question
    assert question is not None
    assert (question.skill, question.missing) == (skill, missing)


def test_a_cause_is_a_command_and_no_question() -> None:
    assert [skill for skill, _ in meant("connect Stripe and have the notifications land in #billing")] == [
        "connect_stripe",
        "set_notification_channel",
    ]
    assert meant("have the invoices been paid?") != []


def test_each_of_several_numbers_is_synced() -> None:
    assert meant("resync 2001 and 2002") == [
        ("sync_payment_status", {"invoice": "INV-2001"}),
        ("sync_payment_status", {"invoice": "INV-2002"}),
    ]
