"""Where a benchmark finds the database that it was asked to use, with nothing in it."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from benchmarks.databases import postgresql
from storage import open_store
from storage.tables import METADATA

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def reachable(database: str) -> Iterator[str]:
    """Yield what to connect to: for `postgresql` a server of our own that is gone afterwards."""
    if database != "postgresql":
        yield database
        return
    with postgresql() as url:
        yield url


@contextmanager
def fresh(database: str) -> Iterator[str | None]:
    """Yield the URL of a migrated PostgreSQL without a row in it; None for a SQLite file of whoever asks."""
    if database == "sqlite":
        yield None
        return
    store = open_store(database, lambda: datetime.now(UTC))
    store.migrate()
    with store.engine.begin() as connection:
        for table in reversed(METADATA.sorted_tables):
            connection.execute(table.delete())
    store.close()
    yield database
