"""Changing an invoice that is out already, and making it void: what was asked for must never stay payable beside it.

An invoice that the client has received is a document in two books. What it asks for is not changed in it: it becomes
void and another one stands for it, each naming the other; where money has come in for it, a credit note brings it down.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from billing.automations import Trigger
from billing.crediting import issue_credit
from billing.documenting import deductions_of, document_of
from billing.errors import BadAmount, InvoiceClosed
from billing.events import DomainEvent
from billing.invoices import Deduction, InvoiceStatus
from billing.invoicing import checked_due, concerns
from billing.linking import retire
from billing.money import Money, parse_amount
from billing.reacting import publish
from billing.settling import reckon
from billing.totals import half_up

if TYPE_CHECKING:
    from datetime import date, datetime

    from billing.credits import CreditNote
    from billing.invoices import Invoice, InvoiceKind
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
    """The invoice before and after, whether its payment link was ended, and warnings, a sentence each.

    Where the client had it, `invoice` is another one that stands for it, or `credit` is what brought it down.
    """

    before: Invoice
    invoice: Invoice
    opportunity: Opportunity
    link_ended: bool
    warnings: tuple[Wording, ...] = ()
    credit: CreditNote | None = None

    @property
    def changed(self) -> bool:
        """Whether anything is different."""
        return self.invoice != self.before

    @property
    def replaced(self) -> bool:
        """Whether another invoice stands for it."""
        return self.invoice.number != self.before.number

    @property
    def merged(self) -> bool:
        """Whether its lines became one, because they no longer add up to what it asks for."""
        return bool(self.before.lines) and not self.invoice.lines

    @property
    def outdated_at_client(self) -> bool:
        """Whether the client has been sent a version that no longer holds."""
        return self.changed and is_with_client(self.before)


def is_with_client(invoice: Invoice) -> bool:
    """Say whether the client has received the invoice."""
    return invoice.status is InvoiceStatus.SENT or invoice.sent_at is not None


def update_invoice(  # noqa: PLR0913 - what is changed, and who asks when
    tx: Transaction,
    number: str,
    changes: Changes,
    *,
    now: datetime,
    today: date,
    request_key: str | None = None,
) -> Amended:
    """Change an unpaid invoice; a link that asked for something else is ended, and the next use makes a new one.

    Where the client has it and it would ask for something else, it is replaced, or brought down by a credit note if
    some of it is paid. The same request again changes nothing more.

    Raises InvoiceClosed, BadAmount (also for less than was paid), BadArgument (`due_on` in the past), UnknownRecord.
    """
    # The deal is locked first, as in creating, so that two changes cannot both fit into what it is worth.
    opportunity = tx.opportunities.get(tx.invoices.get(number).opportunity, lock=True)
    before = tx.invoices.get(number, lock=True)
    made = tx.invoices.by_request(request_key) if request_key else None
    if made is not None:
        return Amended(before, made, opportunity, link_ended=False)
    _require_changeable(before)
    wanted = _wanted(tx, before, changes, today)
    if wanted == before:
        return Amended(before, before, opportunity, link_ended=False)
    warnings = _new_concerns(tx, opportunity, before, wanted)
    ends_link = _on_the_pay_page(wanted) != _on_the_pay_page(before) and tx.links.active(number) is not None
    if ends_link:
        retire(tx, number, now=now)
    if not is_with_client(before) or _demand(wanted) == _demand(before):
        return Amended(before, reckon(tx, wanted, now=now), opportunity, ends_link, warnings)
    if before.paid.amount:
        credit, reduced = _bring_down(tx, before, wanted, request_key, now=now)
        return Amended(before, reckon(tx, reduced, now=now), opportunity, ends_link, warnings, credit)
    replacement = _replace(tx, before, wanted, request_key, now=now, today=today)
    return Amended(before, replacement, opportunity, ends_link, warnings)


def _require_changeable(invoice: Invoice) -> None:
    if invoice.payable:
        return
    instead = f"Change {invoice.replaced_by}, which stands for it" if invoice.replaced_by else "Create a new invoice"
    message = f"{invoice.number} is {invoice.status}, so it can no longer change. {instead} instead."
    raise InvoiceClosed(message)


def _wanted(tx: Transaction, before: Invoice, changes: Changes, today: date) -> Invoice:
    wanted = replace(
        before,
        total=_total(before, changes.amount),
        due_on=checked_due(changes.due_on, today) or before.due_on,
        description=before.description if changes.description is None else changes.description,
        kind=changes.kind or before.kind,
    )
    if _demand(wanted) == _demand(before):
        return wanted
    if before.lines and wanted.total == before.total and not before.deductions:
        return wanted
    # Its lines and deductions were for what it asked for before, and would contradict it now.
    bare = replace(wanted, lines=(), deductions=None)
    is_open = before.status is not InvoiceStatus.DRAFT
    return replace(bare, deductions=deductions_of(tx, bare)) if is_open else bare


def _total(invoice: Invoice, amount: str | None) -> Money:
    if amount is None:
        return invoice.total
    total = parse_amount(amount, invoice.total.currency)
    if total < invoice.paid:
        raise BadAmount(invoice.paid, f" of {invoice.number} is paid already, so it cannot ask for less.")
    return total


def _demand(invoice: Invoice) -> tuple[object, ...]:
    """Return what the client is asked for: the rest may change on a document that is out, and be sent again."""
    return invoice.total, invoice.kind


def _on_the_pay_page(invoice: Invoice) -> tuple[object, ...]:
    """Return what the client reads where the invoice is paid: its kind stands in for a description."""
    return invoice.total, invoice.description or invoice.kind


def _new_concerns(tx: Transaction, opportunity: Opportunity, before: Invoice, wanted: Invoice) -> tuple[Wording, ...]:
    """Return only what is odd now and was not before."""
    known, found = (
        concerns(tx, opportunity, invoice.kind, invoice.total, besides=invoice.number) for invoice in (before, wanted)
    )
    return tuple(concern for concern in found if concern not in known)


def _replace(  # noqa: PLR0913 - what is replaced by what, and who asks when
    tx: Transaction, before: Invoice, wanted: Invoice, request_key: str | None, *, now: datetime, today: date
) -> Invoice:
    """Make the invoice void and a draft that stands for it, each naming the other."""
    number = tx.invoices.next_number()
    retire(tx, before.number, now=now)
    tx.invoices.save(replace(before.move(InvoiceStatus.VOID), replaced_by=number))
    replacement = replace(
        wanted,
        number=number,
        status=InvoiceStatus.DRAFT,
        issued_on=today,
        due_on=max(wanted.due_on, today),
        token=secrets.token_urlsafe(24),
        created_at=now,
        sent_at=None,
        request_key=request_key,
        document_number=None,
        letterhead=None,
        replaces=before.number,
    )
    tx.invoices.add(replacement)
    made = f"invoice_created:{number}"
    publish(tx, DomainEvent(tx.workspace_id, Trigger.INVOICE_CREATED, made, now, number, record=replacement))
    return replacement


def _bring_down(
    tx: Transaction, before: Invoice, wanted: Invoice, request_key: str | None, *, now: datetime
) -> tuple[CreditNote, Invoice]:
    """Return a credit note over what is no longer asked for, and the invoice less that. Raises InvoiceClosed."""
    if wanted.kind is not before.kind or before.total < wanted.total:
        what = "become another kind" if wanted.kind is not before.kind else "ask for more"
        message = f" of {before.number} is paid and the client has it, so it cannot {what}. Create another invoice."
        raise InvoiceClosed(before.paid, message)
    less = before.total - wanted.total
    document = document_of(tx, before.number)
    key = f"credit:{request_key}" if request_key else None
    note = issue_credit(tx, before.number, less, key, payment=None, now=now)
    tax = half_up(Fraction(document.tax.amount * less.amount, document.gross.amount))
    taken = Deduction(note.client_number, before.kind, note.issued_on, less, Money(tax, less.currency), credit=True)
    reduced = replace(wanted, lines=before.lines, deductions=(*document.deductions, taken))
    return note, reduced


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
