"""What the model cannot do: write its own calls, go on for ever, or use what it was not given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.assistant.model.answer import ModelUnavailable
from tests.support.inquiries import an_inquiry, list_things, ran
from tests.support.openai import CallTool, Say, ScriptedModel

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.assistant.model.route import ModelRoute
    from tests.support.inquiries import Door

    Routes = Callable[..., ModelRoute]


def test_a_proposed_call_is_not_proposed_twice(scripted_model: ScriptedModel, route: Routes, door: Door) -> None:
    scripted_model.expect(
        CallTool("post_thing", {"invoice": "Bluebird", "to": None}),
        CallTool("post_thing", {"invoice": "Bluebird", "to": None}),
        CallTool("post_thing", {"invoice": "INV-7", "to": None}),
        CallTool("post_thing", {"invoice": "INV-8", "to": None}),
        Say("Both wait for your yes."),
    )
    door.endings = [ran("post_thing", {"invoice": number}, "needs_confirmation") for number in ("INV-7", "INV-8")]

    answer = route().converse(an_inquiry("post both"), door)

    assert [call.arguments for call in door.called] == [{"invoice": "Bluebird"}, {"invoice": "INV-8"}]
    assert len(answer.calls) == 2
    assert "not made again" in scripted_model.outputs()[1]["next"]


def test_a_huge_result_is_cut_and_our_part_of_it_is_not(
    scripted_model: ScriptedModel, route: Routes, door: Door
) -> None:
    scripted_model.expect(CallTool("list_things", {}), Say("Many."))
    door.endings.append(ran("list_things", result={"numbers": [f"INV-{number}" for number in range(20_000)]}))

    route().converse(an_inquiry(), door)

    [told] = scripted_model.outputs()
    assert told["status"] == "done"
    assert told["next"]
    assert told["data_cut_short"].startswith('{"result":{"numbers":["INV-0"')
    assert len(told["data_cut_short"]) == 8_000


@pytest.mark.parametrize(
    ("wrong", "hint"),
    [
        (CallTool("make_thing", '{"name": "Print"'), "not JSON"),
        (CallTool("make_thing", {"title": "Print"}), "it takes name, amount, active"),
        (CallTool("burn_thing", {"name": "Print"}), "no such tool"),
        (CallTool("ask", {"skill": "burn_thing", "missing": ["name"], "question": "?"}), "one of make_thing"),
        (CallTool("ask", {"skill": "make_thing", "missing": ["colour"], "question": "?"}), "name, amount, active"),
        (CallTool("ask", {"skill": "make_thing", "missing": [], "question": "?"}), "name, amount, active"),
        (CallTool("ask", {"skill": "make_thing", "missing": ["name"], "question": " "}), "a sentence"),
        (CallTool("decline", {"reason": None}), "a sentence"),
    ],
)
def test_a_call_that_cannot_be_read_is_sent_back_to_be_mended(
    wrong: CallTool, hint: str, scripted_model: ScriptedModel, route: Routes, door: Door
) -> None:
    scripted_model.expect(wrong, CallTool("make_thing", {"name": "Print"}), Say("Made."))

    answer = route().converse(an_inquiry(), door)

    first = scripted_model.outputs()[0]
    assert (first["status"], first["error"]["code"]) == ("failed", "bad_call")
    assert hint in first["error"]["message"]
    assert [call.skill for call in door.called] == ["make_thing"]
    assert answer.text == "Made."


def test_a_model_that_cannot_write_a_call_is_given_up(scripted_model: ScriptedModel, route: Routes, door: Door) -> None:
    scripted_model.expect(CallTool("make_thing", {"name": "Print"}), *[CallTool("make_thing", "{")] * 3)

    with pytest.raises(ModelUnavailable) as given_up:
        route().converse(an_inquiry(), door)

    assert "well-formed" in given_up.value.reason
    assert [call.skill for call in given_up.value.calls] == ["make_thing"]
    assert given_up.value.usage.rounds == 4


def test_of_two_calls_at_once_only_the_first_is_made(scripted_model: ScriptedModel, route: Routes, door: Door) -> None:
    second = CallTool("post_thing", {"invoice": "INV-7", "to": None})
    scripted_model.expect(CallTool("make_thing", {"name": "Print"}, beside=(second,)), Say("Made one."))

    answer = route().converse(an_inquiry(), door)

    assert [call.skill for call in door.called] == ["make_thing"]
    assert [told["status"] for told in scripted_model.outputs()] == ["done", "not_called"]
    assert len(answer.calls) == 1


def test_in_the_eighth_round_the_model_may_only_speak(scripted_model: ScriptedModel, route: Routes, door: Door) -> None:
    scripted_model.expect(*[CallTool("list_things", {})] * 7, Say("Seven looks, nothing found."))

    answer = route().converse(an_inquiry(), door)

    assert [request["tool_choice"] for request in scripted_model.requests] == ["auto"] * 7 + ["none"]
    assert answer.text == "Seven looks, nothing found."
    assert len(answer.calls) == answer.usage.rounds - 1 == 7


def test_a_call_in_the_last_round_is_not_made(scripted_model: ScriptedModel, route: Routes, door: Door) -> None:
    scripted_model.expect(*[CallTool("list_things", {})] * 3)

    answer = route(max_rounds=3).converse(an_inquiry(), door)

    assert len(door.called) == len(answer.calls) == 2
    assert answer.text.startswith("I stopped there")


def test_once_the_tokens_are_used_up_no_call_is_made(scripted_model: ScriptedModel, route: Routes, door: Door) -> None:
    scripted_model.expect(
        CallTool("make_thing", {"name": "Print"}, tokens=(500, 100)),
        CallTool("make_thing", {"name": "Poster"}, tokens=(500, 100)),
    )

    answer = route(max_total_tokens=1_000).converse(an_inquiry(), door)

    assert [call.arguments["name"] for call in door.called] == ["Print"]
    assert answer.text.startswith("I stopped there")
    assert answer.usage.total_tokens == 1_200


def test_tokens_used_up_before_any_call_leave_the_message_to_the_parser(
    scripted_model: ScriptedModel, route: Routes, door: Door
) -> None:
    scripted_model.expect(CallTool("make_thing", {"name": "Print"}, tokens=(5_000, 100)))

    with pytest.raises(ModelUnavailable, match="Try again"):
        route(max_total_tokens=1_000).converse(an_inquiry(), door)

    assert door.called == []


def test_an_answer_that_used_the_last_tokens_is_still_given(
    scripted_model: ScriptedModel, route: Routes, door: Door
) -> None:
    scripted_model.expect(Say("Here you are.", tokens=(5_000, 100)))

    assert route(max_total_tokens=1_000).converse(an_inquiry(), door).text == "Here you are."


def test_when_time_is_up_the_model_is_asked_to_finish(scripted_model: ScriptedModel, route: Routes, door: Door) -> None:
    scripted_model.expect(CallTool("list_things", {}), Say("Nothing so far."))
    instants = iter([0.0, 1.0, 121.0])

    answer = route(monotonic=lambda: next(instants)).converse(an_inquiry(), door)

    assert [request["tool_choice"] for request in scripted_model.requests] == ["auto", "none"]
    assert answer.text == "Nothing so far."


def test_an_endless_answer_is_cut(scripted_model: ScriptedModel, route: Routes, door: Door) -> None:
    scripted_model.expect(Say("so " * 10_000))

    assert len(route().converse(an_inquiry(), door).text) == 6_000


def test_only_the_skills_that_were_allowed_are_offered_and_can_be_called(
    scripted_model: ScriptedModel, route: Routes, door: Door
) -> None:
    scripted_model.expect(
        CallTool("make_thing", {"name": "Print"}),
        CallTool("ask", {"skill": "make_thing", "missing": ["name"], "question": "?"}),
        Say("I may not."),
    )

    route().converse(an_inquiry(tools=[list_things]), door)

    assert door.called == []
    for request in scripted_model.requests:
        assert [tool["name"] for tool in request["tools"]] == ["list_things", "ask", "decline"]
        [ask] = [tool for tool in request["tools"] if tool["name"] == "ask"]
        assert ask["parameters"]["properties"]["skill"]["enum"] == ["list_things"]
