"""Amounts in Stripe's smallest unit: as people read them, whether such coins exist, and what Stripe keeps of them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from babel.numbers import format_currency

from billing.errors import BadAmount
from billing.money import Money, exponent
from integrations.sandbox.stripe.faults import ApiFault
from integrations.stripe_money import from_stripe, to_stripe

# What a card payment costs where nothing else was agreed: a share, and thirty hundredths of the currency.
_SHARE: Final = Decimal("0.029")
_FIXED: Final = Decimal("0.30")
_DISPUTE: Final = 15
# The smallest coins that Stripe's units may have, in its units.
_COINS: Final = (1, 10, 100)


def words(units: int, currency: str) -> str:
    """Return the amount as people write it: `A$500.00`, `¥5,000`."""
    money = from_stripe(units, currency)
    return format_currency(money.decimal, money.currency, locale="en")


def check_coins(units: int, currency: str, param: str) -> None:
    """Raise ApiFault for an amount that the currency has no coins for; `param` is what named it."""
    try:
        to_stripe(from_stripe(units, currency))
    except BadAmount as error:
        raise ApiFault(error.user_message, param=param, code="parameter_invalid_integer") from error


def fee(units: int, currency: str) -> int:
    """Return what Stripe keeps of a payment of so many units, in the same units."""
    kept = units * _SHARE + _FIXED * _whole(currency)
    coin = next(coin for coin in _COINS if _exists(coin, currency))
    return min(units, int((kept / coin).quantize(Decimal(1), ROUND_HALF_UP)) * coin)


def dispute_fee(currency: str) -> int:
    """Return what Stripe takes for its trouble with a dispute."""
    return _DISPUTE * _whole(currency)


def _whole(currency: str) -> int:
    """Return how many units one dollar, yen or dinar has."""
    code = currency.upper()
    return to_stripe(Money(10 ** exponent(code), code))


def _exists(coin: int, currency: str) -> bool:
    try:
        return to_stripe(from_stripe(coin, currency)) == coin
    except BadAmount:
        return False
