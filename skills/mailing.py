"""What the skills that write to a client share: when a mail leaves, whether it can be paid from, its card."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from billing.errors import BadArgument
from billing.linking import chargeable, is_switched_off, keep_live
from billing.sending import recipient
from skills.cards import Card, Field
from skills.presenting import InvoiceView, kind_name, view

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from billing.invoices import Invoice
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
    return f"leaves on {context.formats.day(on)}" if on and on != context.today else "is on its way"


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


def before_sending(  # noqa: PLR0913 - a mail, and what is particular about it
    context: Context,
    number: str,
    on: date | None,
    message: str | None,
    *,
    allow: Callable[[Invoice], None],
    title: str,
    to: str | None = None,
    reopens: bool = False,
) -> Card:
    """Return the card that says exactly who gets what; `title` holds `{invoice}` and `{address}`.

    `allow` raises where the invoice must not be written about; `reopens` says that sending makes a link anew.
    Raises also NoRecipient, BadArgument, UnknownRecord.
    """
    leaving(context, on)
    with context.transaction() as tx:
        shown = view(tx, number)
        allow(shown.invoice)
        address = recipient(tx, shown.invoice, to)
        connected = tx.connections.active() is not None
        closed = is_switched_off(tx, number) and not reopens
    amount = context.formats.money(shown.invoice.total)
    fields = [
        *_fields(context, shown, address),
        Field("Pay now button", _button_note(context, shown.invoice, connected=connected, closed=closed)),
        Field("Leaves", context.formats.day(on) if on and on != context.today else "now"),
    ]
    return Card(
        title=title.format(invoice=number, address=address),
        summary=title.format(invoice=f"{number} ({amount})", address=address),
        text=f"With your message: “{message}”" if message else "",
        fields=tuple(fields),
    )


def _fields(context: Context, shown: InvoiceView, address: str) -> list[Field]:
    invoice = shown.invoice
    fields = [
        Field("To", address),
        Field("Client", shown.client),
        Field("Invoice", f"{kind_name(invoice.kind)} {invoice.number}"),
        Field("For", shown.opportunity.name),
        Field("Amount", context.formats.money(invoice.total)),
        Field("Due", context.formats.day(invoice.due_on)),
    ]
    if invoice.payable and invoice.paid.amount:
        fields.insert(-1, Field("Still to pay", context.formats.money(invoice.balance)))
    return fields


def _button_note(context: Context, invoice: Invoice, *, connected: bool, closed: bool) -> str:
    if not invoice.payable:
        return "no: it is paid already"
    if not connected:
        return "no: Stripe is not connected"
    if not chargeable(context.services.gateways, invoice):
        return "no: it is less than Stripe charges"
    return "no: the payment link is switched off" if closed else "yes"
