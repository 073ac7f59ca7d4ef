"""The payment log of an exchange document; where it has none, paid invoices imply theirs."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

from billing.invoices import InvoiceStatus
from billing.payments import Payment, PaymentStatus, PaymentType
from billing.standing import standing
from bot.exchange.amounts import amount_at, signed_amount

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from billing.invoices import Invoice
    from billing.money import Money
    from bot.exchange.document import Document
    from bot.exchange.money_entries import PaymentEntry
    from bot.exchange.refusal import Path


def payments_of(document: Document, invoices: Iterable[Invoice], workspace_id: str, now: datetime) -> Iterator[Payment]:
    """Yield the lines of the log; raises DocumentRefused where an amount is wrong."""
    if document.payments is None:
        for invoice in invoices:
            yield from _implied(invoice, now)
        return
    for position, entry in enumerate(document.payments):
        yield _payment(("payments", position), entry, workspace_id)


def marked(invoice: Invoice, payments: Iterable[Payment]) -> Invoice:
    """Return the invoice with what its movements say was given back and is contested."""
    stated = standing(invoice, [payment for payment in payments if payment.invoice == invoice.number])
    return replace(invoice, refunded=stated.refunded, disputed=stated.disputed)


def _implied(invoice: Invoice, now: datetime) -> Iterator[Payment]:
    """Yield the movements of an invoice of which something was paid."""
    if not invoice.paid.amount:
        return
    yield _movement(invoice, PaymentType.CHARGE, f"import:{invoice.number}", now)
    if invoice.status is InvoiceStatus.REFUNDED:
        yield _movement(invoice, PaymentType.REFUND, f"import:{invoice.number}:refund", now)


def _movement(invoice: Invoice, kind: PaymentType, object_id: str, now: datetime) -> Payment:
    return Payment(
        workspace_id=invoice.workspace_id,
        id=secrets.token_hex(16),
        type=kind,
        status=PaymentStatus.SUCCEEDED,
        money=invoice.paid,
        occurred_at=invoice.paid_at or now,
        stripe_account_id="",
        stripe_object_id=object_id,
        livemode=False,
        invoice=invoice.number,
        contact=invoice.contact,
    )


def _payment(place: Path, entry: PaymentEntry, workspace_id: str) -> Payment:
    return Payment(
        workspace_id=workspace_id,
        id=secrets.token_hex(16),
        type=entry.type,
        status=entry.status,
        money=amount_at((*place, "amount"), entry.amount, entry.currency),
        occurred_at=entry.occurred_at,
        stripe_account_id=entry.stripe_account_id,
        stripe_object_id=entry.stripe_object_id,
        livemode=entry.livemode,
        invoice=entry.invoice,
        contact=entry.contact,
        payer=entry.payer,
        failure_message=entry.failure_message,
        method=entry.method,
        reverses=entry.reverses,
        reason=entry.reason,
        fee=_booked((*place, "fee"), entry.fee, entry),
        net=_booked((*place, "net"), entry.net, entry),
    )


def _booked(place: Path, text: str | None, entry: PaymentEntry) -> Money | None:
    return None if text is None else signed_amount(place, text, entry.balance_currency or entry.currency)
