"""For people who would rather click: a message becomes a form, the form an invoice, and its card a mail."""

from typing import Any

import pytest

from tests.support.openai import Say, ScriptedModel
from tests.support.slack import FakeSlack
from tests.support.slack_requests import sent
from tests.support.walking import Evie
from tests.support.walking_slack import Colleague, Message

pytestmark = pytest.mark.walk

Json = dict[str, Any]


def opened(evie: Evie, slack: FakeSlack, payload: Json) -> Json:
    before = len(slack.views)
    assert sent(evie.url, payload)[0] == 200
    return evie.until(lambda: slack.views[before:], "a form")[0]


def submitted(evie: Evie, slack: FakeSlack, view: Json, **values: Any) -> Json:
    status, answer = sent(evie.url, slack.submission(view, values))
    assert status == 200, evie.logs
    return answer


def test_a_message_becomes_an_invoice_that_is_sent_without_a_word(
    evie: Evie, slack: FakeSlack, workspace: dict[str, Any]
) -> None:
    evie.move_in(workspace)
    evie.serve()
    message = {"ts": "7.1", "user": "U2", "text": "Quist wants the poster by May, $1,200 for it"}
    view = opened(evie, slack, slack.message_shortcut("evie_invoice_from_message", message))
    found = sent(evie.url, slack.typing(view, "evie_choose_opportunity", "quist"))[1]
    (option,) = found["options"]

    wrong = submitted(evie, slack, view, opportunity=option["value"], amount="a lot", kind="deposit")
    assert wrong["errors"].keys() == {"amount"}
    assert submitted(evie, slack, view, opportunity=option["value"], amount="15%", kind="deposit") == {}

    thread = Colleague(evie, slack, channel="C1", thread="7.1")
    card = thread.hears("A$1,200.00")
    button = card.button("Send with a message")
    form = opened(evie, slack, slack.click(button["action_id"], button["value"], card.post))
    assert "nora@quist.example" in str(form["blocks"])
    assert submitted(evie, slack, form, message="It was a pleasure.") == {}
    thread.hears("is on its way to nora@quist.example")
    evie.until_quiet()
    (mail,) = evie.rows("outbox", kind="mail")
    assert mail["state"] == "done"


def test_a_models_long_answer_streams_into_one_message(
    evie: Evie, slack: FakeSlack, workspace: dict[str, Any], scripted_model: ScriptedModel
) -> None:
    evie.settings |= scripted_model.environment()
    evie.move_in(workspace)
    evie.serve()
    words = "The ferries have one deal with you, the timetable poster, and nothing of it is invoiced yet. " * 6
    scripted_model.expect(Say(words.strip()))
    ada = Colleague(evie, slack)
    event = ada.message("what would you tell a friend about the ferry people")
    assert sent(evie.url, event)[0] == 200
    ended = evie.until(lambda: [post for post in slack.posts if "metadata" in post], "the end of the answer")

    assert [post["text"] for post in slack.posts] == [words.strip()]
    assert "context_actions" in {block["type"] for block in Message(ended[0]).post["blocks"]}
    assert [method for method, _ in slack.calls if method == "chat.startStream"]
