"""The names of a workspace are read once, and brought up to date with what was written since."""

from __future__ import annotations

from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING

from benchmarks.large_workspace import WORKSPACE, database
from skills.catalogs import Catalogs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from skills.names import Catalog
    from storage import SqlStore


@contextmanager
def bench_read_all_names() -> Iterator[Callable[[], Catalog]]:
    """Read the names of 5,000 clients, their deals and 20,000 invoices, and index them."""
    with database() as store:
        yield lambda: _names(Catalogs(), store)


@contextmanager
def bench_names_unchanged() -> Iterator[Callable[[], Catalog]]:
    """Have these names at hand where nothing was written since the last message."""
    catalogs = Catalogs()
    with database() as store:
        _names(catalogs, store)
        yield lambda: _names(catalogs, store)


@contextmanager
def bench_names_after_one_write() -> Iterator[Callable[[], Catalog]]:
    """Write a client's deal, and have these names at hand with what it is called now."""
    catalogs, counted = Catalogs(), count()
    with database() as store:
        _names(catalogs, store)

        def write_and_read() -> Catalog:
            with store.transaction(WORKSPACE) as tx:
                client = tx.contacts.get(f"CON-{next(counted) % 5_000 + 1}")
                tx.contacts.save(client)
            return _names(catalogs, store)

        yield write_and_read


def _names(catalogs: Catalogs, store: SqlStore) -> Catalog:
    with store.transaction(WORKSPACE) as tx:
        catalog = catalogs.of(tx)
    catalog.known("acme")
    return catalog
