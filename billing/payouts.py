"""Payouts: what Stripe sends to the business's bank, a line of the payment log each.

They belong to the account as a whole: no invoice is named, and nothing follows from them.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from billing.errors import ProviderRefused
from billing.payments import Payment, PaymentType
from billing.reversing import seen_later

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from datetime import datetime

    from billing.payments import Payout
    from billing.ports import PaymentGateway, Transaction
    from billing.workspaces import StripeConnection

_BEFORE_CONNECTING: Final = timedelta(days=30)


def keep_payout(tx: Transaction, payout: Payout, *, now: datetime) -> bool:
    """Set the payout's line to what Stripe says, and say whether that is news.

    `now` is the instant before Stripe was asked: what was seen earlier never replaces what was seen later.
    """
    known = tx.payments.by_object(payout.stripe_account_id, payout.stripe_object_id)
    if known is None:
        tx.payments.add(_line(tx, payout, now))
        return True
    line = replace(
        known,
        status=payout.status,
        money=payout.money,
        failure_message=payout.failure_message,
        fee=payout.fee,
        net=payout.net,
    )
    if line == known or not seen_later(known, payout.status, now=now):
        return False
    tx.payments.save(replace(line, observed_at=now))
    return True


def sync_payouts(
    transaction: Callable[[], AbstractContextManager[Transaction]],
    gateway: PaymentGateway,
    connection: StripeConnection,
    *,
    now: datetime,
) -> int:
    """Ask Stripe for the account's payouts since 30 days before it was connected; return how many were news.

    All of them each time: a bank may send one back days after it was called paid. A key that may not read payouts
    is told of none. Raises ProviderUnavailable.
    """
    try:
        found = gateway.payouts(connection.connected_at - _BEFORE_CONNECTING)
    except ProviderRefused:
        return 0
    with transaction() as tx:
        return sum(keep_payout(tx, payout, now=now) for payout in found)


def _line(tx: Transaction, payout: Payout, now: datetime) -> Payment:
    return Payment(
        workspace_id=tx.workspace_id,
        id=f"pay_{secrets.token_hex(12)}",
        type=PaymentType.PAYOUT,
        status=payout.status,
        money=payout.money,
        # Stripe's clock may be ahead of ours.
        occurred_at=min(payout.occurred_at, now),
        stripe_account_id=payout.stripe_account_id,
        stripe_object_id=payout.stripe_object_id,
        livemode=payout.livemode,
        failure_message=payout.failure_message,
        observed_at=now,
        fee=payout.fee,
        net=payout.net,
    )
