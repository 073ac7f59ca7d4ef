"""Bells between processes, on a real PostgreSQL whose connections can be cut."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import NullPool, create_engine, text

from storage import SqlStore, open_store
from storage.bells import NoBell
from tests.support.databases import SetClock

LISTENING = (
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query = 'LISTEN evie_work'"
    " AND pid <> pg_backend_pid()"
)


@pytest.fixture
def stores(postgresql_url: str, clock: SetClock) -> Iterator[tuple[SqlStore, SqlStore]]:
    """Two processes on one database, as far as the database can tell."""
    one, other = open_store(postgresql_url, clock), open_store(postgresql_url, clock)
    yield one, other
    one.close()
    other.close()


class Ear:
    """Counts what is heard; the first time is the beginning of the listening."""

    def __init__(self) -> None:
        self.count = 0
        self._heard = threading.Condition()

    def __call__(self) -> None:
        with self._heard:
            self.count += 1
            self._heard.notify_all()

    def hears(self, count: int, seconds: float = 20.0) -> bool:
        with self._heard:
            return self._heard.wait_for(lambda: self.count >= count, seconds)


def cut(url: str) -> int:
    """Cut the connections that somebody listens on, as a restart does; return how many there were."""
    admin = create_engine(url, poolclass=NullPool)
    with admin.connect() as connection:
        pids = list(connection.execute(text(LISTENING)).scalars())
        for pid in pids:
            connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
    return len(pids)


def test_who_rings_is_heard_in_another_process_at_once(stores: tuple[SqlStore, SqlStore]) -> None:
    one, other = stores
    ear = Ear()
    other.bell.listen(ear)
    assert ear.hears(1)
    began = time.monotonic()
    one.bell.ring()

    assert ear.hears(2)
    assert time.monotonic() - began < 5


def test_a_crowd_of_rings_is_heard_as_a_few(stores: tuple[SqlStore, SqlStore]) -> None:
    one, other = stores
    ear = Ear()
    other.bell.listen(ear)
    assert ear.hears(1)
    for _ in range(1000):
        one.bell.ring()

    assert ear.hears(2)
    assert ear.count < 500


def test_after_its_connection_was_cut_a_listener_looks_by_itself_and_listens_again(
    stores: tuple[SqlStore, SqlStore], postgresql_url: str
) -> None:
    one, other = stores
    ear = Ear()
    other.bell.listen(ear)
    assert ear.hears(1)
    assert cut(postgresql_url) == 1

    assert ear.hears(2), "what was rung meanwhile is looked for"
    one.bell.ring()
    assert ear.hears(3)


def test_a_closed_bell_stays_silent(stores: tuple[SqlStore, SqlStore]) -> None:
    one, other = stores
    ear = Ear()
    other.bell.listen(ear)
    assert ear.hears(1)
    other.close()
    one.bell.ring()

    assert not ear.hears(2, seconds=0.3)


def test_a_database_of_one_process_needs_no_bell(store: SqlStore) -> None:
    assert isinstance(store.bell, NoBell)
    ear = Ear()
    store.bell.listen(ear)
    store.bell.ring()
    store.bell.close()

    assert ear.count == 0
