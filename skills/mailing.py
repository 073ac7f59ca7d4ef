"""What the skills that write to a client share: when a mail leaves, whether it can be paid from, its card."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from billing.errors import BadArgument
from billing.linking import chargeable, is_switched_off, keep_live
from billing.mail import InvoiceMail, MailTemplate, greeting, paragraphs, subject
from billing.sending import greeted, recipients, reminded_so_far
from skills.cards import Card, Field
from skills.presenting import InvoiceView, kind_name, view

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from billing.invoices import Invoice
    from billing.ports import Formats, Transaction
    from billing.sending import Recipients
    from skills.context import Context

_MORNING = time(9)


def leaving(context: Context, on: date | None) -> datetime | None:
    """Return when a mail for that day leaves, None for at once; raises BadArgument for a day that has passed."""
    if on is None or on == context.today:
        return None
    if on < context.today:
        raise BadArgument(f"{context.formats.day(on)} has passed already. Say today or a later day.")
    return datetime.combine(on, _MORNING, ZoneInfo(context.workspace.timezone))


def how_it_leaves(context: Context, on: date | None) -> str:
    """Return the clause that says when a mail leaves."""
    return f"goes out on {context.formats.day(on)}" if on and on != context.today else "is on its way"


def make_payable(context: Context, invoice: Invoice) -> None:
    """Make sure that Pay now leads somewhere: an invoice without a live link gets one, if Stripe charges so little."""
    with context.transaction() as tx:
        connected = tx.connections.active() is not None
    if connected and invoice.payable and chargeable(context.services.gateways, invoice):
        keep_live(
            context.transaction,
            context.services.gateways,
            invoice.number,
            request_key=f"{context.key}:link",
            now=context.now,
            reopen=True,
        )


@dataclass(frozen=True, slots=True)
class Draft:
    """A mail that is about to be asked for. `to` is an address other than the client's, `on` the day it leaves.

    `reopens` says that sending makes a payment link anew where a person has switched it off.
    """

    invoice: str
    message: str | None
    on: date | None
    to: str | None = None
    reopens: bool = False


def before_sending(
    context: Context, draft: Draft, *, allow: Callable[[Transaction, Invoice], None], title: str
) -> Card:
    """Return the card that says exactly who gets what; `title` holds `{invoice}` and `{address}`.

    `allow` raises where the invoice must not be written about. Raises also NoRecipient, BadArgument, UnknownRecord.
    """
    leaving(context, draft.on)
    with context.transaction() as tx:
        shown = view(tx, draft.invoice)
        allow(tx, shown.invoice)
        who = recipients(tx, shown.invoice, draft.to)
        mail = _as_written(tx, context, draft, shown, who)
        connected = tx.connections.active() is not None
        closed = is_switched_off(tx, draft.invoice) and not draft.reopens
    amount = context.formats.money(shown.invoice.total)
    button = _button_note(context, shown.invoice, connected=connected, closed=closed)
    return Card(
        title=title.format(invoice=draft.invoice, address=" and ".join(who.to)),
        summary=title.format(invoice=f"{draft.invoice} ({amount})", address=who),
        text=_first_lines(mail, context.formats.in_locale(mail.locale)),
        fields=tuple(_fields(context, draft, mail, shown, button)),
    )


def _as_written(tx: Transaction, context: Context, draft: Draft, shown: InvoiceView, who: Recipients) -> InvoiceMail:
    """Return the mail as it would leave now: what is read of it before its links and its file are made."""
    reminds = not draft.reopens
    new = MailTemplate.RESEND if shown.invoice.sent_at else MailTemplate.INVOICE
    return InvoiceMail(
        workspace_name=context.workspace.name,
        to=who.to,
        cc=who.cc,
        template=MailTemplate.REMINDER if reminds else new,
        invoice=shown.invoice,
        title=shown.opportunity.name,
        client=greeted(tx, shown.invoice, who.to),
        today=draft.on or context.today,
        pay_url=None,
        portal_url=None,
        message=draft.message or "",
        key="",
        reminded=reminded_so_far(tx, shown.invoice),
        locale=(shown.contact and shown.contact.locale) or context.workspace.locale,
    )


def _first_lines(mail: InvoiceMail, formats: Formats) -> str:
    return "\n".join((greeting(mail, formats), *paragraphs(mail, formats)))


def _fields(context: Context, draft: Draft, mail: InvoiceMail, shown: InvoiceView, button: str) -> list[Field]:
    invoice, formats = shown.invoice, context.formats
    later = draft.on and draft.on != context.today
    fields = [
        Field("To", " and ".join(mail.to)),
        Field("Copy to", " and ".join(mail.cc)),
        Field("Subject", subject(mail, formats.in_locale(mail.locale))),
        Field("Client", shown.client),
        Field("Invoice", f"{kind_name(invoice.kind)} {invoice.number}"),
        Field("For", shown.opportunity.name),
        Field("Amount", formats.money(invoice.total)),
        Field("Still to pay", formats.money(invoice.balance) if invoice.payable and invoice.paid.amount else ""),
        Field("How often", _often(shown, formats)),
        Field("Due", formats.day(invoice.due_on)),
        Field("Attached", f"{invoice.client_number}.pdf" if context.services.printer else ""),
        Field("Pay now button", button),
        Field("Leaves", formats.day(draft.on) if draft.on and later else "now"),
    ]
    return [field for field in fields if field.value]


def _often(shown: InvoiceView, formats: Formats) -> str:
    link = shown.link
    return formats.interval(link.interval, link.interval_count) if link is not None and link.recurring else ""


def _button_note(context: Context, invoice: Invoice, *, connected: bool, closed: bool) -> str:
    if not invoice.payable:
        return "no: it is paid already"
    if not connected:
        return "no: Stripe is not connected"
    if not chargeable(context.services.gateways, invoice):
        return "no: it is less than Stripe charges"
    return "no: the payment link is switched off" if closed else "yes"
