"""What is watched becomes a line and a number, under the id of its cause."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import structlog
from prometheus_client import generate_latest
from structlog.testing import LogCapture

from billing.conversations import Actor
from billing.correlation import current
from billing.queues import Claim
from billing.roles import Role
from bot.assistant.reply import CallReport, Clarify, Reply
from bot.assistant.requests import Deed, Press, Request
from bot.watching.answers import WatchedAnswers
from bot.watching.watcher import Prices, Watcher, outcome_of
from tests.support.books import a_message, an_event

ADA = Actor("ws", "Ada", Role.ADMIN, "terminal")


@pytest.fixture
def lines() -> Any:
    capture = LogCapture()
    structlog.configure(processors=[capture])
    yield capture.entries
    structlog.reset_defaults()


def numbers(watcher: Watcher) -> list[str]:
    return generate_latest(watcher.meters.registry).decode().splitlines()


def test_a_call_is_a_line_with_what_the_other_side_calls_it(lines: list[Mapping[str, Any]]) -> None:
    watcher = Watcher()
    with watcher.call("stripe", "POST /v1/refunds") as call:
        call.facts["stripe_request"] = "req_1"
        call.result = "200"
    (line,) = lines
    assert {"event": "call", "service": "stripe", "result": "200", "stripe_request": "req_1"}.items() <= line.items()
    labels = 'operation="POST /v1/refunds",result="200",service="stripe"'
    assert f"evie_call_seconds_count{{{labels}}} 1.0" in numbers(watcher)


def test_a_call_that_breaks_is_counted_as_failed_unless_it_said_how(lines: list[Mapping[str, Any]]) -> None:
    watcher = Watcher()

    def break_with(result: str) -> None:
        with watcher.call("slack", "chat.postMessage") as call:
            call.result = result
            raise OSError("gone")

    for result in ("ok", "no_answer"):
        with pytest.raises(OSError, match="gone"):
            break_with(result)
    assert [line["result"] for line in lines] == ["failed", "no_answer"]


def test_tokens_are_counted_and_cost_what_was_set() -> None:
    watcher = Watcher(None, Prices(1.5, 10))
    with watcher.call("model", "responses") as call:
        call.amounts |= {"input": 1_000_000, "output": 500_000}
    with watcher.call("stripe", "GET /v1/events") as call:
        call.amounts |= {"input": 7}
    found = numbers(watcher)
    assert 'evie_model_tokens_total{direction="input"} 1e+06' in found
    assert "evie_model_cost_dollars_total 6.5" in found


def test_without_prices_tokens_are_counted_and_cost_nothing() -> None:
    watcher = Watcher()
    with watcher.call("model", "responses") as call:
        call.amounts |= {"output": 5}
    assert 'evie_model_tokens_total{direction="output"} 5.0' in numbers(watcher)
    assert "evie_model_cost_dollars_total 0.0" in numbers(watcher)


def test_a_row_is_handled_under_the_id_of_its_cause(lines: list[Mapping[str, Any]]) -> None:
    watcher = Watcher()
    with watcher.row("inbox", Claim(7, an_event(), 2, "cause", 1.5)) as row:
        assert current() == "cause"
        row.outcome = "put_back"
    with watcher.row("outbox", Claim(8, a_message(), 1)):
        assert len(current()) == 32
    first, second = lines
    facts = {"row": 7, "queue": "inbox", "key": "evt_1", "attempts": 2, "outcome": "put_back"}
    assert facts.items() <= first.items()
    assert second["outcome"] == "done"
    found = numbers(watcher)
    assert 'evie_row_seconds_count{kind="stripe",outcome="put_back",queue="inbox"} 1.0' in found
    assert 'evie_row_seconds_count{kind="say",outcome="done",queue="outbox"} 1.0' in found
    assert 'evie_row_wait_seconds_sum{queue="inbox"} 1.5' in found


def test_a_look_at_what_is_due_begins_a_story() -> None:
    watcher = Watcher()
    with watcher.schedule("due") as look:
        assert current()
        look.outcome = "failed"
    assert 'evie_schedule_seconds_count{outcome="failed",schedule="due"} 1.0' in numbers(watcher)


def test_events_are_counted_by_what_became_of_them(lines: list[Mapping[str, Any]]) -> None:
    watcher = Watcher()
    watcher.event("slack", "accepted")
    watcher.event("slack", "duplicate", key="Ev1")
    assert 'evie_events_total{outcome="duplicate",source="slack"} 1.0' in numbers(watcher)
    assert lines[1]["key"] == "Ev1"
    assert lines[1]["log_level"] == "debug"


class Echo:
    """Answers, and remembers under which id it was asked."""

    def __init__(self) -> None:
        self.ids: list[str] = []

    def answer(self, request: Request, on_text: object = None) -> Reply:
        return self._said(request.conversation)

    def press(self, press: Press) -> Reply:
        return self._said(press.conversation)

    def perform(self, deed: Deed) -> Reply:
        return self._said(deed.conversation)

    def _said(self, conversation: str) -> Reply:
        self.ids.append(current())
        return Reply(conversation, "Done.", (CallReport("show_invoice", {}, "done"),))


def test_each_way_to_ask_is_watched_and_begins_a_story_at_a_desk(lines: list[Mapping[str, Any]]) -> None:
    watcher, echo = Watcher(), Echo()
    answers = WatchedAnswers(echo, watcher)
    answers.answer(Request(ADA, "c1", "show INV-1", "k1"))
    answers.press(Press(ADA, "c1", "p1", confirm=True, key="k2"))
    answers.perform(Deed(ADA, "c1", (), "k3"))
    assert len({*echo.ids, ""}) == 4
    assert [line["skills"] for line in lines] == ["show_invoice"] * 3
    assert 'evie_answers_total{front="terminal",outcome="done",route="rules"} 3.0' in numbers(watcher)


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (Reply("c", "", (CallReport("a", {}, "done"), CallReport("b", {}, "failed"))), "failed"),
        (Reply("c", "", (CallReport("a", {}, "refused"), CallReport("b", {}, "done"))), "refused"),
        (Reply("c", "", (CallReport("a", {}, "needs_confirmation"),)), "needs_confirmation"),
        (Reply("c", "", error=True), "failed"),
        (Reply("c", "", clarify=Clarify("a", ("invoice",))), "asked_back"),
        (Reply("c", "", declined=True), "declined"),
        (Reply("c", "Hello."), "said"),
    ],
)
def test_a_reply_ended_as_the_worst_of_its_calls(reply: Reply, outcome: str) -> None:
    assert outcome_of(reply) == outcome
