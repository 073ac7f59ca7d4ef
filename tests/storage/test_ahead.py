"""Reading ahead: what several changes look at is read at once, and what one of them writes the next one sees."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event

from billing.automations import Trigger
from billing.invoices import InvoiceStatus
from billing.ports import Transaction
from billing.ports.changes import Change, Ending, Expected
from billing.screens import EVERYTHING, Screen
from storage import SqlStore
from tests.support.books import a_payment, add_books, an_event
from tests.support.records import NOW, WORKSPACE, an_invoice

INVOICE = "INV-1001"
OTHER = "INV-1002"
EXPECTED = Expected(INVOICE, "acct_1", "pi_1")


@pytest.fixture
def store(any_store: SqlStore) -> SqlStore:
    add_books(any_store)
    with any_store.transaction(WORKSPACE) as tx:
        tx.invoices.add(replace(an_invoice(), number=OTHER, token="other"))
    return any_store


def conclude(store: SqlStore, *makes: Callable[[Transaction], bool]) -> None:
    """Make changes together, each of which expects a payment of one of the two invoices."""
    for number in range(len(makes)):
        store.receive(an_event(f"evt_{number}_of_{len(makes)}"))
    claims = store.claim_events(lease_seconds=60, most=len(makes))
    expected = (EXPECTED, replace(EXPECTED, invoice=OTHER, stripe_object_id="pi_2"))
    endings = [Ending(claim, Change(WORKSPACE, make, expected), "") for claim, make in zip(claims, makes, strict=True)]
    assert store.conclude(endings) == [True] * len(makes)


def test_what_a_change_writes_the_next_one_reads(store: SqlStore) -> None:
    line = replace(a_payment(), invoice=INVOICE, stripe_account_id="acct_1", stripe_object_id="pi_1")

    def pay(tx: Transaction) -> bool:
        invoice = tx.invoices.get(INVOICE, lock=True)
        assert tx.payments.of_invoice(INVOICE) == []
        assert tx.payments.by_object("acct_1", "pi_1") is None
        tx.payments.add(line)
        tx.invoices.save(replace(invoice, status=InvoiceStatus.PAID))
        return True

    def look(tx: Transaction) -> bool:
        assert tx.invoices.get(INVOICE, lock=True).status is InvoiceStatus.PAID
        assert tx.payments.of_invoice(INVOICE) == [line]
        assert tx.payments.by_object("acct_1", "pi_1") == line
        assert tx.payments.of_invoice(OTHER) == []
        later = replace(line, payer="Somebody else")
        tx.payments.save(later)
        assert tx.payments.of_invoice(INVOICE) == [later]
        return True

    conclude(store, pay, look)


def test_what_was_read_ahead_is_what_would_be_read(store: SqlStore) -> None:
    shown = [Screen(WORKSPACE, place, about, NOW, {}) for place, about in (("a", INVOICE), ("b", EVERYTHING))]
    with store.transaction(WORKSPACE) as tx:
        for screen in shown:
            tx.screens.put(screen)

    def everything(tx: Transaction) -> list[object]:
        return [
            tx.people.workspace(),
            tx.people.routes(),
            tx.news.deal_route("OPP-1"),
            tx.links.active(INVOICE),
            tx.automations.listening(Trigger.PAYMENT_SUCCEEDED),
            tx.automations.listening(Trigger.INVOICE_SENT),
            tx.screens.about(INVOICE, EVERYTHING, since=NOW - timedelta(days=1)),
            tx.screens.about(INVOICE, EVERYTHING, since=NOW + timedelta(days=1)),
            tx.screens.about("INV-9", EVERYTHING, since=NOW),
            tx.invoices.find("INV-9"),
        ]

    read: list[list[object]] = []

    def look(tx: Transaction) -> bool:
        read.append(everything(tx))
        return True

    conclude(store, look, look)
    with store.transaction(WORKSPACE) as tx:
        assert read == [everything(tx)] * 2
    assert shown == read[0][6]
    assert read[0][7] == []


def test_thirty_payments_are_looked_at_in_as_many_statements_as_two(store: SqlStore) -> None:
    counted: list[str] = []
    event.listen(store.engine, "before_cursor_execute", lambda _c, _cursor, text, *_: counted.append(text))

    def look(tx: Transaction) -> bool:
        tx.invoices.get(INVOICE, lock=True)
        return tx.payments.of_invoice(OTHER) == []

    conclude(store, look, look)
    few = sum(text.startswith("SELECT") for text in counted)
    counted.clear()
    conclude(store, *[look] * 30)
    assert sum(text.startswith("SELECT") for text in counted) == few
