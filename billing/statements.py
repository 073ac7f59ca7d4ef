"""A client's statement of account: what was asked for and what came, over a period, each currency for itself.

Its last balance is what the invoices say is owed, but for money that came in beyond an invoice's total, which an
invoice does not owe back and an account does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from billing.accounts import Account, Entry, EntryKind, Statement
from billing.invoices import InvoiceStatus
from billing.money import zero
from billing.payments import PaymentType
from billing.standing import arrived, covered, gone_back

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from billing.credits import CreditNote
    from billing.invoices import Invoice
    from billing.money import Money
    from billing.payments import Payment
    from billing.ports import Transaction
    from billing.workspaces import Workspace

# Nobody was asked for these.
_UNASKED: Final = frozenset({InvoiceStatus.DRAFT, InvoiceStatus.VOID})
# On these a return is settled: nothing is owed again for what went back.
_SETTLED: Final = frozenset({InvoiceStatus.PAID, InvoiceStatus.REFUNDED})


def statement_of(tx: Transaction, contact: str, *, since: date, until: date) -> Statement:
    """Return the statement of a contact (`CON-1`); raises UnknownRecord. `since` is not after `until`."""
    client, workspace, business = tx.contacts.get(contact), tx.people.workspace(), tx.business.get()
    invoices = [each for each in tx.invoices.list(contact=client.number) if each.status not in _UNASKED]
    entries = [entry for invoice in invoices for entry in _entries(tx, invoice, workspace)]
    currencies = sorted({entry.money.currency for entry in entries})
    accounts = [_account(currency, entries, since, until) for currency in currencies]
    return Statement(
        seller=business.seller(workspace.name),
        client=client.party,
        since=since,
        until=until,
        accounts=tuple(each for each in accounts if each.entries or each.opening.amount),
        locale=client.locale or workspace.locale,
        footer=business.footer,
        logo=tx.business.logo(),
    )


def _account(currency: str, entries: Iterable[Entry], since: date, until: date) -> Account:
    mine = [entry for entry in entries if entry.money.currency == currency and entry.day <= until]
    mine.sort(key=lambda entry: (entry.day, list(EntryKind).index(entry.kind), entry.number))
    opening = _sum((entry for entry in mine if entry.day < since), currency)
    return Account(opening, tuple(entry for entry in mine if since <= entry.day), _sum(mine, currency))


def _sum(entries: Iterable[Entry], currency: str) -> Money:
    return sum((entry.money for entry in entries), start=zero(currency))


def _entries(tx: Transaction, invoice: Invoice, workspace: Workspace) -> Iterator[Entry]:
    lines = tx.payments.of_invoice(invoice.number)
    notes = [note for note in tx.credit_notes.list(invoice=invoice.number) if note.void_at is None]
    unpaid_notes = [note for note in notes if note.payment is None]
    asked = sum((note.money for note in unpaid_notes), start=invoice.total)
    yield Entry(invoice.issued_on, EntryKind.INVOICE, invoice.client_number, asked)
    for note in unpaid_notes:
        # An invoice that was brought down was asked for in full first.
        yield Entry(note.issued_on, EntryKind.CREDIT, note.client_number, _less(note.money))
    yield from _payments(invoice, lines, workspace)
    yield from _returns(invoice, lines, notes, workspace)


def _payments(invoice: Invoice, lines: Sequence[Payment], workspace: Workspace) -> Iterator[Entry]:
    before: list[Payment] = []
    for line in arrived(invoice, lines):
        day = workspace.day_of(line.occurred_at)
        if line.type is PaymentType.SUBSCRIPTION and covered(invoice, before):
            # A later period of a subscription is asked for and paid at once, without an invoice of its own.
            yield Entry(day, EntryKind.SUBSCRIPTION, invoice.client_number, line.money)
        yield Entry(day, EntryKind.PAYMENT, invoice.client_number, _less(line.money))
        before.append(line)


def _returns(
    invoice: Invoice, lines: Iterable[Payment], notes: Iterable[CreditNote], workspace: Workspace
) -> Iterator[Entry]:
    by_payment = {note.payment: note for note in notes}
    for line in lines:
        if not gone_back(line) or line.money.currency != invoice.total.currency:
            continue
        day = workspace.day_of(line.occurred_at)
        kind = EntryKind.REFUND if line.type is PaymentType.REFUND else EntryKind.TAKEN_BACK
        yield Entry(day, kind, invoice.client_number, line.money)
        if invoice.status in _SETTLED:
            note = by_payment.get(line.id)
            number = note.client_number if note else invoice.client_number
            yield Entry(note.issued_on if note else day, EntryKind.CREDIT, number, _less(line.money))


def _less(money: Money) -> Money:
    return zero(money.currency) - money
