"""Questions back: what is missing, which candidates there are, and how an answer completes the call."""

from __future__ import annotations

from typing import Any

import pytest

from bot.assistant.understanding import Memory, Question
from tests.support.parsing import calls_of, understood


def asked(text: str) -> Question:
    question = understood(text).question
    assert question is not None
    return question


@pytest.mark.parametrize(
    ("text", "skill", "missing", "options"),
    [
        ("invoice Anna 300", "create_invoice", ("opportunity",), ("OPP-6", "OPP-7")),
        ("Bill Northwind 1000", "create_invoice", ("opportunity",), ("OPP-3", "OPP-4")),
        ("List Anna's invoices", "list_invoices", ("contact",), ("CON-5", "CON-6")),
        ("Send the draft", "send_invoice", ("invoice",), ("INV-2004", "INV-2006")),
        ("Invoice Globex 500", "create_invoice", ("opportunity",), ()),
        ("send the Initech invoice", "send_invoice", ("invoice",), ()),
        ("show INV-9999", "show_invoice", ("invoice",), ()),
        ("send it", "send_invoice", ("invoice",), ()),
        ("recurring link for 2001", "create_payment_link", ("interval",), ()),
        ("deposit of a third for the recital film", "create_invoice", ("percent",), ()),
        ("Invoice Harper $1,5k", "create_invoice", ("amount",), ()),
        ("invoice Harper a lot of money", "create_invoice", ("amount",), ()),
        ("Bill the lookbook $900", "create_invoice", ("currency",), ()),
        ("add a contact", "create_contact", ("name",), ()),
    ],
)
def test_what_is_missing_or_unclear_is_asked(
    text: str, skill: str, missing: tuple[str, ...], options: tuple[str, ...]
) -> None:
    question = asked(text)
    assert (question.skill, question.missing, question.options) == (skill, missing, options)


def test_the_question_names_the_candidates() -> None:
    assert "Berg wedding album" in asked("invoice Anna 300").text


def test_the_question_names_what_it_could_not_find() -> None:
    assert "Globex" in asked("Invoice Globex 500").text


@pytest.mark.parametrize(
    ("first", "answer", "skill", "arguments"),
    [
        ("invoice Anna 300", "the wedding one", "create_invoice", {"amount": "300", "opportunity": "OPP-6"}),
        ("invoice Anna 300", "Petrova", "create_invoice", {"amount": "300", "opportunity": "OPP-7"}),
        ("invoice Anna 300", "the second one", "create_invoice", {"amount": "300", "opportunity": "OPP-7"}),
        ("Send the draft", "Harper's", "send_invoice", {"invoice": "INV-2004"}),
        ("Send the draft", "2006", "send_invoice", {"invoice": "INV-2006"}),
        ("recurring link for 2001", "every week", "create_payment_link", {"invoice": "INV-2001", "interval": "week"}),
        (
            "I need a deposit invoice for thirty percent",
            "Harper",
            "create_invoice",
            {"kind": "deposit", "percent": "30", "opportunity": "OPP-2"},
        ),
        ("Invoice Harper a lot of money", "a grand", "create_invoice", {"opportunity": "OPP-2", "amount": "1000"}),
        ("Invoice Harper a lot of money", "20%", "create_invoice", {"opportunity": "OPP-2", "percent": "20"}),
        ("add a contact", "Zoe Park", "create_contact", {"name": "Zoe Park"}),
        (
            "Bill the lookbook $900",
            "AUD",
            "create_invoice",
            {"opportunity": "OPP-5", "amount": "900", "currency": "AUD"},
        ),
    ],
)
def test_an_answer_completes_the_call(first: str, answer: str, skill: str, arguments: dict[str, Any]) -> None:
    assert calls_of(understood(answer, Memory(question=asked(first)))) == [(skill, arguments)]


def test_an_answer_that_fits_two_candidates_is_asked_again() -> None:
    again = understood("the deposit one", Memory(question=asked("Send the draft"))).question
    assert again is not None
    assert again.options == ("INV-2004", "INV-2006")


def test_the_rest_of_the_sentence_waits_for_the_answer() -> None:
    question = asked("invoice Anna 300 and send it")
    assert calls_of(understood("the wedding one", Memory(question=question))) == [
        ("create_invoice", {"amount": "300", "opportunity": "OPP-6"}),
        ("send_invoice", {"invoice": "$1"}),
    ]


def test_what_came_before_the_question_runs_with_the_answer() -> None:
    question = asked("show 2001 and send the draft")
    assert [call.skill for call in question.before] == ["show_invoice"]
    assert calls_of(understood("Harper", Memory(question=question))) == [
        ("show_invoice", {"invoice": "INV-2001"}),
        ("send_invoice", {"invoice": "INV-2004"}),
    ]


def test_another_request_leaves_the_question_behind() -> None:
    said = understood("show unpaid invoices", Memory(question=asked("send it")))
    assert [skill for skill, _ in calls_of(said)] == ["list_invoices"]


def test_never_mind_drops_the_question_and_what_follows_is_read() -> None:
    memory = Memory(question=asked("send it"))
    assert understood("never mind", memory).drop
    assert calls_of(understood("forget it, show 2001", memory)) == [("show_invoice", {"invoice": "INV-2001"})]


def test_it_may_be_what_the_question_was_about() -> None:
    question = asked("Payment link for the Lindqvist balance please")
    assert question.missing == ("invoice",)


@pytest.mark.parametrize(
    "answer",
    [
        "nah scrap that",
        "forget it",
        "never mind, leave it",
        "oh just leave it please",
        "don't bother",
        "i don't know",
        "not sure",
        "skip",
        "the usual one",
        "sorry, meant an opportunity",
        "hello there",
        "what do you need?",
        "is that so",
        "we have no contact for now",
        "scrap the whole thing",
        "list unpaid invoices",
        "new invoice",
        "send INV-2004",
        "thanks",
    ],
)
def test_what_is_no_answer_never_becomes_a_name(answer: str) -> None:
    said = understood(answer, Memory(question=asked("add a contact")))
    assert not any("name" in call.arguments for call in said.calls)
    assert said.question is None or said.question.skill != "create_contact"


@pytest.mark.parametrize(
    ("answer", "name"),
    [("Will Smith", "Will Smith"), ("Bill Grant", "Bill Grant"), ("sure, Mia Chen", "Mia Chen"), ("Jo", "Jo")],
)
def test_a_name_is_taken_as_it_is_said(answer: str, name: str) -> None:
    said = understood(answer, Memory(question=asked("add a contact")))
    assert calls_of(said) == [("create_contact", {"name": name})]
