"""What the database refuses for reasons of its own is told apart from what we did wrong: only that may be repeated."""

from __future__ import annotations

from contextlib import closing

import pytest
from sqlalchemy import create_engine, insert, text
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from billing.errors import StoreUnavailable
from storage import SqlStore, open_store, tables
from tests.support.books import add_books, an_event
from tests.support.databases import SetClock
from tests.support.records import WORKSPACE

SERIALISATION_FAILURE = "DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '40001'; END $$"

NAMED = "application_name=to-be-cut"


def cut(url: str) -> None:
    engine = create_engine(url)
    with engine.connect() as connection:
        ended = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE application_name = 'to-be-cut'"
        assert all(connection.scalars(text(ended)))
    engine.dispose()


def test_a_connection_that_is_cut_in_a_transaction_is_the_databases_affair(
    postgresql_url: str, clock: SetClock
) -> None:
    with closing(open_store(f"{postgresql_url}{'&' if '?' in postgresql_url else '?'}{NAMED}", clock)) as store:
        add_books(store)
        with pytest.raises(StoreUnavailable), store.transaction(WORKSPACE) as tx:  # noqa: PT012 - in the middle of it
            cut(postgresql_url)
            tx.invoices.list()
        with store.transaction(WORKSPACE) as tx:
            assert tx.workspace_id == WORKSPACE


def test_a_transaction_that_had_to_give_way_is_the_databases_affair(postgresql_store: SqlStore) -> None:
    with pytest.raises(StoreUnavailable), postgresql_store.engine.begin() as connection:
        connection.execute(text(SERIALISATION_FAILURE))


def test_a_server_that_is_not_there_is_the_databases_affair(clock: SetClock) -> None:
    with closing(open_store("postgresql+psycopg://evie@127.0.0.1:1/evie", clock)) as store:
        with pytest.raises(StoreUnavailable):
            store.claim_inbox(lease_seconds=60)
        with pytest.raises(StoreUnavailable):
            store.receive(an_event())


def test_what_breaks_a_rule_of_the_tables_is_ours(any_store: SqlStore) -> None:
    with pytest.raises(IntegrityError), any_store.engine.begin() as connection:
        connection.execute(insert(tables.duties).values(workspace_id="nobody's", name=None))


def test_a_question_that_the_database_does_not_understand_is_ours(postgresql_store: SqlStore) -> None:
    with pytest.raises(SQLAlchemyError) as told, postgresql_store.engine.begin() as connection:
        connection.execute(text("SELECT nothing FROM nowhere"))
    assert not isinstance(told.value, StoreUnavailable)
