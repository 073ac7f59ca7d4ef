"""What follows from a domain event, in the same transaction: news for a channel and runs of automations.

Each consequence is an outbox row with a key made of the event's, so an event that is seen again changes nothing.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from billing.automations import AutomationRun, Trigger
from billing.queues import OutboxKind, OutboxMessage

if TYPE_CHECKING:
    from datetime import datetime

    from billing.automations import Automation, Conditions
    from billing.events import DomainEvent
    from billing.invoices import Invoice
    from billing.ports import Transaction

# What a channel is told of when no events were named: what clients and Stripe do, not what the team just did itself.
NEWS: Final = (
    Trigger.PAYMENT_SUCCEEDED,
    Trigger.PAYMENT_FAILED,
    Trigger.REFUND_CREATED,
    Trigger.DISPUTE_OPENED,
    Trigger.SUBSCRIPTION_RENEWED,
    Trigger.SUBSCRIPTION_CANCELLED,
    Trigger.INVOICE_OVERDUE,
)
_DURATION: Final = re.compile(
    r"(?P<sign>-?)P(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?)?"
)


def publish(tx: Transaction, event: DomainEvent) -> None:
    """Put into the outbox what follows from the event: the news of it, and the runs of automations."""
    notify(tx, event)
    invoice = tx.invoices.get(event.invoice)
    for automation in tx.automations.list(active=True, trigger=event.trigger):
        if _holds(automation.where, invoice):
            _start(tx, automation, event)


def notify(tx: Transaction, event: DomainEvent) -> None:
    """Put the news of the event into the outbox, for the channel that is set for it, and start nothing."""
    for route in tx.people.routes():
        if route.event == event.trigger:
            tx.send(
                OutboxMessage(
                    workspace_id=tx.workspace_id,
                    key=f"notify:{event.key}",
                    kind=OutboxKind.NOTIFY,
                    lane=f"channel:{route.channel}",
                    payload={
                        "event": event.trigger.value,
                        "invoice": event.invoice,
                        "payment": event.payment,
                        "channel": route.channel,
                    },
                    created_at=event.occurred_at,
                ),
            )


def _holds(where: Conditions, invoice: Invoice) -> bool:
    """Say whether all conditions hold. `min_amount` compares only within its own currency."""
    least = where.min_amount
    return (
        where.kind in {None, invoice.kind.value}
        and where.contact in {None, invoice.contact}
        and where.opportunity in {None, invoice.opportunity}
        and (least is None or (least.currency == invoice.total.currency and least <= invoice.total))
    )


def _start(tx: Transaction, automation: Automation, event: DomainEvent) -> None:
    # Not the event's key: “once per invoice and automation” holds even when Stripe tells one payment in two ways.
    key = f"{automation.number}:{event.trigger.value}:{event.invoice}"
    run = AutomationRun(tx.workspace_id, key, automation.number, event.invoice, event.occurred_at)
    if not tx.automations.add_run(run):
        return
    for position, _ in enumerate(automation.actions):
        tx.send(
            OutboxMessage(
                workspace_id=tx.workspace_id,
                key=f"action:{key}:{position}",
                kind=OutboxKind.ACTION,
                lane=f"run:{key}",
                payload={"automation": automation.number, "run": key, "position": position, "invoice": event.invoice},
                created_at=event.occurred_at,
                not_before=_due(event.occurred_at, automation.after),
            ),
        )


def _due(moment: datetime, after: str | None) -> datetime | None:
    return moment + duration(after) if after else None


def duration(text: str) -> timedelta:
    """Read an ISO 8601 duration of weeks, days, hours and minutes; raises ValueError for anything else."""
    found = _DURATION.fullmatch(text)
    if not found or not any(found.group(part) for part in ("weeks", "days", "hours", "minutes")):
        raise ValueError(f"{text} is not a duration such as P2D or PT1H")
    parts = {name: int(value) for name, value in found.groupdict().items() if name != "sign" and value}
    span = timedelta(**parts)
    return -span if found.group("sign") else span
