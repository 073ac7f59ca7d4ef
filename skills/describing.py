"""Automations in words: when each runs, what it does, and whether it asks before a client hears of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from billing.automations import ActionKind, Trigger
from billing.durations import duration
from billing.invoices import InvoiceKind
from skills.cards import Row, Tone
from skills.rules import in_words, listed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from billing.automations import Action, Automation, Conditions
    from billing.ports import Formats, Transaction

# What happens, with the invoice as `{it}` the first time that it is spoken of, and as “it” after that.
_WHEN: Final = {
    Trigger.PAYMENT_SUCCEEDED: "{it} is paid",
    Trigger.PAYMENT_FAILED: "a payment of {it} fails",
    Trigger.INVOICE_CREATED: "{it} is created",
    Trigger.INVOICE_SENT: "{it} is sent",
    Trigger.INVOICE_DUE: "{it} is due",
    Trigger.INVOICE_OVERDUE: "{it} becomes overdue",
    Trigger.REFUND_CREATED: "money for {it} is refunded",
    Trigger.DISPUTE_OPENED: "a payment of {it} is disputed",
    Trigger.SUBSCRIPTION_RENEWED: "the subscription of {it} is renewed",
    Trigger.SUBSCRIPTION_CANCELLED: "the subscription of {it} is cancelled",
    Trigger.ORDER_CREATED: "an order comes in",
}
# The same in a name.
_SHORTLY: Final = {
    Trigger.PAYMENT_SUCCEEDED: "{it} paid",
    Trigger.PAYMENT_FAILED: "payment failed",
    Trigger.INVOICE_CREATED: "{it} created",
    Trigger.INVOICE_SENT: "{it} sent",
    Trigger.INVOICE_DUE: "{it} due",
    Trigger.INVOICE_OVERDUE: "{it} overdue",
    Trigger.REFUND_CREATED: "money refunded",
    Trigger.DISPUTE_OPENED: "payment disputed",
    Trigger.SUBSCRIPTION_RENEWED: "subscription renewed",
    Trigger.SUBSCRIPTION_CANCELLED: "subscription cancelled",
    Trigger.ORDER_CREATED: "order came in",
}
_TURNS: Final = {"first": "it is the payment that pays it", "renewal": "it is a renewal"}
_ASKS: Final = (
    "Before it writes to a client, it asks in the channel each time. Once an admin switches it on, it does not."
)
_CONFIRMS: Final = "Your yes confirms exactly this: from then on it writes to clients without asking."
_UNITS: Final = (("week", 7 * 24 * 60), ("day", 24 * 60), ("hour", 60), ("minute", 1))
_NO_NAMES: Final[Mapping[str, str]] = {}


def happening(trigger: Trigger) -> str:
    """Return what happens, as the beginning of a sentence: “An invoice is paid”. Not for what runs at a time."""
    words = _WHEN[trigger].format(it="an invoice")
    return words[:1].upper() + words[1:]


def names_of(tx: Transaction, *automations: Automation) -> dict[str, str]:
    """Return what the clients and deals of their conditions are called, by number."""
    found: dict[str, str] = {}
    for where in (automation.where for automation in automations):
        contact = tx.contacts.find(where.contact) if where.contact else None
        deal = tx.opportunities.find(where.opportunity) if where.opportunity else None
        found |= {contact.number: contact.label} if contact else {}
        found |= {deal.number: deal.name} if deal else {}
    return found


def occasion(automation: Automation, formats: Formats, names: Mapping[str, str] = _NO_NAMES) -> str:
    """Return when it runs, as a clause: `when a deposit invoice of A$500.00 or more is paid`.

    `names` are what its client and its deal are called (see `names_of`).
    """
    ifs = f", if {listed(conditions)}" if (conditions := _conditions(automation.where)) else ""
    if automation.schedule is not None:
        reminds = any(action.do is ActionKind.SEND_REMINDER for action in automation.actions)
        each = f", for each overdue {_invoice(automation.where, formats, names)[0]}" if reminds else ""
        return f"{in_words(automation.schedule)}{each}{ifs}"
    invoice, article = _invoice(automation.where, formats, names)
    return f"{_side(automation)} {_happening(automation, f'{article} {invoice}')}{ifs}"


def _happening(automation: Automation, invoice: str) -> str:
    """Return what starts it, as a clause: `an invoice is paid or a payment of it fails`."""
    clauses, named = [], invoice
    for trigger in automation.triggers:
        clauses.append(_WHEN[trigger].format(it=named))
        named = "it" if "{it}" in _WHEN[trigger] else named
    return " or ".join(clauses)


def _side(automation: Automation) -> str:
    """Return what connects an automation to what starts it: `when`, `2 days after`, `3 days before`."""
    how_long = span(automation.after)
    if not how_long:
        return "when"
    return f"{how_long} {'before' if str(automation.after).startswith('-') else 'after'}"


def _invoice(where: Conditions, formats: Formats, names: Mapping[str, str]) -> tuple[str, str]:
    """Return the invoice that it is about, with its article: `deposit invoice for Bluebird`, `a`."""
    kind = f"{where.kind} " if where.kind else ""
    deal = names.get(where.opportunity or "", where.opportunity)
    of_deal = f"of the deal {deal}" if deal else ""
    client = names.get(where.contact or "", where.contact)
    whose = f"for {client}" if client else ""
    currency = f"in {where.currency}" if where.currency else ""
    parts = (f"{kind}invoice", _amounts(where, formats), currency, of_deal, whose)
    return " ".join(part for part in parts if part), "a" if kind else "an"


def _amounts(where: Conditions, formats: Formats) -> str:
    least, most = where.min_amount, where.max_amount
    if least and most:
        return f"of {formats.money(least)} to {formats.money(most)}"
    if least:
        return f"of {formats.money(least)} or more"
    return f"of at most {formats.money(most)}" if most else ""


def _conditions(where: Conditions) -> list[str]:
    """Return the conditions that are not about the invoice as such, each as a clause."""
    days = where.days_overdue
    found = [
        f"the deal is at {where.stage}" if where.stage else "",
        f"it is at least {days} day{'' if days == 1 else 's'} overdue" if days is not None else "",
        _TURNS.get(where.payment or "", ""),
        *(f"“{name}” holds, which I do not know, so it never runs" for name in where.unknown),
    ]
    return [clause for clause in found if clause]


def span(text: str | None) -> str:
    """Return a duration in words: `2 days`, `1 hour`; "" for none, or one of no time."""
    if text is None:
        return ""
    minutes = int(abs(duration(text)).total_seconds()) // 60
    said = []
    for unit, size in _UNITS:
        count, minutes = divmod(minutes, size)
        if count:
            said.append(f"{count} {unit}{'' if count == 1 else 's'}")
    return " and ".join(said)


def deed(action: Action) -> str:
    """Return what a step does, as a clause: `move the deal to won`."""
    arguments = action.arguments
    kind = arguments.get("kind", InvoiceKind.STANDARD.value)
    named = "an invoice" if kind == InvoiceKind.STANDARD else f"a {kind} invoice"
    to = str(arguments.get("to"))
    clauses = {
        ActionKind.POST_MESSAGE: f"post to {arguments.get('channel')}",
        ActionKind.MOVE_OPPORTUNITY: f"move the deal to {arguments.get('stage')}",
        ActionKind.EMAIL_CONTACT: "e-mail the client",
        ActionKind.CREATE_INVOICE: f"draft {named} for {_share(action)} and ask whether to send it",
        ActionKind.SEND_REMINDER: "remind the client",
        ActionKind.CALL_WEBHOOK: f"call {arguments.get('url')}",
        ActionKind.ASSIGN_TASK: f"give {to if to.startswith('@') else f'every {to}'} a task",
    }
    return clauses[action.do]


def _share(action: Action) -> str:
    arguments = action.arguments
    if "percent" in arguments:
        return f"{arguments['percent']}% of the deal"
    return str(arguments.get("amount", "what is left of the deal"))


def timed_deed(action: Action) -> str:
    """Return what a step does and how long after the one before it: `2 days later remind the client`."""
    wait = span(action.after)
    return f"{wait} later {deed(action)}" if wait else deed(action)


def deeds(automation: Automation) -> str:
    """Return all that it does, in order."""
    return ", then ".join(timed_deed(action) for action in automation.actions)


def sentence(automation: Automation, formats: Formats, names: Mapping[str, str] = _NO_NAMES) -> str:
    """Return what it is, in one sentence: `When an invoice is paid: e-mail the client.`."""
    whole = f"{occasion(automation, formats, names)}: {deeds(automation)}."
    return whole[0].upper() + whole[1:]


def title(automation: Automation) -> str:
    """Return a name for one that nobody named: `Deposit paid: move the deal to won`."""
    kind = automation.where.kind
    if automation.schedule is not None:
        when = in_words(automation.schedule)
    elif span(automation.after):
        when = f"{_side(automation)} {_happening(automation, f'a {kind} invoice' if kind else 'an invoice')}"
    else:
        when = " or ".join(_SHORTLY[trigger].format(it=kind or "invoice") for trigger in automation.triggers)
    whole = f"{when}: {deed(automation.actions[0])}"
    return (whole[0].upper() + whole[1:])[:120]


def caution(automation: Automation, formats: Formats) -> str:
    """Return whether it asks before a client hears of anything; "" where no client ever does."""
    if not automation.reaches_client:
        return ""
    if automation.unattended and automation.confirmed_at is not None:
        at = formats.moment(automation.confirmed_at)
        return f"Writes to clients without asking: {automation.confirmed_by} confirmed exactly this on {at}."
    return _ASKS


def promise(automation: Automation, *, confirming: bool) -> str:
    """Return what a yes to it means; `confirming`: it would be an admin's. "" where no client hears of anything."""
    if not automation.reaches_client:
        return ""
    return _CONFIRMS if confirming else _ASKS


def automation_row(automation: Automation, formats: Formats, names: Mapping[str, str] = _NO_NAMES) -> Row:
    """Return an automation as a line of a list."""
    parts = (sentence(automation, formats, names), caution(automation, formats))
    return Row(
        title=f"{automation.number} · {automation.name}",
        value="on" if automation.active else "off",
        detail=" ".join(part for part in parts if part),
        tone=Tone.GOOD if automation.active else Tone.NEUTRAL,
    )
