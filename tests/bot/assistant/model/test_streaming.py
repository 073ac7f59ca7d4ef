from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.inquiries import an_inquiry
from tests.support.openai import CallTool, Fail, Refuse, Say, ScriptedModel

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.assistant.model.route import ModelRoute
    from tests.support.inquiries import Door

    Routes = Callable[..., ModelRoute]


def test_words_come_in_pieces_and_are_the_answer_together(
    scripted_model: ScriptedModel, route: Routes, door: Door
) -> None:
    scripted_model.expect(Say("There are three unpaid invoices."))
    pieces: list[str] = []

    answer = route().converse(an_inquiry(), door, pieces.append)

    assert len(pieces) > 2
    assert "".join(pieces) == answer.text == "There are three unpaid invoices."
    assert answer.usage.total_tokens == 120
    assert scripted_model.requests[0]["stream"] is True


def test_nothing_is_streamed_where_nobody_watches(scripted_model: ScriptedModel, route: Routes, door: Door) -> None:
    scripted_model.expect(Say("None."))

    route().converse(an_inquiry(), door)

    assert "stream" not in scripted_model.requests[0]


def test_a_call_in_a_stream_is_made_once_it_is_whole(scripted_model: ScriptedModel, route: Routes, door: Door) -> None:
    scripted_model.expect(CallTool("make_thing", {"name": "A long name for a print"}), Say("Made."))
    pieces: list[str] = []

    answer = route().converse(an_inquiry(), door, pieces.append)

    assert [call.arguments for call in door.called] == [{"name": "A long name for a print"}]
    assert "".join(pieces) == answer.text == "Made."
    assert scripted_model.requests[1]["input"][1]["encrypted_content"] == "sealed-1"


def test_words_of_different_rounds_stay_apart(scripted_model: ScriptedModel, route: Routes, door: Door) -> None:
    scripted_model.expect(CallTool("list_things", {}, saying="Let me look."), Say("None."))
    pieces: list[str] = []

    answer = route().converse(an_inquiry(), door, pieces.append)

    assert "".join(pieces) == "Let me look.\n\nNone."
    assert answer.text == "None."


def test_a_question_a_refusal_and_a_reason_are_said_too(
    scripted_model: ScriptedModel, route: Routes, door: Door
) -> None:
    asking = {"skill": "make_thing", "missing": ["name"], "known": None, "question": "What is it called?"}
    scripted_model.expect(
        CallTool("ask", asking, saying="Well."), CallTool("decline", {"reason": "Not here."}), Refuse("I will not.")
    )
    pieces: list[str] = []
    talking = route()

    for _ in range(3):
        talking.converse(an_inquiry(), door, pieces.append)

    assert "".join(pieces) == "Well.\n\nWhat is it called?Not here.I will not."


def test_a_stream_that_cannot_begin_is_tried_again(scripted_model: ScriptedModel, route: Routes, door: Door) -> None:
    scripted_model.expect(Fail(429), Say("Here I am."))
    pieces: list[str] = []

    route().converse(an_inquiry(), door, pieces.append)

    assert "".join(pieces) == "Here I am."
