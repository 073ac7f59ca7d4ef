"""Writing to clients: who gets a mail, when, and the outbox row that makes it leave once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from billing.automations import Trigger
from billing.deliveries import Delivery, DeliveryState
from billing.errors import InvoiceClosed, NoRecipient
from billing.events import DomainEvent
from billing.invoices import UNPAID, InvoiceStatus
from billing.mail import MailTemplate, called
from billing.opening import opened
from billing.queues import OutboxKind, OutboxMessage
from billing.reacting import publish
from billing.standing import under_way

if TYPE_CHECKING:
    from datetime import datetime

    from billing.contacts import Contact
    from billing.invoices import Invoice
    from billing.ports import Transaction

_NOT_SENT: Final = frozenset({InvoiceStatus.VOID, InvoiceStatus.REFUNDED})
# What carries an invoice to its client, so that it counts as sent.
_CARRIES: Final = frozenset({MailTemplate.INVOICE, MailTemplate.RESEND})


@dataclass(frozen=True, slots=True)
class Sending:
    """What is to be sent. `to` is an address other than the client's; `not_before` lets it wait for a day.

    `conversation` is told where the mail cannot be delivered; "" where nobody asked for it. `movement` is the payment
    that a receipt is about. What could not leave before `not_after` does not leave at all. `unasked` is what no person
    said yes to: an automation sends it by itself.
    """

    invoice: str
    to: str | None
    message: str
    request_key: str
    not_before: datetime | None = None
    conversation: str = ""
    movement: str | None = None
    not_after: datetime | None = None
    unasked: bool = False


@dataclass(frozen=True, slots=True)
class Recipients:
    """Who gets a mail: addresses, none of them twice."""

    to: tuple[str, ...]
    cc: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return the addresses as a sentence names them."""
        to = " and ".join(self.to)
        return f"{to} (copy to {' and '.join(self.cc)})" if self.cc else to


def recipients(tx: Transaction, invoice: Invoice, to: str | None = None) -> Recipients:
    """Return who gets a mail about the invoice; raises NoRecipient.

    Another address gets it alone. Otherwise it goes to the one who pays, with a copy to the client and to whoever the
    client's record names for copies.
    """
    if to is not None:
        return Recipients((to,))
    client, payer = _parties(tx, invoice)
    if client is None:
        raise NoRecipient(f"{invoice.number} has no client yet. Say an e-mail address to send it to.")
    address = (payer and payer.email) or client.email
    if address is None:
        raise NoRecipient(f"{client.label} has no e-mail address yet. Say one to send {invoice.number} to.")
    copies = (client.email, *client.cc) if client.email else client.cc
    return Recipients((address,), _others(copies, address))


def greeted(tx: Transaction, invoice: Invoice, to: tuple[str, ...]) -> str:
    """Return what the reader at one of the addresses is called, "" where it is nobody's that is known."""
    client, payer = _parties(tx, invoice)
    for one in (payer, client):
        if one is not None and one.email in to:
            return called(one.name, one.company)
    return (client and client.company) or ""


def _parties(tx: Transaction, invoice: Invoice) -> tuple[Contact | None, Contact | None]:
    """Return the client and the one who pays for the client, each None where there is none."""
    client = tx.contacts.find(invoice.contact) if invoice.contact else None
    payer = tx.contacts.find(client.payer) if client and client.payer else None
    return client, payer


def _others(addresses: tuple[str, ...], besides: str) -> tuple[str, ...]:
    """Return the addresses, each once, without the one that gets the mail anyway."""
    by_folded = {address.casefold(): address for address in addresses}
    return tuple(address for folded, address in by_folded.items() if folded != besides.casefold())


def require_sendable(invoice: Invoice) -> None:
    """Raise InvoiceClosed for an invoice that must not reach a client any more."""
    if invoice.status in _NOT_SENT:
        raise InvoiceClosed(f"{invoice.number} is {invoice.status}, so it is not sent. Create a new invoice instead.")


def send_invoice(tx: Transaction, sending: Sending, *, now: datetime) -> Invoice:
    """Queue the mail; a repeated request sends nothing twice. What leaves at once marks the invoice as sent.

    A mail that waits for its day marks nothing before it leaves, and takes the place of one that waits already.
    Raises InvoiceClosed, NoRecipient, UnknownRecord.
    """
    invoice = tx.invoices.get(sending.invoice, lock=True)
    require_sendable(invoice)
    template = MailTemplate.RESEND if invoice.sent_at else MailTemplate.INVOICE
    if not queue_mail(tx, template, sending, recipients(tx, invoice, sending.to), now=now):
        return invoice
    return invoice if sending.not_before else mark_sent(tx, invoice, sending.request_key, now=now)


def mark_sent(tx: Transaction, invoice: Invoice, key: str, *, now: datetime) -> Invoice:
    """Record that the invoice is on its way to the client, and publish it."""
    sent = replace(opened(tx, invoice, now=now), sent_at=now)
    if sent.status in {InvoiceStatus.DRAFT, InvoiceStatus.OPEN}:
        sent = sent.move(InvoiceStatus.SENT)
    tx.invoices.save(sent)
    event = f"invoice_sent:{invoice.number}:{key}"
    publish(tx, DomainEvent(tx.workspace_id, Trigger.INVOICE_SENT, event, now, sent.number, record=sent))
    return sent


