"""A copy that is made while others write is whole, and what is made of it does nothing twice."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from billing.queues import OutboxKind, OutboxMessage, Source
from billing.reminders import ReminderSchedule
from storage import SqlStore, open_store, schema, tables
from storage.backups import BackupRefused, back_up, restored
from storage.restoring import REASON, Settled, settle
from tests.support.books import add_books, an_event
from tests.support.databases import PostgresqlServer, SetClock
from tests.support.records import NOW, WORKSPACE

LATER = NOW + timedelta(hours=3)


@pytest.fixture
def books(sqlite_url: str, clock: SetClock) -> Iterator[SqlStore]:
    store = open_store(sqlite_url, clock)
    add_books(store)
    yield store
    store.close()


def send(store: SqlStore, key: str, kind: OutboxKind = OutboxKind.SAY, **changes: object) -> None:
    message = OutboxMessage(WORKSPACE, key, kind, "", {"conversation": "c1", "text": key}, NOW, **changes)  # type: ignore[arg-type] # fields by their names
    with store.transaction(WORKSPACE) as tx:
        assert tx.send(message)


def deliver_one(store: SqlStore) -> str:
    claim = store.claim_outbox(lease_seconds=60)
    assert claim is not None
    store.finish(claim, receipt={"ts": "1"})
    return claim.row.key


def wait_in_every_way(store: SqlStore) -> None:
    """Have one message sent, and one of each sort waiting when the back-up is made."""
    send(store, "sent")
    assert deliver_one(store) == "sent"
    send(store, "post", OutboxKind.NOTIFY)
    send(store, "mail", OutboxKind.MAIL)
    send(store, "step", OutboxKind.ACTION)
    send(store, "call", OutboxKind.WEBHOOK)
    send(store, "tomorrow", OutboxKind.MAIL, not_before=NOW + timedelta(days=1))
    store.receive(an_event("asked", source=Source.SLACK))
    store.receive(an_event("paid"))
    with store.transaction(WORKSPACE) as tx:
        tx.reminders.save_schedule(ReminderSchedule(WORKSPACE, active=True, since=NOW, set_by="Ada", set_at=NOW))


def states(store: SqlStore) -> dict[str, tuple[str, int, str]]:
    found: dict[str, tuple[str, int, str]] = {}
    with store.engine.connect() as connection:
        for table in (tables.inbox, tables.outbox):
            columns = table.c
            rows = connection.execute(select(columns.key, columns.state, columns.attempts, columns.last_error))
            found |= {key: (state.value, attempts, reason) for key, state, attempts, reason in rows}
    return found


AFTERWARDS = {
    "sent": ("done", 1, ""),
    "post": ("waiting", 1, ""),
    "mail": ("parked", 0, REASON),
    "step": ("parked", 0, REASON),
    "call": ("parked", 0, REASON),
    "tomorrow": ("waiting", 0, ""),
    "asked": ("parked", 0, REASON),
    "paid": ("waiting", 0, ""),
}


def goes_on(store: SqlStore) -> None:
    """What was sent stays sent; the next post is looked for first; numbers and feed go on; nobody is reminded anew."""
    assert states(store) == AFTERWARDS
    claim = store.claim_outbox(lease_seconds=60)
    assert claim is not None
    assert (claim.row.key, claim.attempts) == ("post", 2)
    store.finish(claim)
    assert store.last_delivered(WORKSPACE) == 2
    assert store.claim_outbox(lease_seconds=60) is None
    with store.transaction(WORKSPACE) as tx:
        assert tx.invoices.next_number() == "INV-1002"
        schedule = tx.reminders.schedule()
    assert schedule is not None
    assert schedule.since == LATER


def test_a_sqlite_database_goes_on_where_its_back_up_was_made(books: SqlStore, sqlite_url: str, tmp_path: Path) -> None:
    wait_in_every_way(books)
    back_up(sqlite_url, tmp_path / "copy.db")
    fresh = f"sqlite:///{tmp_path / 'elsewhere.db'}"
    with restored(tmp_path / "copy.db", fresh) as url:
        opened = open_store(url, SetClock(LATER))
        assert settle(opened.engine, LATER) == Settled(4, 1, ("INV-1001",))
        opened.close()
        assert not (tmp_path / "elsewhere.db").exists()
    store = open_store(fresh, SetClock(LATER))
    goes_on(store)
    store.close()
    assert {path.name for path in tmp_path.iterdir() if ".part" in path.name} == set()
    assert (tmp_path / "elsewhere.db").stat().st_mode & 0o077 == 0


def plain(url: str) -> str:
    """Return the URL as PostgreSQL's own tools read it."""
    return url.replace("postgresql+psycopg://", "postgresql://")


