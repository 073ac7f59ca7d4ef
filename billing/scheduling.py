"""What falls due with time. Each fact has its own key, so it is told once however often it is looked for."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from billing.automations import Trigger
from billing.events import DomainEvent
from billing.invoices import UNPAID
from billing.reacting import publish

if TYPE_CHECKING:
    from datetime import date, datetime

    from billing.ports import Transaction

# A fact older than this is not told any more: an import of old books must not set off a storm of news.
_OLDEST = timedelta(days=3)


def announce_due(tx: Transaction, *, now: datetime, today: date) -> None:
    """Publish that invoices are due today or have become overdue, by the workspace's calendar."""
    # In one order in every process: two that tell the same facts at once would otherwise wait for each other.
    for status in sorted(UNPAID):
        for invoice in tx.invoices.list(status=status):
            if invoice.due_on == today:
                key = f"invoice_due:{invoice.number}:{invoice.due_on}"
                publish(tx, DomainEvent(tx.workspace_id, Trigger.INVOICE_DUE, key, now, invoice.number))
            elif today - _OLDEST <= invoice.due_on < today:
                key = f"invoice_overdue:{invoice.number}:{invoice.due_on}"
                publish(tx, DomainEvent(tx.workspace_id, Trigger.INVOICE_OVERDUE, key, now, invoice.number))
