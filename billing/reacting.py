"""What follows from a domain event, in the same transaction: news for a channel and runs of automations.

Each consequence is an outbox row with a key made of the event's, so an event that is seen again changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from billing.news_channels import channel_of_news
from billing.queues import OutboxKind, OutboxMessage
from billing.redrawing import changed
from billing.starting import has_lead, start

if TYPE_CHECKING:
    from datetime import datetime

    from billing.events import DomainEvent
    from billing.invoices import Invoice
    from billing.ports import Transaction


def publish(tx: Transaction, event: DomainEvent) -> None:
    """Put into the outbox what follows from the event: the news of it, and the steps of automations."""
    notify(tx, event)
    changed(tx, event.invoice, event.key, now=event.occurred_at)
    start(tx, event, [one for one in tx.automations.listening(event.trigger) if not has_lead(one)])


def notify(tx: Transaction, event: DomainEvent) -> None:
    """Put the news of the event into the outbox, for the channel that is set for it, and start nothing."""
    key, at = f"notify:{event.key}", event.occurred_at
    announce(tx, event.trigger, key, invoice=event.invoice, payment=event.payment, at=at, record=event.record)


def announce(  # noqa: PLR0913 - what a row of news holds
    tx: Transaction,
    news: str,
    key: str,
    *,
    invoice: str,
    payment: str | None,
    at: datetime,
    record: Invoice | None = None,
) -> None:
    """Put a piece of news (a trigger, or what `billing.news` knows beside them) into the outbox, once for each key.

    `record` is the invoice of that number where it is known.
    """
    channel = channel_of_news(tx, news, invoice, record)
    if channel is None:
        return
    payload = {"event": str(news), "invoice": invoice, "payment": payment, "channel": channel}
    lane = f"channel:{channel}"
    tx.send(OutboxMessage(tx.workspace_id, key, OutboxKind.NOTIFY, lane, payload, at))
