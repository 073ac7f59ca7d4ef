"""What comes back by itself: running subscriptions, brought to a month."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from billing.money import zero
from billing.payments import Interval
from billing.reporting import Owed

if TYPE_CHECKING:
    from datetime import datetime

    from billing.money import Money
    from billing.ports import Transaction

_DAYS: Final = {Interval.DAY: 1, Interval.WEEK: 7, Interval.MONTH: 31, Interval.YEAR: 366}
# How often each falls into a month, in percent of one time, so that no cent is lost before the last step.
_A_MONTH: Final = {
    Interval.DAY: Decimal(36500) / 12,
    Interval.WEEK: Decimal(5200) / 12,
    Interval.MONTH: Decimal(100),
    Interval.YEAR: Decimal(100) / 12,
}
# Stripe tries a failed renewal for some weeks; only after that does the subscription count as over.
_PATIENCE: Final = timedelta(days=31)
_LONGEST: Final = timedelta(days=3 * 366) + _PATIENCE


def recurring(tx: Transaction, *, now: datetime, contact: str | None = None) -> list[Owed]:
    """Return what running subscriptions bring in a month, by their last payment.

    One is running while its last payment is not older than its interval and the weeks in which Stripe still tries.
    """
    monthly: defaultdict[str, list[Money]] = defaultdict(list)
    for each in tx.reports.renewing(since=now - _LONGEST, contact=contact):
        if now <= each.paid_at + timedelta(days=_DAYS[each.interval] * each.interval_count) + _PATIENCE:
            share = _A_MONTH[each.interval] / each.interval_count
            monthly[each.money.currency].append(each.money.percent(share))
    return [Owed(sum(amounts, start=zero(currency)), len(amounts)) for currency, amounts in sorted(monthly.items())]
