"""Changing an invoice that is out already, and making it void: what was asked for must never stay payable beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from billing.errors import BadAmount, InvoiceClosed
from billing.invoices import InvoiceStatus
from billing.invoicing import checked_due, concerns
from billing.linking import retire
from billing.money import parse_amount
from billing.settling import reckon

if TYPE_CHECKING:
    from datetime import date, datetime

    from billing.invoices import Invoice, InvoiceKind
    from billing.money import Money
    from billing.opportunities import Opportunity
    from billing.ports import Transaction
    from billing.wording import Wording


@dataclass(frozen=True, slots=True)
class Changes:
    """What is to be different; None stays as it is. `amount` is a decimal string in the invoice's currency."""

    amount: str | None = None
    due_on: date | None = None
    description: str | None = None
    kind: InvoiceKind | None = None


@dataclass(frozen=True, slots=True)
class Amended:
    """The invoice before and after, whether its payment link was ended, and warnings, a sentence each."""

    before: Invoice
    invoice: Invoice
    opportunity: Opportunity
    link_ended: bool
    warnings: tuple[Wording, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether anything is different."""
        return self.invoice != self.before

    @property
    def outdated_at_client(self) -> bool:
        """Whether the client has been sent a version that no longer holds."""
        was_sent = self.before.status is InvoiceStatus.SENT or self.before.sent_at is not None
        return self.changed and was_sent


def update_invoice(tx: Transaction, number: str, changes: Changes, *, now: datetime, today: date) -> Amended:
    """Change an unpaid invoice; a link that asked for something else is ended, and the next use makes a new one.

    Raises InvoiceClosed, BadAmount (also for less than was paid), BadArgument (`due_on` in the past), UnknownRecord.
    """
    # The deal is locked first, as in creating, so that two changes cannot both fit into what it is worth.
    opportunity = tx.opportunities.get(tx.invoices.get(number).opportunity, lock=True)
    before = tx.invoices.get(number, lock=True)
    _require_changeable(before)
    wanted = replace(
        before,
        total=_total(before, changes.amount),
        due_on=checked_due(changes.due_on, today) or before.due_on,
        description=before.description if changes.description is None else changes.description,
        kind=changes.kind or before.kind,
    )
    if wanted == before:
        return Amended(before, before, opportunity, link_ended=False)
    ends_link = _on_the_pay_page(wanted) != _on_the_pay_page(before) and tx.links.active(number) is not None
    if ends_link:
        retire(tx, number, now=now)
    warnings = _new_concerns(tx, opportunity, before, wanted)
    return Amended(before, reckon(tx, wanted, now=now), opportunity, ends_link, warnings)


def _require_changeable(invoice: Invoice) -> None:
    if not invoice.payable:
        message = f"{invoice.number} is {invoice.status}, so it can no longer change. Create a new invoice instead."
        raise InvoiceClosed(message)


def _total(invoice: Invoice, amount: str | None) -> Money:
    if amount is None:
        return invoice.total
    total = parse_amount(amount, invoice.total.currency)
    if total < invoice.paid:
        raise BadAmount(invoice.paid, f" of {invoice.number} is paid already, so it cannot ask for less.")
    return total


def _on_the_pay_page(invoice: Invoice) -> tuple[object, ...]:
    """Return what the client reads where the invoice is paid: its kind stands in for a description."""
    return invoice.total, invoice.description or invoice.kind


def _new_concerns(tx: Transaction, opportunity: Opportunity, before: Invoice, wanted: Invoice) -> tuple[Wording, ...]:
    """Return only what is odd now and was not before."""
    known, found = (
        concerns(tx, opportunity, invoice.kind, invoice.total, besides=invoice.number) for invoice in (before, wanted)
    )
    return tuple(concern for concern in found if concern not in known)


def require_voidable(invoice: Invoice) -> None:
    """Raise InvoiceClosed, with what to do instead, where an invoice must keep standing."""
    number, paid = invoice.number, invoice.paid
    match invoice.status:
        case InvoiceStatus.VOID:
            raise InvoiceClosed(f"{number} is void already.")
        case InvoiceStatus.REFUNDED:
            raise InvoiceClosed(f"{number} is refunded: nothing is owed on it, so there is nothing to make void.")
        case InvoiceStatus.PAID:
            raise InvoiceClosed(f"{number} is paid, so it cannot be made void. Refund the payment instead.")
        case _ if paid.amount:
            raise InvoiceClosed(
                paid,
                f" of {number} is paid already, so it cannot be made void. Refund that first, or change the amount to ",
                paid,
                " to close it there.",
            )


def void_invoice(tx: Transaction, number: str, *, now: datetime) -> Invoice:
    """Make an invoice void and end its payment link; one that is void already stays so.

    Raises InvoiceClosed where money has come in for it, UnknownRecord.
    """
    invoice = tx.invoices.get(number, lock=True)
    if invoice.status is InvoiceStatus.VOID:
        return invoice
    require_voidable(invoice)
    retire(tx, number, now=now)
    return tx.invoices.save(invoice.move(InvoiceStatus.VOID))
