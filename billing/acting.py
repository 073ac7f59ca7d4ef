"""What an automation's action does, inside one transaction: every message it causes is an outbox row."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from billing.asking import Question, Why, ask
from billing.automations import ActionKind
from billing.conversations import SkillCall
from billing.errors import UnknownRecord
from billing.invoices import InvoiceKind
from billing.invoicing import WantedInvoice, create_invoice
from billing.mail import MailTemplate
from billing.merging import filled
from billing.opportunities import Stage
from billing.queues import OutboxKind, OutboxMessage
from billing.reminding import require_wanted
from billing.roles import Role
from billing.sending import Sending, queue_mail, recipients, require_remindable
from billing.unsaid import unsaid

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from billing.automations import Action, Automation, Trigger
    from billing.ports import Formats, Transaction


@dataclass(frozen=True, slots=True)
class Occasion:
    """What an action is done for: the invoice ("" for none), and when. `key` makes a repeat do nothing more.

    `approved` says that a person said yes to just this, so that it may reach who wants no reminders by themselves.
    """

    invoice: str
    key: str
    now: datetime
    today: date
    formats: Formats
    automation: Automation
    trigger: Trigger | None = None
    approved: bool = False


@dataclass(frozen=True, slots=True)
class Did:
    """What was done, as a clause. `on_its_way`: it is a message in the outbox, and what came of it is told later.

    `proposal` is the id of the card that asks what comes next of it.
    """

    text: str
    on_its_way: bool = False
    proposal: str | None = None


def act(tx: Transaction, action: Action, occasion: Occasion) -> Did:
    """Do one action; raises BillingError where it cannot be done."""
    return _ACTS[action.do](tx, action, occasion)


def text_of(tx: Transaction, action: Action, occasion: Occasion) -> str:
    """Return the action's text filled in, or what is said where it has none; "" for one that says nothing."""
    trigger = occasion.trigger or occasion.automation.trigger
    text = unsaid(action, trigger, occasion.automation.name)
    if not occasion.invoice and "{" in text and not action.arguments.get("text"):
        text = occasion.automation.name  # there is no invoice to tell the news of
    return filled(tx, text, occasion.invoice, occasion.formats, occasion.today)


def _post(tx: Transaction, action: Action, occasion: Occasion) -> Did:
    channel, text = str(action.arguments["channel"]), text_of(tx, action, occasion)
    _send(tx, occasion, OutboxKind.SAY, f"channel:{channel}", {"channel": channel, "text": text})
    return Did(f"posted to {channel}", on_its_way=True)


def _assign(tx: Transaction, action: Action, occasion: Occasion) -> Did:
    """Write to one member (`@Sam`), or to all of a role (`admin`)."""
    to, text = str(action.arguments["to"]), text_of(tx, action, occasion)
    name = to.removeprefix("@")
    roles = [role for role in Role if role.value == to]
    here = [member for member in tx.people.members() if not member.away]
    told = [m.name for m in here if m.name.casefold() == name.casefold() or m.role in roles]
    if not told:
        raise UnknownRecord(f"There is nobody here who is {to}, so nobody was given the task.")
    for member in told:
        _send(tx, occasion, OutboxKind.SAY, f"member:{member}", {"member": member, "text": text}, of=member)
    return Did(f"told {' and '.join(told)}", on_its_way=True)


def _move(tx: Transaction, action: Action, occasion: Occasion) -> Did:
    stage = Stage(action.arguments["stage"])
    opportunity = tx.opportunities.get(tx.invoices.get(occasion.invoice).opportunity, lock=True)
    tx.opportunities.save(replace(opportunity, stage=stage))
    return Did(f"moved {opportunity.name} to {stage.value}")


def _note(tx: Transaction, action: Action, occasion: Occasion) -> Did:
    return _mail(tx, occasion, MailTemplate.NOTE, text_of(tx, action, occasion))


