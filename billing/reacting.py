"""What follows from a domain event, in the same transaction: news for a channel and runs of automations.

Each consequence is an outbox row with a key made of the event's, so an event that is seen again changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from billing.automations import Trigger
from billing.queues import OutboxKind, OutboxMessage
from billing.redrawing import changed
from billing.starting import has_lead, start

if TYPE_CHECKING:
    from billing.events import DomainEvent
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


def publish(tx: Transaction, event: DomainEvent) -> None:
    """Put into the outbox what follows from the event: the news of it, and the steps of automations."""
    notify(tx, event)
    changed(tx, event.invoice, event.key, now=event.occurred_at)
    start(tx, event, [one for one in tx.automations.listening(event.trigger) if not has_lead(one)])


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
