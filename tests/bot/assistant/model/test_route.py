"""One message, one call after another, and the words at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from billing.conversations import SkillCall
from bot.assistant.model.answer import Usage
from skills.cards import Card, Field, Row
from tests.support.inquiries import an_inquiry, ran
from tests.support.openai import CallTool, Say, ScriptedModel

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
    assert told["next"].startswith("Say what came of it")


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

    assert scripted_model.outputs()[0]["next"].startswith("The person sees the card")
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
