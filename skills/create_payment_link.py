"""Making a payment link."""

from __future__ import annotations

from billing.linking import LinkRequest, make_link
from billing.payments import Interval as LinkInterval
from billing.roles import Role
from skills.arguments import Count, Interval, Invoice
from skills.context import Context, Outcome
from skills.presenting import invoice_card, view
from skills.spec import Effect, skill


@skill(
    effect=Effect.WRITE,
    role=Role.EDITOR,
    undone_by="deactivate_payment_link",
    examples=(
        "create a payment link for {invoice}",
        "create a {interval} payment link for {invoice}",
        "make a payment link",
        "make a {interval} payment link for {invoice}",
        "make a {interval} link for {invoice}",
        "make a pay link for {invoice}",
        "add a payment link",
        "add a payment link to {invoice}",
        "set up a {interval} payment link on {invoice}",
        "set up {interval} payments for {invoice}",
        "set up a subscription for {invoice} {interval}",
        "generate a pay link for {invoice}",
        "get a link for {invoice}",
        "give me a link to pay {invoice}",
        "give me a payment link for {invoice}",
        "link {invoice}",
        "payment link for {invoice} {interval}",
        "pay link {invoice}",
        "stripe link for {invoice}",
        "let them pay {invoice} online {interval}",
        "let {invoice} be paid by card",
        "give me a link the client can pay {invoice} with",
        "i need a payment link for {invoice}",
        "make {invoice} payable online",
        "charge {invoice} {interval}",
        "bill {invoice} {interval}",
        "set {invoice} to bill {interval}",
        "set {invoice} up to be paid {interval}",
        "new payment link for {invoice}",
        "refresh the payment link for {invoice}",
        "i need a way for the client to pay {invoice} online",
        "payment link on {invoice}",
        "link for {invoice}",
        "{interval} link for {invoice}",
        "{interval} link on {invoice}",
        "a link to pay {invoice}",
        "set the client up with a link for {invoice}",
        "set up a {interval} link for {invoice}",
        "i want {invoice} to be paid {interval}",
        "put {invoice} on a {interval} subscription",
        "create a link of payment for {invoice}",
        "create a payment link on {invoice} to be charged {interval}",
        "create a subscription link for {invoice} {interval}",
        "make the client a payment link for {invoice}",
        "a way to pay {invoice} by card",
        "make a link",
        "with a payment link",
        "pay link on {invoice}",
        "a payment link",
        "its payment link",
        "stick a pay link on {invoice}",
        "put a pay link on {invoice}",
        "{interval} paylink {invoice}",
        "paylink for {invoice}",
        "{invoice} needs a link",
        "{invoice} needs a payment link",
        "{invoice} could do with a link",
        "pop a payment link on {invoice}",
        "put a link on {invoice}",
        "set {invoice} up with a link that bills {interval}",
        "set {invoice} up with a {interval} payment link",
        "set {invoice} up with a payment link",
        "set {invoice} up with a link",
        "a link that bills {invoice} {interval}",
        "a payment link on {invoice} that charges {interval}",
        "a pay link charged {interval} for {invoice}",
        "a pay link charged {interval} is what i am after for {invoice}",
        "a payment link is what i am after for {invoice}",
        "link 4 {invoice}",
        "payment link {invoice} {interval}",
        "generate a link so the client can pay {invoice} by card",
        "make a link so the client can pay {invoice} online",
        "i want the client to be able to pay {invoice} by card",
        "replace it with a {interval} link",
        "replace the link on {invoice} with a {interval} one",
        "swap the link on {invoice} for a {interval} one",
    ),
)
def create_payment_link(
    context: Context,
    *,
    invoice: Invoice,
    interval: Interval = LinkInterval.ONE_TIME,
    interval_count: Count = 1,
) -> Outcome:
    """Make a Stripe payment link for an invoice: once, or every day, week, month or year.

    Args:
        invoice: The invoice that is paid with it.
        interval: How often the client is charged; left out, once.
        interval_count: Every how many of these intervals, such as 2 for every 2 weeks.
    """
    connection = context.connection()
    gateway = context.services.gateways.for_connection(connection)
    wanted = LinkRequest(invoice, interval, interval_count, context.key)
    live = make_link(context.transaction, gateway, connection, wanted, now=context.now)
    with context.transaction() as tx:
        shown = view(tx, invoice)
    url = context.links.pay(live.invoice)
    often = context.formats.interval(live.link.interval, live.link.interval_count)
    charge = f"charges {often}" if live.link.recurring else "can be paid once"
    start = "There is a link already" if live.existed else "Here is the payment link"
    text = f"{start} for {invoice} ({context.formats.money(live.link.money)}, {charge}): {url}"
    card = invoice_card(shown, context.formats, context.today, pay_url=url)
    return Outcome(text, {"invoice": invoice, "url": url}, card, (invoice, live.invoice.opportunity))
