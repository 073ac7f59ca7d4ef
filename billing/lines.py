"""What an invoice asks for, line by line, and what it is taxed with."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from billing.money import Money

ONE: Final = Decimal(1)
NO_TAX: Final = Decimal(0)


class TaxBehavior(StrEnum):
    """Whether prices have the tax in them (Stripe's words)."""

    INCLUSIVE = "inclusive"
    EXCLUSIVE = "exclusive"


class TaxRounding(StrEnum):
    """Where a tax is rounded to a minor unit: on every line, or once for each rate of the document."""

    LINE = "line"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is billed.

    `quantity` is above zero with at most four decimals, `unit` what is counted (`day`, `h`, "" for pieces),
    `unit_price` the price of one, `discount` a percentage of the line (0 to 100), `tax_rate` a percentage (0 to 100).
    Whether the price has the tax in it is the invoice's `tax_behavior`.
    """

    text: str
    unit_price: Money
    quantity: Decimal = ONE
    unit: str = ""
    discount: Decimal = NO_TAX
    tax_rate: Decimal = NO_TAX
