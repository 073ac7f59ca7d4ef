"""Changing an invoice."""

from __future__ import annotations

from billing.amending import Amended, Changes
from billing.amending import update_invoice as update
from billing.errors import MissingArgument
from billing.invoices import InvoiceStatus
from billing.roles import Role
from skills.arguments import Amount, Date, Invoice, Kind, Text
from skills.context import Context, Outcome
from skills.presenting import invoice_card, kind_name, view
from skills.spec import Effect, skill


@skill(
    effect=Effect.WRITE,
    role=Role.EDITOR,
    examples=(
        "change {invoice} to {amount}",
        "{invoice} amount change to {amount}",
        "put {description} on it",
        "{invoice} amount to {amount}",
        "{invoice} due date change to {due}",
        "change the amount of {invoice} to {amount}",
        "make {invoice} {amount}",
        "make it {amount}",
        "set {invoice} to {amount}",
        "{invoice} should be {amount}",
        "bump {invoice} up to {amount}",
        "bump {invoice} to {amount}",
        "increase {invoice} to {amount}",
        "drop {invoice} to {amount}",
        "lower {invoice} to {amount}",
        "raise {invoice} to {amount}",
        "update {invoice}",
        "edit {invoice}",
        "amend {invoice} to {amount}",
        "change the due date of {invoice} to {due}",
        "move the due date of {invoice} to {due}",
        "push {invoice} back to {due}",
        "push {invoice} out to {due}",
        "push the due date of {invoice} out to {due}",
        "extend {invoice} to {due}",
        "make {invoice} due {due}",
        "{invoice} is due {due} now",
        "give {invoice} until {due}",
        "give the client until {due} to pay {invoice}",
        "bring the due date of {invoice} forward to {due}",
        "change the description of {invoice} to {description}",
        "the description of {invoice} should read {description}",
        "put {description} on {invoice} as the description",
        "make {invoice} a {kind} invoice",
        "{invoice} is really a {kind} invoice",
        "the amount of {invoice} should be {amount}",
        "the amount on {invoice} is {amount}",
        "change the amount on {invoice} to {amount}",
        "correct the amount of {invoice} to {amount}",
        "update {invoice} to {amount}",
        "put {invoice} up to {amount}",
        "reduce {invoice} to {amount}",
        "reclassify {invoice} as {kind}",
        "turn {invoice} into a {kind} invoice",
        "change {invoice} to a {kind} invoice",
        "change the type of {invoice} to {kind}",
        "{invoice} should be a {kind} invoice",
        "change the description on {invoice} to {description}",
        "change the wording on {invoice} to {description}",
        "set the description of {invoice} to {description}",
        "describe {invoice} as {description}",
        "set the due date of {invoice} to {due}",
        "set the due date at {due}",
        "put the due date of {invoice} at {due}",
        "make the due date of {invoice} {due}",
        "the due date of {invoice} should be {due}",
        "{invoice} should be due {due}",
        "extend the due date of {invoice} to {due}",
        "move {invoice} to {due}",
        "bring {invoice} forward to {due}",
        "push {invoice} to {due}",
        "postpone {invoice} to {due}",
        "change the deadline of {invoice} to {due}",
        "let the client pay {invoice} by {due}",
        "give the client {due} more on {invoice}",
        "give {invoice} {due} more",
        "give {invoice} {due}",
        "extend {invoice} by {due}",
        "push {invoice} back {due}",
        "give the client {due} on {invoice}",
        "change the due date on {invoice} to {due}",
        "{invoice} should fall due on {due}",
        "{invoice} is due on {due} instead",
        "the due date on {invoice} is {due} now",
        "the due date of {invoice} moves to {due}",
        "let {invoice} fall due on {due}",
        "delay {invoice} to {due}",
        "shift {invoice} to {due}",
        "reschedule {invoice} to {due}",
        "push out {invoice} to {due}",
        "put {invoice} back to {due}",
        "knock {invoice} down to {amount}",
        "cut {invoice} to {amount}",
        "{invoice} is {amount} not that",
        "{invoice} was meant to be {amount}",
        "{invoice} was supposed to be {amount}",
        "fix the amount on {invoice} to {amount}",
        "fix the due date on {invoice} to {due}",
        "give the client until {due} on {invoice}",
        "{invoice} is not due until {due}",
        "have {invoice} say {description}",
        "{invoice} ought to be a {kind} invoice",
        "knock {invoice} down to {amount} even",
        "take {amount} off {invoice}",
        "take {amount} off the amount of {invoice}",
        "{invoice} is not right it should be {amount}",
        "let them have until {due} on {invoice}",
        "let the client have until {due} on {invoice}",
        "give the client until {due} for {invoice}",
        "give the client till {due} to pay {invoice}",
        "allow the client until {due} for {invoice}",
        "trim {invoice} to {amount}",
        "trim {invoice} down to {amount}",
        "cut {invoice} down to {amount}",
        "shave {invoice} down to {amount}",
        "shove {invoice} back to {due}",
        "shove {invoice}'s due date back to {due}",
        "i got the kind wrong on {invoice} it should be {kind}",
        "{invoice} is meant to be a {kind} invoice",
        "{invoice} is meant to be {kind}",
        "{invoice} is supposed to be a {kind} invoice",
        "{invoice} is supposed to be {amount}",
        "{invoice} ought to be {amount}",
        "{invoice} ought to be due {due}",
        "agree {due} for {invoice}",
    ),
)
def update_invoice(
    context: Context,
    *,
    invoice: Invoice,
    amount: Amount | None = None,
    due: Date | None = None,
    description: Text | None = None,
    kind: Kind | None = None,
) -> Outcome:
    """Change an unpaid invoice: its amount, due date, description or kind.

    Where the client has it already, another invoice takes its place, or a credit note brings down what is paid in part.

    Args:
        invoice: The invoice to change.
        amount: Its new total, in its own currency.
        due: The day it is due now.
        description: What it is for, as it should read on the invoice.
        kind: Which part of the deal it asks for.
    """
    changes = Changes(amount, due, description, kind)
    if changes == Changes():
        raise MissingArgument("What should change: the amount, the due date, the description or the kind?", ("amount",))
    with context.transaction() as tx:
        amended = update(tx, invoice, changes, now=context.now, today=context.today, request_key=context.key)
        shown = view(tx, amended.invoice.number)
    card = invoice_card(shown, context.formats, context.today, pay_url=context.links.pay(amended.invoice))
    number = amended.invoice.number
    return Outcome(_sentence(context, amended), {"number": number}, card, (number, amended.invoice.opportunity))


