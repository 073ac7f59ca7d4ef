"""Subscriptions of one account, in our words: what a recurring link started."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from stripe import Subscription as StripeSubscription

from billing.payments import Interval
from billing.subscriptions import Subscription, SubscriptionStatus
from integrations.stripe_errors import in_our_words
from integrations.stripe_links import named
from integrations.stripe_money import from_stripe

if TYPE_CHECKING:
    from integrations.stripe_account import StripeAccount


class StripeSubscriptions:
    """Reads and ends subscriptions. What carries no name of ours is somebody else's and yields nothing."""

    def __init__(self, account: StripeAccount) -> None:
        self._account = account
        self._v1 = account.client.v1

    def of_link(self, stripe_payment_link_id: str) -> list[Subscription]:
        """Return the subscriptions that the link's checkout sessions started."""
        with in_our_words():
            sessions = self._v1.checkout.sessions.list(
                {"payment_link": stripe_payment_link_id, "limit": 100, "expand": ["data.subscription"]},
                self._account.options(),
            )
            started = [session.subscription for session in sessions.auto_paging_iter()]
            return [found for one in started if isinstance(one, StripeSubscription) for found in self._record(one)]

    def of_id(self, stripe_subscription_id: str) -> list[Subscription]:
        """Return the subscription as it is now, [] where it is not ours."""
        with in_our_words():
            return self._record(
                self._v1.subscriptions.retrieve(stripe_subscription_id, options=self._account.options())
            )

    def cancel(self, stripe_subscription_id: str, *, at_period_end: bool) -> list[Subscription]:
        """End a subscription, now or with the period that is paid for; return it as it is then."""
        with in_our_words():
            if at_period_end:
                ended = self._v1.subscriptions.update(
                    stripe_subscription_id, {"cancel_at_period_end": True}, self._account.options()
                )
            else:
                ended = self._v1.subscriptions.cancel(stripe_subscription_id, options=self._account.options())
            return self._record(ended)

    def _record(self, found: StripeSubscription) -> list[Subscription]:
        names = named(found.metadata)
        # `found.items` is the method that every Stripe object has.
        items = found["items"].data
        if names is None or not items:
            return []
        price, end = items[0].price, items[0].current_period_end
        if price.recurring is None or price.unit_amount is None:
            return []
        return [
            Subscription(
                workspace_id=names[0],
                stripe_subscription_id=found.id,
                stripe_account_id=self._account.stripe_account_id,
                livemode=found.livemode,
                invoice=names[1],
                status=SubscriptionStatus(found.status),
                # Stripe's words for the intervals are ours.
                interval=Interval(price.recurring.interval),
                interval_count=price.recurring.interval_count,
                money=from_stripe(price.unit_amount * (items[0].quantity or 1), found.currency),
                started_at=datetime.fromtimestamp(found.start_date, UTC),
                current_period_end=datetime.fromtimestamp(end, UTC),
                cancel_at_period_end=found.cancel_at_period_end,
                ended_at=datetime.fromtimestamp(found.ended_at, UTC) if found.ended_at else None,
            )
        ]
