"""The model asks back, declines or refuses, instead of calling a skill."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bot.assistant.understanding import Question
from tests.support.inquiries import an_inquiry, ran
from tests.support.openai import CallTool, Incomplete, Refuse, Say, ScriptedModel

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.assistant.model.route import ModelRoute
    from tests.support.inquiries import Door

    Routes = Callable[..., ModelRoute]


def test_a_call_that_lacks_something_becomes_the_open_question(
    scripted_model: ScriptedModel, route: Routes, door: Door
) -> None:
    scripted_model.expect(
        CallTool("post_thing", {"invoice": "Bluebird", "to": None}), Say("The deposit or the final one?")
    )
    question = Question("post_thing", {}, ("invoice",), options=("INV-7", "INV-8", "INV-99"), text="Which invoice?")
    door.endings.append(question)

    answer = route().converse(an_inquiry("post Bluebird"), door)

    assert answer.question == question
    assert answer.text == "The deposit or the final one?"
    assert answer.calls == ()
    [told] = scripted_model.outputs()
    assert told["status"] == "question"
    assert told["data"]["options"] == [
        {"number": "INV-7", "name": "Bluebird deposit"},
        {"number": "INV-8", "name": "Bluebird final"},
        {"number": "INV-99"},
    ]


def test_a_question_that_the_model_answers_itself_is_no_longer_open(
    scripted_model: ScriptedModel, route: Routes, door: Door
) -> None:
    scripted_model.expect(
        CallTool("post_thing", {"invoice": "Bluebird", "to": None}),
        CallTool("post_thing", {"invoice": "INV-7", "to": None}),
        Say("It waits for your yes."),
    )
    door.endings = [
        Question("post_thing", {}, ("invoice",), options=("INV-7", "INV-8")),
        ran("post_thing", {"invoice": "INV-7"}, "needs_confirmation"),
    ]

    answer = route().converse(an_inquiry("post Bluebird's deposit"), door)

    assert answer.question is None
    assert [call.status for call in answer.calls] == ["needs_confirmation"]


def test_the_model_can_ask_for_what_is_missing(scripted_model: ScriptedModel, route: Routes, door: Door) -> None:
    known = [
        {"argument": "name", "value": "Print"},
        {"argument": "active", "value": "true"},
        {"argument": "amount", "value": "5"},
        {"argument": "colour", "value": "red"},
    ]
    scripted_model.expect(
        CallTool(
            "ask",
            {"skill": "make_thing", "missing": ["amount"], "known": known, "question": "How much?"},
        )
    )

    answer = route().converse(an_inquiry(), door)

    assert answer.text == "How much?"
    assert answer.question == Question("make_thing", {"name": "Print", "active": True}, ("amount",), text="How much?")
    assert (answer.calls, door.called) == ((), [])


@pytest.mark.parametrize(
    ("argument", "value", "read"),
    [
        ("status", '["open", "sent"]', {"status": ["open", "sent"]}),
        ("status", "overdue", {"status": ["overdue"]}),
        (
            "period",
            '{"from": "2026-03-01", "to": "2026-03-31"}',
            {"period": {"from": "2026-03-01", "to": "2026-03-31"}},
        ),
        ("period", "this month", {}),
        ("period", "null", {}),
    ],
)
def test_what_was_said_before_the_question_is_kept_where_it_has_the_arguments_form(
    *, argument: str, value: str, read: dict[str, Any], scripted_model: ScriptedModel, route: Routes, door: Door
) -> None:
    known = [{"argument": argument, "value": value}, "nonsense"]
    asked = {"skill": "list_things", "missing": ["count"], "known": known, "question": "How many?"}
    scripted_model.expect(CallTool("ask", asked))

    answer = route().converse(an_inquiry(), door)

    assert answer.question is not None
    assert answer.question.arguments == read


def test_the_model_can_decline(scripted_model: ScriptedModel, route: Routes, door: Door) -> None:
    scripted_model.expect(CallTool("decline", {"reason": "I cannot book flights, but I can bill them."}))

    answer = route().converse(an_inquiry("book a flight"), door)

    assert answer.declined
    assert answer.text == "I cannot book flights, but I can bill them."
    assert door.called == []


def test_a_refusal_of_the_model_declines(scripted_model: ScriptedModel, route: Routes, door: Door) -> None:
    scripted_model.expect(Refuse("I cannot help with that."))

    answer = route().converse(an_inquiry(), door)

    assert (answer.declined, answer.text) == (True, "I cannot help with that.")


def test_an_answer_that_the_filter_stops_declines(scripted_model: ScriptedModel, route: Routes, door: Door) -> None:
    scripted_model.expect(Incomplete("content_filter", text="Well"))

    answer = route().converse(an_inquiry(), door)

    assert answer.declined
    assert answer.text.startswith("I cannot help with that.")


def test_a_person_without_any_skill_can_still_be_answered(
    scripted_model: ScriptedModel, route: Routes, door: Door
) -> None:
    scripted_model.expect(CallTool("decline", {"reason": "Ask an admin."}))

    assert route().converse(an_inquiry(tools=[]), door).declined
    assert [tool["name"] for tool in scripted_model.requests[0]["tools"]] == ["decline"]
