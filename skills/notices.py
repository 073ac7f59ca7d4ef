"""News for a channel: what a domain event reads like, made from the records as they stand when it is posted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from billing.automations import Trigger
from billing.news import PROCESSING
from billing.payments import PaymentStatus
from skills.cards import Button, Card, Field, Tone
from skills.next_steps import next_first
from skills.presenting import InvoiceView, plain

if TYPE_CHECKING:
    from billing.payments import Payment
    from billing.ports import Formats

# Keyed by name: what is news is more than the triggers of automations.
_TONES: Final[dict[str, Tone]] = {
    Trigger.PAYMENT_SUCCEEDED: Tone.GOOD,
    Trigger.SUBSCRIPTION_RENEWED: Tone.GOOD,
    Trigger.PAYMENT_FAILED: Tone.BAD,
    Trigger.DISPUTE_OPENED: Tone.BAD,
    Trigger.INVOICE_OVERDUE: Tone.WARNING,
    Trigger.REFUND_CREATED: Tone.WARNING,
}
_TITLES: Final[dict[str, str]] = {
    Trigger.PAYMENT_SUCCEEDED: "{number} is paid",
    PROCESSING: "A payment of {number} is on its way from a bank",
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
_ENDS: Final[dict[str, dict[PaymentStatus, str]]] = {
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
_UNSURE: Final = frozenset({Trigger.PAYMENT_FAILED, PROCESSING})
_MOVED: Final = frozenset({Trigger.REFUND_CREATED, Trigger.DISPUTE_OPENED, Trigger.SUBSCRIPTION_RENEWED})
_LATE: Final = frozenset({Trigger.PAYMENT_FAILED, Trigger.INVOICE_OVERDUE})
_REMIND: Final = _LATE | {Trigger.INVOICE_DUE}


def notice_card(news: str, shown: InvoiceView, payment: Payment | None, formats: Formats) -> Card:
    """Return the card of one piece of news: the invoice, the amount, who and when, and what is done about it.

    `news` is a trigger, or what `billing.news` knows beside them.
    """
    money = formats.money(payment.money if payment else shown.invoice.total)
    title, about = _title(news, shown, payment), _about(payment) if payment else ""
    summary = f"{title}: {money} · {shown.client}"
    return Card(
        title=title,
        summary=f"{summary}. {about}" if about else summary,
        tone=_TONES.get(news, Tone.NEUTRAL),
        text=about,
        fields=tuple(_fields(news, shown, payment, formats, money)),
        buttons=next_first(_buttons(news, shown), "Remind" if news in _LATE else ""),
    )


def _fields(news: str, shown: InvoiceView, payment: Payment | None, formats: Formats, money: str) -> list[Field]:
    invoice = shown.invoice
    fields = [Field("Amount", money), Field("Client", shown.client), Field("For", shown.opportunity.name)]
    if payment is not None:
        if payment.payer and payment.payer != shown.client:
            fields.append(Field("Paid by" if news == Trigger.PAYMENT_SUCCEEDED else "Payer", payment.payer))
        fields.append(Field("When", formats.moment(payment.occurred_at)))
    if payment is not None and payment.presented is not None:
        fields.append(Field("Paid as", formats.money(payment.presented)))
    if invoice.balance.amount and news == Trigger.PAYMENT_SUCCEEDED:
        fields.append(Field("Still to pay", formats.money(invoice.balance)))
    if news == Trigger.INVOICE_OVERDUE:
        fields.append(Field("Due", formats.day(invoice.due_on)))
    return fields


def _buttons(news: str, shown: InvoiceView) -> list[Button]:
    """Return what somebody in the channel does next; whether they may is asked when they click."""
    number = shown.invoice.number
    buttons = [Button("Show invoice", say=f"show {number}")]
    part_paid = news == Trigger.PAYMENT_SUCCEEDED and shown.invoice.paid.amount
    if (news in _REMIND or part_paid) and shown.remindable:
        buttons.append(Button("Remind", say=f"send a reminder for {number}"))
    if news in _MOVED:
        buttons.append(Button("Its payments", say=f"show payments for {number}"))
    if news in _UNSURE:
        buttons.append(Button("Sync", say=f"sync {number}"))
    return buttons


def _about(payment: Payment) -> str:
    return payment.failure_message or (f"Reason: {plain(payment.reason)}." if payment.reason else "")


def _title(news: str, shown: InvoiceView, payment: Payment | None) -> str:
    number = shown.invoice.number
    if payment is not None and payment.status in _ENDS.get(news, {}):
        return _ENDS[news][payment.status].format(number=number)
    if news == Trigger.PAYMENT_SUCCEEDED and shown.invoice.balance.amount:
        return f"A payment came in for {number}"
    return _TITLES.get(news, "News of {number}").format(number=number)
