"""Asking Stripe what has been paid."""

from __future__ import annotations

from billing.invoices import UNPAID
from billing.roles import Role
from billing.syncing import sync_invoice
from skills.arguments import Invoice
from skills.cards import Row, Tone
from skills.context import Context, Outcome
from skills.presenting import invoice_row, list_card, view
from skills.spec import Effect, skill


@skill(
    effect=Effect.WRITE,
    role=Role.EDITOR,
    examples=(
        "sync {invoice}",
        "sync {invoice} with stripe",
        "sync payment statuses",
        "sync payments",
        "sync all payments",
        "sync all open invoices",
        "sync with stripe",
        "sync everything",
        "sync the payment status of {invoice}",
        "sync up with stripe",
        "resync {invoice}",
        "update the payment status of {invoice}",
        "update the payment status on {invoice}",
        "update the payment statuses",
        "update all payment statuses from stripe",
        "pull the latest payment status from stripe",
        "pull the latest payment status from stripe for all open invoices",
        "pull the latest from stripe",
        "pull payments from stripe",
        "fetch the latest payments from stripe",
        "get the latest payment status for {invoice}",
        "refresh the payment status of {invoice}",
        "refresh payment statuses",
        "refresh payments",
        "reconcile with stripe",
        "reconcile {invoice}",
        "has {invoice} been paid yet",
        "has {invoice} been paid",
        "has {invoice} paid yet",
        "has {invoice} paid",
        "has {invoice} gone through",
        "has the money for {invoice} come through",
        "has the money for {invoice} arrived",
        "have they paid {invoice} yet",
        "did {invoice} get paid",
        "did {invoice} go through",
        "did the payment for {invoice} go through",
        "is {invoice} paid",
        "is {invoice} paid yet",
        "ask stripe whether {invoice} has come through",
        "ask stripe whether the money for {invoice} has come through",
        "ask stripe about {invoice}",
        "check with stripe if {invoice} is paid",
        "check with stripe whether {invoice} has been paid",
        "check stripe for {invoice}",
        "check stripe for new payments",
        "check if {invoice} has been paid",
        "check if {invoice} was paid",
        "check whether {invoice} got paid",
        "check the payment status of {invoice}",
        "see if {invoice} has been paid",
        "pull fresh payment data from stripe",
    ),
)
def sync_payment_status(context: Context, *, invoice: Invoice | None = None) -> Outcome:
    """Fetch from Stripe what has been paid, for one invoice or for all open ones.

    Args:
        invoice: The invoice to look at; left out, all open ones.
    """
    gateway, connection = context.stripe(), context.connection()
    numbers = [invoice] if invoice else _open_invoices(context)
    changed = [
        number for number in numbers if sync_invoice(context.transaction, gateway, connection, number, now=context.now)
    ]
    with context.transaction() as tx:
        rows = [invoice_row(view(tx, number), context.formats, context.today) for number in changed or numbers[:1]]
    return _outcome(invoice, numbers, changed, rows)


def _open_invoices(context: Context) -> list[str]:
    with context.transaction() as tx:
        return [invoice.number for invoice in tx.invoices.list() if invoice.status in UNPAID]


def _outcome(invoice: str | None, numbers: list[str], changed: list[str], rows: list[Row]) -> Outcome:
    result = {"checked": numbers, "changed": changed}
    if changed:
        text = f"Stripe has news of {', '.join(changed)}."
    elif invoice:
        text = f"Nothing new at Stripe for {invoice}."
    else:
        text = f"Nothing new at Stripe: {len(numbers)} open invoice{'' if len(numbers) == 1 else 's'} checked."
    card = list_card("Changed", rows) if changed else None
    if invoice and not changed and rows and rows[0].tone is Tone.GOOD:
        text = f"{invoice} is paid; there is nothing new at Stripe."
    return Outcome(text, result, card, tuple(changed or numbers[:1]))
