"""Where an invoice stands, as a function of the lines of its payment log: no line's time of arrival matters.

Lines in another currency than the invoice's count for nothing here: somebody has to look at them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, Protocol

from billing.invoices import InvoiceStatus
from billing.money import Money, zero
from billing.payments import PaymentStatus, PaymentType

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from billing.invoices import Invoice
    from billing.payments import Payment

_INCOMING: Final = frozenset({PaymentType.CHARGE, PaymentType.SUBSCRIPTION})
_CONTESTED: Final = frozenset({PaymentStatus.INQUIRY, PaymentStatus.OPEN})


class Movement(Protocol):
    """What tells whether money moved: a line of the log, or the sum of several that are alike."""

    @property
    def type(self) -> PaymentType:
        """What kind of movement it is."""

    @property
    def status(self) -> PaymentStatus:
        """How it ended."""


def arrived(invoice: Invoice, lines: Iterable[Payment]) -> list[Payment]:
    """Return the lines whose money came in for the invoice, in their order."""
    currency = invoice.total.currency
    return [line for line in lines if came_in(line) and line.money.currency == currency]


def covered(invoice: Invoice, lines: Iterable[Payment]) -> bool:
    """Say whether as much as the total has come in, whatever went back since."""
    return invoice.total <= _sum(arrived(invoice, lines), invoice)


def standing(invoice: Invoice, lines: Sequence[Payment]) -> Invoice:
    """Return the invoice as its lines, the oldest first, say that it stands.

    Paid once its total came in; refunded where everything that came in was given back, which is not compared with
    the total. Without any money it stands as people left it.
    """
    came = arrived(invoice, lines)
    captured = _sum(came, invoice)
    returned = _sum((line for line in lines if gone_back(line)), invoice)
    stayed = Money(max(captured.amount - returned.amount, 0), captured.currency)
    return (
        replace(
            invoice,
            status=_status(invoice, captured, returned),
            paid=min(stayed, invoice.total),
            refunded=returned if returned.amount else None,
            disputed=any(line.type is PaymentType.DISPUTE and line.status in _CONTESTED for line in lines),
            paid_at=_paid_at(invoice, came),
        )
        if came
        else invoice
    )


def came_in(line: Movement) -> bool:
    """Say whether the line is money that has arrived."""
    return line.type in _INCOMING and line.status is PaymentStatus.SUCCEEDED


def gone_back(line: Movement) -> bool:
    """Say whether the line is money that left again: a dispute that is lost, or a refund unless it failed.

    A refund that is under way counts, as Stripe has taken it from the balance; so does a bank's debit for a dispute,
    but that is decided later, and nobody should ask the client for it before.
    """
    if line.type is PaymentType.DISPUTE:
        return line.status is PaymentStatus.LOST
    return line.type is PaymentType.REFUND and line.status is not PaymentStatus.FAILED


def under_way(lines: Iterable[Payment]) -> bool:
    """Say whether money is on its way: a payment that the payer's bank has not decided about."""
    return any(line.type in _INCOMING and line.status is PaymentStatus.PROCESSING for line in lines)


def on_its_way(invoice: Invoice, lines: Iterable[Payment]) -> Money | None:
    """Return the money that the payers' banks have not decided about yet, None where there is none."""
    coming = (line for line in lines if line.type in _INCOMING and line.status is PaymentStatus.PROCESSING)
    total = _sum(coming, invoice)
    return total if total.amount else None


def is_under_way(invoice: Invoice, lines: Iterable[Payment]) -> bool:
    """Say whether all that is owed on an unpaid invoice is on its way."""
    coming = on_its_way(invoice, lines) if invoice.payable else None
    return coming is not None and invoice.balance <= coming


def _status(invoice: Invoice, captured: Money, returned: Money) -> InvoiceStatus:
    if captured <= returned:
        return InvoiceStatus.REFUNDED
    if invoice.total <= captured:
        return InvoiceStatus.PAID
    if invoice.status is InvoiceStatus.REFUNDED:
        # A part of it had come in and gone back, and now that has come back.
        return InvoiceStatus.SENT if invoice.sent_at else InvoiceStatus.OPEN
    return invoice.status


def _paid_at(invoice: Invoice, came: Sequence[Payment]) -> datetime | None:
    """Return when the total was reached; as it was where it has not been."""
    so_far = zero(invoice.total.currency)
    for line in came:
        so_far += line.money
        if invoice.total <= so_far:
            return line.occurred_at
    return invoice.paid_at


def _sum(lines: Iterable[Payment], invoice: Invoice) -> Money:
    currency = invoice.total.currency
    return sum((line.money for line in lines if line.money.currency == currency), start=zero(currency))
