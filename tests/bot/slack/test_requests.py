"""What is let in from Slack, and that nothing is acknowledged before it is on disk."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from bot.slack.config import SlackConfig
from bot.slack.http import asgi_app
from storage import open_store
from tests.support.databases import SetClock
from tests.support.serving import serving
from tests.support.slack import FakeSlack
from tests.support.slack_office import Office, an_app
from tests.support.slack_requests import encoded, send, signed


def test_a_signed_message_becomes_one_inbox_row_and_wakes_the_worker(office: Office) -> None:
    message = office.slack.message("show unpaid invoices")
    assert office.send(message) == 200
    (row,) = office.rows("inbox")
    ts = message["event"]["ts"]
    assert (row["key"], row["kind"], row["lane"]) == (f"T0STUDIO:D1:{ts}", "message", f"slack:T0STUDIO:D1:{ts}")
    assert json.loads(row["body"])["event"]["text"] == "show unpaid invoices"
    assert office.nudges == 1


def test_slacks_old_verification_token_is_not_kept(office: Office) -> None:
    assert office.send(office.slack.message("hello")) == 200
    assert b"an-old-verification-token" not in office.rows("inbox")[0]["body"]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Slack-Request-Timestamp": "1773187200"},
        {"X-Slack-Request-Timestamp": "soon", "X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Request-Timestamp": "9" * 400, "X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Request-Timestamp": str(int(time.time())), "X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Request-Timestamp": str(int(time.time())), "X-Slack-Signature": "v0=sé"},
    ],
)
def test_a_request_without_a_right_signature_stores_nothing(office: Office, headers: dict[str, str]) -> None:
    assert office.send(office.slack.message("hello"), headers) == 401
    assert office.rows("inbox") == []


@pytest.mark.parametrize("age", [301, -301])
def test_a_signature_is_good_for_five_minutes_both_ways(office: Office, age: int) -> None:
    body = encoded(office.slack.message("hello"))[0]
    assert office.send(body, signed(body, age=age)) == 401
    assert office.send(body, signed(body, age=age // 2)) == 200


def test_a_body_that_was_changed_on_the_way_is_refused(office: Office) -> None:
    body = encoded(office.slack.message("pay A$5"))[0]
    assert office.send(body.replace(b"A$5", b"A$9"), signed(body)) == 401
    assert office.rows("inbox") == []


def test_another_apps_signature_is_refused(office: Office) -> None:
    body = encoded(office.slack.message("hello"))[0]
    assert office.send(body, signed(body, secret="another-secret")) == 401


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"x" * 1_000_001, 413),
        (b"\xff\xfe", 400),
        (b"[" * 200_000, 400),
        (b"[]", 400),
        (b"1", 400),
        (b"", 404),
        (b"{}", 404),
        (b'{"type": "event_callback", "event": null}', 400),
        (b'{"type": "event_callback", "event": {"type": "message"}}', 200),
    ],
)
def test_what_is_signed_but_senseless_is_refused_and_stores_nothing(office: Office, body: bytes, status: int) -> None:
    headers = signed(body) if body != b"\xff\xfe" else signed("") | {"Content-Type": "application/json"}
    assert office.send(body, headers) == status
    assert office.rows("inbox") == []
    assert office.send(office.slack.message("still there?")) == 200


def test_slack_may_check_the_address(office: Office) -> None:
    assert office.send({"type": "url_verification", "challenge": "abc"}) == 200


def test_an_event_that_arrives_five_times_at_once_is_one_row_and_one_reply(office: Office) -> None:
    message = office.slack.message("show unpaid invoices")
    with ThreadPoolExecutor(5) as threads:
        assert list(threads.map(office.send, [message] * 5)) == [200] * 5
    office.worker.drain()
    assert len(office.rows("inbox")) == 1
    assert len(office.slack.posts) == 1
    office.hear(message)
    assert len(office.slack.posts) == 1


def test_a_mention_that_arrives_as_message_and_as_mention_is_answered_once(office: Office) -> None:
    office.hear(office.slack.message("<@U0EVIE> help", channel="C1", type="app_mention", ts="9.1", channel_type=None))
    in_thread: dict[str, Any] = {"channel": "C1", "ts": "9.2", "thread_ts": "9.1"}
    assert office.send(office.slack.message("<@U0EVIE> help", **in_thread)) == 200
    assert office.send(office.slack.message("<@U0EVIE> help", type="app_mention", **in_thread)) == 200
    office.worker.drain()
    assert len(office.rows("inbox")) == 2
    assert len(office.slack.posts) == 2


def test_what_is_said_in_a_channel_without_naming_evie_is_not_stored(office: Office) -> None:
    assert office.send(office.slack.message("lunch?", channel="C1")) == 200
    assert office.send(office.slack.message("yes", channel="C1", thread_ts="8.1")) == 200
    assert office.rows("inbox") == []


def test_in_a_thread_where_evie_takes_part_nobody_has_to_name_her(office: Office) -> None:
    office.hear(office.slack.message("<@U0EVIE> invoice Acme", channel="C1", type="app_mention", ts="9.1"))
    office.hear(office.slack.message("500 dollars", channel="C1", thread_ts="9.1"))
    assert [request.text for request in office.answers.requests] == ["invoice Acme", "500 dollars"]
    assert {request.conversation for request in office.answers.requests} == {"slack:T0STUDIO:C1:9.1"}
    assert {post["thread_ts"] for post in office.slack.posts} == {"9.1"}


@pytest.mark.parametrize("text", ["<@U2> can you look at this?", " <@U2|sam> you?", "", "  "])
def test_what_colleagues_say_to_each_other_in_such_a_thread_is_not_stored(office: Office, text: str) -> None:
    office.hear(office.slack.message("<@U0EVIE> invoice Acme", channel="C1", type="app_mention", ts="9.1"))
    in_thread: dict[str, Any] = {"channel": "C1", "thread_ts": "9.1", "subtype": "file_share", "files": [{"id": "F1"}]}
    assert office.send(office.slack.message(text, **in_thread)) == 200
    assert len(office.rows("inbox")) == 1
    assert office.send(office.slack.message("<@U0EVIE> make <@U2> an editor", **in_thread)) == 200
    assert office.send(office.slack.message("<@U2> is an editor", thread_ts="8.1")) == 200
    assert len(office.rows("inbox")) == 3


@pytest.mark.parametrize(
    "changes",
    [
        {"bot_id": "B0EVIE"},
        {"bot_id": "B0OTHER", "subtype": "bot_message"},
        {"subtype": "message_changed", "message": {"text": "new"}},
        {"subtype": "message_deleted"},
        {"edited": {"user": "U1", "ts": "1.0"}},
        {"hidden": True},
        {"user": None},
    ],
)
def test_bots_edits_and_deletions_are_not_heard(office: Office, changes: dict[str, Any]) -> None:
    assert office.send(office.slack.message("send it", **changes)) == 200
    assert office.send(office.slack.message("send it", channel="C1", type="app_mention", **changes)) == 200
    assert office.rows("inbox") == []


def test_a_message_with_a_file_is_heard(office: Office) -> None:
    assert office.send(office.slack.message("for INV-7", subtype="file_share", files=[{"id": "F1"}])) == 200
    assert len(office.rows("inbox")) == 1


def test_each_command_and_each_click_is_a_row_of_its_own(office: Office) -> None:
    card = {"channel": "C1", "ts": "5.1", "text": "?", "blocks": []}
    for payload in (
        office.slack.command("help"),
        office.slack.command("help"),
        office.slack.click("evie_confirm", "prop_1", card),
        office.slack.click("evie_say_0", "show INV-1", card),
    ):
        assert office.send(payload) == 200
    assert [row["kind"] for row in office.rows("inbox")] == ["command", "command", "action", "action"]
    assert [row["lane"] for row in office.rows("inbox")] == ["slack:T0STUDIO:C1:U1"] * 2 + ["slack:T0STUDIO:C1:5.1"] * 2


def test_a_click_on_a_link_is_acknowledged_and_forgotten(office: Office) -> None:
    card = {"channel": "C1", "ts": "5.1", "text": "?", "blocks": []}
    assert office.send(office.slack.click("evie_open_0", "", card)) == 200
    assert office.rows("inbox") == []


def test_what_nobody_listens_to_is_not_acknowledged(office: Office) -> None:
    assert office.send(office.slack.command("help") | {"command": "/other"}) == 404


def test_a_request_is_acknowledged_at_once_while_slack_and_the_assistant_are_slow(office: Office) -> None:
    started = time.monotonic()
    for _ in range(10):
        assert office.send(office.slack.message("hello")) == 200
    assert (time.monotonic() - started) / 10 < 0.5
    assert office.slack.calls == []
    assert office.answers.requests == []


def test_a_request_that_cannot_be_stored_is_not_acknowledged_and_slack_may_repeat_it(
    slack: FakeSlack, clock: SetClock, sqlite_url: str
) -> None:
    store = open_store(sqlite_url, clock, busy_seconds=0.1)
    other = open_store(sqlite_url, clock)
    message = slack.message("send it")
    with serving(asgi_app(an_app(slack.config, store, clock), slack.config)) as url:
        with other.transaction("anything"):
            assert send(url, message) == 503
            assert send(url, slack.command("help")) == 503
        assert send(url, message) == 200
    store.close()
    other.close()


def test_without_a_signing_secret_nobody_is_let_in(slack: FakeSlack, clock: SetClock, sqlite_url: str) -> None:
    store = open_store(sqlite_url, clock)
    config = SlackConfig(bot_token="xoxb-fake", app_token="xapp-fake")
    with serving(asgi_app(an_app(config, store, clock), config)) as url:
        body = encoded(slack.message("hello"))[0]
        assert send(url, body, signed(body)) == 404
    store.close()
