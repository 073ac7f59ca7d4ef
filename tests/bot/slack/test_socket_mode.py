"""Socket Mode over a real connection: the same rows, and no acknowledgement before one is stored."""

from __future__ import annotations

import queue
from dataclasses import replace

import pytest

from billing.errors import ProviderRefused
from bot.slack.socket_mode import start_socket_mode
from storage import open_store
from tests.support.databases import SetClock
from tests.support.slack import APP_TOKEN, FakeSlack
from tests.support.slack_office import Office, an_app
from tests.support.slack_socket import listening


def test_an_event_over_the_socket_is_stored_and_then_acknowledged(office: Office) -> None:
    config = replace(office.slack.config, signing_secret=None, app_token=APP_TOKEN)
    with listening() as socket:
        office.slack.socket_url = socket.url
        running = start_socket_mode(an_app(config, office.store, office.clock), config)
        try:
            assert socket.send(office.slack.message("hello"), "envelope-7") == "envelope-7"
        finally:
            running.close()
    assert len(office.rows("inbox")) == 1
    office.worker.drain()
    assert [post["text"] for post in office.slack.posts] == ["You said: hello"]


def test_an_event_that_cannot_be_stored_is_not_acknowledged(slack: FakeSlack, clock: SetClock, sqlite_url: str) -> None:
    config = replace(slack.config, signing_secret=None, app_token=APP_TOKEN)
    store = open_store(sqlite_url, clock, busy_seconds=0.1)
    other = open_store(sqlite_url, clock)
    with listening() as socket:
        slack.socket_url = socket.url
        running = start_socket_mode(an_app(config, store, clock), config)
        try:
            with other.transaction("anything"), pytest.raises(queue.Empty):
                socket.send(slack.message("hello"), patience=1)
            assert socket.send(slack.message("hello"), "envelope-2") == "envelope-2"
        finally:
            running.close()
    store.close()
    other.close()


def test_a_wrong_app_token_is_said_at_the_start(office: Office) -> None:
    config = replace(office.slack.config, app_token="xapp-wrong")
    with pytest.raises(ProviderRefused, match="does not accept my token"):
        start_socket_mode(an_app(config, office.store, office.clock), config)
