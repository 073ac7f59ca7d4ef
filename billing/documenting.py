"""Putting an invoice together as a document: what is said of it in several records becomes one page's worth."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from billing.contacts import ERASED
from billing.documents import InvoiceDocument
from billing.invoices import Deduction, InvoiceKind, InvoiceStatus
from billing.letterheads import Letterhead
from billing.lines import Line, TaxBehavior
from billing.money import Money, zero
from billing.parties import Address, Party
from billing.totals import Totals, half_up, totals

if TYPE_CHECKING:
    from billing.business import Business
    from billing.contacts import Contact
    from billing.invoices import Invoice
    from billing.ports import Transaction
    from billing.workspaces import Workspace

# Payments on account: what the final invoice takes off again.
_ON_ACCOUNT: Final = frozenset({InvoiceKind.DEPOSIT, InvoiceKind.PROGRESS})
_ISSUED: Final = frozenset({InvoiceStatus.OPEN, InvoiceStatus.SENT, InvoiceStatus.PAID})


def document_of(tx: Transaction, number: str, *, pay_url: str | None = None) -> InvoiceDocument:
    """Return the invoice as the client gets to read it; a draft reads as it would if it were opened now.

    `number` is the record's (`INV-1001`), `pay_url` the address where it is paid online. Raises UnknownRecord.
    """
    invoice = tx.invoices.get(number)
    head = head_of(tx, invoice)
    deductions = deductions_of(tx, invoice)
    sums = totals_of(tx, invoice, head, deductions)
    return InvoiceDocument(
        number=invoice.client_number,
        kind=invoice.kind,
        status=invoice.status,
        issued_on=invoice.issued_on,
        due_on=invoice.due_on,
        title=tx.opportunities.get(invoice.opportunity).name,
        seller=head.seller,
        client=head.client,
        payer=head.payer,
        lines=sums.lines,
        tax_behavior=behavior_of(invoice),
        rates=sums.rates,
        net=sums.net,
        tax=sums.tax,
        gross=sums.gross,
        deductions=deductions,
        total=invoice.total,
        paid=invoice.paid,
        balance=invoice.balance,
        note=invoice.note,
        terms=head.terms,
        footer=head.footer,
        bank=head.bank,
        logo=tx.business.logo(),
        locale=head.locale,
        pay_url=pay_url if invoice.payable else None,
        replaces=_client_number(tx, invoice.replaces),
        replaced_by=_client_number(tx, invoice.replaced_by),
    )


def head_of(tx: Transaction, invoice: Invoice) -> Letterhead:
    """Return the letterhead that the invoice keeps; what nobody had said by then is filled in as it is today."""
    kept, current = invoice.letterhead, letterhead_of(tx, invoice)
    if kept is None:
        return current
    client, payer = _parties(tx, invoice)
    return replace(
        kept,
        seller=kept.seller if kept.seller.is_placed else current.seller,
        client=kept.client if kept.client.is_placed or _is_erased(client) else current.client,
        payer=kept.payer if kept.payer is None or kept.payer.is_placed or _is_erased(payer) else current.payer,
        bank=kept.bank or current.bank,
        terms=kept.terms or current.terms,
        footer=kept.footer or current.footer,
    )


def letterhead_of(tx: Transaction, invoice: Invoice) -> Letterhead:
    """Return who stands on the invoice and how it is taxed, as the records say today."""
    contact, payer = _parties(tx, invoice)
    title = tx.opportunities.get(invoice.opportunity).name
    return headed(tx.business.get(), tx.people.workspace(), contact, None if _is_erased(payer) else payer, title)


def _parties(tx: Transaction, invoice: Invoice) -> tuple[Contact | None, Contact | None]:
    """Return the invoice's client, and the one who pays for that client."""
    contact = tx.contacts.find(invoice.contact) if invoice.contact else None
    return contact, tx.contacts.find(contact.payer) if contact and contact.payer else None


def _is_erased(contact: Contact | None) -> bool:
    return contact is not None and contact.name == ERASED


def headed(
    business: Business, workspace: Workspace, contact: Contact | None, payer: Contact | None, title: str
) -> Letterhead:
    """Return the letterhead of these; without a client yet, the deal's `title` is the only name that is known."""
    return Letterhead(
        seller=business.seller(workspace.name),
        client=contact.party if contact else Party(name=title, address=Address()),
        payer=payer.party if payer else None,
        bank=business.bank,
        terms=business.terms,
        footer=business.footer,
        locale=(contact and contact.locale) or workspace.locale,
        tax_rate=business.tax_rate,
        tax_rounding=business.tax_rounding,
    )


def behavior_of(invoice: Invoice) -> TaxBehavior:
    """Return how the lines' prices are meant: an amount without lines is what the client pays, tax and all."""
    return invoice.tax_behavior if invoice.lines else TaxBehavior.INCLUSIVE


def totals_of(tx: Transaction, invoice: Invoice, head: Letterhead, deductions: tuple[Deduction, ...] = ()) -> Totals:
    """Return what the invoice's lines come to, before the deductions."""
    return totals(lines_of(tx, invoice, head, deductions), behavior_of(invoice), head.tax_rounding)


def lines_of(
    tx: Transaction, invoice: Invoice, head: Letterhead, deductions: tuple[Deduction, ...] = ()
) -> tuple[Line, ...]:
    """Return the invoice's lines.

    Without any there is one: its text is the description, else the name of the deal, and the document's `kind` says
    which part of it that is.
    """
    if invoice.lines:
        return invoice.lines
    whole = sum((each.amount for each in deductions), start=invoice.total)
    text = invoice.description or tx.opportunities.get(invoice.opportunity).name
    return (Line(text, whole, tax_rate=head.tax_rate),)


def deductions_of(tx: Transaction, invoice: Invoice) -> tuple[Deduction, ...]:
    """Return what the invoice takes off; a final one that is not open yet, what was issued on account so far."""
    if invoice.deductions is not None or invoice.kind is not InvoiceKind.FINAL:
        return invoice.deductions or ()
    return on_account(tx, invoice.opportunity, invoice.total.currency)


def on_account(tx: Transaction, opportunity: str, currency: str) -> tuple[Deduction, ...]:
    """Return the deposits and progress payments of the deal that were issued and stand, in that currency."""
    earlier = tx.invoices.list(opportunity=opportunity)
    return tuple(
        _deduction(tx, one)
        for one in earlier
        if one.kind in _ON_ACCOUNT and one.status in _ISSUED and one.total.currency == currency
    )


def _deduction(tx: Transaction, earlier: Invoice) -> Deduction:
    """Return the earlier invoice as it counts: what was given back of it has a credit note and is not taken off.

    Nor are late fees, which are untaxed and pay for nothing of the deal.
    """
    currency = earlier.total.currency
    fees = sum((fee.money for fee in tx.reminders.fees(earlier.number)), start=zero(currency))
    amount = earlier.total - fees - (earlier.refunded or zero(currency))
    whole = totals_of(tx, earlier, head_of(tx, earlier))
    tax = half_up(Fraction(whole.tax.amount * amount.amount, (whole.gross - fees).amount))
    return Deduction(earlier.client_number, earlier.kind, earlier.issued_on, amount, Money(tax, currency))


def _client_number(tx: Transaction, number: str | None) -> str | None:
    return tx.invoices.get(number).client_number if number else None
