"""The payment log is read page by page, and every question that can be asked of it has its index."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product
from typing import Any, Final

import pytest
from sqlalchemy import Engine, event, text

from billing.errors import UnknownRecord
from billing.payment_log import LogFilter, LogSum
from billing.payments import Payment, PaymentStatus, PaymentType
from billing.ports import Transaction
from storage import SqlStore
from storage.mappers import PAYMENT
from storage.tables import payments
from tests.support.books import a_contact, a_payment, add_books
from tests.support.records import NOW, WORKSPACE, aud

OTHERS: Final = "ws_other"
SPAN: Final = (NOW + timedelta(minutes=20), NOW + timedelta(minutes=900))


def line(number: int, **changes: Any) -> Payment:
    """A line of the log, the higher its number the later; eight of them share a second."""
    fields: dict[str, Any] = {
        "id": f"pay_{number * 7919 % 100_003}",
        "stripe_object_id": f"pi_{number}",
        "type": list(PaymentType)[number % 3],
        "contact": "CON-1" if number % 2 else None,
        "invoice": "INV-1001" if number < 4 else None,
        "occurred_at": NOW + timedelta(minutes=number // 8),
    }
    return a_payment(**fields | changes)


def write(store: SqlStore, lines: list[Payment]) -> None:
    with store.engine.begin() as connection:
        connection.execute(payments.insert(), [PAYMENT.row(each) for each in lines])


@pytest.fixture
def log(any_store: SqlStore) -> SqlStore:
    """A log of forty lines beside that of another workspace."""
    for workspace in (WORKSPACE, OTHERS):
        add_books(any_store, workspace)
        write(any_store, [line(number, workspace_id=workspace) for number in range(40)])
    return any_store


def pages(tx: Transaction, wanted: LogFilter, size: int) -> Iterator[list[Payment]]:
    page = tx.payments.page(wanted, limit=size)
    while page:
        yield page
        page = tx.payments.page(wanted, before=page[-1].id, limit=size)


@pytest.mark.parametrize(
    "wanted",
    [
        LogFilter(),
        LogFilter(type=PaymentType.REFUND),
        LogFilter(contact="CON-1"),
        LogFilter(type=PaymentType.CHARGE, contact="CON-1", start=NOW, end=NOW + timedelta(minutes=3)),
        LogFilter(type=PaymentType.CHARGE, invoice="INV-1001"),
    ],
)
def test_pages_together_are_the_log_each_line_once_and_newest_first(log: SqlStore, wanted: LogFilter) -> None:
    with log.transaction(WORKSPACE) as tx:
        whole = tx.payments.page(wanted, limit=1000)
        paged = [each for page in pages(tx, wanted, 3) for each in page]
    assert whole
    assert paged == whole
    assert [each.stripe_object_id for each in whole] == sorted(
        (each.stripe_object_id for each in whole), key=lambda id_: -int(id_.removeprefix("pi_"))
    )


def test_lines_that_come_in_meanwhile_move_no_page(log: SqlStore) -> None:
    with log.transaction(WORKSPACE) as tx:
        first, second, *_ = pages(tx, LogFilter(), 10)
        tx.payments.add(line(99))
        assert tx.payments.page(LogFilter(), before=first[-1].id, limit=10) == second


def test_a_page_starts_at_no_line_of_another_workspace_nor_at_one_that_is_not_there(log: SqlStore) -> None:
    with log.transaction(OTHERS) as tx:
        theirs = tx.payments.add(a_payment(workspace_id=OTHERS, id="pay_theirs", stripe_object_id="pi_theirs"))
    with log.transaction(WORKSPACE) as tx:
        for unknown in (theirs.id, "pay_nowhere", ""):
            with pytest.raises(UnknownRecord):
                tx.payments.page(LogFilter(), before=unknown, limit=10)


def test_sums_are_of_all_lines_that_are_wanted_by_type_status_and_currency(any_store: SqlStore) -> None:
    add_books(any_store)
    write(
        any_store,
        [
            line(0, type=PaymentType.CHARGE),
            line(1, type=PaymentType.CHARGE, money=aud(1)),
            line(2, type=PaymentType.CHARGE, status=PaymentStatus.FAILED),
            line(3, type=PaymentType.REFUND, contact=None),
        ],
    )
    with any_store.transaction(WORKSPACE) as tx:
        assert tx.payments.sums(LogFilter()) == [
            LogSum(PaymentType.CHARGE, PaymentStatus.FAILED, aud(500_00), 1),
            LogSum(PaymentType.CHARGE, PaymentStatus.SUCCEEDED, aud(500_01), 2),
            LogSum(PaymentType.REFUND, PaymentStatus.SUCCEEDED, aud(500_00), 1),
        ]
        assert tx.payments.sums(LogFilter(contact="CON-1")) == [
            LogSum(PaymentType.CHARGE, PaymentStatus.SUCCEEDED, aud(1), 1)
        ]
        assert tx.payments.sums(LogFilter(invoice="INV-7777")) == []


def test_fee_and_net_are_kept_in_a_currency_of_their_own(any_store: SqlStore) -> None:
    add_books(any_store)
    booked = a_payment(fee=replace(aud(3_00), currency="USD"), net=replace(aud(-15_00), currency="USD"))
    with any_store.transaction(WORKSPACE) as tx:
        tx.payments.add(booked)
        assert tx.payments.page(LogFilter(), limit=1) == [booked]


# Every question has its index


@pytest.fixture(scope="module")
def questions() -> list[LogFilter]:
    """Each set of filters that can be asked for together."""
    periods: list[tuple[datetime | None, datetime | None]] = [(None, None), SPAN, (SPAN[0], None), (None, SPAN[1])]
    return [
        LogFilter(type_, contact, invoice, start, end)
        for type_, contact, invoice, (start, end) in product(
            (None, PaymentType.REFUND), (None, "CON-1"), (None, "INV-1001"), periods
        )
    ]


@pytest.fixture
def long_log(any_store: SqlStore) -> SqlStore:
    """A log so long that reading all of it would cost more, which a planner without statistics cannot know."""
    for workspace in (WORKSPACE, OTHERS):
        add_books(any_store, workspace)
        with any_store.transaction(workspace) as tx:
            tx.contacts.add(a_contact(workspace_id=workspace, number="CON-2"))
        write(any_store, [line(number, workspace_id=workspace) for number in range(8000)])
    if any_store.engine.dialect.name == "postgresql":
        with any_store.engine.begin() as connection:
            connection.execute(text("ANALYZE payments"))
    return any_store


@contextmanager
def explaining(engine: Engine) -> Iterator[list[str]]:
    """Collect how the database would go about each query over the log."""
    plans: list[str] = []
    words = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN"

    def explain(_connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if "FROM payments" in statement and "ORDER BY" in statement:
            cursor.execute(f"{words} {statement}", parameters)
            plans.append("\n".join(str(row[-1]) for row in cursor.fetchall()))

    event.listen(engine, "before_cursor_execute", explain)
    try:
        yield plans
    finally:
        event.remove(engine, "before_cursor_execute", explain)


def _index(wanted: LogFilter) -> str:
    if wanted.invoice:
        return "ix_payments_log_invoice"
    by = [name for name in ("contact", "type") if getattr(wanted, name) is not None]
    return "_".join(["ix_payments_log", *by])


def test_every_page_is_read_from_its_index_and_nothing_is_sorted(
    long_log: SqlStore, questions: list[LogFilter]
) -> None:
    before = line(7000).id
    for wanted, after in product(questions, (None, before)):
        with explaining(long_log.engine) as plans, long_log.transaction(WORKSPACE) as tx:
            tx.payments.page(wanted, before=after, limit=20)
        (plan,) = plans
        used = re.findall(r"\bix_\w+|\buq_\w+|sqlite_autoindex_\w+", plan)
        assert used == [_index(wanted)], (wanted, plan)
        assert not re.search(r"sort|temp b-tree|seq scan|\bscan payments\b", plan, re.IGNORECASE), (wanted, plan)
