"""What a payment link is made from, as a digest: where it differs, the link is stale."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from billing.invoices import Invoice
    from billing.money import Money
    from billing.payments import Interval
    from billing.workspaces import StripeConnection


def fingerprint(
    invoice: Invoice,
    interval: Interval,
    count: int,
    connection: StripeConnection,
    asked: Money | None = None,
) -> str:
    """Return a digest of everything that a link is made from: where it differs, the link is stale.

    `asked` is the money that the link charges, where that may be less than what is left.
    """
    parts: tuple[object, ...] = (
        invoice.number,
        invoice.balance.amount,
        invoice.balance.currency,
        invoice.description,
        interval.value,
        count,
        connection.stripe_account_id,
        connection.livemode,
    )
    if asked is not None and asked != invoice.balance:
        parts = (*parts, asked.amount)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]
