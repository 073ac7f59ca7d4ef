"""How the rule of a late fee is kept as JSON: numbers as decimal strings, money as `[minor units, currency]`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from billing.money import Money
from billing.reminders import FeeInterval, LateFee

if TYPE_CHECKING:
    from collections.abc import Mapping


def dump_late_fee(fee: LateFee) -> dict[str, Any]:
    """Return the rule by name."""
    return {
        "interval": fee.interval.value,
        "since": fee.since.isoformat(),
        "after_days": fee.after_days,
        "most_percent": str(fee.most_percent),
        "percent": None if fee.percent is None else str(fee.percent),
        "amount": None if fee.amount is None else [fee.amount.amount, fee.amount.currency],
    }


def load_late_fee(document: Mapping[str, Any]) -> LateFee:
    """Return the rule of dump_late_fee."""
    percent, amount = document["percent"], document["amount"]
    return LateFee(
        interval=FeeInterval(document["interval"]),
        since=date.fromisoformat(document["since"]),
        after_days=document["after_days"],
        most_percent=Decimal(document["most_percent"]),
        percent=None if percent is None else Decimal(percent),
        amount=None if amount is None else Money(*amount),
    )
