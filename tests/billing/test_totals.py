"""What lines come to, against a second computation in `decimal` that shares no code with the first."""

from __future__ import annotations

import random
from collections import defaultdict
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from fractions import Fraction

import pytest

from billing.lines import Line, TaxBehavior, TaxRounding
from billing.money import Money, exponent
from billing.totals import Totals, allot, totals

# As many decimals as currencies have: none, two and three.
CURRENCIES = ("JPY", "AUD", "EUR", "KWD")
RATES = tuple(Decimal(rate) for rate in ("0", "5.5", "7", "8.1", "10", "19", "20", "25.5", "100"))
DISCOUNTS = tuple(Decimal(discount) for discount in ("0", "0", "0", "2.5", "10", "33.3333", "50", "100"))
INVOICES = 5_000


def _line(chance: random.Random, currency: str, rates: list[Decimal]) -> Line:
    return Line(
        text="Work",
        unit_price=Money(chance.choice((0, chance.randint(1, 99), chance.randint(1, 10**8))), currency),
        quantity=Decimal(chance.randint(1, 99_9999)).scaleb(-chance.randint(0, 4)),
        discount=chance.choice(DISCOUNTS),
        tax_rate=chance.choice(rates),
    )


def _invoice(chance: random.Random) -> tuple[list[Line], TaxBehavior, TaxRounding]:
    currency = chance.choice(CURRENCIES)
    rates = chance.sample(RATES, chance.randint(1, 3))
    lines = [_line(chance, currency, rates) for _ in range(chance.randint(1, 12))]
    return lines, chance.choice([*TaxBehavior]), chance.choice([*TaxRounding])


def _cash(exact: Decimal, currency: str) -> Decimal:
    return exact.quantize(Decimal(1).scaleb(-exponent(currency)), ROUND_HALF_UP)


def _expected(
    lines: list[Line], behavior: TaxBehavior, rounding: TaxRounding
) -> tuple[dict[Decimal, Decimal], Decimal, Decimal]:
    """Return the tax by rate, the net and the gross sum, in major units."""
    currency = lines[0].unit_price.currency
    amounts: dict[Decimal, list[Decimal]] = defaultdict(list)
    for line in lines:
        exact = line.unit_price.decimal * line.quantity * (1 - line.discount / 100)
        amounts[line.tax_rate].append(_cash(exact, currency))
    taxes = {}
    for rate, found in amounts.items():
        factor = rate / (100 + rate) if behavior is TaxBehavior.INCLUSIVE else rate / 100
        units = found if rounding is TaxRounding.LINE else [sum(found, Decimal(0))]
        taxes[rate] = sum((_cash(unit * factor, currency) for unit in units), Decimal(0))
    printed = sum((sum(found, Decimal(0)) for found in amounts.values()), Decimal(0))
    tax = sum(taxes.values(), Decimal(0))
    return taxes, *((printed - tax, printed) if behavior is TaxBehavior.INCLUSIVE else (printed, printed + tax))


def _require_parts_add_up(found: Totals) -> None:
    assert found.net + found.tax == found.gross
    for line in found.lines:
        assert line.net + line.tax == line.gross
        assert line.tax.amount >= 0
    for name in ("net", "tax"):
        whole = getattr(found, name).amount
        assert sum(getattr(line, name).amount for line in found.lines) == whole
        assert sum(getattr(rate, name).amount for rate in found.rates) == whole
    for rate in found.rates:
        assert sum(line.tax.amount for line in found.lines if line.line.tax_rate == rate.rate) == rate.tax.amount


def test_five_thousand_invoices_come_to_what_decimal_makes_of_them() -> None:
    chance = random.Random(20_261_123)  # noqa: S311 - reproducible on purpose
    with localcontext(Context(prec=60)):
        for _ in range(INVOICES):
            lines, behavior, rounding = _invoice(chance)
            found = totals(lines, behavior, rounding)
            taxes, net, gross = _expected(lines, behavior, rounding)
            assert (found.net.decimal, found.gross.decimal) == (net, gross)
            assert {rate.rate: rate.tax.decimal for rate in found.rates} == taxes
            _require_parts_add_up(found)


def test_a_lines_tax_is_never_further_than_a_unit_from_its_own() -> None:
    chance = random.Random(7)  # noqa: S311 - reproducible on purpose
    for _ in range(300):
        lines, behavior, _ = _invoice(chance)
        for priced in totals(lines, behavior, TaxRounding.DOCUMENT).lines:
            amount = priced.gross if behavior is TaxBehavior.INCLUSIVE else priced.net
            portion = Fraction(priced.line.tax_rate) / 100
            exact = amount.amount * portion / (1 + portion if behavior is TaxBehavior.INCLUSIVE else 1)
            assert abs(priced.tax.amount - exact) <= 1


def _aud(minor: int, rate: str = "10", **said: object) -> Line:
    fields: dict[str, object] = {"text": "Work", "unit_price": Money(minor, "AUD"), "tax_rate": Decimal(rate)} | said
    return Line(**fields)  # type: ignore[arg-type] # fields by their names


def test_rounding_once_and_rounding_on_every_line_differ_where_cents_do() -> None:
    lines = [_aud(5), _aud(5), _aud(5)]

    by_line = totals(lines, TaxBehavior.EXCLUSIVE, TaxRounding.LINE)
    at_once = totals(lines, TaxBehavior.EXCLUSIVE, TaxRounding.DOCUMENT)

    assert (by_line.tax.amount, at_once.tax.amount) == (3, 2)
    # Two units for three equal remainders: the earlier lines get them.
    assert [line.tax.amount for line in at_once.lines] == [1, 1, 0]


def test_tax_is_shown_by_rate_with_the_highest_first() -> None:
    found = totals(
        [_aud(1000, "0"), _aud(1000, "19"), _aud(500, "7"), _aud(100, "19")], TaxBehavior.EXCLUSIVE, TaxRounding.LINE
    )

    assert [(str(rate.rate), rate.net.amount, rate.tax.amount) for rate in found.rates] == [
        ("19", 1100, 209),
        ("7", 500, 35),
        ("0", 1000, 0),
    ]


def test_a_discount_is_taken_off_before_tax() -> None:
    found = totals(
        [_aud(100_00, quantity=Decimal("2.5"), discount=Decimal(10))], TaxBehavior.EXCLUSIVE, TaxRounding.LINE
    )

    assert (found.net.amount, found.tax.amount, found.gross.amount) == (225_00, 22_50, 247_50)


@pytest.mark.parametrize(
    ("total", "shares", "parts"),
    [
        (10, ["10/3", "10/3", "10/3"], [4, 3, 3]),
        (2, ["1/2", "3/4", "3/4"], [0, 1, 1]),
        (0, ["0", "0"], [0, 0]),
    ],
)
def test_what_is_split_goes_by_the_largest_remainder(total: int, shares: list[str], parts: list[int]) -> None:
    assert allot(total, [Fraction(share) for share in shares]) == parts
