"""What became of a row is written down by whoever held it, as soon as the database is back, and not after its lease."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url, select

from billing.errors import BadArgument, ProviderUnavailable, StoreUnavailable
from billing.queues import OutboxMessage, RowState
from bot.worker.worker import Work, Worker
from storage import SqlStore, open_store, tables
from tests.support.books import a_message, add_workspace
from tests.support.databases import SetClock
from tests.support.records import WORKSPACE

AWAY_SECONDS = 0.7


class Writer:
    """Another writer on SQLite, whom nobody else can write beside."""

    def __init__(self, file: str) -> None:
        self._connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)

    def hold(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")

    def let_go(self) -> None:
        self._connection.execute("COMMIT")

    def close(self) -> None:
        self._connection.close()


@pytest.fixture
def store(sqlite_url: str, clock: SetClock) -> Iterator[SqlStore]:
    """A store that waits for nobody, with a message to be delivered."""
    store = open_store(sqlite_url, clock, busy_seconds=0.05)
    add_workspace(store)
    with store.transaction(WORKSPACE) as tx:
        tx.send(a_message("first", lane="#billing"))
    yield store
    store.close()


@pytest.fixture
def other(store: SqlStore) -> Iterator[Writer]:
    file = make_url(str(store.engine.url)).database
    assert file is not None
    other = Writer(str(Path(file)))
    yield other
    other.close()


def worker_whose_database_goes(
    store: SqlStore, other: Writer, end: Callable[[], Mapping[str, Any]], later: threading.Timer
) -> Worker:
    """Return a worker from whom the database is taken while it delivers; only then does the time of `later` run."""

    def deliver(message: OutboxMessage, *, again: bool) -> Mapping[str, Any]:
        assert not again
        other.hold()
        later.start()
        return end()

    return Worker(store, Work(lambda _: True, deliver), threads=1)


def succeed() -> Mapping[str, Any]:
    return {"ts": "1"}


def fail_for_now() -> Mapping[str, Any]:
    raise ProviderUnavailable("busy")


def fail_for_good() -> Mapping[str, Any]:
    raise BadArgument("no")


@pytest.mark.parametrize(
    ("end", "state"),
    [(succeed, RowState.DONE), (fail_for_now, RowState.WAITING), (fail_for_good, RowState.PARKED)],
)
def test_what_became_of_a_row_is_written_once_the_database_is_back(
    store: SqlStore, other: Writer, end: Callable[[], Mapping[str, Any]], state: RowState
) -> None:
    back = threading.Timer(AWAY_SECONDS, other.let_go)
    worker_whose_database_goes(store, other, end, back).step()
    back.join()

    with store.engine.connect() as connection:
        (row,) = connection.execute(select(tables.outbox)).mappings().all()
    assert (row["state"], row["leased_until"], row["attempts"]) == (state, None, 1)


def test_a_worker_that_is_told_to_end_does_not_wait_for_a_database_that_stays_away(
    store: SqlStore, other: Writer
) -> None:
    def end() -> None:
        worker.stop()

    ending = threading.Timer(AWAY_SECONDS, end)
    worker = worker_whose_database_goes(store, other, succeed, ending)
    with pytest.raises(StoreUnavailable, match="locked"):
        worker.step()
    ending.join()
    other.let_go()
    # Who had it may have delivered it, so it is nobody's until the lease is over.
    assert store.claim_outbox(lease_seconds=60) is None