def _sentence(context: Context, amended: Amended) -> str:
    invoice = amended.invoice
    what = f"{kind_name(invoice.kind)} {invoice.number} for {amended.opportunity.name}"
    terms = f"{context.formats.money(invoice.total)}, due {context.formats.day(invoice.due_on)}"
    if not amended.changed:
        return f"Nothing to change: {what} is like that already ({terms})."
    if amended.replaced:
        said = [
            f"{amended.before.number} was with the client, so it is void now and {what} takes its place: {terms}.",
            f"Say “send {invoice.number}” to send it.",
        ]
    else:
        said = [f"Updated: {what} is now {terms}.", *_consequences(context, amended)]
    if amended.merged:
        said.append("Its lines no longer added up to that, so it has one line now.")
    return " ".join((*said, *(f"Mind: {warning.in_words(context.formats.money)}" for warning in amended.warnings)))


def _consequences(context: Context, amended: Amended) -> list[str]:
    invoice, said = amended.invoice, []
    if amended.credit is not None:
        less = context.formats.money(amended.credit.money)
        said.append(f"Credit note {amended.credit.client_number} takes off {less}.")
    if invoice.status is InvoiceStatus.PAID:
        said.append("All of that had come in, so it is paid.")
    elif amended.link_ended:
        said.append("Its old payment link is switched off; a new one is made when it is next sent or paid.")
    if amended.outdated_at_client:
        said.append(f"The client still has the old version: say “send {invoice.number} again”.")
    return said
