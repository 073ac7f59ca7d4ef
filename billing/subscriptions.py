"""Subscriptions: what a recurring payment link started, as Stripe knows it, and until when it runs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from billing.money import Money
    from billing.payments import Interval


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
    where it is set to cancel then. `observed_at` is when Stripe was asked, None for a fresh answer; `ended_at` when it
    ended, by Stripe's clock.
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
    ended_at: datetime | None = None
