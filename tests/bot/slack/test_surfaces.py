"""What holds wherever people reach Evie in Slack: two processes answer once, in order, and a person can be had."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from billing.conversations import Actor
from billing.news_settings import set_people
from billing.roles import Role
from billing.workspaces import Member
from bot.slack.http import asgi_app
from tests.support.serving import serving
from tests.support.slack import Fault
from tests.support.slack_office import OFFICE, Office, a_worker, office_forms, slack_parts_for
from tests.support.slack_requests import send
from tests.support.stage import Stage

Json = dict[str, Any]


def test_a_mention_that_reaches_two_processes_as_two_events_is_answered_once(office: Office) -> None:
    parts = slack_parts_for(office.slack.config, office.store, office.clock)
    app = parts.app(lambda: None, office_forms(office.store, office.clock))
    other = Stage(app=asgi_app(app, office.slack.config))
    worker = a_worker(parts, office.answers)
    place: Json = {"channel": "C1", "ts": "9.1", "type": "app_mention", "channel_type": None}
    with serving(other) as url:
        assert send(url, office.slack.message("<@U0EVIE> help", **place)) == 200
        assert office.send(office.slack.message("<@U0EVIE> help", **place)) == 200
    office.worker.start()
    worker.start()
    office.worker.stop()
    worker.stop()
    office.worker.drain()
    assert len(office.rows("inbox")) == 1
    assert [post["text"] for post in office.slack.posts] == ["You said: help"]


def test_after_a_pause_that_slack_asked_for_the_answers_of_a_thread_follow_in_order(office: Office) -> None:
    office.slack.fail("chat.postMessage", Fault(status=429, retry_after=17))
    for number in (1, 2, 3):
        said = office.slack.message(f"number {number}", ts=f"9.{number}", thread_ts="9.1")
        assert office.send(said) == 200
    office.worker.drain()
    assert office.slack.posts == []
    office.clock.now += timedelta(seconds=16)
    office.worker.drain()
    assert office.slack.posts == []
    office.clock.now += timedelta(seconds=2)
    office.worker.drain()
    assert [post["text"] for post in office.slack.posts] == [f"You said: number {number}" for number in (1, 2, 3)]


@pytest.mark.parametrize(
    "topic",
    ["", " invoices", " payments", " reminders", " with clients", " reports", " automations", " settings", " people"],
)
def test_help_by_topic_is_for_the_one_who_asked_until_it_is_shared(office: Office, topic: str) -> None:
    office.answers.script[f"help{topic}"] = office.answers.real.answer
    office.hear(office.slack.command(f"help{topic}"))
    [whispered] = office.slack.ephemerals
    assert (whispered["user"], office.slack.posts) == ("U1", [])
    office.hear(office.slack.command(f"help{topic} and share"))
    [post] = office.slack.posts
    assert post["text"] == whispered["text"]


@pytest.mark.parametrize(
    "words",
    [
        "I want to speak to a human",
        "ask someone to help me",
        "can someone call me about this invoice",
        "can somebody call me about INV-1002",
    ],
)
def test_whoever_asks_for_a_person_in_words_is_passed_on_with_what_was_said_and_hears_who_comes(
    office: Office, words: str
) -> None:
    with office.store.transaction(OFFICE) as tx:
        tx.people.save_member(Member(OFFICE, "Vic", Role.VIEWER, "U2"))
        set_people(tx, Actor(OFFICE, "Ada", Role.ADMIN, "slack"), "#billing")
    for sentence in ("what is overdue", words):
        office.answers.script[sentence] = office.answers.real.answer
    thread: Json = {"channel": "D2", "user": "U2", "thread_ts": "8.1"}
    office.hear(office.slack.message("what is overdue", **thread | {"ts": "8.1"}))
    office.hear(office.slack.message(words, **thread | {"ts": "8.2"}))

    answer = next(post for post in office.slack.posts if post["channel"] == "D2" and "passed this on" in post["text"])
    assert "passed this on to #billing" in answer["text"]
    [card] = [post for post in office.slack.posts if post["channel"] == "C1"]
    shown = str(card["blocks"])
    assert card["text"].startswith("Vic wants to talk to a person")
    assert "what is overdue" in shown
    [button] = [one for block in card["blocks"] if block["type"] == "actions" for one in block["elements"]]
    office.hear(office.slack.click(button["action_id"], button["value"], card))

    assert any("Ada has taken your request" in post["text"] for post in office.slack.posts if post["channel"] == "D2")
    assert "evie_take" not in str(office.slack.updates[-1]["blocks"])
