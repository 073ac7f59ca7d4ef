"""What a message means after others: yes and no, corrections, follow-ups, pronouns."""

from __future__ import annotations

from typing import Any

import pytest

from billing.conversations import SkillCall
from bot.assistant.understanding import DoneCall, Memory
from tests.support.parsing import SMALL_PARSER, calls_of, understood

SENDING = SkillCall("send_invoice", {"invoice": "INV-2004"})
WAITING = Memory(
    focus=("INV-2004",),
    proposal=(SENDING,),
    last_calls=(DoneCall("send_invoice", {"invoice": "INV-2004"}, "needs_confirmation"),),
)


def after(skill: str, result: dict[str, Any] | None = None, **arguments: Any) -> Memory:
    """Return the memory after one call that was carried out."""
    number = (result or {}).get("number")
    named = [value for value in arguments.values() if isinstance(value, str) and value[3:4] == "-"]
    focus = ([number] if number else []) + named
    return Memory(
        focus=tuple(focus),
        last_calls=(DoneCall(skill, arguments, "done", result or {}),),
        created=(number,) if number else (),
    )


CREATED = after("create_invoice", {"number": "INV-2009"}, opportunity="OPP-6", amount="500.00")


@pytest.mark.parametrize("text", ["yes", "yep", "ok", "go ahead", "do it", "yes please", "Sure, go ahead", "confirm"])
def test_a_yes_confirms_what_waits(text: str) -> None:
    assert understood(text, WAITING).confirm


@pytest.mark.parametrize("text", ["yes", "ok", "go ahead"])
def test_a_yes_to_nothing_does_nothing(text: str) -> None:
    said = understood(text)
    assert not said.confirm
    assert not said.calls
    assert said.say


@pytest.mark.parametrize(
    "text", ["no", "nope", "cancel that", "never mind", "hang on, don't", "nah, leave it", "forget it", "not now"]
)
def test_a_no_drops_what_waits(text: str) -> None:
    assert understood(text, WAITING).drop


@pytest.mark.parametrize(
    "text", ["yes but not to Bill", "ok show 2001", "yes, and show unpaid invoices", "great invoice"]
)
def test_more_than_a_yes_is_no_yes(text: str) -> None:
    assert not understood(text, WAITING).confirm


@pytest.mark.parametrize("text", ["thanks!", "cheers", "good morning", "hello", "thanks heaps, that's all for now"])
def test_courtesies_are_answered_and_nothing_else(text: str) -> None:
    said = understood(text)
    assert said.say
    assert (said.calls, said.question, said.declined) == ((), None, False)


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("no, send it on Friday", {"invoice": "INV-2004", "on": "2026-03-13"}),
        ("make it to grace@northwind.example", {"invoice": "INV-2004", "to": "grace@northwind.example"}),
        ("actually 2006", {"invoice": "INV-2006"}),
    ],
)
def test_a_correction_changes_the_proposal(text: str, arguments: dict[str, Any]) -> None:
    assert calls_of(understood(text, WAITING)) == [("send_invoice", arguments)]


def test_a_correction_of_a_link_makes_it_again() -> None:
    memory = after("create_payment_link", {"invoice": "INV-2001"}, invoice="INV-2001")
    assert calls_of(understood("actually monthly", memory)) == [
        ("create_payment_link", {"invoice": "INV-2001", "interval": "month"}),
    ]


def test_a_correction_of_a_new_record_updates_it() -> None:
    assert calls_of(understood("no, make it 600", CREATED)) == [
        ("update_invoice", {"amount": "600", "invoice": "INV-2009"}),
    ]


def test_a_correction_that_no_skill_can_make_is_declined() -> None:
    said = understood("no, make it 600", CREATED, parser=SMALL_PARSER)
    assert said.declined
    assert not said.calls


def test_cancelling_a_new_invoice_proposes_to_void_it() -> None:
    assert calls_of(understood("cancel that", CREATED)) == [("void_invoice", {"invoice": "INV-2009"})]


def test_cancelling_what_cannot_be_undone_says_so() -> None:
    said = understood("cancel that", CREATED, parser=SMALL_PARSER)
    assert said.declined
    assert not said.calls


