"""From every released schema with rows in it a migration leads here, and what was released before goes on writing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, MetaData

from bot.exchange import dump_workspace
from storage import SqlStore, schema
from storage.engine import database_engine
from tests.support import releases
from tests.support.databases import PostgresqlServer, SetClock

pytestmark = pytest.mark.thorough

RELEASED = releases.revisions()
# A migration may take what must not stay: the plain addresses of portals, of which only digests are kept.
TAKEN = {("contacts", "portal_token"), ("automations", "switched_on_at")}


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "sqlite":
        engine = database_engine(f"sqlite:///{tmp_path / 'old.db'}", busy_seconds=10)
        yield engine
        engine.dispose()
        return
    server: PostgresqlServer = request.getfixturevalue("postgresql_server")
    url = server.create()
    engine = database_engine(url, busy_seconds=10)
    yield engine
    engine.dispose()
    server.drop(url)


@pytest.mark.parametrize("revision", RELEASED)
def test_a_database_of_that_release_is_brought_here_and_loses_nothing(engine: Engine, revision: str) -> None:
    shape = releases.bring_to(engine, revision)
    with engine.begin() as connection:
        releases.fill(connection, shape, 1)
    before = _content(engine, shape)

    schema.upgrade(engine)
    schema.require_current(engine)

    assert _content(engine, shape) == before
    assert all(len(rows) == 1 for rows in before.values())
    store = SqlStore(engine, SetClock())
    (workspace,) = store.directory.workspaces()
    with store.transaction(workspace.id) as tx:
        assert [invoice.number for invoice in tx.invoices.list()] == ["INV-1001"]
        assert [automation.number for automation in tx.automations.list()] == ["AUT-1"]
    assert dump_workspace(store, workspace.id)["contacts"][0]["number"] == "CON-1"
    assert store.claim_inbox(lease_seconds=60) is not None
    assert store.claim_outbox(lease_seconds=60) is not None


@pytest.mark.parametrize("revision", RELEASED)
def test_a_program_of_that_release_goes_on_writing_while_its_successor_is_deployed(
    engine: Engine, revision: str
) -> None:
    shape = releases.bring_to(engine, revision)
    with engine.begin() as connection:
        releases.fill(connection, shape, 1)
    schema.upgrade(engine)

    with engine.begin() as connection:
        releases.write_as_before(connection, shape)

    assert {len(rows) for rows in _content(engine, shape).values()} <= {1, 2}
    store = SqlStore(engine, SetClock())
    with store.transaction("ws_1") as tx:
        assert len(tx.invoices.list()) == 2


def test_every_release_has_a_number_and_they_follow_each_other() -> None:
    assert [f"{number:04}" for number in range(1, len(RELEASED) + 1)] == RELEASED


def _content(engine: Engine, shape: MetaData) -> dict[str, list[dict[str, object]]]:
    """Return every row by the columns of that shape, but for what a migration takes on purpose."""
    with engine.connect() as connection:
        return {
            table.name: [
                {name: value for name, value in row.items() if (table.name, name) not in TAKEN}
                for row in releases.rows(connection, table)
            ]
            for table in shape.sorted_tables
        }
