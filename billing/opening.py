"""Opening an invoice: the moment from which it stands, with its number, its day and all that is written on it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from billing.documenting import deductions_of, letterhead_of
from billing.invoices import InvoiceStatus
from billing.numbering import next_document_number

if TYPE_CHECKING:
    from datetime import datetime

    from billing.invoices import Invoice
    from billing.ports import Transaction


def opened(tx: Transaction, invoice: Invoice, *, now: datetime) -> Invoice:
    """Return the draft as it is issued, not yet saved; what is issued already is returned as it is.

    It takes the next number of the series, is dated today by the business's calendar, is due no earlier than that,
    and keeps the letterhead and the deductions as they are now. Its status is the caller's to move.
    """
    if invoice.status is not InvoiceStatus.DRAFT:
        return invoice
    today = tx.people.workspace().day_of(now)
    return replace(
        invoice,
        issued_on=today,
        due_on=max(invoice.due_on, today),
        document_number=next_document_number(tx, today),
        letterhead=letterhead_of(tx, invoice),
        deductions=deductions_of(tx, invoice),
    )
