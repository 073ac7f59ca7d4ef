"""Subscriptions: what a recurring payment link started, as Stripe knows it, until when it runs, and that it ended."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from billing.automations import Trigger
from billing.events import DomainEvent
from billing.reacting import publish

if TYPE_CHECKING:
    from datetime import datetime

    from billing.money import Money
    from billing.payments import Interval
    from billing.ports import Transaction


class SubscriptionStatus(StrEnum):
    """Stripe's own words for how a subscription is."""

    INCOMPLETE = "incomplete"
    INCOMPLETE_EXPIRED = "incomplete_expired"
    TRIALING = "trialing"
    ACTIVE = "active"
    PAST_DUE = "past_due"
    UNPAID = "unpaid"
    PAUSED = "paused"
    CANCELED = "canceled"

    @property
    def ended(self) -> bool:
        """Whether it will never charge again; Stripe revives none that has ended."""
        return self in {SubscriptionStatus.CANCELED, SubscriptionStatus.INCOMPLETE_EXPIRED}


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscription; (account, Stripe id) is unique. The account is "" for one that only an import told of.

    `money` is charged each `interval_count` intervals; `current_period_end` is when the next charge is, or the end
    where it is set to cancel then. `observed_at` is when Stripe was asked, None for a fresh answer.
    """

    workspace_id: str
    stripe_subscription_id: str
    stripe_account_id: str
    livemode: bool
    invoice: str
    status: SubscriptionStatus
    interval: Interval
    interval_count: int
    money: Money
    started_at: datetime
    current_period_end: datetime | None = None
    cancel_at_period_end: bool = False
    observed_at: datetime | None = None


def keep(tx: Transaction, found: Subscription, *, now: datetime) -> bool:
    """Set the record to what Stripe says, and tell of its end once; say whether that was news.

    `now` is the instant before Stripe was asked. Raises UnknownRecord where the workspace has no such invoice.
    """
    tx.invoices.get(found.invoice, lock=True)
    known = tx.subscriptions.find(found.stripe_account_id, found.stripe_subscription_id)
    if known is not None and (known.status.ended or (known.observed_at is not None and known.observed_at > now)):
        return False
    current = replace(found, observed_at=now)
    tx.subscriptions.put(current)
    if current.status is SubscriptionStatus.CANCELED:
        key = f"subscription_cancelled:{current.stripe_subscription_id}"
        publish(tx, DomainEvent(tx.workspace_id, Trigger.SUBSCRIPTION_CANCELLED, key, now, current.invoice))
    return known is None or replace(known, observed_at=now) != current
