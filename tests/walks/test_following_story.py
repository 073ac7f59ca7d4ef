"""One request is followed through all lines of all logs: from Slack's event to Stripe's call to the post, by one id."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.support.collector import Collector, collecting
from tests.support.slack import FakeSlack
from tests.support.walking import Evie, slack_settings
from tests.support.walking_slack import Channel, Colleague
from tests.support.walking_stripe import ForeignStripe, deliver, foreign_stripe

pytestmark = pytest.mark.walk

Json = dict[str, Any]


@pytest.fixture
def stripe() -> Iterator[ForeignStripe]:
    with foreign_stripe() as stripe:
        yield stripe


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting() as collector:
        yield collector


@pytest.fixture
def settings(slack: FakeSlack, stripe: ForeignStripe, collector: Collector) -> dict[str, str]:
    traced = {"EVIE_LOG_LEVEL": "debug", "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url}
    return slack_settings(slack) | stripe.settings() | traced


@pytest.fixture
def evie(tmp_path: Path, settings: dict[str, str], workspace: Json, postgresql_url: str) -> Iterator[Evie]:
    """Evie with a web process that only takes in, and a worker: what belongs together is in two logs."""
    with Evie(tmp_path, postgresql_url, **settings) as evie:
        evie.move_in(workspace)
        evie.serve("--web-only", workers=1)
        yield evie


def story(evie: Evie, correlation: str) -> list[Json]:
    """Return all lines with that id, of whichever process."""
    texts = [log.read_text("utf-8") for log in evie.folder.glob("*.log")]
    # A line without an end is being written.
    lines = [line for text in texts for line in text.splitlines(keepends=True) if line.endswith("\n")]
    read = [json.loads(line) for line in lines if line.startswith("{")]
    return [line for line in read if line.get("correlation") == correlation]


def told(evie: Evie, correlation: str, **facts: str) -> list[Json]:
    """Return the lines of the story that have these facts: the end of a row is told once it is in the database."""

    def found() -> list[Json]:
        return [line for line in story(evie, correlation) if facts.items() <= line.items()]

    return evie.until(found, f"a line with {facts}")


def in_order(*lines: Json) -> bool:
    return list(lines) == sorted(lines, key=lambda line: line["timestamp"])


def test_a_request_is_followed_from_the_event_through_stripe_to_the_post(
    evie: Evie, slack: FakeSlack, stripe: ForeignStripe, collector: Collector
) -> None:
    answer = Colleague(evie, slack).says("create a 30% deposit invoice for Quist and make a payment link")
    evie.until_quiet()
    (row,) = evie.rows("inbox", source="slack")
    (reply,) = evie.rows("outbox", kind="reply")
    assert reply["correlation"] == row["correlation"]

    lines = partial(told, evie, row["correlation"])
    assert lines(event="event_received", source="slack", outcome="accepted")
    (made,) = lines(event="call", service="stripe", operation="POST /v1/payment_links", result="200")
    assert made["stripe_request"].startswith("req_")
    assert made["idempotency_key"]
    (said,) = lines(event="answered", front="slack", route="rules", outcome="done")
    (handled,) = lines(event="row_finished", queue="inbox", key=row["key"], outcome="done")
    (posted,) = lines(event="call", service="slack", operation="chat.postMessage", result="ok")
    (left,) = lines(event="row_finished", queue="outbox", kind="reply", outcome="done")
    # What is in the database is told of afterwards, when somebody else may be at work on what comes of it.
    assert in_order(made, said, handled)
    assert in_order(said, posted, left)

    stripe.pay(answer.link("Open pay page"), "Nora Quist")
    assert {deliver(evie.url, event) for event in stripe.events()} == {200}
    Channel(evie, slack, "C1").hears("INV-1001 is paid")
    evie.until_quiet()
    (news,) = evie.rows("outbox", kind="notify")
    assert news["correlation"] != row["correlation"]
    lines = partial(told, evie, news["correlation"])
    for facts in (
        {"event": "event_received", "source": "stripe", "outcome": "accepted"},
        {"event": "call", "service": "stripe", "result": "200"},
        {"event": "row_finished", "queue": "outbox", "kind": "notify", "outcome": "done"},
    ):
        assert lines(**facts)

    # What was not told yet is told at the end.
    evie.stop()
    spans = {span.name: span for span in collector.trace(row["correlation"])}
    chain = ["POST /slack/events", "inbox message", "answer", "stripe POST /v1/payment_links"]
    assert [spans[name].parent for name in chain] == ["", *(spans[name].id for name in chain[:-1])]
    assert spans["outbox reply"].parent == spans["POST /slack/events"].id
    assert spans["slack chat.postMessage"].parent == spans["outbox reply"].id
    assert spans["stripe POST /v1/payment_links"].facts["stripe_request"] == made["stripe_request"]
