"""Names and their versions: what is read, what a transaction that fails leaves behind, and how far back one can go."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date
from threading import Barrier

import pytest

from billing.errors import DuplicateRecord
from billing.naming import Changed, ContactName, InvoiceName, OpportunityName
from billing.payments import Interval
from billing.ports import Transaction
from storage import SqlStore
from tests.support.books import a_contact, add_books, add_workspace, an_automation
from tests.support.records import WORKSPACE, a_link, an_invoice, an_opportunity


class Crash(Exception):
    pass


def version(store: SqlStore) -> int:
    with store.transaction(WORKSPACE) as tx:
        return tx.names.version()


def changes(store: SqlStore, since: int, until: int) -> set[Changed] | None:
    with store.transaction(WORKSPACE) as tx:
        found = tx.names.changes(since, until)
    return None if found is None else set(found)


def test_names_are_read_with_what_tells_them_apart(any_store: SqlStore) -> None:
    add_books(any_store)
    with any_store.transaction(WORKSPACE) as tx:
        tx.links.add(a_link(interval=Interval.MONTH))
        tx.invoices.add(an_invoice(number="INV-1002", token="t2", document_number="RE-7"))

    with any_store.transaction(WORKSPACE) as tx:
        assert tx.names.contacts() == [ContactName("CON-1", "Nora Quist", None, None)]
        (deal,) = tx.names.opportunities()
        first, second = tx.names.invoices()

    assert deal == OpportunityName("OPP-1", "Shop fit-out", "CON-1", "proposal", "AUD", 10_000_00, "AUD")
    due = date(2026, 3, 25)
    assert first == InvoiceName(
        "INV-1001", "", "OPP-1", "CON-1", "standard", "draft", 500_00, "AUD", due, None, "month"
    )
    assert (second.number, second.document_number, second.interval) == ("INV-1002", "RE-7", None)


def test_only_the_names_that_are_asked_for_are_read(any_store: SqlStore) -> None:
    add_books(any_store)
    with any_store.transaction(WORKSPACE) as tx:
        for count in range(2, 522):
            tx.contacts.add(a_contact(number=f"CON-{count}"))

    with any_store.transaction(WORKSPACE) as tx:
        assert [entry.number for entry in tx.names.contacts(["CON-10", "CON-9", "CON-9999"])] == ["CON-9", "CON-10"]
        assert len(tx.names.contacts({f"CON-{count}" for count in range(1, 511)})) == 510
        assert tx.names.invoices([]) == []


@pytest.mark.parametrize(
    ("write", "changed"),
    [
        (lambda tx: tx.contacts.save(a_contact(name="Nora Berg")), Changed("contact", "CON-1")),
        (lambda tx: tx.opportunities.save(an_opportunity(name="Shop")), Changed("opportunity", "OPP-1")),
        (lambda tx: tx.invoices.add(an_invoice(number="INV-1002", token="t2")), Changed("invoice", "INV-1002")),
        (lambda tx: tx.invoices.save(an_invoice(description="Roof")), Changed("invoice", "INV-1001")),
        (lambda tx: tx.links.add(a_link()), Changed("invoice", "INV-1001")),
        (lambda tx: tx.automations.add(an_automation()), Changed("automation", "AUT-1")),
    ],
)
def test_whatever_changes_a_name_makes_a_version(
    any_store: SqlStore, write: Callable[[Transaction], object], changed: Changed
) -> None:
    add_books(any_store)
    before = version(any_store)
    with any_store.transaction(WORKSPACE) as tx:
        assert tx.names.pending == frozenset()
        write(tx)
        assert tx.names.pending == {changed}
        assert tx.names.version() == before

    assert version(any_store) == before + 1
    assert changes(any_store, before, before + 1) == {changed}


def test_a_link_that_is_switched_off_changes_its_invoice(store: SqlStore) -> None:
    add_books(store)
    with store.transaction(WORKSPACE) as tx:
        tx.links.add(a_link())
    before = version(store)
    with store.transaction(WORKSPACE) as tx:
        tx.links.save(a_link(active=False))

    assert changes(store, before, before + 1) == {Changed("invoice", "INV-1001")}


def test_what_only_reads_makes_no_version(any_store: SqlStore) -> None:
    add_books(any_store)
    before = version(any_store)
    with any_store.transaction(WORKSPACE) as tx:
        tx.names.contacts()

    assert version(any_store) == before
    assert changes(any_store, before, before) == set()


def test_a_transaction_that_fails_makes_no_version(any_store: SqlStore) -> None:
    add_books(any_store)
    before = version(any_store)
    with suppress(Crash), any_store.transaction(WORKSPACE) as tx:
        tx.contacts.save(a_contact(name="Nobody"))
        raise Crash

    assert version(any_store) == before


def test_a_record_that_could_not_be_added_does_no_harm(any_store: SqlStore) -> None:
    add_books(any_store)
    before = version(any_store)
    with any_store.transaction(WORKSPACE) as tx:
        with suppress(DuplicateRecord):
            tx.contacts.add(a_contact())
        tx.contacts.save(a_contact(name="Nora Berg"))

    assert changes(any_store, before, before + 1) == {Changed("contact", "CON-1")}


def test_an_import_is_one_version_that_is_not_written_down(any_store: SqlStore) -> None:
    add_workspace(any_store)
    with any_store.transaction(WORKSPACE) as tx:
        for count in range(501):
            tx.contacts.add(a_contact(number=f"CON-{count}"))
    with any_store.transaction(WORKSPACE) as tx:
        tx.contacts.save(a_contact(name="Nora Berg"))

    assert version(any_store) == 2
    assert changes(any_store, 0, 2) is None
    assert changes(any_store, 1, 2) == {Changed("contact", "CON-1")}


def test_old_changes_are_thrown_away(store: SqlStore) -> None:
    add_books(store)
    for count in range(330):
        with store.transaction(WORKSPACE) as tx:
            tx.contacts.save(a_contact(name=f"Nora {count}"))
    newest = version(store)

    assert changes(store, 0, newest) is None
    assert changes(store, newest - 250, newest) == {Changed("contact", "CON-1")}


def test_versions_of_transactions_at_once_follow_each_other(any_store: SqlStore) -> None:
    add_books(any_store)
    before, start = version(any_store), Barrier(4)

    def write(place: int) -> None:
        start.wait()
        for count in range(5):
            with any_store.transaction(WORKSPACE) as tx:
                number = f"CON-{100 + 10 * place + count}"
                tx.contacts.add(a_contact(number=number))

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(write, range(4)))

    assert version(any_store) == before + 20
    assert len(changes(any_store, before, before + 20) or ()) == 20
