"""After a list of several, “it” is none of them in particular: which one is asked, and a place in the list names it."""

from __future__ import annotations

import pytest

from bot.assistant.understanding import MOST_LISTED, Memory, Question
from skills.names import Names
from tests.support.parsing import a_catalog, calls_of, understood

RULES = Memory(focus=("AUT-1", "AUT-2"), listed=("AUT-1", "AUT-2"))
BILLS = ("INV-2001", "INV-2002", "INV-2005")
INVOICES = Memory(focus=(*BILLS, "AUT-1"), listed=BILLS)
CLIENTS = Memory(focus=("CON-1", "CON-3"), listed=("CON-1", "CON-3"))
WHICH = Question("void_invoice", {}, ("invoice",), options=BILLS)


@pytest.mark.parametrize(
    ("text", "memory", "skill", "options"),
    [
        ("delete it", RULES, "delete_automation", RULES.listed),
        ("pause it", RULES, "set_automation", RULES.listed),
        ("turn them off", RULES, "set_automation", RULES.listed),
        ("test it with INV-2003", RULES, "try_automation", RULES.listed),
        ("void it", INVOICES, "void_invoice", BILLS),
        ("delete it", INVOICES, "void_invoice", BILLS),
        ("remind them", INVOICES, "send_reminder", BILLS),
        ("send both", INVOICES, "send_invoice", BILLS),
        ("share their portal", CLIENTS, "share_portal", CLIENTS.listed),
        ("share their portal", INVOICES, "share_portal", ("CON-1", "CON-3", "CON-4")),
    ],
)
def test_it_is_asked_which_of_them_is_meant(text: str, memory: Memory, skill: str, options: tuple[str, ...]) -> None:
    asked = understood(text, memory).question
    assert asked is not None
    assert (asked.skill, asked.options) == (skill, options)


@pytest.mark.parametrize(
    ("text", "memory", "call"),
    [
        ("delete the second one", RULES, ("delete_automation", {"automation": "AUT-2"})),
        ("delete the last one", RULES, ("delete_automation", {"automation": "AUT-2"})),
        ("pause the first automation", RULES, ("set_automation", {"automation": "AUT-1", "active": False})),
        ("void the third invoice", INVOICES, ("void_invoice", {"invoice": "INV-2005"})),
        ("show me the 2nd one", INVOICES, ("show_invoice", {"invoice": "INV-2002"})),
        ("share the portal of the second client", CLIENTS, ("share_portal", {"contact": "CON-3"})),
        ("void the deposit", INVOICES, ("void_invoice", {"invoice": "INV-2001"})),
        ("delete AUT-2", RULES, ("delete_automation", {"automation": "AUT-2"})),
    ],
)
def test_a_place_in_the_list_is_one_of_them(text: str, memory: Memory, call: tuple[str, object]) -> None:
    assert calls_of(understood(text, memory)) == [call]


@pytest.mark.parametrize(
    ("text", "memory", "skill", "numbers"),
    [
        ("remind all of them", INVOICES, "send_reminder", BILLS),
        ("turn them all off", RULES, "set_automation", RULES.listed),
        ("turn both off", RULES, "set_automation", RULES.listed),
    ],
)
def test_all_of_them_are_those_that_were_listed(
    text: str, memory: Memory, skill: str, numbers: tuple[str, ...]
) -> None:
    calls = understood(text, memory).calls
    assert [(call.skill, next(iter(call.arguments.values()))) for call in calls] == [(skill, one) for one in numbers]


def test_all_of_a_list_whose_end_is_not_known_is_asked_about() -> None:
    many = tuple(f"INV-{3000 + place}" for place in range(MOST_LISTED))
    assert understood("remind all of them", Memory(focus=many, listed=many)).question is not None


def test_all_there_are_is_asked_about_though_one_was_just_spoken_of() -> None:
    asked = understood("turn all automations off", Memory(focus=("AUT-1",)))
    assert asked.question is not None
    assert asked.question.missing == ("automation",)


def test_the_end_of_a_long_list_is_not_a_place_that_one_surely_saw() -> None:
    many = tuple(f"INV-{2001 + place}" for place in range(11))
    asked = understood("void the last one", Memory(focus=many, listed=many)).question
    assert asked is not None
    assert asked.options == many[:10]


@pytest.mark.parametrize("text", ["void the fifth one", "void the second automation", "void the 2 one"])
def test_a_place_that_is_not_there_is_nobodys(text: str) -> None:
    assert understood(text, INVOICES).calls == ()


@pytest.mark.parametrize(("text", "numbers"), [("all of them", BILLS), ("the second one", BILLS[1:2])])
def test_the_answer_may_be_a_place_or_all_that_was_offered(text: str, numbers: tuple[str, ...]) -> None:
    calls = understood(text, Memory(focus=BILLS, listed=BILLS, question=WHICH)).calls
    assert [call.arguments["invoice"] for call in calls] == list(numbers)


def test_all_is_no_answer_where_more_was_found_than_offered() -> None:
    ten = tuple(f"INV-{2001 + place}" for place in range(10))
    question = Question("void_invoice", {}, ("invoice",), options=ten)
    assert understood("all of them", Memory(question=question)).calls == ()


def test_a_request_that_begins_with_its_verb_is_no_answer_though_a_word_of_it_names_a_candidate() -> None:
    thanks = Names("automation", "AUT-9", "Thank the client", ("Thank the client", "AUT-9"), status="active")
    question = Question("set_automation", {"active": True}, ("automation",), options=("AUT-2", "AUT-9"))
    memory = Memory(focus=question.options, question=question)
    assert [call.skill for call in understood("list clients", memory, catalog=a_catalog(thanks)).calls] == [
        "find_contacts"
    ]


def test_it_is_what_was_spoken_of_since_the_list() -> None:
    since = Memory(focus=("INV-2001", "AUT-1", "AUT-2"))
    assert calls_of(understood("delete it", since)) == [("void_invoice", {"invoice": "INV-2001"})]
