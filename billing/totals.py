"""What lines come to. Every amount is a whole minor unit, and the printed parts always add up to the printed sums.

The rules: a line's amount (price, quantity, less the discount) is rounded half up by itself, for it is printed. Tax is
then rounded half up on every line, or once for all lines of a rate; in that case each line gets its whole units of
it first, and the units that are left go to the lines with the largest remainders, the earlier one where they are
equal. Where prices have the tax in them the gross amount is given and the rest is net; otherwise the other way round.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING

from billing.documents import PricedLine, RateTotal
from billing.lines import TaxBehavior, TaxRounding
from billing.money import Money, zero

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

    from billing.lines import Line


@dataclass(frozen=True, slots=True)
class Totals:
    """Lines with what each comes to, the tax by rate (the highest first), and the sums."""

    lines: tuple[PricedLine, ...]
    rates: tuple[RateTotal, ...]
    net: Money
    tax: Money
    gross: Money


def totals(lines: Sequence[Line], behavior: TaxBehavior, rounding: TaxRounding) -> Totals:
    """Return what the lines come to. There is at least one, and all are in one currency."""
    currency = lines[0].unit_price.currency
    amounts = [_amount(line) for line in lines]
    taxes = [0] * len(lines)
    for rate in {line.tax_rate for line in lines}:
        places = [place for place, line in enumerate(lines) if line.tax_rate == rate]
        exact = [_tax(amounts[place], rate, behavior) for place in places]
        for place, tax in zip(places, _rounded(exact, rounding), strict=True):
            taxes[place] = tax
    priced = tuple(_priced(*parts, behavior) for parts in zip(lines, amounts, taxes, strict=True))
    return Totals(priced, _by_rate(priced), *_sums(priced, currency))


def allot(total: int, shares: Sequence[Fraction]) -> list[int]:
    """Split `total` into whole numbers as near to the shares, which sum up to about it, as whole numbers can be.

    The largest remainders are rounded up, the earlier one where they are equal.
    """
    parts = [floor(share) for share in shares]
    by_remainder = sorted(range(len(shares)), key=lambda place: parts[place] - shares[place])
    for place in by_remainder[: total - sum(parts)]:
        parts[place] += 1
    return parts


def half_up(exact: Fraction) -> int:
    """Return the nearest whole number; halves go up."""
    return floor(exact + Fraction(1, 2))


def _amount(line: Line) -> int:
    left = 1 - Fraction(line.discount) / 100
    return half_up(line.unit_price.amount * Fraction(line.quantity) * left)


def _tax(amount: int, rate: Decimal, behavior: TaxBehavior) -> Fraction:
    portion = Fraction(rate) / 100
    return amount * portion / (1 + portion) if behavior is TaxBehavior.INCLUSIVE else amount * portion


def _rounded(exact: Sequence[Fraction], rounding: TaxRounding) -> list[int]:
    if rounding is TaxRounding.LINE:
        return [half_up(tax) for tax in exact]
    return allot(half_up(sum(exact, start=Fraction(0))), exact)


def _priced(line: Line, amount: int, tax: int, behavior: TaxBehavior) -> PricedLine:
    net = amount - tax if behavior is TaxBehavior.INCLUSIVE else amount
    currency = line.unit_price.currency
    return PricedLine(line, Money(net, currency), Money(tax, currency), Money(net + tax, currency))


def _by_rate(priced: Sequence[PricedLine]) -> tuple[RateTotal, ...]:
    rates = sorted({each.line.tax_rate for each in priced}, reverse=True)
    return tuple(_rate_total(rate, [each for each in priced if each.line.tax_rate == rate]) for rate in rates)


def _rate_total(rate: Decimal, priced: Sequence[PricedLine]) -> RateTotal:
    net, tax, _ = _sums(priced, priced[0].net.currency)
    return RateTotal(rate, net, tax)


def _sums(priced: Iterable[PricedLine], currency: str) -> tuple[Money, Money, Money]:
    net = tax = zero(currency)
    for each in priced:
        net += each.net
        tax += each.tax
    return net, tax, net + tax
