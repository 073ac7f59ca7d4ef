"""Money: whole minor units of one currency, so that no cent is ever made or lost by arithmetic."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from billing.errors import BadAmount, BadCurrency

_ZERO_DECIMALS: Final = frozenset(
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(),
)
_THREE_DECIMALS: Final = frozenset("BHD IQD JOD KWD LYD OMR TND".split())
_TWO_DECIMALS: Final = frozenset(
    """AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY
    COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR
    ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK
    MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP
    SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD YER ZAR ZMW
    ZWG""".split(),
)
# The largest amount that any record holds: a signed 64-bit column with room to add up a book of invoices.
_LARGEST: Final = 10**15
_AMOUNT: Final = re.compile(r"\d{1,30}(\.\d+)?", re.ASCII)


def currency_code(text: str) -> str:
    """Return the ISO 4217 code that `text` is, upper case; raises BadCurrency for anything else."""
    code = text.strip().upper()
    if code in _TWO_DECIMALS or code in _ZERO_DECIMALS or code in _THREE_DECIMALS:
        return code
    message = f"“{text}” is not a currency I know. Use its three-letter code, such as AUD or EUR."
    raise BadCurrency(message)


def exponent(currency: str) -> int:
    """Return how many decimals ISO 4217 gives the currency (0, 2 or 3)."""
    if currency in _ZERO_DECIMALS:
        return 0
    return 3 if currency in _THREE_DECIMALS else 2


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units (cents, yen, fils) of an ISO 4217 currency. Never mixes currencies."""

    amount: int
    currency: str

    def __add__(self, other: Money) -> Money:
        return Money(self.amount + self._same(other).amount, self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - self._same(other).amount, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._same(other).amount

    def __le__(self, other: Money) -> bool:
        return self.amount <= self._same(other).amount

    def _same(self, other: Money) -> Money:
        if other.currency != self.currency:
            message = f"{self.currency} and {other.currency} cannot be added or compared."
            raise BadCurrency(message)
        return other

    @property
    def decimal(self) -> Decimal:
        """The amount in major units, exact."""
        return Decimal(self.amount).scaleb(-exponent(self.currency))

    def __str__(self) -> str:
        """Return the major units as a plain decimal string with the currency's decimals: `"500.00"`, `"5000"`."""
        return f"{self.decimal:.{exponent(self.currency)}f}"

    def percent(self, percentage: Decimal) -> Money:
        """Return that percentage of the amount, rounded half up to a minor unit."""
        exact = Decimal(self.amount) * percentage / 100
        return Money(int(exact.to_integral_value(ROUND_HALF_UP)), self.currency)


def zero(currency: str) -> Money:
    """Return no money, in that currency."""
    return Money(0, currency)


def parse_amount(text: str, currency: str) -> Money:
    """Read a positive decimal string of major units (`"500"`, `"500.5"`, `"500.50"`) exactly.

    Raises BadAmount for a sign, more decimals than the currency has, zero, or anything that is not a number:
    precision that would be lost is refused, never rounded away.
    """
    cleaned = text.strip()
    if not _AMOUNT.fullmatch(cleaned):
        message = f"“{text}” is not an amount. Write it like 500 or 500.00."
        raise BadAmount(message)
    # By its digits, since Decimal's arithmetic rounds at 28 of them.
    whole, _, decimals = cleaned.partition(".")
    decimals = decimals.rstrip("0")
    if len(decimals) > exponent(currency):
        raise BadAmount(_too_precise(text, currency))
    return _within_bounds(int(whole + decimals.ljust(exponent(currency), "0")), currency)


def _within_bounds(minor: int, currency: str) -> Money:
    if minor == 0:
        message = "An amount has to be more than zero."
        raise BadAmount(message)
    require_askable(Money(minor, currency))
    return Money(minor, currency)


def require_askable(money: Money) -> None:
    """Raise BadAmount unless it is above zero and no more than any record holds."""
    if money.amount <= 0:
        message = "That comes to nothing that could be asked for. Check the prices and what is taken off."
        raise BadAmount(message)
    if money.amount > _LARGEST:
        message = "That amount is too large for an invoice. Check the number of zeros."
        raise BadAmount(message)


def _too_precise(text: str, currency: str) -> str:
    decimals = exponent(currency)
    if decimals == 0:
        return f"“{text}” has decimals, but {currency} has none. Say a whole amount."
    return f"“{text}” has more than {decimals} decimals. Say an amount such as 12.34."


def parse_percent(text: str) -> Decimal:
    """Read a percentage above 0 with at most four decimals; raises BadAmount otherwise."""
    cleaned = text.strip().removesuffix("%").strip()
    if not re.fullmatch(r"\d{1,4}(\.\d{1,4})?", cleaned, re.ASCII) or Decimal(cleaned) == 0:
        message = f"“{text}” is not a percentage. Write it like 30."
        raise BadAmount(message)
    return Decimal(cleaned)
