"""Subscriptions as lines of a list: of what is asked for, and of the digest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billing.subscriptions import SubscriptionStatus
from skills.cards import Row, Tone
from skills.presenting import plain

if TYPE_CHECKING:
    from billing.ports import Formats
    from billing.subscriptions import Subscription
    from skills.presenting import InvoiceView

_SUBSCRIPTION_TONES = {
    SubscriptionStatus.ACTIVE: Tone.GOOD,
    SubscriptionStatus.TRIALING: Tone.GOOD,
    SubscriptionStatus.CANCELED: Tone.NEUTRAL,
    SubscriptionStatus.INCOMPLETE_EXPIRED: Tone.NEUTRAL,
}


def subscription_row(subscription: Subscription, shown: InvoiceView, formats: Formats) -> Row:
    """Return a subscription as a line of a list."""
    often = formats.interval(subscription.interval, subscription.interval_count)
    parts = [shown.opportunity.name, plain(subscription.status)]
    if subscription.current_period_end is not None and not subscription.status.ended:
        word = "ends" if subscription.cancel_at_period_end else "next"
        parts.append(f"{word} {formats.moment(subscription.current_period_end)}")
    return Row(
        title=f"{subscription.invoice} · {shown.client}",
        value=f"{formats.money(subscription.money)} {often}",
        detail=" · ".join(parts),
        tone=_SUBSCRIPTION_TONES.get(subscription.status, Tone.WARNING),
    )
