"""The books are added up where they are: how long reports take over 200,000 payments and 50,000 invoices on SQLite."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from billing.invoices import InvoiceKind, InvoiceStatus
from billing.payments import PaymentStatus, PaymentType
from billing.recurring import recurring
from billing.reminders import ReminderSchedule
from billing.reminding import due_now
from billing.workspaces import Workspace
from integrations.public_holidays import PublicHolidays
from storage import open_store, tables
from storage.schema import upgrade

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from billing.ports import Transaction
    from storage import SqlStore

_ID: Final = "ws_bench"
_TODAY: Final = date(2026, 3, 11)
_NOW: Final = datetime(2026, 3, 11, tzinfo=UTC)
_INVOICES: Final = 50_000
_PAYMENTS: Final = 200_000
_ZONE: Final = ZoneInfo("Europe/Berlin")
# One in a hundred is unpaid: a business that lives.
_UNPAID_EVERY: Final = 100


@contextmanager
def bench_collected() -> Iterator[Callable[[], object]]:
    """Report what was collected in a year, of 200,000 payments."""
    with _reading() as tx:
        yield lambda: tx.reports.collected(start=_NOW - timedelta(days=365), end=_NOW)


@contextmanager
def bench_collected_by_month() -> Iterator[Callable[[], object]]:
    """Report what was collected in each of 12 months, of 200,000 payments."""
    marks = [_NOW - timedelta(days=30 * back) for back in range(12, -1, -1)]
    with _reading() as tx:
        yield lambda: tx.reports.collected_between(marks)


@contextmanager
def bench_collected_ever() -> Iterator[Callable[[], object]]:
    """Report what was ever collected, of 200,000 payments."""
    with _reading() as tx:
        yield tx.reports.collected


@contextmanager
def bench_overdue() -> Iterator[Callable[[], object]]:
    """Report what is overdue by age, of 50,000 invoices."""
    with _reading() as tx:
        yield lambda: tx.reports.overdue(_TODAY)


@contextmanager
def bench_days_to_pay() -> Iterator[Callable[[], object]]:
    """Report how long payments took in a year, of 50,000 invoices."""
    with _reading() as tx:
        yield lambda: tx.reports.days_to_pay(_ZONE, start=_NOW - timedelta(days=365), end=_NOW)


@contextmanager
def bench_recurring() -> Iterator[Callable[[], object]]:
    """Report what recurs each month, of 200,000 payments."""
    with _reading() as tx:
        yield lambda: recurring(tx, now=_NOW)


@contextmanager
def bench_reminders_due() -> Iterator[Callable[[], object]]:
    """Look for reminders that are due, in 50,000 invoices."""
    calendar = PublicHolidays()
    with _reading() as tx:
        yield lambda: due_now(tx, calendar, now=_NOW + timedelta(hours=12))


@contextmanager
def _reading() -> Iterator[Transaction]:
    with _books().transaction(_ID) as tx:
        yield tx


@cache
def _books() -> SqlStore:
    """Return the books, which every benchmark of this process reads; the folder goes when the process ends."""
    folder = tempfile.TemporaryDirectory()
    store = open_store(f"sqlite:///{Path(folder.name) / 'evie.db'}", lambda: _NOW)
    upgrade(store.engine)
    store.directory.add_workspace(Workspace(_ID, "Bench", "EUR", "DE", "de_DE", "Europe/Berlin", _NOW))
    with store.engine.begin() as connection:
        connection.execute(tables.opportunities.insert(), [_opportunity()])
        connection.execute(tables.invoices.insert(), [_invoice(number) for number in range(_INVOICES)])
        connection.execute(tables.payments.insert(), [_payment(number) for number in range(_PAYMENTS)])
    with store.transaction(_ID) as tx:
        since = _NOW - timedelta(days=365)
        tx.reminders.save_schedule(ReminderSchedule(_ID, active=True, since=since, set_by="Ada", set_at=since))
    _kept.append(folder)
    return store


_kept: list[tempfile.TemporaryDirectory[str]] = []


def _opportunity() -> dict[str, Any]:
    row = {"workspace_id": _ID, "number": "OPP-1", "ordinal": 1, "name": "Bench", "currency": "EUR"}
    return row | {"stage": "won", "created_at": _NOW}


def _invoice(number: int) -> dict[str, Any]:
    unpaid = number % _UNPAID_EVERY == 0
    issued = _TODAY - timedelta(days=number % 1000)
    paid = None if unpaid else datetime.combine(issued, datetime.min.time(), UTC) + timedelta(hours=number % 700)
    return {
        "workspace_id": _ID,
        "number": f"INV-{number}",
        "ordinal": number,
        "opportunity": "OPP-1",
        "kind": InvoiceKind.STANDARD,
        "total_amount": 10_000,
        "total_currency": "EUR",
        "paid_amount": 0,
        "paid_currency": "EUR",
        "status": InvoiceStatus.SENT if unpaid else InvoiceStatus.PAID,
        "issued_on": issued,
        "due_on": issued + timedelta(days=14),
        "token": f"token-{number}",
        "description": "",
        "paid_at": paid,
        "lines": (),
        "created_at": _NOW,
    }


def _payment(number: int) -> dict[str, Any]:
    return {
        "workspace_id": _ID,
        "id": f"pay_{number}",
        "type": PaymentType.REFUND if number % 50 == 0 else PaymentType.CHARGE,
        "status": PaymentStatus.SUCCEEDED,
        "money_amount": number % 9973 + 1,
        "money_currency": ("EUR", "USD")[number % 2],
        "occurred_at": _NOW - timedelta(minutes=7 * number % (3 * 365 * 1440)),
        "stripe_account_id": "acct_bench",
        "stripe_object_id": f"pi_{number}",
        "livemode": False,
        "invoice": f"INV-{number % _INVOICES}",
        "payer": "",
        "failure_message": "",
    }
