"""Stripe's events as inbox rows: by webhook or asked for later, an event has one key, so it is handled once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from billing.queues import InboxEvent, Source

if TYPE_CHECKING:
    from datetime import datetime


class StripeEvent(Protocol):
    """An event of Stripe. `account` is the connected account, None for the key's own."""

    @property
    def id(self) -> str:
        """Stripe's event id, unique in its account."""

    @property
    def type(self) -> str:
        """Stripe's event type."""

    @property
    def account(self) -> str | None:
        """The connected account that the event is of."""

    @property
    def livemode(self) -> bool:
        """Whether it is about real money."""

    @property
    def created(self) -> datetime:
        """When it happened, in whole seconds."""

    @property
    def object_id(self) -> str:
        """The object that the event is about, "" where it has none."""


def stripe_row(event: StripeEvent, body: bytes, now: datetime) -> InboxEvent:
    """Return the row of an event; those about one object are handled one after the other."""
    return InboxEvent(
        source=Source.STRIPE,
        key=f"{event.account or ''}:{event.id}",
        kind=event.type,
        lane=event.object_id,
        body=body,
        received_at=now,
    )
