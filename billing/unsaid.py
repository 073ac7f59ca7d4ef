"""What a step of an automation says that nobody gave any words: the news that started it, told in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from billing.automations import ActionKind, Trigger

if TYPE_CHECKING:
    from collections.abc import Mapping

    from billing.automations import Action, Automation

_SILENT: Final = frozenset(
    {ActionKind.SEND_REMINDER, ActionKind.MOVE_OPPORTUNITY, ActionKind.CREATE_INVOICE, ActionKind.CALL_WEBHOOK}
)
_THANKS: Final = "Thank you for your payment."
_NEWS: Final[Mapping[Trigger, str]] = {
    Trigger.PAYMENT_SUCCEEDED: "{client} paid {invoice} for {deal}: {amount}.",
    Trigger.PAYMENT_FAILED: "A payment of {invoice} by {client} failed: {balance} is still open.",
    Trigger.INVOICE_CREATED: "{invoice} is made for {client}, {deal}: {amount}.",
    Trigger.INVOICE_SENT: "{invoice} is sent to {client}, {deal}: {amount}, due {due}.",
    Trigger.INVOICE_DUE: "{invoice} for {client}, {deal}, is due {due}: {balance}.",
    Trigger.INVOICE_OVERDUE: "{invoice} for {client}, {deal}, was due {due} and is overdue: {balance}.",
    Trigger.REFUND_CREATED: "Money for {invoice} was refunded to {client}.",
    Trigger.DISPUTE_OPENED: "{client} disputes a payment of {invoice}.",
    Trigger.SUBSCRIPTION_RENEWED: "{client} renewed the subscription of {invoice}, {deal}: {amount}.",
    Trigger.SUBSCRIPTION_CANCELLED: "The subscription of {invoice} by {client} is cancelled.",
    Trigger.ORDER_CREATED: "An order came in.",
}
_MAILS: Final[Mapping[Trigger, str]] = {
    Trigger.PAYMENT_SUCCEEDED: _THANKS,
    Trigger.PAYMENT_FAILED: "Your payment of {invoice} did not go through. Please try it once more.",
    Trigger.INVOICE_CREATED: "We have made invoice {invoice} for {deal}: {amount}, due {due}.",
    Trigger.INVOICE_SENT: "We have sent you invoice {invoice} for {deal}: {amount}, due {due}.",
    Trigger.INVOICE_DUE: "Invoice {invoice} for {deal} is due {due}: {balance}.",
    Trigger.INVOICE_OVERDUE: "Invoice {invoice} for {deal} was due {due}, and {balance} is still open.",
    Trigger.REFUND_CREATED: "We have refunded money for invoice {invoice}.",
    Trigger.DISPUTE_OPENED: "Your bank tells us that a payment of {invoice} is disputed. Please get in touch with us.",
    Trigger.SUBSCRIPTION_RENEWED: _THANKS,
    Trigger.SUBSCRIPTION_CANCELLED: "Your subscription for {deal} is cancelled.",
    Trigger.ORDER_CREATED: "Thank you for your order.",
}


def unsaid(action: Action, trigger: Trigger, name: str) -> str:
    """Return what a step says, its fields not filled in: its own text, or what its trigger stands for.

    `name` is the automation's, which is all there is to say of what runs by the calendar. "" for a step that says
    nothing of its own.
    """
    text = str(action.arguments.get("text") or "")
    if text or action.do in _SILENT:
        return text
    mails = action.do is ActionKind.EMAIL_CONTACT
    return (_MAILS if mails else _NEWS).get(trigger, name)


def words_of(automation: Automation, action: Action) -> str:
    """Return all that a step of the automation may say, whichever of its triggers starts it."""
    return " / ".join(dict.fromkeys(unsaid(action, trigger, automation.name) for trigger in automation.triggers))
