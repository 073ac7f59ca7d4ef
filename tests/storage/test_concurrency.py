"""Many at once: numbers, claims, events and locks, from real threads on real connections."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from threading import Barrier, Event
from typing import TypeVar

import pytest
from sqlalchemy import NullPool, create_engine, select, text
from sqlalchemy.exc import OperationalError

from billing.errors import DuplicateRecord
from billing.money import Money
from storage import SqlStore, memory_store, open_store, tables
from storage import engine as engine_module
from tests.support.books import (
    a_contact,
    a_message,
    a_payment,
    a_run,
    add_books,
    add_workspace,
    an_automation,
    an_event,
)
from tests.support.databases import SetClock
from tests.support.records import WORKSPACE, aud

T = TypeVar("T")


@pytest.fixture(params=["sqlite", "postgresql", "memory"])
def shared(request: pytest.FixtureRequest, clock: SetClock) -> Iterator[SqlStore]:
    """A store that threads share; the one in memory has to hold as well."""
    if request.param == "memory":
        store = memory_store(clock)
    else:
        store = open_store(request.getfixturevalue(f"{request.param}_url"), clock)
    add_books(store)
    yield store
    store.close()


def at_once(threads: int, work: Callable[[int], T]) -> list[T]:
    """Do the work in that many threads that start together, and return what each got."""
    start = Barrier(threads)

    def run(index: int) -> T:
        start.wait()
        return work(index)

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, range(threads)))


def test_eight_threads_never_get_the_same_number(shared: SqlStore) -> None:
    def take(_: int) -> list[str]:
        numbers = []
        for _turn in range(10):
            with shared.transaction(WORKSPACE) as tx:
                numbers.append(tx.opportunities.next_number())
        return numbers

    taken = [number for numbers in at_once(8, take) for number in numbers]

    assert sorted(taken, key=lambda number: int(number[4:])) == [f"OPP-{n}" for n in range(2, 82)]


def test_four_workers_get_each_row_once(shared: SqlStore) -> None:
    with shared.transaction(WORKSPACE) as tx:
        for n in range(60):
            tx.send(a_message(f"m{n}"))

    def work(_: int) -> list[str]:
        done = []
        while (claim := shared.claim_outbox(lease_seconds=60)) is not None:
            done.append(claim.row.key)
            shared.finish(claim)
        return done

    done = [key for keys in at_once(4, work) for key in keys]
    delivered = shared.delivered(WORKSPACE, after=0, kinds=["say"])

    assert sorted(done) == sorted(f"m{n}" for n in range(60))
    assert [item.id for item in delivered] == list(range(1, 61))


def test_four_workers_keep_a_lane_in_order(shared: SqlStore) -> None:
    order: list[int] = []
    for n in range(20):
        shared.receive(an_event(f"e{n}", lane="cus_1", body=str(n).encode()))

    def work(_: int) -> None:
        while len(order) < 20:
            claim = shared.claim_inbox(lease_seconds=60)
            if claim is not None:
                order.append(int(claim.row.body))
                shared.finish(claim)

    at_once(4, work)

    assert order == list(range(20))


def test_one_event_received_by_five_at_once_is_new_to_one(shared: SqlStore) -> None:
    assert sorted(at_once(5, lambda _: shared.receive(an_event()))) == [False, False, False, False, True]


def test_one_payment_counted_by_five_at_once_counts_once(shared: SqlStore) -> None:
    with shared.transaction(WORKSPACE) as tx:
        tx.automations.add(an_automation())

    def count(index: int) -> tuple[bool, int, bool]:
        with shared.transaction(WORKSPACE) as tx:
            try:
                tx.payments.add(a_payment(id=f"pay_{index}"))
            except DuplicateRecord:
                counted = False
            else:
                counted = True
            return counted, len(tx.automations.add_runs([a_run()])), tx.send(a_message())

    counted, ran, sent = zip(*at_once(5, count), strict=True)

    assert (sum(counted), sum(ran), sum(sent)) == (1, 1, 1)


def test_a_locked_record_is_not_changed_by_two_at_once(shared: SqlStore) -> None:
    def pay(_: int) -> None:
        for _turn in range(5):
            with shared.transaction(WORKSPACE) as tx:
                invoice = tx.invoices.get("INV-1001", lock=True)
                tx.invoices.save(replace(invoice, paid=Money(invoice.paid.amount + 1, "AUD")))

    at_once(4, pay)

    with shared.transaction(WORKSPACE) as tx:
        assert tx.invoices.get("INV-1001").paid == aud(20)


@contextmanager
def lock_held(store: SqlStore) -> Iterator[None]:
    """Have another thread hold the invoice until the block ends."""
    taken, release = Event(), Event()

    def hold() -> None:
        with store.transaction(WORKSPACE) as tx:
            tx.invoices.get("INV-1001", lock=True)
            taken.set()
            release.wait(30)

    with ThreadPoolExecutor(1) as pool:
        held = pool.submit(hold)
        taken.wait(30)
        yield
        release.set()
        held.result(30)


def test_reading_does_not_wait_for_a_writer(any_store: SqlStore) -> None:
    add_books(any_store)
    with lock_held(any_store):
        assert any_store.directory.by_pay_token(f"pay-{WORKSPACE}") == (WORKSPACE, "INV-1001")
        assert any_store.health().parked == 0


def test_on_postgresql_what_is_not_locked_can_be_written_meanwhile(postgresql_store: SqlStore) -> None:
    add_books(postgresql_store)
    with lock_held(postgresql_store):
        assert postgresql_store.receive(an_event())
        with postgresql_store.transaction(WORKSPACE) as tx:
            tx.contacts.add(a_contact(number="CON-2"))


def test_on_postgresql_a_worker_does_not_wait_for_a_row_that_another_is_just_taking(
    postgresql_store: SqlStore,
) -> None:
    postgresql_store.receive(an_event("taken"))
    postgresql_store.receive(an_event("free"))
    oldest = select(tables.inbox).where(tables.inbox.c.key == "taken").with_for_update()
    with postgresql_store.engine.begin() as connection:
        connection.execute(oldest)
        claim = postgresql_store.claim_inbox(lease_seconds=60)

    assert claim is not None
    assert claim.row.key == "free"


def test_on_sqlite_a_writer_that_waited_too_long_fails_and_the_next_one_succeeds(
    sqlite_url: str, clock: SetClock
) -> None:
    store = open_store(sqlite_url, clock, busy_seconds=0.05)
    add_books(store)
    with lock_held(store):
        with pytest.raises(OperationalError, match="locked"):
            store.receive(an_event())
        with pytest.raises(OperationalError, match="locked"), store.transaction(WORKSPACE):
            pass

    assert store.receive(an_event())
    store.close()


def test_stores_in_memory_do_not_know_each_other(clock: SetClock) -> None:
    one, other = memory_store(clock), memory_store(clock)
    add_workspace(one)

    assert len(one.directory.workspaces()) == 1
    assert other.directory.workspaces() == []
    one.close()
    other.close()


@pytest.fixture
def restarted(postgresql_store: SqlStore) -> Iterator[SqlStore]:
    """A store whose connections may be cut: none that is dead stays in the pool for the tests that follow."""
    yield postgresql_store
    postgresql_store.engine.dispose()


def cut_all_connections(store: SqlStore) -> None:
    """Do to every other connection to the database what a restart of the server does."""
    others = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = current_database()"
    admin = create_engine(store.engine.url, poolclass=NullPool)
    with admin.connect() as connection:
        connection.execute(text(f"{others} AND pid <> pg_backend_pid()"))
    admin.dispose()


def test_an_event_is_taken_in_although_the_database_was_restarted_a_moment_ago(restarted: SqlStore) -> None:
    assert restarted.receive(an_event("before"))
    cut_all_connections(restarted)

    assert restarted.receive(an_event("after"))
    assert not restarted.receive(an_event("before"))


def test_a_connection_that_was_not_used_for_a_while_is_looked_after(
    restarted: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_workspace(restarted)
    cut_all_connections(restarted)
    monkeypatch.setattr(engine_module, "_UNSEEN_SECONDS", 0.0)

    assert len(restarted.directory.workspaces()) == 1
