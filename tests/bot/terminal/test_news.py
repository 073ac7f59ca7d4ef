"""Channel posts appear without anybody asking, each once, and only those of one's own business."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from rich.console import Console

from billing.queues import OutboxKind, OutboxMessage
from bot.exchange import load_workspace
from bot.terminal.news import Feed, Post, watching
from bot.terminal.screen import Screen
from skills.cards import Card, Tone
from storage import SqlStore, memory_store
from tests.support.workspaces import NOW, SMALL

PAID = {"title": "INV-1 is paid", "summary": "INV-1 is paid: A$5.00", "tone": "good"}
POST = {"channel": "#billing", "text": "INV-1 is paid: A$5.00", "cards": [PAID]}


@dataclass
class Office:
    """A workspace whose messages the test sends itself."""

    store: SqlStore
    workspace_id: str
    count: int = 0

    def put(self, kind: OutboxKind = OutboxKind.NOTIFY, lane: str = "") -> None:
        self.count += 1
        with self.store.transaction(self.workspace_id) as tx:
            tx.send(OutboxMessage(self.workspace_id, f"k{self.count}", kind, lane or f"l{self.count}", {}, NOW))

    def deliver(self, receipt: dict[str, Any]) -> None:
        claim = self.store.claim_outbox(lease_seconds=60)
        assert claim is not None
        self.store.finish(claim, receipt=receipt)

    def feed(self) -> Feed:
        return Feed(self.store, self.workspace_id, "terminal")


@pytest.fixture
def office() -> Iterator[Office]:
    store = memory_store(lambda: NOW)
    yield Office(store, load_workspace(store, SMALL, NOW).id)
    store.close()


def test_a_post_is_shown_once(office: Office) -> None:
    feed = office.feed()
    office.put()
    assert feed.new() == []
    office.deliver(POST)
    card = Card("INV-1 is paid", "INV-1 is paid: A$5.00", tone=Tone.GOOD)
    assert feed.new() == [Post("#billing", "INV-1 is paid: A$5.00", (card,))]
    assert feed.new() == []


def test_what_was_posted_before_the_chat_began_is_old_news(office: Office) -> None:
    office.put()
    office.deliver(POST)
    assert office.feed().new() == []


def test_a_post_that_was_late_is_not_missed(office: Office) -> None:
    feed = office.feed()
    office.put()
    office.put()
    first = office.store.claim_outbox(lease_seconds=60)
    assert first is not None
    office.deliver({**POST, "text": "younger"})
    assert [post.text for post in feed.new()] == ["younger"]
    office.store.finish(first, receipt={**POST, "text": "older"})
    assert [post.text for post in feed.new()] == ["older"]


def test_a_sentence_is_heard_in_the_conversation_it_was_said_to(office: Office) -> None:
    feed = office.feed()
    for conversation in ("terminal", "slack:C1:1"):
        office.put(OutboxKind.SAY)
        office.deliver({"conversation": conversation, "text": f"to {conversation}", "cards": []})
    assert feed.new() == [Post("", "to terminal")]


def test_mails_are_no_posts(office: Office) -> None:
    feed = office.feed()
    office.put(OutboxKind.MAIL)
    office.deliver({"message_id": "1"})
    assert feed.new() == []


def test_news_are_shown_while_one_waits_and_the_last_before_one_leaves(office: Office) -> None:
    shown: list[Post] = []
    came = threading.Event()

    def show(post: Post) -> None:
        shown.append(post)
        came.set()

    with watching(office.feed(), show):
        office.put()
        office.deliver(POST)
        assert came.wait(10)
        office.put()
        office.deliver({**POST, "text": "last"})
    assert [post.text for post in shown] == ["INV-1 is paid: A$5.00", "last"]
    assert not [thread for thread in threading.enumerate() if thread.name == "evie-news"]


def test_a_feed_that_stumbles_is_read_again(office: Office) -> None:
    tries: list[Post] = []
    came = threading.Event()

    def show(post: Post) -> None:
        tries.append(post)
        if len(tries) == 1:
            raise RuntimeError
        came.set()

    with watching(office.feed(), show):
        office.put()
        office.deliver(POST)
        while not tries:
            threading.Event().wait(0.05)
        office.put()
        office.deliver({**POST, "text": "next"})
        assert came.wait(10)
    assert tries[-1].text == "next"


def test_a_post_stands_under_its_channel() -> None:
    file = io.StringIO()
    Screen(Console(file=file, width=60)).post(Post("#billing", "x", (Card("INV-1 is paid", "x", tone=Tone.GOOD),)))
    lines = file.getvalue().splitlines()
    assert lines[0].startswith("#billing ───")
    assert lines[1].startswith("╭─ INV-1 is paid ──")
