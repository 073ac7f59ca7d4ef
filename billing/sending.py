"""Sending an invoice: who gets it, and the outbox row that makes the mail leave once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from billing.automations import Trigger
from billing.errors import InvoiceClosed, NoRecipient
from billing.events import DomainEvent
from billing.invoices import UNPAID, InvoiceStatus
from billing.mail import MailTemplate
from billing.opening import opened
from billing.queues import OutboxKind, OutboxMessage
from billing.reacting import publish

if TYPE_CHECKING:
    from datetime import datetime

    from billing.invoices import Invoice
    from billing.ports import Transaction

_NOT_SENT = frozenset({InvoiceStatus.VOID, InvoiceStatus.REFUNDED})


@dataclass(frozen=True, slots=True)
class Sending:
    """What is to be sent. `to` is an address other than the client's; `not_before` lets it wait for a day."""

    invoice: str
    to: str | None
    message: str
    request_key: str
    not_before: datetime | None = None


def recipient(tx: Transaction, invoice: Invoice, to: str | None) -> str:
    """Return the address that the invoice goes to; raises NoRecipient."""
    if to is not None:
        return to
    contact = tx.contacts.find(invoice.contact) if invoice.contact else None
    if contact is None:
        raise NoRecipient(f"{invoice.number} has no client yet. Say an e-mail address to send it to.")
    if contact.email is None:
        raise NoRecipient(f"{contact.label} has no e-mail address yet. Say one to send {invoice.number} to.")
    return contact.email


def require_sendable(invoice: Invoice) -> None:
    """Raise InvoiceClosed for an invoice that must not reach a client any more."""
    if invoice.status in _NOT_SENT:
        raise InvoiceClosed(f"{invoice.number} is {invoice.status}, so it is not sent. Create a new invoice instead.")


def send_invoice(tx: Transaction, sending: Sending, *, now: datetime) -> Invoice:
    """Queue the mail and mark the invoice as sent; a repeated request sends nothing twice.

    Raises InvoiceClosed, NoRecipient, UnknownRecord.
    """
    invoice = tx.invoices.get(sending.invoice, lock=True)
    require_sendable(invoice)
    to = recipient(tx, invoice, sending.to)
    if not tx.send(_mail(tx, MailTemplate.INVOICE, sending, to, now)):
        return invoice
    sent = replace(opened(tx, invoice, now=now), sent_at=now)
    if sent.status in {InvoiceStatus.DRAFT, InvoiceStatus.OPEN}:
        sent = sent.move(InvoiceStatus.SENT)
    tx.invoices.save(sent)
    key = f"invoice_sent:{invoice.number}:{sending.request_key}"
    publish(tx, DomainEvent(tx.workspace_id, Trigger.INVOICE_SENT, key, now, invoice.number))
    return sent


def require_remindable(invoice: Invoice) -> None:
    """Raise InvoiceClosed, with what to do, where there is nothing to remind a client of."""
    if invoice.status is InvoiceStatus.DRAFT:
        raise InvoiceClosed(f"{invoice.number} is still a draft. Say “send {invoice.number}” to send it first.")
    if invoice.status not in UNPAID:
        raise InvoiceClosed(f"{invoice.number} is {invoice.status}, so there is nothing to remind anybody of.")


def send_reminder(tx: Transaction, sending: Sending, *, now: datetime) -> Invoice:
    """Queue a reminder; a repeated request sends nothing twice. Raises InvoiceClosed, NoRecipient, UnknownRecord."""
    invoice = tx.invoices.get(sending.invoice)
    require_remindable(invoice)
    tx.send(_mail(tx, MailTemplate.REMINDER, sending, recipient(tx, invoice, sending.to), now))
    return invoice


def no_longer_wanted(template: MailTemplate, invoice: Invoice) -> bool:
    """Say whether a mail that waited for its day must not leave, by how its invoice stands now."""
    if template is MailTemplate.REMINDER:
        return not invoice.payable
    return template is MailTemplate.INVOICE and invoice.status in _NOT_SENT


def _mail(tx: Transaction, template: MailTemplate, sending: Sending, to: str, now: datetime) -> OutboxMessage:
    return OutboxMessage(
        workspace_id=tx.workspace_id,
        key=f"mail:{sending.request_key}",
        kind=OutboxKind.MAIL,
        lane=f"mail:{sending.invoice}",
        payload={"template": template.value, "invoice": sending.invoice, "to": to, "message": sending.message},
        created_at=now,
        not_before=sending.not_before,
    )
