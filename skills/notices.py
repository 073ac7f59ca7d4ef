"""News for a channel: what a domain event reads like, made from the records as they stand when it is posted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billing.automations import Trigger
from skills.cards import Card, Field, Tone
from skills.presenting import InvoiceView

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


def notice_card(trigger: Trigger, shown: InvoiceView, payment: Payment | None, formats: Formats) -> Card:
    """Return the card of one piece of news: the invoice, the amount, who and when."""
    invoice = shown.invoice
    money = formats.money(payment.money if payment else invoice.total)
    title = _title(trigger, shown)
    fields = [Field("Amount", money), Field("Client", shown.client), Field("For", shown.opportunity.name)]
    if payment is not None:
        fields += [Field("Paid by" if trigger is Trigger.PAYMENT_SUCCEEDED else "Payer", payment.payer or shown.client)]
        fields += [Field("When", formats.moment(payment.occurred_at))]
    if invoice.balance.amount and trigger is Trigger.PAYMENT_SUCCEEDED:
        fields.append(Field("Still to pay", formats.money(invoice.balance)))
    return Card(
        title=title,
        summary=f"{title}: {money} · {shown.client}",
        tone=_TONES.get(trigger, Tone.NEUTRAL),
        text=payment.failure_message if payment else "",
        fields=tuple(fields),
    )


def _title(trigger: Trigger, shown: InvoiceView) -> str:
    number = shown.invoice.number
    if trigger is Trigger.PAYMENT_SUCCEEDED and shown.invoice.balance.amount:
        return f"A payment came in for {number}"
    return _TITLES.get(trigger, "News of {number}").format(number=number)
