"""Listing money that moved."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from billing.money import zero
from billing.payment_log import LogFilter
from billing.roles import Role
from billing.standing import came_in, gone_back
from skills.arguments import Contact, Flag, Invoice, Movement, PeriodArgument
from skills.context import Context, Outcome
from skills.log_page import log_page, page_button
from skills.next_steps import after_payments
from skills.payment_lines import log_lines, log_row
from skills.periods import bounds
from skills.presenting import list_card
from skills.spec import Effect, skill

if TYPE_CHECKING:
    from collections.abc import Iterable

    from billing.money import Money
    from billing.payment_log import LogSum

# What a card shows, and how many lines are named in the result; the page has them all.
_SHOWN = 20
_MOST = 200


@skill(
    effect=Effect.READ,
    role=Role.VIEWER,
    examples=(
        "list payments from {period}",
        "provide details of {type}s {period}",
        "details of {type}s {period}",
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
        "show all {type}s we have given",
        "list all {type}s we made",
        "every {type} so far",
        "money received {period}",
        "did we refund anything {period} {type=refund}",
        "did we refund {contact} {type=refund}",
        "what did we refund {period} {type=refund}",
        "what has been refunded {type=refund}",
        "anything refunded {period} {type=refund}",
        "has anything been refunded {type=refund}",
        "have we refunded anyone {type=refund}",
        "show failed payments",
        "what has been paid on {invoice}",
        "who has paid us {period}",
        "payments recorded against {invoice}",
        "payments on record for {invoice}",
        "what happened with {contact} {period}",
        "what has happened with {contact} {period}",
        "transactions {period}",
        "recent transactions",
        "money from {contact} {period}",
        "everything {contact} has paid",
        "what {type}s have we had {period}",
        "what {type}s did stripe make {period}",
        "have we had any {type}s {period}",
        "list the {type}s raised since {period}",
        "what payments are on {invoice}",
        "open the payment log {page=true}",
        "open the payment log {period} {page=true}",
        "open the payment log for {contact} {page=true}",
        "open the payment log for {contact} {period} {page=true}",
        "open the payment log for {invoice} {page=true}",
        "open the payments page {page=true}",
        "open the {type} log {page=true}",
        "payment log {page=true}",
        "payments as a page {page=true}",
        "show payments as a page {page=true}",
        "payments as csv {page=true}",
        "payments as a csv {page=true}",
        "export payments {page=true}",
        "export the payment log {page=true}",
        "export payments {period} {page=true}",
        "export the payments of {contact} {page=true}",
        "download payments {page=true}",
        "download the payment log {page=true}",
        "download payments as csv {page=true}",
        "download the payments {period} {page=true}",
        "give me the payments as csv {page=true}",
        "did we get paid {period}",
        "has anything come in {period}",
        "has anybody paid {period}",
        "has {contact} paid us anything {period}",
        "what did we receive {period}",
        "what came in from {contact} {period}",
        "what has come in from {contact}",
        "when did {contact} last pay",
        "when did {contact} pay",
        "list every {type} {period}",
        "list all {type}s",
        "which payments came in {period}",
        "every payment from {contact}",
        "every payment {period}",
        "all the {type}s {period}",
        "all payments from {contact} {period}",
        "how did {contact} pay",
        "who disputed a payment {type=dispute}",
        "has anyone disputed anything {type=dispute}",
        "when is the next {type} {type=payout}",
        "did anyone dispute a charge {period} {type=dispute}",
        "list the card charges that went through {period} {type=charge}",
        "which card charges went through {period} {type=charge}",
        "what charges went through {period} {type=charge}",
        "the charges that went through {period} {type=charge}",
        "has {contact} paid us anything",
        "have {contact} paid us anything",
        "run me through the payments {period}",
        "take me through the payments {period}",
    ),
)
def list_payments(
    context: Context,
    *,
    type: Movement | None = None,  # noqa: A002 - the catalogue's name
    contact: Contact | None = None,
    invoice: Invoice | None = None,
    period: PeriodArgument | None = None,
    page: Flag | None = None,
) -> Outcome:
    """List payments, refunds, subscription payments, disputes and payouts.

    Args:
        type: Only movements of this kind.
        contact: Only those of this client.
        invoice: Only those of this invoice.
        period: Only those in these days.
        page: True where the person wants the log as a page in the browser, or as a CSV file.
    """
    start, end = bounds(context, period)
    wanted = LogFilter(type, contact, invoice, start, end)
    if page:
        return log_page(context, wanted, period)
    with context.transaction() as tx:
        payments, sums = tx.payments.page(wanted, limit=_MOST), tx.payments.sums(wanted)
        lines = log_lines(tx, context.services.gateways, payments[:_SHOWN])
    found = sum(each.count for each in sums)
    added = [_added(filter(came_in, sums), "settled", context), _added(filter(gone_back, sums), "given back", context)]
    total = ", ".join(part for part in added if part)
    text = f"{found} found{f', {total}' if total else ''}." if found else "No payment fits."
    note = "" if found == len(lines) else f"The newest {len(lines)} of {found}"
    card = list_card("Payments", [log_row(line, context.formats) for line in lines], note=note)
    invoices = dict.fromkeys(payment.invoice for payment in payments if payment.invoice)
    result = {"payments": [payment.id for payment in payments]}
    card = card and replace(card, buttons=(page_button(wanted), *after_payments(invoice)))
    return Outcome(text, result, card, tuple(invoices))


def _added(sums: Iterable[LogSum], done: str, context: Context) -> str:
    """Return what the movements come to, one amount for each currency; "" where there are none."""
    totals: dict[str, Money] = {}
    for money in (each.money for each in sums):
        totals[money.currency] = totals.get(money.currency, zero(money.currency)) + money
    amounts = " and ".join(context.formats.money(total) for total in totals.values())
    return f"{amounts} {done}" if amounts else ""
