"""Migrations lead to the tables as they are, in one go, and never into a database that is not ours."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, event, inspect, text

from storage import SqlStore, memory_store, open_store, schema
from storage.tables import METADATA
from tests.support.databases import PostgresqlServer, SetClock
from tests.support.releases import revisions


class PowerCut(Exception):
    pass


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server: PostgresqlServer = request.getfixturevalue("postgresql_server")
    url = server.create()
    yield url
    server.drop(url)


@pytest.fixture
def empty(empty_url: str) -> Iterator[Engine]:
    store = open_store(empty_url, SetClock())
    yield store.engine
    store.close()


def _tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names())


def _execute(engine: Engine, statement: str) -> None:
    with engine.begin() as connection:
        connection.execute(text(statement))


def _is_of_sqlite_only(name: str | None) -> bool:
    return (name or "").endswith("_leased")


def test_migrations_lead_to_the_tables_as_they_are(any_store: SqlStore) -> None:
    with any_store.engine.connect() as connection:
        elsewhere = connection.dialect.name != "sqlite"
        options = {
            "version_table": schema.VERSION_TABLE,
            "include_object": lambda _, name, *__: not (elsewhere and _is_of_sqlite_only(name)),
        }
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, METADATA) == []


def test_the_indexes_with_a_condition_are_the_same_either_way(store: SqlStore, clock: SetClock) -> None:
    def conditional(engine: Engine) -> set[tuple[str, str]]:
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql LIKE '%WHERE%'"
        with engine.connect() as connection:
            return {(name, sql) for name, sql in connection.execute(text(query))}

    in_memory = memory_store(clock)
    assert conditional(store.engine) == conditional(in_memory.engine)
    assert len(conditional(store.engine)) == 5
    in_memory.close()


def test_an_empty_database_gets_the_tables_and_keeps_them(empty: Engine) -> None:
    with pytest.raises(schema.DatabaseBehind, match="evie migrate"):
        schema.require_current(empty)
    schema.upgrade(empty)
    schema.upgrade(empty)
    schema.require_current(empty)

    assert _tables(empty) == {*METADATA.tables, schema.VERSION_TABLE}


def test_several_processes_may_migrate_at_once(empty_url: str, empty: Engine, clock: SetClock) -> None:
    def migrate(_: int) -> None:
        store = open_store(empty_url, clock)
        schema.upgrade(store.engine)
        schema.require_current(store.engine)
        store.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(migrate, range(4)))
    assert _tables(empty) == {*METADATA.tables, schema.VERSION_TABLE}


def test_a_migration_that_fails_half_way_leaves_the_database_as_it_was(empty: Engine) -> None:
    def cut_the_power(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if "ix_payments_invoice" in statement:
            raise PowerCut

    event.listen(empty, "before_cursor_execute", cut_the_power)
    with pytest.raises(PowerCut):
        schema.upgrade(empty)
    event.remove(empty, "before_cursor_execute", cut_the_power)

    assert _tables(empty) == set()
    schema.upgrade(empty)
    schema.require_current(empty)


def test_a_database_that_something_else_lives_in_is_left_alone(empty: Engine) -> None:
    _execute(empty, "CREATE TABLE django_session (id INTEGER)")
    with pytest.raises(schema.NotOurDatabase, match="something else"):
        schema.upgrade(empty)
    with pytest.raises(schema.NotOurDatabase):
        schema.require_current(empty)

    assert _tables(empty) == {"django_session"}


def test_a_database_of_a_newer_program_is_left_alone(empty: Engine) -> None:
    schema.upgrade(empty)
    _execute(empty, "UPDATE evie_schema SET version_num = '9999'")
    with pytest.raises(schema.DatabaseTooNew, match="9999"):
        schema.upgrade(empty)
    with pytest.raises(schema.DatabaseTooNew):
        schema.require_current(empty)


def test_a_database_that_cannot_be_opened_is_said_to_be_away(tmp_path: Path, clock: SetClock) -> None:
    for url in (f"sqlite:///{tmp_path / 'no such folder' / 'evie.db'}", "postgresql+psycopg://evie@127.0.0.1:1/evie"):
        store = open_store(url, clock)
        with pytest.raises(schema.DatabaseAway, match="DATABASE_URL"):
            store.migrate()
        with pytest.raises(schema.DatabaseAway):
            store.require_current()
        store.close()


def test_a_file_that_is_no_database_is_refused(tmp_path: Path, clock: SetClock) -> None:
    (tmp_path / "notes.txt").write_text("Dear diary, " * 1000)
    store = open_store(f"sqlite:///{tmp_path / 'notes.txt'}", clock)
    with pytest.raises(schema.NotOurDatabase, match="DATABASE_URL"):
        schema.upgrade(store.engine)
    with pytest.raises(schema.NotOurDatabase):
        schema.require_current(store.engine)
    store.close()

    assert (tmp_path / "notes.txt").read_text().startswith("Dear diary")


def test_the_steps_files_are_named_by_their_revisions_in_their_order() -> None:
    assert list(schema.revisions()) == revisions()
