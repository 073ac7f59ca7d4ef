"""Showing one invoice."""

from __future__ import annotations

from billing.roles import Role
from skills.arguments import Invoice
from skills.context import Context, Outcome
from skills.invoice_now import invoice_now
from skills.spec import Effect, skill


@skill(
    effect=Effect.READ,
    role=Role.VIEWER,
    examples=(
        "show {invoice}",
        "where is {invoice} at",
        "where are we at with {invoice}",
        "show me {invoice}",
        "show me the {invoice} invoice",
        "show it to me",
        "show me the details of {invoice}",
        "display {invoice}",
        "view {invoice}",
        "see {invoice}",
        "pull up {invoice}",
        "bring up {invoice}",
        "look up {invoice}",
        "open {invoice}",
        "open up {invoice}",
        "check {invoice}",
        "get {invoice} up",
        "details of {invoice}",
        "details for {invoice}",
        "status of {invoice}",
        "tell me about {invoice}",
        "what is the status of {invoice}",
        "what is the go with {invoice}",
        "what is happening with {invoice}",
        "what is the story with {invoice}",
        "what is {invoice}",
        "what is on {invoice}",
        "what does {invoice} look like",
        "what about {invoice}",
        "how is {invoice} looking",
        "how is {invoice} going",
        "how much is {invoice}",
        "how much is {invoice} for",
        "what is the total of {invoice}",
        "when is {invoice} due",
        "when was {invoice} sent",
        "where is {invoice} at",
        "where are we with {invoice}",
        "is {invoice} overdue",
        "did {invoice} go out",
        "was {invoice} sent",
        "has {invoice} been sent",
        "who is {invoice} for",
        "let me see {invoice}",
        "let me look at {invoice}",
        "have a look at {invoice}",
        "{invoice}",
        "how is {invoice} coming along",
        "how much does {invoice} come to",
        "give me the details on {invoice}",
        "info on {invoice}",
        "why is {invoice} not paid",
        "why has {invoice} not been paid",
        "why is {invoice} still open",
        "when did we send {invoice}",
        "has the client seen {invoice}",
        "did the client get {invoice}",
        "how much is left on {invoice}",
        "what is the state of {invoice}",
        "what is up with {invoice}",
        "how much was {invoice}",
        "how is the {invoice} looking",
        "what is the deal with {invoice}",
        "what is going on with {invoice}",
        "what is wrong with {invoice}",
        "what is the situation with {invoice}",
        "what is the due date of {invoice}",
        "what is the amount on {invoice}",
        "any news on {invoice}",
        "any update on {invoice}",
        "how much is owed on {invoice}",
        "how much is outstanding on {invoice}",
        "has {invoice} gone out",
        "did we send {invoice}",
        "have we sent {invoice}",
        "give me {invoice}",
        "take a look at {invoice}",
        "read me {invoice}",
        "get me {invoice}",
        "i need {invoice} on the screen",
        "put {invoice} on the screen",
        "put {invoice} up on the screen",
        "{invoice} on screen",
        "let me look at invoice {invoice}",
        "let me have a look at {invoice}",
        "let us see {invoice}",
        "let us look at {invoice}",
        "might i see the details of {invoice}",
        "may i see {invoice}",
        "i want to see the details of {invoice}",
        "the details of {invoice}",
        "how much did we put on {invoice}",
        "how much did we charge on {invoice}",
        "what did we charge on {invoice}",
        "what is written on {invoice}",
        "run me through {invoice}",
        "take me through {invoice}",
        "walk me through {invoice}",
    ),
)
def show_invoice(context: Context, *, invoice: Invoice) -> Outcome:
    """Show an invoice: amount, due date, status, link and payments.

    Args:
        invoice: The invoice to show.
    """
    with context.transaction() as tx:
        shown, card = invoice_now(tx, invoice, context.formats, context.today, context.links)
    status = shown.invoice.status_on(context.today)
    amount = context.formats.money(shown.invoice.total)
    said = shown.status_on(context.today)
    text = f"{invoice} for {shown.client}: {amount}, {said}, due {context.formats.day(shown.invoice.due_on)}."
    result = {
        "number": invoice,
        "status": status,
        "total": str(shown.invoice.total),
        "balance": str(shown.invoice.balance),
    }
    return Outcome(text, result, card, (invoice, shown.opportunity.number))
