"""Texts that name a person are found and taken out in every table, on both databases, and in one workspace only."""

from __future__ import annotations

import json
from dataclasses import replace

from billing.contacts import Contact
from billing.personal import GONE, Traces
from billing.queues import InboxEvent, Source
from storage import SqlStore
from tests.support.books import a_connection, a_message, a_turn, add_books, add_workspace
from tests.support.records import NOW

OURS, THEIRS = "ws_ours", "ws_theirs"
ZOE = Contact(OURS, "CON-9", "Zoë Lund", NOW, email="zoe@lund.example")


def _slack(team: str, text: str, body: bytes | None = None) -> InboxEvent:
    said = body or json.dumps({"event": {"text": text, "ts": "1.1"}}).encode()
    return InboxEvent(Source.SLACK, f"{team}:C1:{len(text)}", "message", f"slack:{team}:C1:1.1", said, NOW)


def _finish(store: SqlStore) -> None:
    while (claim := store.claim_inbox(lease_seconds=60)) is not None:
        store.finish(claim)
    while (out := store.claim_outbox(lease_seconds=60)) is not None:
        store.finish(out)


def test_words_go_and_what_stands_around_them_stays(any_store: SqlStore) -> None:
    for workspace in (OURS, THEIRS):
        add_workspace(any_store, workspace)
        with any_store.transaction(workspace) as tx:
            tx.people.save_workspace(replace(tx.people.workspace(), slack_team_id=f"T{workspace}"))
            tx.connections.add(a_connection(workspace_id=workspace, stripe_account_id=f"acct_{workspace}"))
            tx.talk.add_turn(a_turn(workspace_id=workspace, text="what of ZOË?", reply={"reply": "x", "n": [1, None]}))
            tx.send(a_message("k", workspace_id=workspace, payload={"text": "To zoe@lund.example", "also": "kept"}))
        any_store.receive(_slack(f"T{workspace}", "Zoë Lund paid"))
        any_store.receive(_slack(f"T{workspace}", "Zoë Lund paid twice", b"Zo\xc3\xab Lund, no JSON \xff"))
        any_store.receive(
            InboxEvent(Source.STRIPE, f"acct_{workspace}:evt", "x", "cs", b'{"email": "zoe@lund.example"}', NOW)
        )
    traces = Traces.of(ZOE)
    with any_store.transaction(OURS) as tx:
        assert tx.privacy.waiting(traces) == 1
    _finish(any_store)

    with any_store.transaction(OURS) as tx:
        found = tx.privacy.mentions(traces)
        assert sorted({mention.record for mention in found}) == ["inbox", "outbox", "turns"]
        assert tx.privacy.waiting(traces) == 0
        assert tx.privacy.wipe(traces, invoices=[]) == len(found) == 5
        assert tx.privacy.mentions(traces) == []
        assert [(turn.text, turn.reply) for turn in tx.talk.turns(a_turn().conversation, limit=9)] == [
            (GONE, {"reply": "x", "n": [1, None]})
        ]
    (delivered,) = any_store.delivered(OURS, after=0, kinds=["say"])
    assert delivered.message.payload == {"text": GONE, "also": "kept"}
    with any_store.transaction(THEIRS) as tx:
        assert len(tx.privacy.mentions(traces)) == 5


def test_a_workspace_that_nothing_came_in_for_has_nothing_in_the_inbox(any_store: SqlStore) -> None:
    add_books(any_store, OURS)
    any_store.receive(_slack("T1", "Zoë Lund"))
    _finish(any_store)
    with any_store.transaction(OURS) as tx:
        assert tx.privacy.mentions(Traces.of(ZOE)) == []
