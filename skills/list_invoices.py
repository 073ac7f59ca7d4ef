"""Listing invoices."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from billing.invoices import Invoice as InvoiceRecord
from billing.money import Money, zero
from billing.roles import Role
from skills.arguments import Contact, Kind, Opportunity, Period, PeriodArgument, Statuses
from skills.context import Context, Outcome
from skills.next_steps import after_invoices
from skills.presenting import invoice_row, list_card, view
from skills.spec import Effect, skill

if TYPE_CHECKING:
    from collections.abc import Iterable


@skill(
    effect=Effect.READ,
    role=Role.VIEWER,
    examples=(
        "list {status} invoices",
        "list invoices for {contact}",
        "list {contact}'s invoices",
        "show {status} invoices",
        "show all invoices",
        "show me the {status} invoices",
        "show me the {kind} invoices",
        "show {contact}'s invoices",
        "show invoices for {opportunity}",
        "show invoices due {period}",
        "show all {kind} invoices that are {status}",
        "show me everything that is {status}",
        "see {contact}'s invoices",
        "what invoices does {contact} have",
        "what invoices have we sent {contact}",
        "what invoices are {status}",
        "what have we invoiced {contact}",
        "which invoices are {status}",
        "which invoices are still {status}",
        "which invoices are due {period}",
        "which {kind}s are {status}",
        "what is due {period}",
        "what is still {status}",
        "what is {status}",
        "what does {contact} owe us {status=open,sent,overdue}",
        "does {contact} owe us anything {status=open,sent,overdue}",
        "how many invoices are {status}",
        "are there any {status} invoices",
        "any {status} invoices",
        "anything {status}",
        "any {kind}s {status}",
        "who still owes us {status=open,sent,overdue}",
        "who owes us money {status=open,sent,overdue}",
        "who has not paid {status=open,sent,overdue}",
        "who is {status}",
        "who is late {status=overdue}",
        "whose invoices are {status}",
        "invoices for {opportunity}",
        "invoices for {contact}",
        "invoices due {period}",
        "{status} invoices for {contact}",
        "{status} {kind}s",
        "all {kind} invoices",
        "{status}s",
        "all invoices",
        "everything we have billed {contact}",
        "show me what {contact} owes us {status=open,sent,overdue}",
        "a list of {status} invoices",
        "everything that is {status}",
        "how many {status}s do we have",
        "show the {kind}s",
        "which invoices fall due {period}",
        "what did we bill {contact}",
        "what do i have out for {contact}",
        "what did we invoice {contact}",
        "any {status} invoices from {contact}",
        "anything {status} from {contact}",
        "anything {status} with {contact}",
        "is anything {status} from {contact}",
        "does {contact} have anything {status}",
        "what is sitting in {status}",
        "any {status} bills for {contact}",
        "what have we billed {contact}",
        "invoices to {contact}",
        "a listing of invoices {status} with due dates in {period}",
        "invoices that fall due {period}",
        "what is falling due {period}",
        "what falls due {period}",
        "who is behind {status=overdue}",
        "who has not paid us {status=open,sent,overdue}",
        "who owes what {status=open,sent,overdue}",
        "everything we have billed {opportunity}",
        "which {kind}s are still {status}",
        "any {status}s",
        "{status} invoices",
        "pull up {contact}'s invoices",
        "bring up {contact}'s invoices",
        "open {contact}'s invoices",
        "who owes us {status=open,sent,overdue}",
        "who owes us anything {status=open,sent,overdue}",
        "who do we still need money from {status=open,sent,overdue}",
        "which clients owe us money {status=open,sent,overdue}",
        "which clients have not paid {status=open,sent,overdue}",
        "what is {status} on {opportunity}",
        "what is still {status} on {opportunity}",
        "anything {status} on {opportunity}",
        "which {contact} invoices are {status}",
        "what have we got {status}",
        "list every {kind} invoice",
        "every {kind} invoice we have {status}",
        "invoices that are {status}",
        "show {contact}'s {status} invoices",
        "what has {contact} still to pay {status=open,sent,overdue}",
        "what has gone {status}",
        "what is past its due date {status=overdue}",
        "which invoices are people still sitting on {status=open,sent,overdue}",
        "which invoices are still to be paid {status=open,sent,overdue}",
        "which invoices are people sitting on without paying {status=open,sent,overdue}",
        "who is sitting on an unpaid bill {status=open,sent,overdue}",
        "what have we binned {status=void}",
        "which invoices have we binned {status=void}",
        "pull up the {status} invoices due {period}",
        "run me through the {status} invoices",
        "take me through the {status} invoices",
        "walk me through our invoices",
    ),
)
def list_invoices(
    context: Context,
    *,
    opportunity: Opportunity | None = None,
    contact: Contact | None = None,
    status: Statuses | None = None,
    kind: Kind | None = None,
    period: PeriodArgument | None = None,
) -> Outcome:
    """List invoices by client, deal, status, kind or due date.

    Args:
        opportunity: Only those of this deal.
        contact: Only those of this client.
        status: Only those in one of these states; unpaid is open, sent and overdue.
        kind: Only those of this kind.
        period: Only those due in these days.
    """
    equal: dict[str, object] = {"opportunity": opportunity, "contact": contact, "kind": kind}
    with context.transaction() as tx:
        found = tx.invoices.list(**{field: value for field, value in equal.items() if value is not None})
        chosen = [invoice for invoice in found if _fits(invoice, context, status, period)]
        rows = [invoice_row(view(tx, invoice.number), context.formats, context.today) for invoice in chosen]
    total = f"{_added(context, (invoice.total for invoice in chosen))} in all"
    left = _added(context, (invoice.balance for invoice in chosen if invoice.payable))
    if any(invoice.payable and invoice.paid.amount for invoice in chosen):
        total = f"{total}, {left} of it still to pay"
    count = f"{len(chosen)} invoice{'' if len(chosen) == 1 else 's'}"
    numbers = [invoice.number for invoice in chosen]
    text = f"{count}, {total}." if chosen else "No invoice fits."
    card = list_card("Invoices", rows)
    buttons = after_invoices(chosen, context.today)
    return Outcome(text, {"invoices": numbers}, card and replace(card, buttons=buttons), tuple(numbers))


def _fits(invoice: InvoiceRecord, context: Context, statuses: list[str] | None, period: Period | None) -> bool:
    status = invoice.status_on(context.today)
    # An overdue invoice is open or sent as well, so it answers to both names.
    return (statuses is None or status in statuses or invoice.status.value in statuses) and (
        period is None or period.start <= invoice.due_on <= period.end
    )


def _added(context: Context, amounts: Iterable[Money]) -> str:
    """Return the sum in words, an amount for each currency: currencies are never added."""
    totals: dict[str, Money] = {}
    for money in amounts:
        totals[money.currency] = totals.get(money.currency, zero(money.currency)) + money
    return " and ".join(map(context.formats.money, totals.values()))
