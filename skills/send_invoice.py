"""E-mailing an invoice to the client."""

from __future__ import annotations

from billing.roles import Role
from billing.sending import Sending, recipients, require_sendable
from billing.sending import send_invoice as send
from skills.arguments import Date, Email, Invoice, Text
from skills.cards import Card
from skills.context import Context, Outcome
from skills.mailing import Draft, before_sending, how_it_leaves, leaving, make_payable
from skills.presenting import invoice_card, view
from skills.spec import Effect, skill


@skill(
    effect=Effect.OUTWARD,
    role=Role.EDITOR,
    command_confirms=True,
    examples=(
        "send {invoice}",
        "send {invoice} to {to}",
        "send {invoice} to the client",
        "send {invoice} out",
        "send {invoice} off",
        "send out {invoice}",
        "send off {invoice}",
        "send {invoice} again",
        "send {invoice} on {on}",
        "send {invoice} with the message {message}",
        "send {invoice} with the note {message}",
        "send {invoice} with a note saying {message}",
        "send {invoice} saying {message}",
        "send it",
        "send it over",
        "send them {invoice}",
        "send the client {invoice}",
        "send an invoice to {to}",
        "email {invoice}",
        "email {invoice} to {to}",
        "email {invoice} over to {to}",
        "send {invoice} over to {to}",
        "email {invoice} to the client",
        "email {invoice} with the message {message}",
        "email {invoice} and say {message}",
        "email it",
        "e-mail {invoice}",
        "mail the client {invoice}",
        "mail {invoice} to {to}",
        "resend {invoice}",
        "re-send {invoice} to {to}",
        "forward {invoice} to {to}",
        "shoot {invoice} over to {to}",
        "shoot {invoice} off",
        "fire off {invoice}",
        "fire {invoice} off to {to}",
        "flick {invoice} to {to}",
        "get {invoice} out to {to}",
        "get {invoice} out the door",
        "deliver {invoice} on {on}",
        "schedule {invoice} for {on}",
        "schedule {invoice} to go out on {on}",
        "dispatch {invoice}",
        "let {invoice} go out on {on}",
        "shoot {invoice} to {to}",
        "get {invoice} over to {to}",
        "send {invoice} to the client on {on}",
        "get {invoice} sent",
        "get {invoice} off to {to}",
        "get {invoice} over to the client",
        "pass {invoice} on to {to}",
        "pop {invoice} over to {to}",
        "let the client have {invoice}",
        "it should go to {to}",
        "{invoice} should go to {to}",
        "use {to} instead",
        "email {invoice} to the client and tell them {message}",
        "send {invoice} and tell them {message}",
        "send {invoice} and say {message}",
        "whizz {invoice} over to {to}",
        "have {invoice} go out on {on}",
        "send {invoice} with the payment link",
        "send {invoice} to {to} with the message {message}",
        "send {invoice} to the client with {message}",
        "send {invoice} with {message}",
        "send the {invoice} invoice",
        "send over {invoice}",
        "mail {invoice}",
        "mail {invoice} out",
        "{invoice} can go out on {on}",
        "{invoice} needs to go out",
        "{invoice} is ready to go",
        "release {invoice}",
        "get {invoice} to the client",
        "get {invoice} out",
        "zip {invoice} over to {to}",
        "transmit {invoice} to {to}",
        "hold {invoice} until {on} and send it",
        "have {invoice} delivered to {to}",
        "send it off",
        "get {invoice} across to {to}",
        "get {invoice} out the door and into the client's inbox",
        "get {invoice} into the client's inbox",
        "put {invoice} in the client's inbox",
        "pop {invoice} in the post to the client",
        "pop {invoice} over to the client",
        "would you mind sending {invoice}",
        "get {invoice} off our desk and out to the client",
        "let {invoice} fly",
        "{invoice} wants sending",
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
    leaves = leaving(context, on)
    with context.transaction() as tx:
        found = tx.invoices.get(invoice)
    require_sendable(found)
    # A mail that waits gets its link when somebody follows it: until it leaves, nothing of the invoice changes.
    if leaves is None or found.sent_at is not None:
        make_payable(context, found)
    sending = Sending(invoice, to, message or "", context.key, leaves, context.conversation)
    with context.transaction() as tx:
        sent = send(tx, sending, now=context.now)
        who = recipients(tx, sent, to)
        shown = view(tx, invoice)
    card = invoice_card(shown, context.formats, context.today, pay_url=context.links.pay(sent))
    text = f"{invoice} {how_it_leaves(context, on)} to {who}."
    return Outcome(text, {"invoice": invoice, "to": " and ".join(who.to)}, card, (invoice,))


def _preview(
    context: Context,
    *,
    invoice: Invoice,
    to: Email | None = None,
    message: Text | None = None,
    on: Date | None = None,
) -> Card:
    title = "Send {invoice} to {address}?"
    draft = Draft(invoice, message, on, to, reopens=True)
    return before_sending(context, draft, allow=lambda _, found: require_sendable(found), title=title)


send_invoice = send_invoice.previewed_by(_preview)
