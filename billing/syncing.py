"""Asking Stripe what has been paid, given back and subscribed to, where an event has not told us or not yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billing.payments import PaymentStatus
from billing.settling import settle
from billing.subscribing import keep

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from datetime import datetime

    from billing.payments import PaymentLink, Settlement
    from billing.ports import PaymentGateway, Transaction
    from billing.subscriptions import Subscription
    from billing.workspaces import StripeConnection


def sync_invoice(
    transaction: Callable[[], AbstractContextManager[Transaction]],
    gateway: PaymentGateway,
    connection: StripeConnection,
    number: str,
    *,
    now: datetime,
) -> bool:
    """Apply what Stripe says of every payment and subscription through the invoice's links; say whether it was news.

    `now` is the instant before Stripe is asked.

    Raises UnknownRecord, and what the gateway raises.
    """
    with transaction() as tx:
        links = _links(tx, number, connection)
    payments = [settlement for link in links for settlement in gateway.settlements(link)]
    subscriptions = [subscription for link in links for subscription in gateway.subscriptions(link)]
    # All of them are applied: a generator would stop at the first that is news.
    news = [_settle(transaction, settlement, connection, now) for settlement in payments]
    news += [_keep(transaction, subscription, connection, now) for subscription in subscriptions]
    return True in news


def _links(tx: Transaction, number: str, connection: StripeConnection) -> list[PaymentLink]:
    """Return the invoice's links that were made on the account and in its mode: nowhere else are they known."""
    links = tx.links.of_invoice(tx.invoices.get(number).number)
    ours = (connection.stripe_account_id, connection.livemode)
    return [link for link in links if link.stripe_payment_link_id and (link.stripe_account_id, link.livemode) == ours]


def _keep(
    transaction: Callable[[], AbstractContextManager[Transaction]],
    subscription: Subscription,
    connection: StripeConnection,
    now: datetime,
) -> bool:
    if subscription.workspace_id != connection.workspace_id:
        return False
    with transaction() as tx:
        return keep(tx, subscription, now=now)


def _settle(
    transaction: Callable[[], AbstractContextManager[Transaction]],
    settlement: Settlement,
    connection: StripeConnection,
    now: datetime,
) -> bool:
    if settlement.workspace_id != connection.workspace_id:
        return False
    with transaction() as tx:
        settled = settle(tx, settlement, now=now)
    return settled.changed and settled.payment.status is not PaymentStatus.FAILED
