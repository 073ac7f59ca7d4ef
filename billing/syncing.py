"""Asking Stripe what has been paid, where an event has not told us or not yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billing.payments import PaymentStatus
from billing.settling import settle

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from datetime import datetime

    from billing.payments import PaymentLink, Settlement
    from billing.ports import PaymentGateway, Transaction
    from billing.workspaces import StripeConnection


def sync_invoice(
    transaction: Callable[[], AbstractContextManager[Transaction]],
    gateway: PaymentGateway,
    connection: StripeConnection,
    number: str,
    *,
    now: datetime,
) -> bool:
    """Apply what Stripe says of every payment through the invoice's links; say whether any money was news.

    Raises UnknownRecord, and what the gateway raises.
    """
    with transaction() as tx:
        links = _links(tx, number, connection)
    found = [settlement for link in links for settlement in gateway.settlements(link)]
    # All of them are applied: a generator would stop at the first that is news.
    return True in [_apply(transaction, settlement, connection, now) for settlement in found]


def _links(tx: Transaction, number: str, connection: StripeConnection) -> list[PaymentLink]:
    """Return the invoice's links that were made on the account and in its mode: nowhere else are they known."""
    links = tx.links.of_invoice(tx.invoices.get(number).number)
    ours = (connection.stripe_account_id, connection.livemode)
    return [link for link in links if link.stripe_payment_link_id and (link.stripe_account_id, link.livemode) == ours]


def _apply(
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