def left(tx: Transaction, mail: Delivery, *, now: datetime) -> None:
    """Mark the invoice as sent once the mail that waited for its day has left."""
    if mail.leaves_at is not None and mail.template in _CARRIES:
        mark_sent(tx, tx.invoices.get(mail.invoice, lock=True), mail.key.removeprefix("mail:"), now=now)


def why_held(tx: Transaction, invoice: Invoice) -> str:
    """Return why nobody is to be reminded of the invoice just now, as a clause; "" where nothing speaks against it."""
    if invoice.disputed:
        return "its payment is disputed"
    if under_way(tx.payments.of_invoice(invoice.number)):
        return "a payment is under way"
    return ""


def require_remindable(tx: Transaction, invoice: Invoice) -> None:
    """Raise InvoiceClosed, with what to do, where there is nothing to remind a client of, or not just now."""
    if invoice.status is InvoiceStatus.DRAFT:
        raise InvoiceClosed(f"{invoice.number} is still a draft. Say “send {invoice.number}” to send it first.")
    if invoice.status not in UNPAID:
        raise InvoiceClosed(f"{invoice.number} is {invoice.status}, so there is nothing to remind anybody of.")
    held = why_held(tx, invoice)
    if held:
        raise InvoiceClosed(f"Nobody is reminded of {invoice.number} just now: {held}. Wait for how that ends.")


def reminded_so_far(tx: Transaction, invoice: Invoice) -> int:
    """Return how many reminders of the invoice have left since it was due: the next one is written by that."""
    day_of = tx.people.workspace().day_of
    mails = (mail for mail in tx.mails.of_invoice(invoice.number) if mail.template is MailTemplate.REMINDER)
    return sum(mail.state is DeliveryState.SENT and day_of(mail.at) > invoice.due_on for mail in mails)


def send_reminder(tx: Transaction, sending: Sending, *, now: datetime) -> Invoice:
    """Queue a reminder; a repeated request sends nothing twice. Raises InvoiceClosed, NoRecipient, UnknownRecord."""
    invoice = tx.invoices.get(sending.invoice)
    require_remindable(tx, invoice)
    queue_mail(tx, MailTemplate.REMINDER, sending, recipients(tx, invoice, sending.to), now=now)
    return invoice


def no_longer_wanted(template: MailTemplate, invoice: Invoice, *, waited: bool = False) -> bool:
    """Say whether a mail must not leave any more, by how its invoice stands now; `waited` for one that had a day."""
    if template is MailTemplate.REMINDER:
        return not invoice.payable
    if template not in _CARRIES:
        return False
    return not invoice.payable if waited else invoice.status in _NOT_SENT


def queue_mail(
    tx: Transaction,
    template: MailTemplate,
    sending: Sending,
    who: Recipients,
    *,
    now: datetime,
) -> bool:
    """Put the mail into the outbox and into the invoice's history; say whether it is new."""
    key = f"mail:{sending.request_key}"
    invoice = tx.invoices.get(sending.invoice)
    payload = _payload(template, sending, who, invoice)
    lane = f"mail:{invoice.number}"
    if not tx.send(OutboxMessage(tx.workspace_id, key, OutboxKind.MAIL, lane, payload, now, sending.not_before)):
        return False
    mail = Delivery(
        workspace_id=tx.workspace_id,
        key=key,
        invoice=invoice.number,
        template=template,
        to=who.to,
        cc=who.cc,
        state=DeliveryState.WAITING,
        at=now,
        leaves_at=sending.not_before,
        conversation=sending.conversation,
    )
    if sending.not_after is None and not sending.unasked:
        # What the schedule or an automation sends does not take the place of what a person planned.
        _replace_waiting(tx, mail, now=now)
    return tx.mails.add(mail)


def _payload(template: MailTemplate, sending: Sending, who: Recipients, invoice: Invoice) -> dict[str, object]:
    payload: dict[str, object] = {
        "template": template.value,
        "invoice": invoice.number,
        "to": list(who.to),
        "cc": list(who.cc),
        "message": sending.message,
        "movement": sending.movement,
        # A paid invoice that somebody sends on a day all the same was not paid in the meantime.
        "until_paid": sending.not_before is not None and invoice.payable,
    }
    if sending.not_after is not None:
        payload["not_after"] = sending.not_after.isoformat()
    if sending.unasked:
        payload["unasked"] = True
    return payload


def _replace_waiting(tx: Transaction, new: Delivery, *, now: datetime) -> None:
    """Drop a mail that waits to say the same thing to the same people: it was put off, or brought forward."""
    for mail in tx.mails.of_invoice(new.invoice):
        same = mail.to == new.to and (mail.template is new.template or {mail.template, new.template} <= _CARRIES)
        if same and mail.state is DeliveryState.WAITING and mail.leaves_at is not None:
            dropped = replace(mail, state=DeliveryState.DROPPED, at=now, reason="another mail took its place")
            tx.mails.save(dropped)
