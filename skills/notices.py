"""News for a channel: what a domain event reads like, made from the records as they stand when it is posted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billing.automations import Trigger
from billing.payments import PaymentStatus
from skills.cards import Card, Field, Tone
from skills.presenting import InvoiceView, plain

if TYPE_CHECKING:
    from billing.payments import Payment
    from billing.ports import Formats

_TONES = {
    Trigger.PAYMENT_SUCCEEDED: Tone.GOOD,
    Trigger.SUBSCRIPTION_RENEWED: Tone.GOOD,
    Trigger.PAYMENT_FAILED: Tone.BAD,
    Trigger.DISPUTE_OPENED: Tone.BAD,
    Trigger.INVOICE_OVERDUE: Tone.WARNING,
    Trigger.REFUND_CREATED: Tone.WARNING,
}
_TITLES = {
    Trigger.PAYMENT_SUCCEEDED: "{number} is paid",
    Trigger.PAYMENT_FAILED: "A payment of {number} failed",
    Trigger.INVOICE_CREATED: "{number} was created",
    Trigger.INVOICE_SENT: "{number} was sent",
    Trigger.INVOICE_DUE: "{number} is due today",
    Trigger.INVOICE_OVERDUE: "{number} is overdue",
    Trigger.REFUND_CREATED: "A payment of {number} was refunded",
    Trigger.DISPUTE_OPENED: "A payment of {number} is disputed",
    Trigger.SUBSCRIPTION_RENEWED: "The subscription of {number} was renewed",
    Trigger.SUBSCRIPTION_CANCELLED: "The subscription of {number} was cancelled",
}
# What became of a refund or a dispute, once it is more than begun.
_ENDS = {
    Trigger.REFUND_CREATED: {
        PaymentStatus.PROCESSING: "A refund for {number} is under way",
        PaymentStatus.FAILED: "A refund for {number} failed: the money is still here",
    },
    Trigger.DISPUTE_OPENED: {
        PaymentStatus.INQUIRY: "The bank asks about a payment of {number}",
        PaymentStatus.WON: "The dispute over {number} is won: the money stays",
        PaymentStatus.LOST: "The dispute over {number} is lost: the money went back",
    },
}


def notice_card(trigger: Trigger, shown: InvoiceView, payment: Payment | None, formats: Formats) -> Card:
    """Return the card of one piece of news: the invoice, the amount, who and when."""
    invoice = shown.invoice
    money = formats.money(payment.money if payment else invoice.total)
    title = _title(trigger, shown, payment)
    fields = [Field("Amount", money), Field("Client", shown.client), Field("For", shown.opportunity.name)]
    if payment is not None:
        fields += [Field("Paid by" if trigger is Trigger.PAYMENT_SUCCEEDED else "Payer", payment.payer or shown.client)]
        fields += [Field("When", formats.moment(payment.occurred_at))]
    if payment is not None and payment.presented is not None:
        fields.append(Field("Paid as", formats.money(payment.presented)))
    if invoice.balance.amount and trigger is Trigger.PAYMENT_SUCCEEDED:
        fields.append(Field("Still to pay", formats.money(invoice.balance)))
    return Card(
        title=title,
        summary=f"{title}: {money} · {shown.client}",
        tone=_TONES.get(trigger, Tone.NEUTRAL),
        text=_about(payment) if payment else "",
        fields=tuple(fields),
    )


def _about(payment: Payment) -> str:
    return payment.failure_message or (f"Reason: {plain(payment.reason)}." if payment.reason else "")


def _title(trigger: Trigger, shown: InvoiceView, payment: Payment | None) -> str:
    number = shown.invoice.number
    if payment is not None and payment.status in _ENDS.get(trigger, {}):
        return _ENDS[trigger][payment.status].format(number=number)
    if trigger is Trigger.PAYMENT_SUCCEEDED and shown.invoice.balance.amount:
        return f"A payment came in for {number}"
    return _TITLES.get(trigger, "News of {number}").format(number=number)
