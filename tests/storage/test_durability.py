"""What was promised is there after a crash, and what failed half way is not."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from sqlalchemy import text

from storage import SqlStore, open_store
from tests.support.books import a_contact, a_message, a_workspace, add_workspace, an_event
from tests.support.databases import SetClock
from tests.support.records import WORKSPACE

RECEIVE_AND_DIE = """
import os, signal, sys
from storage import open_store
from tests.support.books import add_workspace, an_event, a_contact
from tests.support.databases import SetClock
from tests.support.records import WORKSPACE

store = open_store(sys.argv[1], SetClock())
add_workspace(store)
store.receive(an_event("promised"))
with store.transaction(WORKSPACE) as tx:
    tx.contacts.add(a_contact())
    os.kill(os.getpid(), signal.SIGKILL)
"""

ROOT = Path(__file__).resolve().parents[2]


class Crash(Exception):
    pass


def test_a_transaction_that_fails_leaves_nothing_of_itself(any_store: SqlStore) -> None:
    add_workspace(any_store)
    with suppress(Crash), any_store.transaction(WORKSPACE) as tx:
        tx.contacts.add(a_contact())
        tx.send(a_message())
        raise Crash

    with any_store.transaction(WORKSPACE) as tx:
        assert tx.contacts.list() == []
        assert tx.contacts.next_number() == "CON-1"
    assert any_store.claim_outbox(lease_seconds=60) is None


def test_a_transaction_is_not_seen_before_it_commits(any_store: SqlStore) -> None:
    with any_store.transaction(WORKSPACE) as tx:
        tx.people.save_workspace(a_workspace())
        assert any_store.directory.workspaces() == []

    assert len(any_store.directory.workspaces()) == 1


def test_a_received_event_outlives_the_process_and_half_a_transaction_does_not(any_url: str, clock: SetClock) -> None:
    died = subprocess.run([sys.executable, "-c", RECEIVE_AND_DIE, any_url], cwd=ROOT, check=False)
    assert died.returncode == -signal.SIGKILL

    store = open_store(any_url, clock)
    claim = store.claim_inbox(lease_seconds=60)
    with store.transaction(WORKSPACE) as tx:
        assert tx.contacts.list() == []
    store.close()
    assert claim is not None
    assert claim.row == an_event("promised")


def test_sqlite_writes_every_commit_to_the_disk(store: SqlStore) -> None:
    with store.engine.connect() as connection:
        settings = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }

    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}
