"""A watcher of the database hears of each write and each commit of one, and of nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import pytest

from storage import SqlStore, open_store
from storage.watching import watch
from tests.support.books import a_contact, add_workspace, an_event
from tests.support.databases import SetClock
from tests.support.records import WORKSPACE


class Change(Exception):
    pass


@pytest.fixture
def heard() -> list[str]:
    return []


@pytest.fixture
def watched(any_url: str, clock: SetClock, heard: list[str]) -> Iterator[SqlStore]:
    store = open_store(any_url, clock)
    watch(store.engine, heard.append)
    yield store
    store.close()


def test_each_write_and_the_commit_are_steps(watched: SqlStore, heard: list[str]) -> None:
    add_workspace(watched)
    assert heard[-2:] == ["wrote: INSERT INTO workspaces", "committed"]


def test_a_statement_that_is_a_transaction_by_itself_is_one_step(watched: SqlStore, heard: list[str]) -> None:
    watched.receive(an_event("one"))
    assert heard == ["committed"]
    assert watched.claim_inbox(lease_seconds=60) is not None
    assert heard[1:] == ["committed"]


def test_looking_for_work_that_is_not_there_is_no_step(watched: SqlStore, heard: list[str]) -> None:
    assert watched.claim_inbox(lease_seconds=60) is None
    assert watched.health().parked == 0
    assert heard == []


def test_what_is_taken_back_is_not_committed(watched: SqlStore, heard: list[str]) -> None:
    add_workspace(watched)
    heard.clear()
    with suppress(Change), watched.transaction(WORKSPACE) as tx:
        tx.contacts.add(a_contact())
        assert tx.contacts.list() != []
        raise Change
    assert "wrote: INSERT INTO contacts" in heard
    assert "committed" not in heard


def test_changes_of_the_tables_are_steps(tmp_path_factory: pytest.TempPathFactory, clock: SetClock) -> None:
    heard: list[str] = []
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('new') / 'evie.db'}", clock)
    watch(store.engine, heard.append)
    store.migrate()
    store.close()
    assert sum(step.startswith("wrote: CREATE") for step in heard) > 50
    assert heard[-1] == "committed"
