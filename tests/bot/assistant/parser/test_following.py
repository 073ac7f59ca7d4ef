"""The same again for somebody else, something else in its place, and some of what waits left out."""

from __future__ import annotations

from typing import Any

import pytest

from billing.conversations import SkillCall
from bot.assistant.understanding import DoneCall, Memory
from tests.support.parsing import calls_of, understood

Call = tuple[str, dict[str, Any]]


def waiting(*calls: Call) -> Memory:
    """Return the memory while these calls wait for a yes."""
    return Memory(
        focus=tuple(str(arguments["invoice"]) for _, arguments in calls),
        proposal=tuple(SkillCall(skill, arguments) for skill, arguments in calls),
        last_calls=tuple(DoneCall(skill, arguments, "needs_confirmation") for skill, arguments in calls),
    )


def done(*calls: tuple[str, dict[str, Any], str]) -> Memory:
    """Return the memory after calls that made records of these numbers."""
    numbers = tuple(number for _, _, number in calls if number)
    return Memory(
        focus=numbers,
        created=numbers,
        last_calls=tuple(
            DoneCall(skill, arguments, "done", {"number": number} if number else {})
            for skill, arguments, number in calls
        ),
    )


DEPOSIT = done(("create_invoice", {"opportunity": "OPP-1", "kind": "deposit", "percent": "30"}, "INV-2009"))
REMINDING = waiting(("send_reminder", {"invoice": "INV-2001", "message": "hello Maya"}))
SEVERAL = waiting(*(("send_reminder", {"invoice": number}) for number in ("INV-2001", "INV-2002", "INV-2005")))
SENDING = waiting(("send_invoice", {"invoice": "INV-2004", "to": "office@harper.example"}))


@pytest.mark.parametrize(
    "text",
    [
        "same again for Harper",
        "likewise for Harper",
        "ditto for the van wraps",
        "and do the same with the van wraps",
        "could you do the same for Harper",
        "another like that for Harper please",
        "and one for Harper too",
        "one for Harper as well",
    ],
)
def test_the_same_is_made_for_somebody_else(text: str) -> None:
    assert calls_of(understood(text, DEPOSIT)) == [
        ("create_invoice", {"opportunity": "OPP-2", "kind": "deposit", "percent": "30"}),
    ]


def test_what_is_told_with_the_same_takes_its_place() -> None:
    assert calls_of(understood("same for Harper but 900", DEPOSIT)) == [
        ("create_invoice", {"opportunity": "OPP-2", "kind": "deposit", "amount": "900"}),
    ]


@pytest.mark.parametrize("text", ["same for 2002", "and one for Northwind too", "likewise for the loyalty app"])
def test_the_words_and_the_address_of_one_client_are_not_sent_to_another(text: str) -> None:
    said = understood(text, REMINDING)
    given = [arguments for _, arguments in calls_of(said)] or [said.question.arguments if said.question else {}]
    assert not any({"message", "to"} & arguments.keys() for arguments in given)


def test_all_of_a_turn_is_done_again_with_what_it_makes() -> None:
    memory = done(
        ("create_invoice", {"opportunity": "OPP-1", "amount": "900"}, "INV-2009"),
        ("create_payment_link", {"invoice": "INV-2009", "interval": "month"}, ""),
        ("send_invoice", {"invoice": "INV-2009"}, ""),
    )
    assert calls_of(understood("same again for Harper", memory)) == [
        ("create_invoice", {"opportunity": "OPP-2", "amount": "900"}),
        ("create_payment_link", {"invoice": "$1", "interval": "month"}),
        ("send_invoice", {"invoice": "$1"}),
    ]


def test_whose_the_same_is_may_have_to_be_asked() -> None:
    said = understood("and one for Northwind too", DEPOSIT)
    assert said.question is not None
    assert said.question.missing == ("opportunity",)
    assert said.question.options == ("OPP-3", "OPP-4")
    assert said.question.arguments == {"kind": "deposit", "percent": "30"}


def test_a_look_is_taken_again_for_another() -> None:
    memory = done(("list_payments", {"contact": "CON-1"}, ""))
    assert calls_of(understood("and Harper, same question", memory)) == [("list_payments", {"contact": "CON-2"})]


def test_one_for_somebody_is_nothing_that_was_looked_up() -> None:
    memory = done(("list_payments", {"contact": "CON-1"}, ""))
    assert calls_of(understood("one for Harper", memory)) != [("list_payments", {"contact": "CON-2"})]


@pytest.mark.parametrize("text", ["the same for nobody in particular", "same again", "one moment please"])
def test_the_same_for_nobody_is_not_done(text: str) -> None:
    assert not any(skill == "create_invoice" for skill, _ in calls_of(understood(text, DEPOSIT)))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("not Harper, Petrova", "INV-2006"),
        ("scrap that, I was thinking of 2006", "INV-2006"),
        ("that's the wrong client, it should be Maya", "INV-2001"),
        ("sorry, wrong one. the lookbook", "INV-2005"),
        ("not 2004 but 2006", "INV-2006"),
        ("hang on, wrong invoice, 2006", "INV-2006"),
    ],
)
def test_another_record_takes_the_place_of_the_one_that_waits(text: str, number: str) -> None:
    assert calls_of(understood(text, SENDING)) == [
        ("send_invoice", {"invoice": number, "to": "office@harper.example"}),
    ]


def test_which_one_is_meant_instead_is_asked() -> None:
    said = understood("no, the Northwind one", SENDING)
    assert said.question is not None
    assert (said.question.skill, said.question.options) == ("send_invoice", ("INV-2002", "INV-2003"))


def test_the_other_one_of_two_is_no_question() -> None:
    memory = waiting(("send_reminder", {"invoice": "INV-2002"}))
    assert calls_of(understood("no, the other Northwind one", memory)) == [("send_reminder", {"invoice": "INV-2003"})]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("leave out the Maya one", ["INV-2002", "INV-2005"]),
        ("all but Northwind please", ["INV-2001", "INV-2005"]),
        ("without 2005", ["INV-2001", "INV-2002"]),
        ("drop Maya and Northwind", ["INV-2005"]),
        ("hold the Maya one back", ["INV-2002", "INV-2005"]),
        ("not Maya please", ["INV-2002", "INV-2005"]),
        ("only the lookbook", ["INV-2005"]),
        ("just Maya", ["INV-2001"]),
        ("no, Maya", ["INV-2001"]),
    ],
)
def test_some_of_what_waits_may_be_left_out(text: str, numbers: list[str]) -> None:
    assert calls_of(understood(text, SEVERAL)) == [("send_reminder", {"invoice": number}) for number in numbers]


@pytest.mark.parametrize("text", ["leave out Petrova", "without Harper", "not the deposit"])
def test_what_does_not_wait_is_not_left_out(text: str) -> None:
    assert len(understood(text, SEVERAL).calls) != 2


def test_what_was_made_for_the_wrong_client_is_made_for_the_other_and_moves_nothing() -> None:
    said = understood("wrong client, I meant Harper", DEPOSIT)
    assert calls_of(said) == [("create_invoice", {"opportunity": "OPP-2", "kind": "deposit", "percent": "30"})]
