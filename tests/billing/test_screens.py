"""What is shown changes with the records: said in the same transaction, and only where something is shown."""

from __future__ import annotations

from datetime import timedelta

from billing.queues import OutboxKind
from billing.redrawing import changed
from billing.screens import EVERYTHING, REFRESHED, Screen
from storage import SqlStore
from tests.support.books import add_workspace
from tests.support.records import NOW, WORKSPACE


def refreshes(store: SqlStore) -> list[str]:
    found = []
    while claim := store.claim_outbox(lease_seconds=60):
        assert claim.row.kind is OutboxKind.REFRESH
        found.append(claim.row.key)
        store.finish(claim)
    return found


def test_a_change_is_drawn_once_where_the_record_or_everything_is_shown(any_store: SqlStore) -> None:
    add_workspace(any_store)
    with any_store.transaction(WORKSPACE) as tx:
        tx.screens.put(Screen(WORKSPACE, "C1:1.1", "INV-1001", NOW, {"reply": "x"}))
        for key in ("paid", "paid", "sent"):
            changed(tx, "INV-1001", key, now=NOW)
        changed(tx, "INV-1002", "other", now=NOW)
        tx.screens.put(Screen(WORKSPACE, "home:U1", EVERYTHING, NOW))
        changed(tx, "INV-1002", "seen at home", now=NOW)

    assert refreshes(any_store) == ["refresh:paid", "refresh:sent", "refresh:seen at home"]


def test_what_scrolled_away_long_ago_is_left_alone(any_store: SqlStore) -> None:
    add_workspace(any_store)
    with any_store.transaction(WORKSPACE) as tx:
        tx.screens.put(Screen(WORKSPACE, "C1:1.1", "INV-1001", NOW - REFRESHED - timedelta(seconds=1)))
        changed(tx, "INV-1001", "paid", now=NOW)
        tx.screens.put(Screen(WORKSPACE, "C1:1.1", "INV-1001", NOW, {"reply": "again"}))

        assert tx.screens.about("INV-1001", since=NOW) == [
            Screen(WORKSPACE, "C1:1.1", "INV-1001", NOW, {"reply": "again"}),
        ]
    assert refreshes(any_store) == []
