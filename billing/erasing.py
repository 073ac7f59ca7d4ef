"""Erasing a client's personal data: all that no law of accounting asks the business to keep.

Issued invoices with what stands on them, credit notes and the payment log stay; so the letterhead of each is fixed
before the client's particulars go. What is still owed, charged or on its way has to end first. The record keeps its
number, under a name that says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from billing.auditing import note
from billing.contacts import ERASED, Contact
from billing.conversations import SkillCall
from billing.documenting import deductions_of, head_of
from billing.errors import NotAllowed, StillNeeded
from billing.invoices import InvoiceStatus
from billing.personal import Traces
from billing.roles import Role

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from billing.conversations import Actor
    from billing.invoices import Invoice
    from billing.ports import Transaction

_UNTITLED: Final = "Erased deal"
_NAMED_AT_MOST: Final = 5


@dataclass(frozen=True, slots=True)
class Erased:
    """What was done: the client's number, how many texts lost their words, how many invoices are kept."""

    contact: str
    texts: int
    kept: int


def erase(tx: Transaction, actor: Actor, number: str, *, now: datetime) -> Erased:
    """Erase the client's personal data; doing so again does nothing more.

    Raises NotAllowed for all but admins, UnknownRecord, and StillNeeded with what has to end first.
    """
    if not actor.role.allows(Role.ADMIN):
        raise NotAllowed("Only an admin erases a client's data.")
    contact = tx.contacts.get(number, lock=True)
    invoices = tx.invoices.list(contact=number)
    traces = Traces.of(contact)
    _require_ended(tx, contact, invoices)
    if tx.privacy.waiting(traces):
        raise StillNeeded(f"A message that names {number} is on its way. Try again when it has left.")
    issued = [invoice for invoice in invoices if _was_issued(tx, invoice)]
    _fix_letterheads(tx, contact, issued)
    _forget_deals(tx, contact, issued, traces)
    _forget(tx, contact)
    wiped = tx.privacy.wipe(traces, invoices=[invoice.number for invoice in invoices])
    note(tx, actor, SkillCall("erase_contact", {"contact": number}), now=now)
    return Erased(number, wiped, len(issued))


def _require_ended(tx: Transaction, contact: Contact, invoices: Iterable[Invoice]) -> None:
    open_ones = [invoice.number for invoice in invoices if invoice.payable]
    if open_ones:
        named = ", ".join(open_ones[:_NAMED_AT_MOST])
        raise StillNeeded(
            f"{contact.number} still has {named}, unpaid or not sent. Have it paid or make it void first."
        )
    for invoice in invoices:
        if any(not one.status.ended for one in tx.subscriptions.list(invoice=invoice.number)):
            raise StillNeeded(f"The subscription of {invoice.number} still runs. Cancel it first.")
        if any(not mail.state.ended for mail in tx.mails.of_invoice(invoice.number)):
            raise StillNeeded(f"A mail about {invoice.number} is on its way. Try again when it has left.")


def _was_issued(tx: Transaction, invoice: Invoice) -> bool:
    """Say whether the client got it, or money came for it: what was made void as a draft is no document."""
    never = invoice.letterhead is None and invoice.sent_at is None and invoice.document_number is None
    return not (never and invoice.status is InvoiceStatus.VOID and not tx.payments.of_invoice(invoice.number))


def _fix_letterheads(tx: Transaction, contact: Contact, issued: Iterable[Invoice]) -> None:
    """Keep on each document what stands there now, on those that the client pays for somebody else as well."""
    others = tx.contacts.list(payer=contact.number)
    paid_for = (invoice for one in others for invoice in tx.invoices.list(contact=one.number))
    for invoice in (*issued, *paid_for):
        if invoice.status is not InvoiceStatus.DRAFT:
            head, deductions = head_of(tx, invoice), deductions_of(tx, invoice)
            tx.invoices.save(replace(invoice, letterhead=head, deductions=deductions))


def _forget_deals(tx: Transaction, contact: Contact, issued: Iterable[Invoice], traces: Traces) -> None:
    """Rename the deals that name the client, but for those whose title stands on a document."""
    printed = {invoice.opportunity for invoice in issued}
    for deal in tx.opportunities.list(contact=contact.number):
        if deal.number not in printed and traces.name(deal.name, loosely=True):
            tx.opportunities.save(replace(deal, name=_UNTITLED))


def _forget(tx: Transaction, contact: Contact) -> None:
    kept = Contact(contact.workspace_id, contact.number, ERASED, contact.created_at, request_key=contact.request_key)
    tx.contacts.save(replace(kept, reminders_paused=True))
    tx.portals.forget(contact.number)
