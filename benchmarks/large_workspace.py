"""A workspace of 5,000 clients and 20,000 invoices, as names and as a database."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from billing.invoices import InvoiceKind, InvoiceStatus
from billing.opportunities import Stage
from billing.workspaces import Workspace
from skills.names import Names
from storage import open_store, tables
from storage.schema import upgrade

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage import SqlStore

WORKSPACE: Final = "ws_bench"
NOW: Final = datetime(2026, 3, 11, tzinfo=UTC)
_CLIENTS: Final = 5_000
_INVOICES: Final = 20_000
_PLACES: Final = "Ash Birch Cedar Dell Elm Fern Glen Heath Iron Juniper Kestrel Linden Maple Nettle Oak".split()
_TRADES: Final = "Bakery Dental Freight Yoga Studio Joinery Optics Roofing Media Labs".split()
_KINDS: Final = ("deposit", "progress", "final")
_DUE: Final = date(2026, 3, 1)


def names() -> Iterator[Names]:
    """Yield the names of all its records."""
    for count in range(1, _CLIENTS + 1):
        client, company = f"CON-{count}", _company(count)
        yield Names("contact", client, company, (company, client), contact=client)
        title = f"{company} website"
        words = (title, f"OPP-{count}", company)
        yield Names("opportunity", f"OPP-{count}", title, words, client, f"OPP-{count}", amount="1000.00")
    for count in range(_INVOICES):
        owner, number = count % _CLIENTS + 1, f"INV-{1001 + count}"
        state = "sent" if count % 10 == 0 else "paid"
        about = (f"CON-{owner}", f"OPP-{owner}", _KINDS[count % len(_KINDS)], state, "AUD", "500.00", _DUE)
        yield Names("invoice", number, number, (number, _company(owner)), *about)


@contextmanager
def database() -> Iterator[SqlStore]:
    """Open the workspace as a SQLite database of its own."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'evie.db'}", lambda: NOW)
        upgrade(store.engine)
        store.directory.add_workspace(Workspace(WORKSPACE, "Bench", "AUD", "AU", "en_AU", "Australia/Brisbane", NOW))
        with store.engine.begin() as connection:
            for table, kind in ((tables.contacts, "contact"), (tables.opportunities, "opportunity")):
                connection.execute(table.insert(), [_row(entry) for entry in names() if entry.record == kind])
            bills = [_invoice(entry) for entry in names() if entry.record == "invoice"]
            connection.execute(tables.invoices.insert(), bills)
        try:
            yield store
        finally:
            store.close()


def _row(entry: Names) -> dict[str, Any]:
    ordinal = int(entry.number.partition("-")[2])
    row = {"workspace_id": WORKSPACE, "number": entry.number, "ordinal": ordinal, "created_at": NOW}
    if entry.record == "contact":
        return row | {"name": entry.label}
    return row | {"name": entry.label, "contact": entry.contact, "currency": "AUD", "stage": Stage.WON}


def _invoice(entry: Names) -> dict[str, Any]:
    money = {f"{name}_currency": "AUD" for name in ("total", "paid")} | {"total_amount": 500_00, "paid_amount": 0}
    whose = {"opportunity": entry.opportunity, "contact": entry.contact}
    dates = {"issued_on": _DUE, "due_on": _DUE}
    state = {"kind": InvoiceKind(entry.kind or ""), "status": InvoiceStatus(entry.status or ""), "token": entry.number}
    row = {name: value for name, value in _row(entry).items() if name not in {"name", "currency", "stage"}}
    return row | whose | money | dates | state | {"description": ""}


def _company(count: int) -> str:
    return f"{_PLACES[count % len(_PLACES)]}{count} {_TRADES[count % len(_TRADES)]}"