def test_cancelling_after_a_look_changes_nothing() -> None:
    assert understood("cancel that", after("show_invoice", invoice="INV-2001")).drop


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("just Northwind's", {"status": ["open"], "contact": "CON-3"}),
        ("only the deposits", {"status": ["open"], "kind": "deposit"}),
        ("what about Harper?", {"status": ["open"], "contact": "CON-2"}),
    ],
)
def test_a_follow_up_looks_again_with_what_it_adds(text: str, arguments: dict[str, Any]) -> None:
    memory = after("list_invoices", status=["open"])
    assert calls_of(understood(text, memory)) == [("list_invoices", arguments)]


def test_the_month_before_is_counted_from_the_one_that_was_asked_for() -> None:
    memory = after("list_payments", period={"from": "2026-02-01", "to": "2026-02-28"})
    assert calls_of(understood("and the month before?", memory)) == [
        ("list_payments", {"period": {"from": "2026-01-01", "to": "2026-01-31"}}),
    ]


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ("send it", ("send_invoice", {"invoice": "INV-2001"})),
        ("great, send that one", ("send_invoice", {"invoice": "INV-2001"})),
        ("make a payment link", ("create_payment_link", {"invoice": "INV-2001"})),
        ("show it again", ("show_invoice", {"invoice": "INV-2001"})),
        ("has it been paid?", ("sync_payment_status", {"invoice": "INV-2001"})),
    ],
)
def test_a_pronoun_is_what_was_spoken_of(text: str, call: tuple[str, dict[str, Any]]) -> None:
    assert calls_of(understood(text, after("show_invoice", invoice="INV-2001"))) == [call]


@pytest.mark.parametrize("text", ["bill half of it up front", "send it", "void it"])
def test_it_is_nothing_of_another_client_than_the_one_spoken_of_last(text: str) -> None:
    said = understood(text, Memory(focus=("CON-2", "INV-2001", "OPP-1")))
    assert not said.calls
    assert said.question is not None


def test_who_is_billed_the_rest_gets_an_invoice_and_no_link() -> None:
    said = understood(
        "and bill them the remainder as the final invoice", after("update_opportunity", opportunity="OPP-2")
    )
    assert "create_payment_link" not in {skill for skill, _ in calls_of(said)}


def test_both_are_the_two_of_the_last_turn_in_their_order() -> None:
    done = tuple(DoneCall("show_invoice", {"invoice": number}, "done") for number in ("INV-2001", "INV-2004"))
    memory = Memory(focus=("INV-2004", "INV-2001"), last_calls=done)
    assert calls_of(understood("send both", memory)) == [
        ("send_invoice", {"invoice": "INV-2001"}),
        ("send_invoice", {"invoice": "INV-2004"}),
    ]


def test_a_request_that_goes_on_is_made_with_the_same_skill() -> None:
    assert calls_of(understood("and a final one for the van wraps, 2k", CREATED)) == [
        ("create_invoice", {"kind": "final", "amount": "2000", "opportunity": "OPP-2"}),
    ]


def test_his_is_the_one_that_was_just_told_of() -> None:
    assert calls_of(understood("Maya wrote to me. Show me her invoice.")) == [("show_invoice", {"invoice": "INV-2001"})]


def test_it_may_take_up_what_the_last_question_was_about() -> None:
    assert calls_of(understood("ok, connect it", after("connection_status"))) == [("connect_stripe", {})]


def test_a_name_that_nobody_has_is_not_taken_for_what_was_spoken_of() -> None:
    said = understood("send the Globex invoice", after("show_invoice", invoice="INV-2001"))
    assert said.question is not None
    assert said.question.missing == ("invoice",)


def test_an_and_at_the_start_goes_on_with_what_was_just_made() -> None:
    made = after("create_invoice", {"number": "INV-2006"}, opportunity="OPP-7")
    said = understood("and email it over to accounts@petrova.example please", made)
    assert calls_of(said) == [("send_invoice", {"invoice": "INV-2006", "to": "accounts@petrova.example"})]


def test_a_no_before_what_takes_back_takes_back_too() -> None:
    said = understood("nah scrap that", after("create_invoice", {"number": "INV-2006"}, opportunity="OPP-7"))
    assert calls_of(said) == [("void_invoice", {"invoice": "INV-2006"})]


def test_to_somebody_instead_changes_who_it_goes_to() -> None:
    said = understood("to Grace instead", WAITING)
    assert calls_of(said) == [("send_invoice", {"invoice": "INV-2004", "to": "grace@northwind.example"})]
