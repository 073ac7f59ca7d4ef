"""What an automation's action does, inside one transaction: every message it causes is an outbox row."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, assert_never

from billing.automations import ActionKind
from billing.errors import BadArgument, InvoiceClosed
from billing.invoices import InvoiceKind
from billing.invoicing import WantedInvoice, create_invoice
from billing.opportunities import Stage
from billing.queues import OutboxKind, OutboxMessage
from billing.sending import recipient

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from billing.automations import Action
    from billing.ports import Transaction

_THANKS = "Thank you for your payment."


@dataclass(frozen=True, slots=True)
class Occasion:
    """What an action is done for: the invoice, and when. `key` makes a repeat do nothing more."""

    invoice: str
    key: str
    now: datetime
    today: date


def act(tx: Transaction, action: Action, occasion: Occasion) -> str:
    """Do one action and return what was done, as a clause; raises BillingError where it cannot be done."""
    text = str(action.arguments.get("text") or "")
    match action.do:
        case ActionKind.POST_MESSAGE:
            return _post(tx, occasion, str(action.arguments["channel"]), text)
        case ActionKind.MOVE_OPPORTUNITY:
            return _move(tx, occasion, Stage(action.arguments["stage"]))
        case ActionKind.EMAIL_CONTACT:
            return _mail(tx, occasion, "note", text or _THANKS)
        case ActionKind.SEND_REMINDER:
            return _remind(tx, occasion, text)
        case ActionKind.CREATE_INVOICE:
            return _invoice(tx, occasion, action.arguments)
        case ActionKind.CALL_WEBHOOK:
            raise BadArgument("Calling webhooks is not part of this version of Evie yet.")
        case _:
            assert_never(action.do)


def _post(tx: Transaction, occasion: Occasion, channel: str, text: str) -> str:
    payload = {"channel": channel, "text": text or f"There is news of {occasion.invoice}."}
    _send(tx, occasion, OutboxKind.SAY, f"channel:{channel}", payload)
    return f"posted to {channel}"


def _move(tx: Transaction, occasion: Occasion, stage: Stage) -> str:
    opportunity = tx.opportunities.get(tx.invoices.get(occasion.invoice).opportunity, lock=True)
    tx.opportunities.save(replace(opportunity, stage=stage))
    return f"moved {opportunity.name} to {stage.value}"


def _remind(tx: Transaction, occasion: Occasion, text: str) -> str:
    invoice = tx.invoices.get(occasion.invoice)
    if not invoice.payable:
        raise InvoiceClosed(f"{invoice.number} is {invoice.status}: nobody is reminded of it.")
    return _mail(tx, occasion, "reminder", text)


def _mail(tx: Transaction, occasion: Occasion, template: str, message: str) -> str:
    to = recipient(tx, tx.invoices.get(occasion.invoice), None)
    payload = {"template": template, "invoice": occasion.invoice, "to": to, "message": message}
    _send(tx, occasion, OutboxKind.MAIL, f"mail:{occasion.invoice}", payload)
    return f"e-mailed {to}"


def _invoice(tx: Transaction, occasion: Occasion, arguments: Mapping[str, str]) -> str:
    wanted = WantedInvoice(
        opportunity=tx.invoices.get(occasion.invoice).opportunity,
        kind=InvoiceKind(arguments.get("kind", InvoiceKind.STANDARD)),
        amount=arguments.get("amount"),
        percent=arguments.get("percent"),
        request_key=occasion.key,
    )
    made = create_invoice(tx, wanted, now=occasion.now, today=occasion.today)
    return f"created {made.invoice.number}"


def _send(tx: Transaction, occasion: Occasion, kind: OutboxKind, lane: str, payload: dict[str, str]) -> None:
    key = f"{occasion.key}:{kind.value}"
    tx.send(OutboxMessage(tx.workspace_id, key, kind, lane, payload, occasion.now))
