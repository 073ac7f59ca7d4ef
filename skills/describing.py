"""Automations in words: when each runs, what it does, and whether it asks before a client hears of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from billing.automations import ActionKind, Trigger
from billing.durations import duration
from skills.cards import Row, Tone
from skills.rules import in_words

if TYPE_CHECKING:
    from billing.automations import Action, Automation, Conditions
    from billing.ports import Formats

_WHEN: Final = {
    Trigger.PAYMENT_SUCCEEDED: "when {invoice} is paid",
    Trigger.PAYMENT_FAILED: "when a payment of {invoice} fails",
    Trigger.INVOICE_CREATED: "when {invoice} is created",
    Trigger.INVOICE_SENT: "when {invoice} is sent",
    Trigger.INVOICE_DUE: "when {invoice} is due",
    Trigger.INVOICE_OVERDUE: "when {invoice} is overdue",
    Trigger.REFUND_CREATED: "when money of {invoice} is refunded",
    Trigger.DISPUTE_OPENED: "when a payment of {invoice} is disputed",
    Trigger.SUBSCRIPTION_RENEWED: "when the subscription of {invoice} is renewed",
    Trigger.SUBSCRIPTION_CANCELLED: "when the subscription of {invoice} is cancelled",
    Trigger.ORDER_CREATED: "when an order comes in",
}
_OCCASIONS: Final = {
    Trigger.PAYMENT_SUCCEEDED: "paid",
    Trigger.PAYMENT_FAILED: "payment failed",
    Trigger.INVOICE_CREATED: "created",
    Trigger.INVOICE_SENT: "sent",
    Trigger.INVOICE_DUE: "due",
    Trigger.INVOICE_OVERDUE: "overdue",
    Trigger.REFUND_CREATED: "refunded",
    Trigger.DISPUTE_OPENED: "disputed",
    Trigger.SUBSCRIPTION_RENEWED: "subscription renewed",
    Trigger.SUBSCRIPTION_CANCELLED: "subscription cancelled",
    Trigger.ORDER_CREATED: "order came in",
}
_UNITS: Final = (("week", 7 * 24 * 60), ("day", 24 * 60), ("hour", 60), ("minute", 1))


def occasion(automation: Automation, formats: Formats) -> str:
    """Return when it runs, as a clause: `when a deposit invoice of A$500.00 or more is paid`."""
    if automation.schedule is not None:
        return in_words(automation.schedule)
    where = automation.where
    invoice = f"a {where.kind} invoice" if where.kind else "an invoice"
    if amounts := _amounts(where, formats):
        invoice = f"{invoice} {amounts}"
    clauses = [_WHEN[trigger].format(invoice=invoice) for trigger in automation.triggers]
    narrowed = ", ".join(_narrowed(where))
    clause = " or ".join(clauses) + (f" ({narrowed})" if narrowed else "")
    return f"{span(automation.after)} {_side(automation)} {clause}" if automation.after else clause


def _side(automation: Automation) -> str:
    return "before" if (automation.after or "").startswith("-") else "after"


def _amounts(where: Conditions, formats: Formats) -> str:
    least = f"of {formats.money(where.min_amount)} or more" if where.min_amount else ""
    most = f"of at most {formats.money(where.max_amount)}" if where.max_amount else ""
    return " and ".join(part for part in (least, most) if part)


def _narrowed(where: Conditions) -> list[str]:
    """Return the other conditions, each as people would write it in brackets."""
    stage = f"the deal is {where.stage}" if where.stage else None
    days = f"at least {where.days_overdue} days overdue" if where.days_overdue is not None else None
    turn = f"{where.payment} payment" if where.payment else None
    unknown = [f"“{name}”, which I do not know, so it never runs" for name in where.unknown]
    parts = [where.contact, where.opportunity, where.currency, stage, turn, days, *unknown]
    return [part for part in parts if part]


def span(text: str | None) -> str:
    """Return a duration in words: `2 days`, `1 hour`; "" for none."""
    if text is None:
        return ""
    minutes = int(abs(duration(text)).total_seconds()) // 60
    said = []
    for unit, size in _UNITS:
        count, minutes = divmod(minutes, size)
        if count:
            said.append(f"{count} {unit}{'' if count == 1 else 's'}")
    return " and ".join(said) or "no time"


def deed(action: Action) -> str:
    """Return what a step does, as a clause: `move the deal to won`."""
    arguments = action.arguments
    part = f"{arguments['percent']}%" if "percent" in arguments else arguments.get("amount", "what is left")
    clauses = {
        ActionKind.POST_MESSAGE: f"post to {arguments.get('channel')}",
        ActionKind.MOVE_OPPORTUNITY: f"move the deal to {arguments.get('stage')}",
        ActionKind.EMAIL_CONTACT: "e-mail the client",
        ActionKind.CREATE_INVOICE: f"draft a {arguments.get('kind', 'standard')} invoice ({part}) and ask to send it",
        ActionKind.SEND_REMINDER: "remind the client",
        ActionKind.CALL_WEBHOOK: f"call {arguments.get('url')}",
        ActionKind.ASSIGN_TASK: f"give {arguments.get('to')} a task",
    }
    wait = f" {span(action.after)} later" if action.after else ""
    return clauses[action.do] + wait


def deeds(automation: Automation) -> str:
    """Return all that it does, in order."""
    return ", then ".join(deed(action) for action in automation.actions)


def sentence(automation: Automation, formats: Formats) -> str:
    """Return what it is, in one sentence: `When an invoice is paid: e-mail the client.`."""
    whole = f"{occasion(automation, formats)}: {deeds(automation)}."
    return whole[0].upper() + whole[1:]


def title(automation: Automation) -> str:
    """Return a name for one that nobody named: `Deposit paid: move the deal to won`."""
    where = automation.where
    if automation.schedule is not None:
        when = in_words(automation.schedule)
    else:
        when = " or ".join(_OCCASIONS[trigger] for trigger in automation.triggers)
        when = f"{where.kind or 'invoice'} {when}" if automation.trigger is not Trigger.ORDER_CREATED else when
    if automation.after:
        when = f"{span(automation.after)} {_side(automation)} {when}"
    whole = f"{when}: {deed(automation.actions[0])}"
    return (whole[0].upper() + whole[1:])[:120]


def caution(automation: Automation, formats: Formats) -> str:
    """Return whether it asks before a client hears of anything; "" where no client ever does."""
    if not automation.reaches_client:
        return ""
    if automation.unattended and automation.confirmed_at is not None:
        at = formats.moment(automation.confirmed_at)
        return f"Writes to clients without asking: {automation.confirmed_by} confirmed exactly this on {at}."
    return "Before it writes to a client, it asks in the channel each time. Once an admin switches it on, it does not."


def automation_row(automation: Automation, formats: Formats) -> Row:
    """Return an automation as a line of a list."""
    parts = (sentence(automation, formats), caution(automation, formats))
    return Row(
        title=f"{automation.number} · {automation.name}",
        value="on" if automation.active else "off",
        detail=" ".join(part for part in parts if part),
        tone=Tone.GOOD if automation.active else Tone.NEUTRAL,
    )
