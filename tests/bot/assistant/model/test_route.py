from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from billing.conversations import SkillCall
from bot.assistant.model.answer import ModelUnavailable, Usage
from bot.assistant.understanding import Question
from skills.cards import Card, Field, Row
from tests.support.inquiries import an_inquiry, list_things, ran
from tests.support.openai import CallTool, Incomplete, Refuse, Say, ScriptedModel

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.assistant.model.route import ModelRoute
    from bot.assistant.reply import Status
    from tests.support.inquiries import Door

    Routes = Callable[..., ModelRoute]


def test_a_call_is_made_and_the_words_after_it_are_the_answer(
    scripted_model: ScriptedModel, route: Routes, door: Door
) -> None:
    scripted_model.expect(
        CallTool("make_thing", {"name": "Print", "amount": "40.00", "active": None}, tokens=(900, 30)),
        Say("Made the print.", tokens=(1000, 8)),
    )
    door.endings.append(ran("make_thing", {"name": "Print"}, text="Made INV-9."))

    answer = route().converse(an_inquiry(), door)

    assert door.called == [SkillCall("make_thing", {"name": "Print", "amount": "40.00"})]
    assert answer.text == "Made the print."
    assert [call.result for call in answer.calls] == [{"number": "INV-9"}]
    assert answer.question is None
    assert not answer.declined
    assert answer.usage == Usage(2, 1900, 38)
    [told] = scripted_model.outputs()
    assert (told["status"], told["data"]) == ("done", {"result": {"number": "INV-9"}, "text": "Made INV-9."})


def test_words_alone_need_no_call(scripted_model: ScriptedModel, route: Routes, door: Door) -> None:
    scripted_model.expect(Say("You are welcome."))

    answer = route().converse(an_inquiry("thanks"), door)

    assert (answer.text, answer.calls, door.called) == ("You are welcome.", (), [])


def test_two_calls_are_made_in_order_and_the_second_can_use_the_first(
    scripted_model: ScriptedModel, route: Routes, door: Door
) -> None:
    scripted_model.expect(
        CallTool("make_thing", {"name": "Print", "amount": None, "active": None}),
        CallTool("post_thing", {"invoice": "INV-9", "to": None}),
        Say("Made, and it waits for your yes."),
    )
    door.endings = [ran("make_thing"), ran("post_thing", {"invoice": "INV-9"}, "needs_confirmation")]

    answer = route().converse(an_inquiry("make a print and post it"), door)

    assert [call.skill for call in door.called] == ["make_thing", "post_thing"]
    assert [call.status for call in answer.calls] == ["done", "needs_confirmation"]
    assert [told["status"] for told in scripted_model.outputs()] == ["done", "needs_confirmation"]
    assert "only they can confirm" in scripted_model.outputs()[1]["next"]


def test_the_models_reasoning_is_handed_back_to_it(scripted_model: ScriptedModel, route: Routes, door: Door) -> None:
    scripted_model.expect(CallTool("list_things", {}, saying="Let me look."), Say("None."))

    route().converse(an_inquiry(), door)

    kinds = [item.get("type", item.get("role")) for item in scripted_model.requests[1]["input"]]
    assert kinds == ["user", "reasoning", "assistant", "function_call", "function_call_output"]
    assert scripted_model.requests[1]["input"][1]["encrypted_content"] == "sealed-1"


def test_reasoning_that_only_openai_could_read_is_left_out(
    scripted_model: ScriptedModel, route: Routes, door: Door
) -> None:
    scripted_model.expect(CallTool("list_things", {}, sealed=False), Say("None."))

    route().converse(an_inquiry(), door)

    assert [item.get("type") for item in scripted_model.requests[1]["input"]][1:] == [
        "function_call",
        "function_call_output",
    ]


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


@pytest.mark.parametrize(
    ("status", "error", "advice"),
    [
        ("failed", {"code": "bad_amount", "message": "“x” is not an amount."}, "Mend the call"),
        ("refused", {"code": "not_allowed", "message": "Only an admin may do that."}, "no further call"),
    ],
)
def test_the_model_hears_why_a_call_did_not_succeed(
    *, status: Status, error: dict[str, str], advice: str, scripted_model: ScriptedModel, route: Routes, door: Door
) -> None:
    scripted_model.expect(CallTool("make_thing", {"name": "x"}), Say("That did not work."))
    door.endings.append(ran("make_thing", {"name": "x"}, status, error=error))

    answer = route().converse(an_inquiry(), door)

    [told] = scripted_model.outputs()
    assert (told["status"], told["error"]) == (status, error)
    assert advice in told["next"]
    assert answer.calls[0].status == status


def test_the_model_sees_what_the_card_shows_but_no_link(
    scripted_model: ScriptedModel, route: Routes, door: Door
) -> None:
    link = "https://evie.example/stripe/connect?token=t0p-secret"
    scripted_model.secrets.add("t0p-secret")
    scripted_model.expect(CallTool("list_things", {}), Say("One."))
    card = Card(
        "Things",
        "One thing",
        text=f'Open "{link}"\nnow',
        fields=(Field("Total", "A$5.00"),),
        rows=(Row("INV-7", "A$5.00", "due 25 March"), Row("INV-8")),
        note=link,
    )
    door.endings.append(ran("list_things", result={"url": link, "numbers": []}, text=f"See {link}.", card=card))

    route().converse(an_inquiry(), door)

    assert scripted_model.outputs()[0]["data"] == {
        "result": {"url": "(a link that the person sees)"},
        "text": "See (a link that the person sees)",
        "card": {
            "title": "Things",
            "text": 'Open "(a link that the person sees)"\nnow',
            "fields": {"Total": "A$5.00"},
            "rows": ["INV-7 · A$5.00 · due 25 March", "INV-8"],
            "note": "(a link that the person sees)",
        },
    }


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


def test_a_person_without_any_skill_can_still_be_answered(
    scripted_model: ScriptedModel, route: Routes, door: Door
) -> None:
    scripted_model.expect(CallTool("decline", {"reason": "Ask an admin."}))

    assert route().converse(an_inquiry(tools=[]), door).declined
    assert [tool["name"] for tool in scripted_model.requests[0]["tools"]] == ["decline"]


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
