"""E-mailing an invoice to the client."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from billing.errors import BadArgument
from billing.linking import LinkRequest, make_link
from billing.payments import Interval as LinkInterval
from billing.roles import Role
from billing.sending import Sending, recipient, require_sendable
from billing.sending import send_invoice as send
from skills.arguments import Date, Email, Invoice, Text
from skills.cards import Card, Field
from skills.context import Context, Outcome
from skills.presenting import invoice_card, kind_name, view
from skills.spec import Effect, skill

_MORNING = time(9)


@skill(
    effect=Effect.OUTWARD,
    role=Role.EDITOR,
    command_confirms=True,
    examples=(
        "send {invoice}",
        "send {invoice} to {to}",
        "email {invoice} to {to}",
        "e-mail it",
        "send it",
        "send them {invoice}",
        "email {invoice} with the message {message}",
        "send {invoice} again",
        "resend {invoice}",
        "send {invoice} on {on}",
        "shoot {invoice} over to {to}",
        "mail the client {invoice}",
    ),
)
def send_invoice(
    context: Context,
    *,
    invoice: Invoice,
    to: Email | None = None,
    message: Text | None = None,
    on: Date | None = None,
) -> Outcome:
    """E-mail an invoice to its client, with a Pay now button where Stripe is connected.

    Args:
        invoice: The invoice to send.
        to: Another address than the client's.
        message: A personal message in the mail.
        on: The day on which it leaves; left out, at once.
    """
    leaves = _leaving(context, on)
    _make_payable(context, invoice)
    sending = Sending(invoice, to, message or "", context.key, leaves)
    with context.transaction() as tx:
        sent = send(tx, sending, now=context.now)
        address = recipient(tx, sent, to)
        shown = view(tx, invoice)
    when = f"leaves on {context.formats.day(on)}" if leaves and on else "is on its way"
    card = invoice_card(shown, context.formats, context.today, pay_url=context.links.pay(sent))
    return Outcome(f"{invoice} {when} to {address}.", {"invoice": invoice, "to": address}, card, (invoice,))


def _leaving(context: Context, on: Date | None) -> datetime | None:
    if on is None or on == context.today:
        return None
    if on < context.today:
        raise BadArgument(f"{context.formats.day(on)} has passed already. Say today or a later day.")
    return datetime.combine(on, _MORNING, ZoneInfo(context.workspace.timezone))


def _make_payable(context: Context, number: str) -> None:
    """Make sure that Pay now leads somewhere: an invoice without a live link gets a one-time link."""
    with context.transaction() as tx:
        invoice = tx.invoices.get(number)
        live = tx.links.active(number)
        connection = tx.connections.active()
    require_sendable(invoice)
    if connection is None or not invoice.payable or (live is not None and live.url is not None):
        return
    interval, count = (live.interval, live.interval_count) if live else (LinkInterval.ONE_TIME, 1)
    wanted = LinkRequest(number, interval, count, f"{context.key}:link")
    make_link(
        context.transaction, context.services.gateways.for_connection(connection), connection, wanted, now=context.now
    )


def _preview(
    context: Context,
    *,
    invoice: Invoice,
    to: Email | None = None,
    message: Text | None = None,
    on: Date | None = None,
) -> Card:
    _leaving(context, on)
    with context.transaction() as tx:
        shown = view(tx, invoice)
        require_sendable(shown.invoice)
        address = recipient(tx, shown.invoice, to)
        connected = tx.connections.active() is not None
    amount = context.formats.money(shown.invoice.total)
    fields = [
        Field("To", address),
        Field("Client", shown.client),
        Field("Invoice", f"{kind_name(shown.invoice.kind)} {invoice}"),
        Field("For", shown.opportunity.name),
        Field("Amount", amount),
        Field("Due", context.formats.day(shown.invoice.due_on)),
        Field("Pay now button", _button_note(shown.invoice.payable, connected=connected)),
        Field("Leaves", context.formats.day(on) if on and on != context.today else "now"),
    ]
    return Card(
        title=f"Send {invoice} to {address}?",
        summary=f"Send {invoice} ({amount}) to {address}?",
        text=f"With your message: “{message}”" if message else "",
        fields=tuple(fields),
    )


def _button_note(payable: bool, *, connected: bool) -> str:  # noqa: FBT001 - one of two facts
    if not payable:
        return "no: it is paid already"
    return "yes" if connected else "no: Stripe is not connected"


send_invoice = send_invoice.previewed_by(_preview)
