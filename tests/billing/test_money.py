from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from billing.errors import BadAmount, BadCurrency
from billing.money import Money, currency_code, exponent, parse_amount, parse_percent, zero

LARGEST = 10**15
CURRENCIES = ["AUD", "BHD", "EUR", "ISK", "JPY", "KWD", "UGX", "USD"]

currencies = st.sampled_from(CURRENCIES)
minor_units = st.integers(min_value=1, max_value=LARGEST)
amounts = st.builds(Money, minor_units, currencies)
percentages = st.decimals(min_value="0.0001", max_value="100", places=4)


@given(amounts)
def test_what_is_written_is_read_back_as_the_same_money(money: Money) -> None:
    assert parse_amount(str(money), money.currency) == money


@given(amounts)
def test_the_decimal_has_exactly_as_many_places_as_the_currency(money: Money) -> None:
    _, _, places = str(money).partition(".")

    assert len(places) == exponent(money.currency)
    assert Decimal(str(money)) == money.decimal


@given(currencies, minor_units, minor_units)
def test_adding_and_taking_away_again_loses_nothing(currency: str, one: int, other: int) -> None:
    left, right = Money(one, currency), Money(other, currency)

    assert left + right - right == left
    assert left + right == right + left


@given(amounts, percentages)
def test_a_share_and_the_rest_are_the_whole(money: Money, percentage: Decimal) -> None:
    share = money.percent(percentage)

    assert zero(money.currency) <= share <= money
    assert share + (money - share) == money


@given(amounts, percentages)
def test_a_share_is_never_further_than_half_a_minor_unit_from_the_exact_one(money: Money, percentage: Decimal) -> None:
    exact = Decimal(money.amount) * percentage / 100

    assert abs(exact - money.percent(percentage).amount) <= Decimal("0.5")


@given(currencies, st.integers(0, 10**12), st.text(st.characters(codec="ascii", categories=["Nd"]), max_size=40))
def test_a_decimal_too_many_is_refused_however_far_out_it_is(currency: str, whole: int, decimals: str) -> None:
    too_precise = f"{whole}.{decimals.ljust(exponent(currency), '0')}1"

    with pytest.raises(BadAmount, match="decimals"):
        parse_amount(too_precise, currency)


@given(st.text(max_size=30))
def test_any_text_is_either_a_positive_amount_or_refused_in_words(text: str) -> None:
    try:
        money = parse_amount(text, "AUD")
    except BadAmount as refusal:
        assert refusal.user_message.endswith(".")  # noqa: PT017 - either outcome is right, and each is checked
    else:
        assert 0 < money.amount <= LARGEST


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("500", "AUD", 50_000),
        ("500.5", "AUD", 50_050),
        (" 500.50 ", "AUD", 50_050),
        ("0.01", "EUR", 1),
        ("5000", "JPY", 5_000),
        ("5000.00", "JPY", 5_000),
        ("1.234", "KWD", 1_234),
        ("7", "ISK", 7),
        ("10000000000000.00", "AUD", LARGEST),
        ("1." + "0" * 5_000, "AUD", 100),
    ],
)
def test_an_amount_is_read_exactly(text: str, currency: str, minor: int) -> None:
    assert parse_amount(text, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    "text",
    ["", " ", "-5", "+5", "a lot", "1e3", "1,000", "$5", ".5", "5.", "NaN", "Infinity", "0x10", "1_000", "٥٠٠", "5 5"],
)
def test_what_is_no_plain_decimal_is_no_amount(text: str) -> None:
    with pytest.raises(BadAmount, match="is not an amount"):
        parse_amount(text, "AUD")


@pytest.mark.parametrize("text", ["0", "0.00", "000"])
def test_nothing_is_no_amount(text: str) -> None:
    with pytest.raises(BadAmount, match="more than zero"):
        parse_amount(text, "AUD")


@pytest.mark.parametrize("text", ["10000000000000.01", "999999999999999", "9" * 30])
def test_an_amount_beyond_every_invoice_is_refused(text: str) -> None:
    with pytest.raises(BadAmount, match="too large"):
        parse_amount(text, "AUD")


def test_a_currency_without_decimals_asks_for_a_whole_amount() -> None:
    with pytest.raises(BadAmount, match="JPY has none"):
        parse_amount("500.5", "JPY")


@pytest.mark.parametrize(("text", "code"), [("AUD", "AUD"), (" eur ", "EUR"), ("jpy", "JPY"), ("kwd", "KWD")])
def test_a_currency_is_known_in_any_case(text: str, code: str) -> None:
    assert currency_code(text) == code


@pytest.mark.parametrize("text", ["", "dollars", "XXX", "$", "AU", "AUDD"])
def test_what_is_no_currency_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(BadCurrency, match="three-letter code"):
        currency_code(text)


def test_currencies_are_never_mixed() -> None:
    with pytest.raises(BadCurrency, match="AUD and EUR"):
        Money(1, "AUD") + Money(1, "EUR")
    with pytest.raises(BadCurrency):
        Money(1, "AUD") - Money(1, "EUR")
    with pytest.raises(BadCurrency):
        assert Money(1, "AUD") < Money(2, "EUR")
    with pytest.raises(BadCurrency):
        assert Money(1, "AUD") <= Money(2, "EUR")


@given(currencies, minor_units, minor_units)
def test_money_is_ordered_as_its_minor_units_are(currency: str, one: int, other: int) -> None:
    assert (Money(one, currency) < Money(other, currency)) == (one < other)
    assert (Money(one, currency) <= Money(other, currency)) == (one <= other)


@pytest.mark.parametrize(
    ("text", "percentage"),
    [("30", "30"), ("30%", "30"), (" 33.3333 % ", "33.3333"), ("0.0001", "0.0001"), ("150", "150")],
)
def test_a_percentage_is_read_exactly(text: str, percentage: str) -> None:
    assert parse_percent(text) == Decimal(percentage)


@pytest.mark.parametrize("text", ["", "0", "0.0", "-30", "a third", "33.33333", "30%%", "10000", "1e2", "٣٠"])
def test_what_is_no_percentage_is_refused(text: str) -> None:
    with pytest.raises(BadAmount, match="is not a percentage"):
        parse_percent(text)


def test_half_a_cent_is_rounded_up() -> None:
    assert Money(1_01, "AUD").percent(Decimal(50)) == Money(51, "AUD")


@given(currencies, currencies)
def test_money_of_two_currencies_is_never_equal(one: str, other: str) -> None:
    assume(one != other)

    assert zero(one) != zero(other)
