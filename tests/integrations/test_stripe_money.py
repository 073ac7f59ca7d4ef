"""Money on its way to Stripe and back, in every currency that Stripe has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.errors import BadAmount
from billing.money import Money
from integrations.stripe_money import CURRENCIES, from_stripe, minimum, to_stripe

THREE_DECIMALS = {"BHD", "JOD", "KWD", "OMR", "TND"}
currencies = st.sampled_from(sorted(CURRENCIES))
amounts = st.integers(min_value=0, max_value=10**15)


@pytest.mark.parametrize(
    ("money", "units"),
    [
        (Money(500_00, "AUD"), 500_00),
        (Money(5000, "JPY"), 5000),
        (Money(7500, "ISK"), 7500_00),
        (Money(7500, "UGX"), 7500_00),
        (Money(12_340, "KWD"), 12_340),
        (Money(500_00, "MGA"), 500),
        (Money(500_00, "HUF"), 500_00),
        (Money(500_00, "TWD"), 500_00),
    ],
)
def test_an_amount_is_sent_in_stripes_own_smallest_unit(money: Money, units: int) -> None:
    assert to_stripe(money) == units
    assert from_stripe(units, money.currency.lower()) == money


@given(currency=currencies, units=amounts)
def test_what_stripe_charges_comes_back_as_the_same_units(currency: str, units: int) -> None:
    try:
        money = from_stripe(units, currency.lower())
    except BadAmount:
        # A hundredth of a krona or a shilling: Stripe writes them, and no such coin exists.
        assert currency in {"ISK", "UGX"}
        assert units % 100
        return
    if currency in THREE_DECIMALS and units % 10:
        with pytest.raises(BadAmount):
            to_stripe(money)
    else:
        assert to_stripe(money) == units


@given(currency=currencies, amount=amounts)
def test_money_that_stripe_takes_comes_back_as_the_same_money(currency: str, amount: int) -> None:
    money = Money(amount, currency)
    try:
        units = to_stripe(money)
    except BadAmount:
        assert currency in THREE_DECIMALS | {"MGA"}
        return
    assert from_stripe(units, currency.lower()) == money


@given(currency=st.sampled_from(sorted(THREE_DECIMALS)), amount=st.integers(1, 10**9).filter(lambda a: a % 10))
def test_a_third_decimal_is_refused_with_an_amount_that_would_do(currency: str, amount: int) -> None:
    with pytest.raises(BadAmount, match="last decimal has to be 0") as refusal:
        to_stripe(Money(amount, currency))

    assert str(Money(amount - amount % 10, currency)) in refusal.value.user_message


def test_a_fraction_of_an_ariary_is_refused() -> None:
    with pytest.raises(BadAmount, match="whole amounts only"):
        to_stripe(Money(500_50, "MGA"))


@pytest.mark.parametrize(
    ("currency", "least"),
    [("AUD", "0.50"), ("GBP", "0.30"), ("JPY", "50"), ("CZK", "15.00"), ("DKK", "2.50"), ("HUF", "175.00")],
)
def test_the_least_that_stripe_charges_is_known(currency: str, least: str) -> None:
    assert str(minimum(currency)) == least


def test_where_the_minimum_is_not_known_stripe_decides() -> None:
    assert minimum("KWD") is None


@given(currency=currencies)
def test_every_minimum_is_money_that_stripe_takes(currency: str) -> None:
    least = minimum(currency)
    if least is not None:
        assert from_stripe(to_stripe(least), currency.lower()) == least
