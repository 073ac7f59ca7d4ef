"""Reading the payment log: what is asked of it, and what many of its lines come to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from billing.money import Money
    from billing.payments import PaymentStatus, PaymentType


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Which lines: those for which all that is said holds, with `start` <= `occurred_at` < `end`.

    `contact` and `invoice` are numbers.
    """

    type: PaymentType | None = None
    contact: str | None = None
    invoice: str | None = None
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class LogSum:
    """What the lines of one type, status and currency come to, and how many they are."""

    type: PaymentType
    status: PaymentStatus
    money: Money
    count: int
