"""Amounts as Stripe writes them, whose decimals differ from ISO 4217 in a few currencies: the one table of that.

Stripe takes whole numbers of its own smallest unit. Which unit, what is the least it charges, and which digits it
refuses are from its page on supported currencies.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from billing.errors import BadAmount
from billing.money import Money, exponent

# What Stripe presents prices in.
CURRENCIES: Final = frozenset(
    """AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BWP BYN BZD CAD CDF CHF
    CLP CNY COP CRC CVE CZK DJF DKK DOP DZD EGP ETB EUR FJD FKP GBP GEL GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS
    INR ISK JMD JOD JPY KES KGS KHR KMF KRW KWD KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MUR MVR MWK
    MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SEK SGD SHP
    SLE SOS SRD STN SZL THB TJS TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VND VUV WST XAF XCD XCG XOF XPF YER ZAR
    ZMW""".split(),
)
# Where Stripe's decimals are not ISO's. ISK and UGX have no decimals any more, and Stripe keeps the two they had.
_STRIPE_EXPONENTS: Final = {"ISK": 2, "MGA": 0, "UGX": 2}
# Stripe has three decimals for these and takes only amounts whose last digit is 0: card networks know two.
_LAST_DIGIT_ZERO: Final = frozenset("BHD JOD KWD OMR TND".split())

# Minor units as ISO counts them. They hold where the account settles in that currency; Stripe has the last word.
_MINIMUMS: Final = {
    "AED": 200,
    "AUD": 50,
    "BRL": 50,
    "CAD": 50,
    "CHF": 50,
    "CZK": 15_00,
    "DKK": 250,
    "EUR": 50,
    "GBP": 30,
    "HKD": 400,
    "HUF": 175_00,
    "INR": 50,
    "JPY": 50,
    "KRW": 50,
    "MXN": 10_00,
    "MYR": 200,
    "NOK": 300,
    "NZD": 50,
    "PLN": 200,
    "RON": 200,
    "SEK": 300,
    "SGD": 50,
    "THB": 10_00,
    "USD": 50,
}


def to_stripe(money: Money) -> int:
    """Return the amount in Stripe's smallest unit; raises BadAmount for one that Stripe cannot express."""
    shift = _stripe_exponent(money.currency) - exponent(money.currency)
    units = Decimal(money.amount).scaleb(shift)
    if units != units.to_integral_value():
        raise BadAmount(f"Stripe charges {money.currency} in whole amounts only. Change ", money, " to a whole amount.")
    if money.currency in _LAST_DIGIT_ZERO and money.amount % 10:
        rounded = Money(money.amount // 10 * 10, money.currency)
        raise BadAmount("Cards cannot be charged ", money, ": the last decimal has to be 0, as in ", rounded, ".")
    return int(units)


def from_stripe(amount: int, currency: str) -> Money:
    """Return the money that Stripe's smallest units are; `currency` is as Stripe writes it, lower case.

    Raises BadAmount where Stripe names a fraction that the currency does not have.
    """
    code = currency.upper()
    minor = Decimal(amount).scaleb(exponent(code) - _stripe_exponent(code))
    if minor != minor.to_integral_value():
        raise BadAmount(f"Stripe names an amount that {code} does not have: {amount}.")
    return Money(int(minor), code)


def minimum(currency: str) -> Money | None:
    """Return the least that Stripe charges in the currency, or None where that is not known."""
    least = _MINIMUMS.get(currency)
    return None if least is None else Money(least, currency)


def _stripe_exponent(currency: str) -> int:
    return _STRIPE_EXPONENTS.get(currency, exponent(currency))
