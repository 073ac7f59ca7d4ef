"""What Stripe booked on an account's balance for a payment, a refund, a dispute or a payout: its fee, and the net.

Both are in the currency of that balance, which may be another than the payer's. They are fetched, never worked out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stripe import BalanceTransaction

from billing.errors import BadAmount
from integrations.stripe_money import from_stripe

if TYPE_CHECKING:
    from billing.money import Money


def booked(*entries: BalanceTransaction | str | None) -> tuple[Money | None, Money | None]:
    """Return (fee, net) of all entries together; (None, None) where nothing is booked yet.

    An entry that is not expanded says nothing. Nor do entries in several currencies, or in a fraction that their
    currency does not have: an amount that is not right is worse than none.
    """
    known = [entry for entry in entries if isinstance(entry, BalanceTransaction)]
    if len({entry.currency for entry in known}) != 1:
        return None, None
    currency = known[0].currency
    try:
        fee = from_stripe(sum(entry.fee for entry in known), currency)
        return fee, from_stripe(sum(entry.net for entry in known), currency)
    except BadAmount:
        return None, None
