"""The payment log is looked through while somebody waits: 200,000 lines of one workspace, beside those of others."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import text

from billing.payment_log import LogFilter
from billing.payments import Payment, PaymentStatus, PaymentType
from storage import SqlStore, open_store
from storage.mappers import CONTACT, INVOICE, PAYMENT
from storage.schema import upgrade
from storage.tables import contacts, invoices, payments
from tests.support.books import a_contact, a_payment, add_books
from tests.support.databases import PostgresqlServer
from tests.support.records import NOW, WORKSPACE, an_invoice, aud

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection, Table

_LINES: Final = {WORKSPACE: 200_000, "ws_next_door": 30_000, "ws_down_the_road": 30_000}
_CLIENTS: Final = 1_000
_INVOICES: Final = 20_000
_AT_ONCE: Final = 10_000
_PAGE: Final = 50
_MONTH: Final = timedelta(days=30)
_TYPES: Final = (PaymentType.CHARGE,) * 80 + (PaymentType.REFUND,) * 10 + (PaymentType.SUBSCRIPTION,) * 7
_SOME: Final = (*_TYPES, PaymentType.DISPUTE, PaymentType.PAYOUT, PaymentType.PAYOUT)


@contextmanager
def bench_page_of_the_log_on_sqlite() -> Iterator[Callable[[], list[Payment]]]:
    """Read a page of a log of 200,000 lines, by each filter in turn (SQLite)."""
    with _sqlite() as store:
        yield _pages(store)


@contextmanager
def bench_page_of_the_log_on_postgresql() -> Iterator[Callable[[], list[Payment]]]:
    """Read a page of a log of 200,000 lines, by each filter in turn (PostgreSQL)."""
    with _postgresql() as store:
        yield _pages(store)


def _pages(store: SqlStore) -> Callable[[], list[Payment]]:
    questions = cycle(_questions(store))

    def read() -> list[Payment]:
        wanted, before = next(questions)
        with store.transaction(WORKSPACE) as tx:
            return tx.payments.page(wanted, before=before, limit=_PAGE)

    return read


def _questions(store: SqlStore) -> list[tuple[LogFilter, str | None]]:
    """Return each filter alone and with others, for the newest page and for one from the middle of the log."""
    start, end = NOW - 10 * _MONTH, NOW - 9 * _MONTH
    client, invoice, refund = "CON-1007", "INV-10007", PaymentType.REFUND
    wanted = [
        LogFilter(),
        LogFilter(type=refund),
        LogFilter(contact=client),
        LogFilter(type=refund, contact=client),
        LogFilter(invoice=invoice),
        LogFilter(type=refund, contact=client, invoice=invoice),
        LogFilter(start=start, end=end),
        LogFilter(type=refund, start=start, end=end),
        LogFilter(contact=client, start=start, end=end),
    ]
    with store.transaction(WORKSPACE) as tx:
        (middle,) = tx.payments.page(LogFilter(end=NOW - 18 * _MONTH), limit=1)
    return [(each, before) for each in wanted for before in (None, middle.id)]


@contextmanager
def _sqlite() -> Iterator[SqlStore]:
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'evie.db'}", lambda: NOW)
        try:
            upgrade(store.engine)
            _fill(store)
            yield store
        finally:
            store.close()


@contextmanager
def _postgresql() -> Iterator[SqlStore]:
    with tempfile.TemporaryDirectory(prefix="evie-postgresql-") as folder:
        server = PostgresqlServer(Path(folder) / "data")
        try:
            store = SqlStore(server.engine, lambda: NOW)
            _fill(store)
            with store.engine.begin() as connection:
                connection.execute(text("ANALYZE"))
            yield store
        finally:
            server.stop()


def _fill(store: SqlStore) -> None:
    random = Random(1)  # noqa: S311 - the same log each time, no secret
    for workspace, count in _LINES.items():
        add_books(store, workspace)
        with store.engine.begin() as connection:
            _write(connection, contacts, [_client(workspace, 1000 + number) for number in range(_CLIENTS)])
            _write(connection, invoices, [_invoice(workspace, 10_000 + number) for number in range(_INVOICES)])
            # Not in the order of their time, as Stripe's events come.
            places = random.sample(range(count), count)
            _write(connection, payments, [_line(workspace, place, count, random) for place in places])


def _write(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    for first in range(0, len(rows), _AT_ONCE):
        connection.execute(table.insert(), rows[first : first + _AT_ONCE])


def _client(workspace: str, number: int) -> dict[str, Any]:
    return CONTACT.row(a_contact(workspace_id=workspace, number=f"CON-{number}")) | {"ordinal": number}


def _invoice(workspace: str, number: int) -> dict[str, Any]:
    made = an_invoice(workspace_id=workspace, number=f"INV-{number}", token=f"{workspace}-{number}")
    return INVOICE.row(made) | {"ordinal": number}


def _line(workspace: str, place: int, count: int, random: Random) -> dict[str, Any]:
    """Return a line: three years of them, with a client whom an invoice has always."""
    invoice = random.randrange(_INVOICES)
    made = a_payment(
        workspace_id=workspace,
        id=f"pay_{place}",
        type=random.choice(_SOME),
        status=PaymentStatus.SUCCEEDED,
        occurred_at=NOW - 36 * _MONTH * (place / count),
        stripe_object_id=f"pi_{place}",
        invoice=f"INV-{10_000 + invoice}",
        contact=f"CON-{1000 + invoice % _CLIENTS}",
        fee=aud(14_80),
        net=aud(485_20),
    )
    return PAYMENT.row(replace(made, livemode=True))
