"""Asking Stripe what has been paid."""

from __future__ import annotations

from billing.invoices import UNPAID
from billing.payouts import sync_payouts
from billing.roles import Role
from billing.syncing import sync_invoice
from skills.arguments import Invoice
from skills.context import Context, Outcome
from skills.presenting import list_card
from skills.spec import Effect, skill
from skills.synced import synced_row, what_changed


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
        "refresh {invoice}",
        "check {invoice} with stripe",
        "see whether {invoice} went through",
        "check with stripe if {invoice} went through",
        "did they pay {invoice}",
        "has the payment for {invoice} gone through",
        "refresh everything from stripe",
        "update {invoice} from stripe",
        "update the payment state of {invoice} from stripe",
        "bring the payment statuses up to date",
        "check stripe for new payments on our open invoices",
        "check whether anything has been paid",
        "see if the money for {invoice} is there",
        "has the money for {invoice} landed",
        "look whether {invoice} has been paid",
        "sync the payment status",
        "sync the payments with stripe",
        "sync stripe",
        "sync {invoice} again",
        "see if {invoice} is paid",
        "see whether {invoice} has been paid",
        "find out whether {invoice} has been paid",
        "find out if {invoice} was paid",
        "check stripe to see if {invoice} has been paid",
        "has stripe got the money for {invoice}",
        "has the money come in for {invoice}",
        "did the money for {invoice} come in",
        "did the money for {invoice} arrive",
        "get the latest from stripe",
        "get fresh statuses from stripe",
        "make sure the payment statuses are up to date",
        "refresh the statuses",
        "update everything from stripe",
        "poll stripe for {invoice}",
        "go pull the latest from stripe on {invoice}",
        "pull the latest from stripe on {invoice}",
        "give the payment statuses a refresh",
        "do a stripe sync for {invoice}",
        "do a sync for {invoice}",
        "do a sync of {invoice}",
        "do a stripe sync",
        "run a stripe sync",
        "run a sync",
        "run a sync for {invoice}",
        "a stripe sync for {invoice}",
        "give {invoice} a sync",
        "do another sync",
    ),
)
def sync_payment_status(context: Context, *, invoice: Invoice | None = None) -> Outcome:
    """Fetch from Stripe what has been paid, for one invoice or for all open ones.

    Args:
        invoice: The invoice to look at; left out, all open ones.
    """
    gateway, connection = context.stripe(), context.connection()
    numbers = [invoice] if invoice else _open_invoices(context)
    synced = [sync_invoice(context.transaction, gateway, connection, number, now=context.now) for number in numbers]
    if invoice is None:
        sync_payouts(context.transaction, gateway, connection, now=context.now)
    changed = [one.after.number for one in synced if one.news]
    with context.transaction() as tx:
        rows = [synced_row(context, tx, one) for one in synced] if changed else []
    result = {"checked": numbers, "changed": changed}
    text = what_changed(context, synced, one_only=invoice is not None)
    return Outcome(text, result, list_card("Asked of Stripe", rows), tuple(changed or numbers[:1]))


def _open_invoices(context: Context) -> list[str]:
    with context.transaction() as tx:
        return [invoice.number for invoice in tx.invoices.list() if invoice.status in UNPAID]
