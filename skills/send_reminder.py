"""Reminding a client of an invoice that is still open."""

from __future__ import annotations

from datetime import datetime

from billing.roles import Role
from billing.sending import Sending, recipients, require_remindable
from billing.sending import send_reminder as remind
from skills.arguments import Date, Invoice, Text
from skills.cards import Card
from skills.context import Context, Outcome
from skills.mailing import Draft, before_sending, how_it_leaves, leaving
from skills.presenting import invoice_card, view
from skills.spec import Effect, skill


@skill(
    effect=Effect.OUTWARD,
    role=Role.EDITOR,
    command_confirms=True,
    examples=(
        "remind the client about {invoice}",
        "remind {invoice}",
        "remind them",
        "send a reminder about {invoice}",
        "send a payment reminder for {invoice}",
        "schedule a reminder for {invoice} on {on}",
        "schedule a payment reminder for {invoice} for {on}",
        "schedule a reminder to the client for {on}",
        "plan a reminder for {invoice} on {on}",
        "send a reminder on {on} for {invoice}",
        "send a friendly reminder for {invoice} saying {message}",
        "send a gentle reminder with the message {message}",
        "reminder for {invoice}",
        "remind the client about {invoice} on {on}",
        "nudge {invoice}",
        "nudge the client about {invoice}",
        "give the client a nudge about {invoice}",
        "give them a nudge",
        "give {invoice} a poke",
        "chase {invoice}",
        "chase up {invoice}",
        "chase the client for {invoice}",
        "chase payment on {invoice}",
        "follow up on {invoice}",
        "follow up {invoice} with the client",
        "ping the client about {invoice}",
        "prod them about {invoice}",
        "email a reminder for {invoice}",
        "shoot a reminder to the client about {invoice}",
        "tell the client about {invoice} again",
        "let the client know about {invoice}",
        "remind the client of {invoice}",
        "remind the client to pay {invoice}",
        "remind the client that {invoice} is due",
        "remind the client that they must pay {invoice}",
        "remind the client about {invoice} with the message {message}",
        "remind the client about {invoice} and say {message}",
        "nudge the client about {invoice} and say {message}",
        "bug the client about {invoice}",
        "jog their memory about {invoice}",
        "issue a payment reminder to the client in respect of {invoice}",
        "send the client a reminder about {invoice}",
        "send them a reminder",
        "ask the client to pay {invoice}",
        "get onto the client about {invoice}",
        "send a second reminder for {invoice}",
        "reminder to the client about {invoice}",
        "give the client a gentle poke about what they owe",
        "remind the client that they did not pay {invoice}",
        "remind the client that they have not paid",
        "remind the client that they did not pay",
        "ping the client re {invoice}",
        "drop the client a line about {invoice}",
        "drop the client a reminder about {invoice}",
        "send the client a nudge about {invoice}",
        "send out a reminder for {invoice}",
        "send out reminders for {invoice}",
        "send reminders to {invoice}",
        "reminders to {invoice}",
        "payment reminder to the client for {invoice}",
        "another reminder for {invoice}",
        "give the client another nudge about {invoice}",
        "a nudge for {invoice}",
        "a reminder for {invoice}",
        "chase the client up about {invoice}",
        "chase up the money for {invoice}",
        "chase up payment of {invoice}",
        "badger the client about {invoice}",
        "tell the client {invoice} is due",
        "write to the client about {invoice}",
        "email the client about {invoice}",
        "ask the client for the money for {invoice}",
        "get the client to pay {invoice}",
        "follow up with the client about {invoice}",
        "remind the client with {message}",
        "have a word with the client about {invoice}",
        "give the client a prod about {invoice}",
        "give the client a prod re {invoice}",
        "give the client a poke about {invoice}",
        "give the client a nudge re {invoice}",
        "a reminder on {invoice} saying {message}",
        "a payment reminder on {invoice}",
        "reminder for {invoice} {message}",
        "the client is the one i want you to send a reminder to",
        "give {invoice} a gentle shove",
        "drop a hint about {invoice}",
    ),
)
def send_reminder(
    context: Context,
    *,
    invoice: Invoice,
    message: Text | None = None,
    on: Date | None = None,
) -> Outcome:
    """Remind the client of an unpaid invoice, by e-mail.

    A reminder that waits for its day does not leave if the invoice is paid, void or disputed by then.

    Args:
        invoice: The unpaid invoice.
        message: A personal message in the mail.
        on: The day on which it leaves; left out, at once.
    """
    leaves = leaving(context, on)
    with context.transaction() as tx:
        reminded = remind(tx, _wanted(context, invoice, message, leaves), now=context.now)
        who = recipients(tx, reminded)
        shown = view(tx, invoice)
    card = invoice_card(shown, context.formats, context.today, pay_url=context.links.pay(reminded))
    dropped = " It is dropped if the invoice is paid, void or disputed by then." if leaves else ""
    text = f"A reminder of {invoice} {how_it_leaves(context, on)} to {who}.{dropped}"
    return Outcome(text, {"invoice": invoice, "to": " and ".join(who.to)}, card, (invoice,))


def _wanted(context: Context, invoice: str, message: str | None, leaves: datetime | None) -> Sending:
    return Sending(invoice, None, message or "", context.key, leaves, context.conversation)


def _preview(context: Context, *, invoice: Invoice, message: Text | None = None, on: Date | None = None) -> Card:
    title = "Remind {address} of {invoice}?"
    return before_sending(context, Draft(invoice, message, on), allow=require_remindable, title=title)


send_reminder = send_reminder.previewed_by(_preview)
