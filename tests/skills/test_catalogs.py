"""Catalogs that are kept between messages: never stale, whoever writes, and never more than fit."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest

from billing.invoices import InvoiceKind, InvoiceStatus
from billing.money import Money
from billing.opportunities import Stage
from billing.payments import Interval
from billing.ports import Store, Transaction
from skills.catalogs import Catalogs, load
from skills.names import Catalog, Names
from storage import SqlStore, open_store
from tests.support.books import a_contact, add_books, add_workspace, an_automation
from tests.support.databases import SetClock
from tests.support.records import NOW, WORKSPACE, a_link, an_invoice, an_opportunity

_NAMES: Final = "Ada Berg|Bo Castro|Cleo Dahl|Edda Frost|Jana Holt|Jane Holt|Carl Moss".split("|")
_FIRMS: Final = ("Acme Bakery", "Bluebird Yoga", "Kestrel Roofing", "Fit-out & Sons", None)
_TITLES: Final = ("Shop fit-out", "Loyalty app", "Bakery menu boards", "Billing review", "Roof")


class Crash(Exception):
    pass


@pytest.fixture
def stores(any_url: str, clock: SetClock) -> Iterator[tuple[SqlStore, SqlStore]]:
    """The stores of two processes on one database."""
    both = open_store(any_url, clock), open_store(any_url, clock)
    add_books(both[0])
    yield both
    for store in both:
        store.close()


def told(catalog: Catalog) -> dict[str, object]:
    """Return all that can be asked of a catalog about what is in it."""
    kinds = ("contact", "opportunity", "invoice", "automation")
    entries = [entry for kind in kinds for entry in catalog.of(kind)]
    words = sorted({word for entry in entries for phrase in entry.words for word in phrase.casefold().split()})
    heard = [*words, *(word + word[-1] for word in words), "janes", "fit", "fitout", "acem", "kestral", "nobody"]
    clients, deals = ([entry.number for entry in catalog.of(kind)] for kind in ("contact", "opportunity"))
    return {
        "of": entries,
        "numbers": [catalog.by_number(entry.number) for entry in entries],
        "aliases": [catalog.by_alias(f"RE-{count}") for count in range(9)],
        "states": [list(catalog.in_state("invoice", status.value)) for status in InvoiceStatus],
        "clients": [list(catalog.of_contact(kind, one)) for kind in kinds for one in clients],
        "deals": [list(catalog.of_opportunity(kind, one)) for kind in kinds for one in deals],
        "known": [catalog.known(word) for word in heard],
        "near": [catalog.near(word) for word in heard],
        "holding": [catalog.holding([word]) for word in heard],
        "narrowed": [list(catalog.narrowed(kind, [word])) for kind in kinds for word in heard],
        "size": len(catalog),
    }


def new_client(tx: Transaction, chance: random.Random) -> None:
    name, company = chance.choice(_NAMES), chance.choice(_FIRMS)
    tx.contacts.add(a_contact(number=tx.contacts.next_number(), name=name, company=company))


def renamed_client(tx: Transaction, chance: random.Random) -> None:
    client = chance.choice(tx.contacts.list())
    tx.contacts.save(replace(client, name=chance.choice(_NAMES), company=chance.choice(_FIRMS), email="a@b.example"))


def new_deal(tx: Transaction, chance: random.Random) -> None:
    client = chance.choice([None, *(client.number for client in tx.contacts.list())])
    number = tx.opportunities.next_number()
    tx.opportunities.add(an_opportunity(number=number, name=chance.choice(_TITLES), contact=client))


def other_deal(tx: Transaction, chance: random.Random) -> None:
    deal = chance.choice(tx.opportunities.list())
    value = chance.choice([None, Money(0, "AUD"), Money(70_00, "AUD")])
    client = chance.choice(tx.contacts.list()).number
    stage = chance.choice(list(Stage))
    tx.opportunities.save(replace(deal, name=chance.choice(_TITLES), value=value, contact=client, stage=stage))


def new_invoice(tx: Transaction, chance: random.Random) -> None:
    deal, number = chance.choice(tx.opportunities.list()), tx.invoices.next_number()
    said = chance.choice(["", "Oven repair"])
    tx.invoices.add(
        an_invoice(number=number, token=number, opportunity=deal.number, contact=deal.contact, description=said)
    )


def other_invoice(tx: Transaction, chance: random.Random) -> None:
    invoice = chance.choice(tx.invoices.list())
    taken = {one.document_number for one in tx.invoices.list()}
    free = [None, *(f"RE-{count}" for count in range(9) if f"RE-{count}" not in taken)]
    status, kind = chance.choice(list(InvoiceStatus)), chance.choice(list(InvoiceKind))
    tx.invoices.save(replace(invoice, status=status, kind=kind, document_number=chance.choice(free)))


def linked(tx: Transaction, chance: random.Random) -> None:
    invoice = chance.choice(tx.invoices.list()).number
    live = tx.links.active(invoice)
    if live is not None:
        tx.links.save(replace(live, active=False))
    else:
        revision = len(tx.links.of_invoice(invoice)) + 1
        interval = chance.choice(list(Interval))
        tx.links.add(a_link(id=f"{invoice}-{revision}", invoice=invoice, revision=revision, interval=interval))


def new_rule(tx: Transaction, chance: random.Random) -> None:
    tx.automations.add(an_automation(number=tx.automations.next_number(), name=chance.choice(_TITLES)))


def other_rule(tx: Transaction, chance: random.Random) -> None:
    for rule in tx.automations.list()[:1]:
        gone = chance.choice([None, NOW])
        tx.automations.save(replace(rule, active=False, name=chance.choice(_TITLES), deleted_at=gone))


def erased(tx: Transaction, chance: random.Random) -> None:
    client = chance.choice(tx.contacts.list())
    tx.contacts.save(replace(client, name="Erased", company=None, email=None))
    for invoice in tx.invoices.list(contact=client.number):
        tx.invoices.save(replace(invoice, description=""))


def brought(tx: Transaction, chance: random.Random) -> None:
    for _ in range(chance.choice([3, 30])):
        new_client(tx, chance)


_STEPS: Final = (
    *(new_client, renamed_client, new_deal, other_deal, new_invoice, other_invoice, linked, new_rule, other_rule),
    *(erased, brought),
)


@pytest.mark.parametrize("seed", range(6))
def test_no_history_of_two_processes_leaves_a_stale_name(stores: tuple[SqlStore, SqlStore], seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - nothing is kept secret by it
    kept = Catalogs(), Catalogs()
    for _ in range(25):
        with suppress(Crash), chance.choice(stores).transaction(WORKSPACE) as tx:
            for step in chance.choices(_STEPS, k=chance.randint(1, 3)):
                step(tx, chance)
                if chance.random() < 0.2:
                    assert told(chance.choice(kept).of(tx)) == told(load(tx))
            if chance.random() < 0.2:
                raise Crash
        reader = chance.randint(0, 1)
        with stores[reader].transaction(WORKSPACE) as tx:
            assert told(kept[reader].of(tx)) == told(load(tx))


@pytest.fixture
def books(store: SqlStore) -> SqlStore:
    add_books(store)
    return store


def names(catalogs: Catalogs, store: Store, workspace_id: str = WORKSPACE) -> Catalog:
    with store.transaction(workspace_id) as tx:
        return catalogs.of(tx)


def test_what_has_not_changed_is_not_read_again(books: SqlStore) -> None:
    catalogs = Catalogs()

    assert names(catalogs, books) is names(catalogs, books)


def test_a_change_leaves_the_catalog_that_is_being_read_as_it_was(books: SqlStore) -> None:
    catalogs = Catalogs()
    before = names(catalogs, books)
    said = told(before)
    with books.transaction(WORKSPACE) as tx:
        tx.contacts.save(a_contact(name="Olga Quist"))

    assert [entry.label for entry in names(catalogs, books).search("contact", "Olga")] == ["Olga Quist"]
    assert told(before) == said


def test_what_is_taken_back_was_never_kept(books: SqlStore) -> None:
    catalogs = Catalogs()
    names(catalogs, books)
    with suppress(Crash), books.transaction(WORKSPACE) as tx:
        tx.contacts.save(a_contact(name="Olga Quist"))
        assert [entry.number for entry in catalogs.of(tx).search("contact", "Olga")] == ["CON-1"]
        raise Crash

    assert names(catalogs, books).search("contact", "Olga") == []
    assert [entry.number for entry in names(catalogs, books).search("contact", "Nora")] == ["CON-1"]


def test_what_is_taken_back_is_not_kept_by_a_process_that_had_read_nothing(books: SqlStore) -> None:
    catalogs = Catalogs()
    with suppress(Crash), books.transaction(WORKSPACE) as tx:
        tx.contacts.save(a_contact(name="Olga Quist"))
        assert catalogs.of(tx).search("contact", "Olga")
        raise Crash

    assert names(catalogs, books).search("contact", "Olga") == []


def test_a_client_with_more_than_can_be_read_one_by_one_is_renamed_everywhere(books: SqlStore) -> None:
    catalogs = Catalogs()
    with books.transaction(WORKSPACE) as tx:
        for count in range(1002, 1511):
            tx.invoices.add(an_invoice(number=f"INV-{count}", token=f"t{count}"))
    names(catalogs, books)
    with books.transaction(WORKSPACE) as tx:
        tx.contacts.save(a_contact(name="Olga Quist"))

    assert len(names(catalogs, books).search("invoice", "Olga")) == 510


def test_names_are_read_anew_from_time_to_time(books: SqlStore, clock: SetClock) -> None:
    """A process of an earlier release, which counts no versions, may run beside this one."""
    catalogs = Catalogs()
    first = names(catalogs, books)
    clock.advance(timedelta(minutes=9).total_seconds())
    assert names(catalogs, books) is first
    clock.advance(timedelta(minutes=2).total_seconds())
    assert names(catalogs, books) is not first


@pytest.mark.parametrize("bounds", [{"most_workspaces": 2}, {"most_records": 7}], ids=["workspaces", "records"])
def test_only_the_workspaces_that_were_spoken_to_last_are_kept(store: SqlStore, bounds: dict[str, int]) -> None:
    catalogs = Catalogs(**bounds)
    for workspace in ("ws_1", "ws_2", "ws_3"):
        add_books(store, workspace)
    first, second = names(catalogs, store, "ws_1"), names(catalogs, store, "ws_2")
    assert names(catalogs, store, "ws_1") is first

    third = names(catalogs, store, "ws_3")

    assert names(catalogs, store, "ws_1") is first
    assert names(catalogs, store, "ws_3") is third
    assert names(catalogs, store, "ws_2") is not second


def test_a_workspace_that_is_larger_than_all_that_is_kept_is_kept_alone(books: SqlStore) -> None:
    catalogs = Catalogs(most_records=1)

    assert names(catalogs, books) is names(catalogs, books)


def test_each_workspace_has_its_own_names(store: SqlStore) -> None:
    catalogs = Catalogs()
    add_books(store, "ws_1")
    add_workspace(store, "ws_2")

    assert len(names(catalogs, store, "ws_1")) == 3
    assert len(names(catalogs, store, "ws_2")) == 0


def test_threads_may_share_what_is_kept(books: SqlStore) -> None:
    catalogs = Catalogs(most_records=1)
    add_books(books, "ws_2")

    def read(turn: int) -> int:
        if turn % 5 == 0:
            with books.transaction(WORKSPACE) as tx:
                tx.contacts.save(a_contact(name=f"Nora {turn}"))
        return len(names(catalogs, books, ("ws_2", WORKSPACE)[turn % 2]))

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(read, range(60))) == {3}
    assert told(names(catalogs, books)) == told(names(Catalogs(), books))


def _a_name(number: str, *words: str) -> Names:
    return Names("invoice", number, number, (*words, number))


@pytest.mark.parametrize(
    ("change", "left"),
    [
        (lambda catalog: catalog.changed([], ["INV-2"]), ["INV-1", "INV-10"]),
        (lambda catalog: catalog.changed([], ["INV-77"]), ["INV-1", "INV-2", "INV-10"]),
        (lambda catalog: catalog.changed([_a_name("INV-3", "Roof")]), ["INV-1", "INV-2", "INV-3", "INV-10"]),
        (lambda catalog: catalog.changed([_a_name("2024/7", "Roof")]), ["INV-1", "INV-2", "2024/7", "INV-10"]),
        (lambda catalog: catalog.changed([_a_name("draft", "Roof")]), ["draft", "INV-1", "INV-2", "INV-10"]),
    ],
)
def test_records_stay_in_the_order_of_their_numbers(change: Callable[[Catalog], Catalog], left: list[str]) -> None:
    catalog = Catalog([_a_name("INV-10"), _a_name("INV-2", "Roof"), _a_name("INV-1")])

    assert [entry.number for entry in change(catalog).of("invoice")] == left
