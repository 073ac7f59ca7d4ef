"""Showing one invoice."""

from __future__ import annotations

from billing.roles import Role
from skills.arguments import Invoice
from skills.context import Context, Outcome
from skills.presenting import invoice_card, view
from skills.spec import Effect, skill


@skill(
    effect=Effect.READ,
    role=Role.VIEWER,
    examples=(
        "show {invoice}",
        "show me the {invoice} invoice",
        "pull up {invoice}",
        "what is the status of {invoice}",
        "how is {invoice} looking",
        "what is the go with {invoice}",
        "open {invoice}",
        "details of {invoice}",
        "when is {invoice} due",
    ),
)
def show_invoice(context: Context, *, invoice: Invoice) -> Outcome:
    """Show an invoice: amount, due date, status, link and payments.

    Args:
        invoice: The invoice to show.
    """
    with context.transaction() as tx:
        shown = view(tx, invoice)
        payments = tuple(tx.payments.of_invoice(invoice))
    pay_url = context.links.pay(shown.invoice)
    card = invoice_card(shown, context.formats, context.today, pay_url=pay_url, payments=payments)
    status = shown.invoice.status_on(context.today)
    amount = context.formats.money(shown.invoice.total)
    text = f"{invoice} for {shown.client}: {amount}, {status}, due {context.formats.day(shown.invoice.due_on)}."
    result = {
        "number": invoice,
        "status": status,
        "total": str(shown.invoice.total),
        "balance": str(shown.invoice.balance),
    }
    return Outcome(text, result, card, (invoice, shown.opportunity.number))
