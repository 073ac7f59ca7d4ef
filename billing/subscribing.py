"""Keeping subscriptions as Stripe knows them, and ending them: their end is told once, whoever brought it about."""

from __future__ import annotations

import secrets
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

from billing.automations import Trigger
from billing.errors import NoSubscription
from billing.events import DomainEvent
from billing.payments import Payment, PaymentStatus, PaymentType
from billing.reacting import publish
from billing.subscriptions import SubscriptionStatus

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from datetime import datetime

    from billing.invoices import Invoice
    from billing.ports import Gateways, Transaction
    from billing.subscriptions import Subscription
    from billing.workspaces import StripeConnection


class End(StrEnum):
    """When a subscription is to end: with the period that is paid for, or at once."""

    PERIOD_END = "period_end"
    NOW = "now"


def keep(tx: Transaction, found: Subscription, *, now: datetime) -> bool:
    """Set the record to what Stripe says, and tell of its end once; say whether that was news.

    `now` is the instant before Stripe was asked. Raises UnknownRecord where the workspace has no such invoice.
    """
    invoice = tx.invoices.get(found.invoice, lock=True)
    known = tx.subscriptions.find(found.stripe_account_id, found.stripe_subscription_id)
    if known is not None and (known.status.ended or (known.observed_at is not None and known.observed_at > now)):
        return False
    current = replace(found, observed_at=now)
    tx.subscriptions.put(current)
    _log(tx, current, invoice, now=now)
    if current.status is SubscriptionStatus.CANCELED:
        key = f"subscription_cancelled:{current.stripe_subscription_id}"
        publish(tx, DomainEvent(tx.workspace_id, Trigger.SUBSCRIPTION_CANCELLED, key, now, current.invoice))
    return known is None or replace(known, observed_at=now) != current


def _log(tx: Transaction, subscription: Subscription, invoice: Invoice, *, now: datetime) -> None:
    """Put the subscription's start and its end into the payment log, each once."""
    if subscription.status in {SubscriptionStatus.INCOMPLETE, SubscriptionStatus.INCOMPLETE_EXPIRED}:
        return
    lines = [(subscription.stripe_subscription_id, PaymentStatus.STARTED, subscription.started_at)]
    if subscription.status is SubscriptionStatus.CANCELED:
        end = f"{subscription.stripe_subscription_id}:canceled"
        lines.append((end, PaymentStatus.CANCELED, subscription.ended_at or now))
    for object_id, status, at in lines:
        if tx.payments.by_object(subscription.stripe_account_id, object_id) is None:
            line = _line(subscription, invoice, object_id, status)
            # Stripe's clock may be ahead of ours.
            tx.payments.add(replace(line, occurred_at=min(at, now), observed_at=now))


def _line(subscription: Subscription, invoice: Invoice, object_id: str, status: PaymentStatus) -> Payment:
    return Payment(
        workspace_id=subscription.workspace_id,
        id=f"pay_{secrets.token_hex(12)}",
        type=PaymentType.SUBSCRIPTION,
        status=status,
        money=subscription.money,
        occurred_at=subscription.started_at,
        stripe_account_id=subscription.stripe_account_id,
        stripe_object_id=object_id,
        livemode=subscription.livemode,
        invoice=invoice.number,
        contact=invoice.contact,
    )


def running(tx: Transaction, number: str) -> Subscription:
    """Return the invoice's subscription that has not ended, the newest where there are several.

    Raises NoSubscription, UnknownRecord.
    """
    tx.invoices.get(number)
    found = [one for one in tx.subscriptions.list(invoice=number) if not one.status.ended]
    if not found:
        raise NoSubscription(f"{number} has no subscription that runs, so there is nothing to cancel.")
    # What Stripe told of comes before what only an import did.
    return max(found, key=lambda one: bool(one.stripe_account_id))


def require_reachable(tx: Transaction, subscription: Subscription) -> StripeConnection | None:
    """Return the connection to end it through, None for one that only an import told of; raises NoSubscription."""
    if not subscription.stripe_account_id:
        return None
    connection = tx.connections.active()
    named = (subscription.stripe_account_id, subscription.livemode)
    if connection is None or (connection.stripe_account_id, connection.livemode) != named:
        message = (
            f"The subscription of {subscription.invoice} runs in another Stripe account or mode than the one that is "
            "connected, so Evie cannot cancel it. Cancel it in the dashboard of that account."
        )
        raise NoSubscription(message)
    return connection


def cancel_subscription(
    transaction: Callable[[], AbstractContextManager[Transaction]],
    gateways: Gateways,
    number: str,
    end: End,
    *,
    now: datetime,
) -> Subscription:
    """End the invoice's subscription, and return it as it is then.

    Raises NoSubscription, UnknownRecord, and what the gateway raises.
    """
    with transaction() as tx:
        known = running(tx, number)
        connection = require_reachable(tx, known)
    if connection is None:
        ended = _ended_here(known, end)
    else:
        gateway = gateways.for_connection(connection)
        ended = gateway.cancel_subscription(known.stripe_subscription_id, at_period_end=end is End.PERIOD_END)
    with transaction() as tx:
        keep(tx, ended, now=now)
    return ended


def _ended_here(known: Subscription, end: End) -> Subscription:
    if end is End.PERIOD_END and known.current_period_end is not None:
        return replace(known, cancel_at_period_end=True)
    return replace(known, status=SubscriptionStatus.CANCELED)