def test_a_postgresql_goes_on_where_its_dump_was_made(
    postgresql_store: SqlStore, postgresql_server: PostgresqlServer, tmp_path: Path
) -> None:
    add_books(postgresql_store)
    wait_in_every_way(postgresql_store)
    dump = str(tmp_path / "evie.dump")
    postgresql_server.tool("pg_dump", "--format=custom", f"--file={dump}", f"--dbname={plain(postgresql_server.url)}")
    fresh = postgresql_server.create()
    try:
        options = ["--exit-on-error", "--single-transaction", "--no-owner", f"--dbname={plain(fresh)}"]
        postgresql_server.tool("pg_restore", *options, dump)
        store = open_store(fresh, SetClock(LATER))
        schema.require_current(store.engine)
        assert settle(store.engine, LATER) == Settled(4, 1, ("INV-1001",))
        goes_on(store)
        store.close()
    finally:
        postgresql_server.drop(fresh)


def test_a_copy_is_whole_while_others_write_and_keeps_nobody_waiting(
    books: SqlStore, sqlite_url: str, tmp_path: Path
) -> None:
    stopped, written = threading.Event(), [0]

    def write() -> None:
        while not stopped.is_set():
            books.receive_all([an_event(f"a{written[0]}"), an_event(f"b{written[0]}")])
            written[0] += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(5):
            before = written[0]
            back_up(sqlite_url, tmp_path / f"copy{number}.db")
            with closing(sqlite3.connect(tmp_path / f"copy{number}.db")) as copy:
                keys = {key for (key,) in copy.execute("SELECT key FROM inbox")}
            pairs = {key[1:] for key in keys}
            assert keys == {f"{letter}{pair}" for letter in "ab" for pair in pairs}
            assert len(pairs) >= before
    finally:
        stopped.set()
        writer.join()


def test_nothing_is_ever_written_over(books: SqlStore, sqlite_url: str, tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_text("precious")
    with pytest.raises(BackupRefused, match="is there already"):
        back_up(sqlite_url, tmp_path / "copy.db")
    back_up(sqlite_url, tmp_path / "good.db")
    with pytest.raises(BackupRefused, match="is there already"), restored(tmp_path / "good.db", sqlite_url):
        pass
    assert (tmp_path / "copy.db").read_text() == "precious"


def test_what_is_left_of_an_earlier_database_is_not_mixed_into_a_new_one(
    books: SqlStore, sqlite_url: str, tmp_path: Path
) -> None:
    back_up(sqlite_url, tmp_path / "copy.db")
    (tmp_path / "new.db-wal").write_text("left over")
    with (
        pytest.raises(BackupRefused, match=r"new\.db-wal is a part"),
        restored(tmp_path / "copy.db", f"sqlite:///{tmp_path / 'new.db'}"),
    ):
        pass


@pytest.mark.parametrize("content", [b"", b"no database at all, but long enough to be looked at" * 50])
def test_what_is_no_back_up_makes_no_database(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "copy.db").write_bytes(content)
    target = tmp_path / "new.db"

    def restore() -> None:
        with (
            restored(tmp_path / "copy.db", f"sqlite:///{target}") as url,
            closing(open_store(url, SetClock())) as store,
        ):
            store.require_current()

    with pytest.raises(schema.SchemaError):
        restore()
    assert not target.exists()


def test_a_restore_that_breaks_leaves_nothing_behind(books: SqlStore, sqlite_url: str, tmp_path: Path) -> None:
    back_up(sqlite_url, tmp_path / "copy.db")
    with pytest.raises(RuntimeError), restored(tmp_path / "copy.db", f"sqlite:///{tmp_path / 'new.db'}"):
        raise RuntimeError
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("new")] == []


def test_what_cannot_be_copied_is_said(tmp_path: Path) -> None:
    with pytest.raises(BackupRefused, match="pg_dump"):
        back_up("postgresql+psycopg://me@localhost/evie", tmp_path / "copy.db")
    with pytest.raises(BackupRefused, match="There is no database"):
        back_up(f"sqlite:///{tmp_path / 'none.db'}", tmp_path / "copy.db")
    with pytest.raises(BackupRefused, match="There is no file"), restored(tmp_path / "none", "sqlite:///new.db"):
        pass


def test_a_folder_that_cannot_be_written_is_said(books: SqlStore, sqlite_url: str, tmp_path: Path) -> None:
    with pytest.raises(BackupRefused, match="cannot be written: No such file or directory"):
        back_up(sqlite_url, tmp_path / "missing" / "copy.db")
