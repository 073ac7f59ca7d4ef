"""Giving money back."""

from __future__ import annotations

from billing.payments import PaymentStatus, Refund
from billing.refunding import RefundRequest, plan_refund
from billing.refunding import refund_payment as refund
from billing.roles import Role
from skills.arguments import Amount, Invoice, Reason
from skills.cards import Card, Field, Tone
from skills.context import Context, Outcome
from skills.presenting import invoice_card, plain, view
from skills.spec import Effect, skill


@skill(
    effect=Effect.OUTWARD,
    role=Role.ADMIN,
    examples=(
        "refund {invoice}",
        "refund {amount} of {invoice}",
        "refund {amount} on {invoice}",
        "refund {amount} for {invoice}",
        "refund {invoice} {amount}",
        "refund {invoice} as {reason}",
        "refund {amount} of {invoice} as {reason}",
        "refund {invoice} because {reason}",
        "refund the payment of {invoice}",
        "refund the payment for {invoice}",
        "issue a refund for {invoice}",
        "issue a {amount} refund on {invoice}",
        "issue a refund of {amount} for {invoice}",
        "process a refund of {amount} on {invoice}",
        "give {amount} back on {invoice}",
        "give the client {amount} of {invoice} back",
        "give them their money back for {invoice}",
        "give the money for {invoice} back",
        "send the money for {invoice} back",
        "return {amount} of {invoice}",
        "return the money for {invoice}",
        "pay {invoice} back",
        "reverse the payment of {invoice}",
        "reverse the charge on {invoice}",
        "refund it",
        "reimburse {amount} on {invoice}",
        "return {amount} to the client on {invoice}",
        "give the client {amount} back on {invoice}",
        "give {amount} back to the client for {invoice}",
        "give the client their money back on {invoice}",
        "undo the payment on {invoice}",
        "reverse the payment on {invoice}",
        "make a refund of {amount} on {invoice}",
        "refund {invoice} in full",
        "refund the full amount of {invoice}",
        "refund the whole of {invoice}",
        "full refund for {invoice}",
        "full refund on {invoice}",
        "refund for {invoice} {amount}",
        "{amount} refund on {invoice}",
        "{amount} refund for {invoice}",
        "a refund of {amount} on {invoice}",
        "partial refund of {amount} on {invoice}",
        "give back {amount} on {invoice}",
        "give back the money for {invoice}",
        "pay back {amount} of {invoice}",
        "hand back {amount} on {invoice}",
        "send {amount} back for {invoice}",
        "return {amount} for {invoice}",
        "return {amount} to the client for {invoice}",
        "return the sum of {amount} on {invoice}",
        "return the payment on {invoice}",
        "put {amount} back on the client's card for {invoice}",
        "refund the client {amount} for {invoice}",
        "refund the client for {invoice}",
        "reverse {invoice}'s payment",
        "reimburse the client for {invoice}",
        "give the client the {invoice} payment back",
        "give the client back their {invoice} payment",
        "give {invoice} back",
        "return {amount} to the client",
        "hand the client {amount} back",
        "send the client {amount} back",
        "the client gets {amount} of {invoice} back",
        "the client gets their money back for {invoice}",
        "take {invoice} back and refund it",
        "hand back the lot on {invoice}",
        "give back the lot on {invoice}",
        "refund the lot on {invoice}",
        "the client wants their money back for {invoice} refund it",
    ),
)
def refund_payment(
    context: Context, *, invoice: Invoice, amount: Amount | None = None, reason: Reason | None = None
) -> Outcome:
    """Refund a payment of an invoice, all that is left of it or a part.

    Args:
        invoice: The invoice whose payment is refunded.
        amount: How much goes back, in the invoice's currency; left out, all that is left.
        reason: Why, where the person said so.
    """
    wanted = RefundRequest(invoice, context.key, amount, reason)
    planned, settled = refund(context.transaction, context.services.gateways, wanted, now=context.now)
    with context.transaction() as tx:
        shown = view(tx, invoice)
    money = context.formats.money(planned.money)
    if planned.by_hand:
        text = f"Recorded that {money} of {invoice} went back to {shown.client}; it is for you to pay it."
    elif settled.payment.status is PaymentStatus.FAILED:
        text = f"The refund of {money} for {invoice} failed, so the money is still yours. Give it back another way."
    else:
        text = f"Refunded {money} of {invoice} to {shown.client}. It takes a few days to reach them."
    left = "" if planned.left.amount == 0 else f" {context.formats.money(planned.left)} of that payment is left."
    card = invoice_card(shown, context.formats, context.today, payments=(settled.payment,))
    result = {"invoice": invoice, "amount": str(planned.money), "left": str(planned.left)}
    return Outcome(text + left, result, card, (invoice,))


def _preview(context: Context, *, invoice: Invoice, amount: Amount | None = None, reason: Reason | None = None) -> Card:
    with context.transaction() as tx:
        planned = plan_refund(tx, RefundRequest(invoice, context.key, amount, reason))
        shown = view(tx, invoice)
    money = context.formats.money(planned.money)
    payer = planned.payment.payer or shown.client
    payment = f"{context.formats.money(planned.payment.money)} of {context.formats.moment(planned.payment.occurred_at)}"
    return Card(
        title=f"Refund {money} of {invoice}?",
        summary=f"Refund {money} of {invoice} to {payer}?",
        tone=Tone.WARNING,
        text="This cannot be undone.",
        fields=(
            Field("Refund", money),
            Field("To", payer),
            Field("Client", shown.client),
            Field("Payment", payment),
            Field("Left of it", context.formats.money(planned.left) if planned.left.amount else "nothing"),
            Field("Reason", plain(reason) if reason else "not said"),
        ),
        note=_note(planned),
    )


def _note(planned: Refund) -> str:
    if planned.by_hand:
        return "This payment did not come through Stripe: Evie records the refund, and you give the money back."
    if planned.reason == "fraudulent":
        return "Stripe then blocks the card and the e-mail address of that payment."
    return "A subscription goes on, and Stripe keeps its fee for the payment."


refund_payment = refund_payment.previewed_by(_preview)
