"""The sandbox's memory: one SQLite database, in a file that several processes may share or in memory.

Objects are kept as JSON, as they go over the wire. Everything happens inside `transaction`, one at a time across
threads and processes, so that what Stripe does at once is done at once here.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_TABLES: Final = """
create table if not exists objects (
    seq integer primary key autoincrement,
    id text not null unique,
    account text not null,
    kind text not null,
    body text not null
);
create index if not exists objects_of_account on objects (account, kind, seq);
create table if not exists keys (secret text primary key, account text not null);
create table if not exists connections (account text primary key);
create table if not exists codes (
    code text primary key,
    account text not null,
    scope text not null,
    created integer not null,
    used integer not null default 0
);
create table if not exists answers (
    account text not null,
    key text not null,
    request text not null,
    status integer not null,
    body text not null,
    created integer not null,
    primary key (account, key)
);
create table if not exists deliveries (
    event text primary key,
    attempts integer not null default 0,
    due integer not null,
    delivered integer not null default 0
);
"""
_BUSY_SECONDS: Final = 30


class State:
    """The database. `path` None keeps it in memory, for as long as this object lives."""

    def __init__(self, path: Path | None) -> None:
        self._lock = threading.RLock()
        self._database = sqlite3.connect(
            ":memory:" if path is None else path,
            timeout=_BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
        )
        self._database.row_factory = sqlite3.Row
        self._database.execute("pragma journal_mode = wal")
        self._database.execute("pragma synchronous = normal")
        self._database.executescript(_TABLES)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Open a write transaction that no other thread or process can be in; an exception undoes it."""
        with self._lock:
            self._database.execute("begin immediate")
            try:
                yield self._database
            except BaseException:
                self._database.execute("rollback")
                raise
            self._database.execute("commit")

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            self._database.close()


def put(database: sqlite3.Connection, account: str, body: dict[str, Any]) -> None:
    """Insert the object or write it anew; its place in the order of making stays."""
    database.execute(
        "insert into objects (id, account, kind, body) values (?, ?, ?, ?)"
        " on conflict (id) do update set body = excluded.body",
        (body["id"], account, body["object"], json.dumps(body)),
    )


def get(database: sqlite3.Connection, account: str, kind: str | None, id_: str) -> dict[str, Any] | None:
    """Return the account's object of that kind, or of any for None; None where it has none such."""
    row = database.execute(
        "select body from objects where id = ? and account = ? and kind = coalesce(?, kind)",
        (id_, account, kind),
    ).fetchone()
    return None if row is None else _read(row["body"])


def newest_first(database: sqlite3.Connection, account: str, kind: str) -> list[dict[str, Any]]:
    """Return all of the account's objects of a kind, the one made last first."""
    rows = database.execute(
        "select body from objects where account = ? and kind = ? order by seq desc",
        (account, kind),
    )
    return [_read(row["body"]) for row in rows]


def newest_of_all(database: sqlite3.Connection, kind: str, limit: int) -> list[tuple[str, dict[str, Any]]]:
    """Return the objects of a kind that were made last, whoever's they are, each with its account."""
    rows = database.execute(
        "select account, body from objects where kind = ? order by seq desc limit ?",
        (kind, limit),
    )
    return [(row["account"], _read(row["body"])) for row in rows]


def _read(body: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(body)
    return found
