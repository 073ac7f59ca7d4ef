"""What a business asks of its books: what came in, what is owed, what is late, and what comes back by itself.

Currencies are never added: every answer is a list with one line for each currency, by its code.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from itertools import accumulate
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from billing.money import Money
    from billing.payments import Interval


class Measure(StrEnum):
    """What can be reported."""

    COLLECTED = "collected"
    OUTSTANDING = "outstanding"
    OVERDUE = "overdue"
    RECURRING = "recurring"


class Age(StrEnum):
    """For how long something is overdue, the youngest first."""

    TO_30 = "1–30 days"
    TO_60 = "31–60 days"
    TO_90 = "61–90 days"
    OLDER = "over 90 days"


# The last day of each age but the oldest, which has none.
LAST_DAYS: Final = {Age.TO_30: 30, Age.TO_60: 60, Age.TO_90: 90}


@dataclass(frozen=True, slots=True)
class Collected:
    """What came in and what went back, in one currency; `payments` counts what came in."""

    received: Money
    refunded: Money
    payments: int

    @property
    def total(self) -> Money:
        """What stayed."""
        return self.received - self.refunded


@dataclass(frozen=True, slots=True)
class Owed:
    """What several invoices are good for, in one currency."""

    total: Money
    invoices: int


@dataclass(frozen=True, slots=True)
class Late:
    """What is overdue in one currency, and how much of it for how long: only the ages at which there is anything."""

    total: Money
    invoices: int
    ages: tuple[tuple[Age, Money], ...]


@dataclass(frozen=True, slots=True)
class Renewing:
    """A subscription by its last payment, and how often its link charges."""

    money: Money
    interval: Interval
    interval_count: int
    paid_at: datetime


@dataclass(frozen=True, slots=True)
class DaysToPay:
    """How many days `invoices` of one currency took to be paid; the middle one, and the mean to a tenth."""

    currency: str
    invoices: int
    median: Decimal
    average: Decimal


def days_to_pay(currency: str, counts: Mapping[int, int]) -> DaysToPay:
    """Return the middle and the mean of how many invoices (at least one) took how many days."""
    invoices = sum(counts.values())
    total = sum(days * count for days, count in counts.items())
    mean = (Decimal(total) / invoices).quantize(Decimal("0.1"), ROUND_HALF_UP)
    middle = _nth(counts, (invoices - 1) // 2) + _nth(counts, invoices // 2)
    return DaysToPay(currency, invoices, Decimal(middle) / 2, mean)


def _nth(counts: Mapping[int, int], place: int) -> int:
    """Return the value at that place, from 0, of all values in order; there are more than that."""
    values = sorted(counts)
    passed = accumulate(counts[days] for days in values)
    return next(days for days, so_far in zip(values, passed, strict=True) if place < so_far)
