"""Listing money that moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billing.money import zero
from billing.roles import Role
from billing.standing import came_in, gone_back
from skills.arguments import Contact, Invoice, Movement, PeriodArgument
from skills.context import Context, Outcome
from skills.periods import bounds
from skills.presenting import list_card, payment_row
from skills.spec import Effect, skill

if TYPE_CHECKING:
    from collections.abc import Iterable

    from billing.money import Money
    from billing.payments import Payment


@skill(
    effect=Effect.READ,
    role=Role.VIEWER,
    examples=(
        "list payments from {period}",
        "list the payments from {contact}",
        "list the {type} payments for {period}",
        "list {type}s from {period}",
        "show me every payment on {invoice}",
        "show payments for {invoice}",
        "show the payments on {invoice}",
        "show payments from {contact} {period}",
        "show me the {type}s {period}",
        "show {contact}'s payments",
        "show recent payments",
        "what did {contact} pay {period}",
        "what has {contact} paid us {period}",
        "how much did {contact} pay {period}",
        "what payments came in {period}",
        "what payments did we get {period}",
        "what payments have we received {period}",
        "what payments have come in from {contact}",
        "what came in {period}",
        "what money came in {period}",
        "what landed in the till {period}",
        "what got paid {period}",
        "who paid us {period}",
        "who paid {period}",
        "did we get any payments {period}",
        "did {contact} pay anything {period}",
        "have there been any {type}s {period}",
        "were there any {type}s {period}",
        "payments from {contact}",
        "payments for {contact} {period}",
        "payments {period}",
        "payments on {invoice}",
        "payment history for {contact}",
        "{type}s {period}",
        "{type}s since {period}",
        "any {type}s",
        "any {type}s {period}",
        "all payments",
        "money received {period}",
        "did we refund anything {period} {type=refund}",
        "did we refund {contact} {type=refund}",
        "what did we refund {period} {type=refund}",
        "what has been refunded {type=refund}",
        "what has been paid on {invoice}",
        "who has paid us {period}",
    ),
)
def list_payments(
    context: Context,
    *,
    type: Movement | None = None,  # noqa: A002 - the catalogue's name
    contact: Contact | None = None,
    invoice: Invoice | None = None,
    period: PeriodArgument | None = None,
) -> Outcome:
    """List payments, refunds, subscription payments, disputes and payouts.

    Args:
        type: Only movements of this kind.
        contact: Only those of this client.
        invoice: Only those of this invoice.
        period: Only those in these days.
    """
    start, end = bounds(context, period)
    with context.transaction() as tx:
        payments = tx.payments.list(type=type, contact=contact, invoice=invoice, start=start, end=end)
    came = [payment for payment in payments if came_in(payment)]
    sums = [_sum(came, "settled", context), _sum(filter(gone_back, payments), "given back", context)]
    rows = [payment_row(payment, context.formats) for payment in payments]
    total = ", ".join(part for part in sums if part)
    text = f"{len(rows)} found{f', {total}' if total else ''}." if rows else "No payment fits."
    card = list_card("Payments", rows, note=total)
    invoices = dict.fromkeys(payment.invoice for payment in payments if payment.invoice)
    return Outcome(text, {"payments": [payment.id for payment in payments]}, card, tuple(invoices))


def _sum(payments: Iterable[Payment], done: str, context: Context) -> str:
    """Return what the movements come to, one amount for each currency; "" where there are none."""
    totals: dict[str, Money] = {}
    for money in (payment.money for payment in payments):
        totals[money.currency] = totals.get(money.currency, zero(money.currency)) + money
    amounts = " and ".join(context.formats.money(total) for total in totals.values())
    return f"{amounts} {done}" if amounts else ""