def _remind(tx: Transaction, action: Action, occasion: Occasion) -> Did:
    # Locked, so that the schedule does not remind in the same instant.
    invoice = tx.invoices.get(occasion.invoice, lock=True)
    require_remindable(tx, invoice)
    if not occasion.approved:
        require_wanted(tx, invoice, occasion.key, now=occasion.now)
    return _mail(tx, occasion, MailTemplate.REMINDER, text_of(tx, action, occasion))


def _mail(tx: Transaction, occasion: Occasion, template: MailTemplate, message: str) -> Did:
    who = recipients(tx, tx.invoices.get(occasion.invoice))
    sending = Sending(occasion.invoice, None, message, occasion.key, unasked=not occasion.approved)
    queue_mail(tx, template, sending, who, now=occasion.now)
    return Did(f"e-mailed {who}", on_its_way=True)


def _invoice(tx: Transaction, action: Action, occasion: Occasion) -> Did:
    """Make the next invoice as a draft, and ask in the channel whether it goes out."""
    arguments = action.arguments
    wanted = WantedInvoice(
        opportunity=tx.invoices.get(occasion.invoice).opportunity,
        kind=InvoiceKind(arguments.get("kind", InvoiceKind.STANDARD)),
        amount=arguments.get("amount"),
        percent=arguments.get("percent"),
        request_key=occasion.key,
    )
    made = create_invoice(tx, wanted, now=occasion.now, today=occasion.today).invoice.number
    link = () if tx.connections.active() is None else (SkillCall("create_payment_link", {"invoice": made}),)
    calls = (*link, SkillCall("send_invoice", {"invoice": made}))
    number, key = occasion.automation.number, occasion.key
    asked = ask(tx, Question(calls, number, made, occasion.trigger, Why.NEXT_INVOICE, key), now=occasion.now)
    return Did(f"created {made} as a draft and asked whether to send it", proposal=asked)


def _call(tx: Transaction, action: Action, occasion: Occasion) -> Did:
    url = str(action.arguments["url"])
    key = f"{occasion.key}:{OutboxKind.WEBHOOK.value}"
    payload = {"url": url, "step": occasion.key, "body": _told(tx, occasion)}
    # Each in a lane of its own: an address that is away for a day must not keep the others waiting.
    tx.send(OutboxMessage(tx.workspace_id, key, OutboxKind.WEBHOOK, key, payload, occasion.now))
    return Did(f"calling {url}", on_its_way=True)


def _told(tx: Transaction, occasion: Occasion) -> dict[str, Any]:
    """Return what another system is told, as the Standard Webhooks specification advises: type, timestamp, data."""
    data: dict[str, Any] = {"automation": occasion.automation.number}
    if occasion.invoice:
        invoice = tx.invoices.get(occasion.invoice)
        data |= {
            "invoice": invoice.number,
            "opportunity": invoice.opportunity,
            "contact": invoice.contact,
            "kind": invoice.kind.value,
            "status": invoice.status_on(occasion.today),
            "amount": str(invoice.total),
            "currency": invoice.total.currency,
            "balance": str(invoice.balance),
            "due": invoice.due_on.isoformat(),
        }
    kind = occasion.trigger.value if occasion.trigger else "automation"
    return {"type": kind, "timestamp": occasion.now.isoformat(), "data": data}


def _send(  # noqa: PLR0913 - a message, where it goes, and its key
    tx: Transaction, occasion: Occasion, kind: OutboxKind, lane: str, payload: dict[str, str], *, of: str = ""
) -> None:
    key = f"{occasion.key}:{kind.value}:{of}" if of else f"{occasion.key}:{kind.value}"
    tx.send(OutboxMessage(tx.workspace_id, key, kind, lane, {**payload, "step": occasion.key}, occasion.now))


_ACTS: Final[dict[ActionKind, Callable[[Transaction, Action, Occasion], Did]]] = {
    ActionKind.POST_MESSAGE: _post,
    ActionKind.MOVE_OPPORTUNITY: _move,
    ActionKind.EMAIL_CONTACT: _note,
    ActionKind.SEND_REMINDER: _remind,
    ActionKind.CREATE_INVOICE: _invoice,
    ActionKind.CALL_WEBHOOK: _call,
    ActionKind.ASSIGN_TASK: _assign,
}
