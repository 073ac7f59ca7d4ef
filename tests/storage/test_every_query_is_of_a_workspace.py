"""Every statement on a workspace's rows says whose they are: so a row can only be found by whom it belongs to.

It is also what a distributed PostgreSQL needs, which sends a statement to where its workspace lives.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import FrameType
from typing import Any

import pytest
from sqlalchemy import Delete, Join, Select, Table, Update, event, select
from sqlalchemy.sql import visitors

from storage import SqlStore, tables
from tests.storage.test_tenants import OURS, READS, SAVES, THEIRS, _fill
from tests.support.books import a_message, add_books, an_event

# Who may ask without saying whose it is, and why.
EXCEPTIONS = {
    "SqlDirectory": "finds out whose it is, by a secret or an id of another system, or for the clock",
    "Queue": "a worker takes what is due, whosever it is, and says of it what became of it; a monitor counts",
    "SqlStore.endings": "a monitor counts",
}
SCOPED = {table for table in tables.METADATA.sorted_tables if "workspace_id" in table.c}


def unsaid(statement: Any) -> set[str]:
    """Return the workspaces' tables that a SELECT, UPDATE or DELETE reads without a condition on the workspace."""
    if not isinstance(statement, Select | Update | Delete):
        return set()
    parts: list[Any] = list(visitors.iterate(statement))
    read = {part for part in parts if isinstance(part, Table)} & SCOPED
    if isinstance(statement, Update | Delete) and isinstance(statement.table, Table):
        read |= {statement.table} & SCOPED
    conditions = [each for part in parts if isinstance(part, Select | Update | Delete) for each in part._where_criteria]
    # A join says it by what it joins on.
    conditions += [part.onclause for part in parts if isinstance(part, Join) and part.onclause is not None]
    within: list[Any] = [element for condition in conditions for element in visitors.iterate(condition)]
    said = {element.table for element in within if getattr(element, "name", None) == "workspace_id"}
    return {table.name for table in read - said}


def asked_by() -> str:
    """Return the names of the functions of storage that a statement comes from, the innermost last."""
    frame: FrameType | None = sys._getframe()
    names: list[str] = []
    while frame is not None:
        if "/storage/" in frame.f_code.co_filename and "/tests/" not in frame.f_code.co_filename:
            names.insert(0, frame.f_code.co_qualname)
        frame = frame.f_back
    return " > ".join(names)


class Watched:
    def __init__(self) -> None:
        self.seen = 0
        self.loose: set[str] = set()

    def __call__(self, _connection: object, statement: object, *_: object) -> None:
        self.seen += 1
        if found := unsaid(statement):
            who = asked_by()
            if who and not any(name in who for name in EXCEPTIONS):
                self.loose.add(f"{who}: {', '.join(sorted(found))}")


@pytest.fixture
def watched(any_store: SqlStore) -> Iterator[Watched]:
    watched = Watched()
    event.listen(any_store.engine, "before_execute", watched)
    yield watched
    event.remove(any_store.engine, "before_execute", watched)


def test_every_statement_on_a_workspaces_rows_says_whose_they_are(any_store: SqlStore, watched: Watched) -> None:
    for workspace in (OURS, THEIRS):
        add_books(any_store, workspace)
        with any_store.transaction(workspace) as tx:
            _fill(tx)
            tx.send_all([a_message("again", workspace_id=workspace)])
    for ask in (*READS.values(), *SAVES.values()):
        with any_store.transaction(OURS) as tx:
            ask(tx)
    any_store.delivered(OURS, after=0, kinds=["say"])
    any_store.lately_delivered(OURS, "lane", limit=1)
    any_store.last_delivered(OURS)
    any_store.receive(an_event())
    any_store.health()
    claim = any_store.claim_outbox(lease_seconds=60)
    assert claim is not None
    any_store.finish(claim)

    assert watched.seen > 100
    assert watched.loose == set()


def test_a_statement_that_leaves_the_workspace_out_is_found() -> None:
    contacts, invoices = tables.contacts, tables.invoices
    ours = contacts.c.workspace_id == OURS
    assert unsaid(select(contacts).where(contacts.c.number == "CON-1")) == {"contacts"}
    assert unsaid(select(contacts).where(ours, contacts.c.number == "CON-1")) == set()
    assert unsaid(contacts.update().values(name="Mallory")) == {"contacts"}
    assert unsaid(contacts.delete().where(ours)) == set()
    assert unsaid(select(contacts).where(ours, contacts.c.number.in_(select(invoices.c.contact)))) == {"invoices"}
