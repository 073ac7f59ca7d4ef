"""Ready-made automations: what most businesses want sooner or later, switched on by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from billing.automations import Action, ActionKind, Conditions, PaymentTurn, Trigger
from billing.money import Money, exponent

if TYPE_CHECKING:
    from collections.abc import Callable

_BIG: Final = 5000
_THANKS: Final = "Thank you, {client}! Your payment of {amount} for {deal} has arrived."
_HOORAY: Final = "🎉 {client} just paid {amount} for {deal}."
_PING: Final = "A renewal of {invoice} ({client}) failed: please look after it."


@dataclass(frozen=True, slots=True)
class Ready:
    """A ready-made automation: its title, what starts it, and its steps in the channel that it is to post to.

    `where` makes the conditions for the workspace's currency.
    """

    title: str
    trigger: Trigger
    actions: Callable[[str], tuple[Action, ...]]
    where: Callable[[str], Conditions]


def _anything(_currency: str) -> Conditions:
    return Conditions()


def _big(currency: str) -> Conditions:
    return Conditions(min_amount=Money(_BIG * 10 ** exponent(currency), currency))


_THANK: Final = (Action(ActionKind.EMAIL_CONTACT, {"text": _THANKS}),)
_WIN: Final = (
    Action(ActionKind.MOVE_OPPORTUNITY, {"stage": "won"}),
    Action(ActionKind.CREATE_INVOICE, {"kind": "progress", "percent": "40"}),
)
_DUN: Final = tuple(Action(ActionKind.SEND_REMINDER, {}, after) for after in ("P3D", "P7D", "P14D"))
_OWNER: Final = (Action(ActionKind.ASSIGN_TASK, {"to": "admin", "text": _PING}),)

READY: Final = {
    "thank_you": Ready("Thank-you", Trigger.PAYMENT_SUCCEEDED, lambda _: _THANK, _anything),
    "deposit_paid": Ready(
        "Deposit paid", Trigger.PAYMENT_SUCCEEDED, lambda _: _WIN, lambda _: Conditions(kind="deposit")
    ),
    "dunning": Ready("Dunning", Trigger.INVOICE_OVERDUE, lambda _: _DUN, _anything),
    "renewal_failed": Ready(
        "Renewal failed",
        Trigger.PAYMENT_FAILED,
        lambda _: _OWNER,
        lambda _: Conditions(payment=PaymentTurn.RENEWAL.value),
    ),
    "big_payment": Ready(
        "Big payment",
        Trigger.PAYMENT_SUCCEEDED,
        lambda channel: (Action(ActionKind.POST_MESSAGE, {"channel": channel, "text": _HOORAY}),),
        _big,
    ),
}
WORDS: Final = {
    "thank_you": ("thank-you", "thanks", "thank you note"),
    "deposit_paid": ("deposit to won", "deposit won progress", "deposit paid wins the deal"),
    "dunning": ("overdue reminders", "chasing", "payment chasing"),
    "renewal_failed": ("failed renewal", "failed renewals"),
    "big_payment": ("big payments", "celebration", "celebrate big payments"),
}
