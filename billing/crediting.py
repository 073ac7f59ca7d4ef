"""Credit notes for refunds: money that went back is a document with a number of its own, which names the invoice."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from billing.credits import CreditNote
from billing.documenting import document_of
from billing.documents import DocumentKind, PricedLine, RateTotal
from billing.lines import Line, TaxBehavior
from billing.money import Money, zero
from billing.numbering import next_document_number
from billing.payments import PaymentStatus, PaymentType
from billing.totals import allot, half_up

if TYPE_CHECKING:
    from datetime import datetime

    from billing.documents import InvoiceDocument
    from billing.payments import Payment
    from billing.ports import Transaction


def credit(tx: Transaction, refund: Payment, *, now: datetime) -> CreditNote | None:
    """Write the credit note of a refund that went through, once; one whose refund failed later is made void.

    None for what is no such refund: one under way, a dispute, and money in another currency than the invoice's.
    """
    key = credit_key(refund)
    known = tx.credit_notes.by_request(key)
    if known is not None:
        failed = refund.status is PaymentStatus.FAILED and known.void_at is None
        return tx.credit_notes.save(replace(known, void_at=now)) if failed else known
    went_through = refund.type is PaymentType.REFUND and refund.status is PaymentStatus.SUCCEEDED
    if not went_through or refund.invoice is None:
        return None
    if tx.invoices.get(refund.invoice).total.currency != refund.money.currency:
        return None
    return issue_credit(tx, refund.invoice, refund.money, key, payment=refund.id, now=now)


def credit_note_of(tx: Transaction, line: Payment) -> CreditNote | None:
    """Return the credit note of a refund, None where a line of the log has none that counts."""
    note = tx.credit_notes.by_request(credit_key(line))
    return note if note is not None and note.void_at is None else None


def credit_key(refund: Payment) -> str:
    """Return what makes the credit note of a refund the only one."""
    return f"credit:{refund.id}"


def issue_credit(  # noqa: PLR0913 - what a note is made of
    tx: Transaction, invoice: str, money: Money, key: str | None, *, payment: str | None, now: datetime
) -> CreditNote:
    """Write a credit note on the invoice over the money; `key` makes a repeat impossible (DuplicateRecord)."""
    today = tx.people.workspace().day_of(now)
    note = CreditNote(
        workspace_id=tx.workspace_id,
        number=tx.credit_notes.next_number(),
        invoice=invoice,
        payment=payment,
        money=money,
        issued_on=today,
        created_at=now,
        document_number=next_document_number(tx, today),
        request_key=key,
    )
    return tx.credit_notes.add(note)


def credit_document_of(tx: Transaction, number: str) -> InvoiceDocument:
    """Return a credit note (`CRN-1`) as the client gets to read it: one line for each rate of its invoice.

    The money is split over the rates as the invoice's own is, so that giving back all of it gives back its very tax.
    Raises UnknownRecord.
    """
    note = tx.credit_notes.get(number)
    invoice = document_of(tx, note.invoice)
    lines = _lines(invoice, note.money)
    nothing = zero(note.money.currency)
    net = sum((line.net for line in lines), start=nothing)
    return replace(
        invoice,
        document=DocumentKind.CREDIT_NOTE,
        number=note.client_number,
        corrects=invoice.number,
        issued_on=note.issued_on,
        due_on=note.issued_on,
        lines=lines,
        tax_behavior=TaxBehavior.INCLUSIVE,
        rates=tuple(RateTotal(line.line.tax_rate, line.net, line.tax) for line in lines),
        net=net,
        tax=note.money - net,
        gross=note.money,
        deductions=(),
        total=note.money,
        paid=note.money,
        balance=nothing,
        note="",
        terms="",
        bank=None,
        pay_url=None,
        replaces=None,
        replaced_by=None,
    )


def _lines(invoice: InvoiceDocument, money: Money) -> tuple[PricedLine, ...]:
    whole = [(rate, rate.net.amount + rate.tax.amount) for rate in invoice.rates]
    shares = [Fraction(money.amount * gross, invoice.gross.amount) for _, gross in whole]
    parts = zip(whole, allot(money.amount, shares), strict=True)
    return tuple(_line(invoice.title, rate, gross, part, money.currency) for (rate, gross), part in parts if part)


def _line(title: str, rate: RateTotal, gross: int, part: int, currency: str) -> PricedLine:
    tax = half_up(Fraction(part * rate.tax.amount, gross))
    amount = Money(part, currency)
    line = Line(title, amount, tax_rate=rate.rate)
    return PricedLine(line, Money(part - tax, currency), Money(tax, currency), amount)
