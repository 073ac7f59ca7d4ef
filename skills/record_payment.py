"""Recording money that Stripe never sees."""

from __future__ import annotations

from billing.payments import PaymentMethod
from billing.recording import Received, owed
from billing.recording import record_payment as record
from billing.roles import Role
from skills.arguments import Amount, Invoice, Method
from skills.cards import Card, Field
from skills.context import Context, Outcome
from skills.presenting import invoice_card, kind_name, plain, view
from skills.spec import Effect, skill


@skill(
    effect=Effect.OUTWARD,
    role=Role.EDITOR,
    examples=(
        "record a payment of {amount} for {invoice}",
        "record a {amount} {method} payment on {invoice}",
        "record a {method} payment for {invoice}",
        "record {amount} in {method} for {invoice}",
        "record payment of {invoice}",
        "mark {invoice} paid",
        "mark {invoice} as paid",
        "mark {invoice} as paid by {method}",
        "mark it as paid",
        "mark it off",
        "mark {invoice} off",
        "tick {invoice} off",
        "tick it off",
        "set {invoice} to paid",
        "record this payment",
        "note this payment",
        "register the payment",
        "write it down",
        "put it in the books",
        "{invoice} is paid",
        "{invoice} was paid by {method}",
        "{invoice} has been paid in {method}",
        "{invoice} has been settled",
        "they paid {invoice}",
        "they paid {invoice} by {method}",
        "the client paid {invoice} by {method}",
        "the client paid their {invoice} by {method}",
        "they paid {amount} by {method} for {invoice}",
        "they paid {amount} of {invoice}",
        "the client paid {invoice}",
        "the client has paid {amount} off {invoice} in {method}",
        "the client did a {method} for {invoice}",
        "we got {amount} in {method} for {invoice}",
        "got {amount} {method} for {invoice}",
        "got {amount} {method} towards {invoice}",
        "received {amount} by {method} for {invoice}",
        "a {method} of {amount} came in for {invoice}",
        "{amount} came in by {method} for {invoice}",
        "the {method} for {invoice} has cleared",
        "log a {method} payment of {amount} against {invoice}",
        "put {amount} {method} against {invoice}",
        "{invoice} paid {method}",
        "{method} payment {amount} {invoice}",
        "it was a {method}",
        "register a payment of {amount} on {invoice}",
        "post a payment of {amount} received by {method} against {invoice}",
        "record receipt of {amount} in {method} against {invoice}",
        "book {amount} {method} to {invoice}",
        "note {amount} {method} for {invoice}",
        "they paid {amount} off {invoice} by {method}",
        "they paid {amount} {method} on {invoice}",
        "they handed over {amount} in {method} for {invoice}",
        "they dropped off a {method} for {invoice}",
        "they dropped in with a {method} for {invoice}",
        "they came by with {amount} in {method} for {invoice}",
        "they transferred {amount} for {invoice} {method=bank_transfer}",
        "they wired {amount} for {invoice} {method=bank_transfer}",
        "they gave us {amount} in {method} for {invoice}",
        "they sent {amount} by {method} for {invoice}",
        "we received {amount} for {invoice}",
        "we have been paid {amount} for {invoice}",
        "we got paid for {invoice} by {method}",
        "payment received for {invoice}",
        "the money for {invoice} has come in",
        "the money for {invoice} arrived by {method}",
        "a {method} for {invoice} arrived",
        "apply {amount} to {invoice}",
        "tick {invoice} off as paid",
        "flag {invoice} as paid",
        "record a part payment of {amount} on {invoice}",
        "record a partial payment of {amount} on {invoice}",
        "record {amount} from the client for {invoice} by {method}",
        "record {amount} on {invoice}",
        "record {amount} against {invoice}",
        "record the full amount on {invoice}",
        "record a {method} payment for the full amount on {invoice}",
        "the client paid {amount} of {invoice} by {method}",
        "the client has paid {amount} of {invoice}",
        "the client paid {amount} by {method}",
        "the client has settled {invoice}",
        "the client settled {invoice} in {method}",
        "the client squared up {invoice}",
        "the client handed me a {method} for {invoice}",
        "the client handed me {amount} in {method} for {invoice}",
        "the client dropped off {amount} in {method} for {invoice}",
        "put {invoice} down as paid",
        "mark {invoice} as settled",
        "mark {invoice} as paid in full",
        "enter a payment of {amount} for {invoice}",
        "enter a {method} payment for {invoice}",
        "add a {method} payment of {amount} to {invoice}",
        "{amount} {method} received for {invoice}",
        "{amount} received for {invoice}",
        "{amount} received by {method} on {invoice}",
        "book a {method} payment of {amount} for {invoice}",
        "we banked {amount} for {invoice}",
        "money in for {invoice} {amount} {method}",
        "the client has given {amount} in {method} for {invoice}",
        "{invoice} has been squared away by {method}",
        "{invoice} is squared away",
        "{invoice} has been squared up by {method}",
        "the client brought in {amount} {method} for {invoice}",
        "the client has brought in {amount} in {method} for {invoice}",
        "note down {amount} {method} for {invoice}",
        "note it down",
    ),
)
def record_payment(
    context: Context, *, invoice: Invoice, amount: Amount | None = None, method: Method | None = None
) -> Outcome:
    """Record that an invoice was paid without Stripe: by bank transfer, in cash, by cheque or card.

    Args:
        invoice: The invoice that was paid.
        amount: How much came in, in the invoice's currency; left out, all that is still owed.
        method: How it came, where the person said so.
    """
    with context.transaction() as tx:
        settled = record(tx, Received(invoice, context.key, amount, method), now=context.now)
        shown = view(tx, invoice)
    card = invoice_card(shown, context.formats, context.today, payments=(settled.payment,))
    money, balance = settled.payment.money, shown.invoice.balance
    left = f"{context.formats.money(balance)} is left to pay" if balance.amount else "it is paid"
    text = f"Recorded {context.formats.money(money)}{_how(method)} for {invoice}: {left}."
    return Outcome(text, {"invoice": invoice, "amount": str(money), "balance": str(balance)}, card, (invoice,))


def _how(method: PaymentMethod | None) -> str:
    return f" ({plain(method)})" if method else ""


def _preview(context: Context, *, invoice: Invoice, amount: Amount | None = None, method: Method | None = None) -> Card:
    with context.transaction() as tx:
        shown = view(tx, invoice)
    money = owed(shown.invoice, amount)
    left = shown.invoice.balance - money
    said = context.formats.money(money)
    fields = [
        Field("Client", shown.client),
        Field("Invoice", f"{kind_name(shown.invoice.kind)} {invoice}"),
        Field("For", shown.opportunity.name),
        Field("Came in", said),
        Field("How", plain(method) if method else "not said"),
        Field("Left to pay", context.formats.money(left) if left.amount else "nothing: the invoice is paid"),
    ]
    return Card(
        title=f"Record {said} for {invoice}?",
        summary=f"Record {said}{_how(method)} from {shown.client} for {invoice}?",
        fields=tuple(fields),
        note="Only for money that did not come through Stripe: Stripe's own payments are recorded by themselves.",
    )


record_payment = record_payment.previewed_by(_preview)
