"""Money, days and numbers as the readers of a locale write them, and texts in their language."""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal, format_percent, get_currency_symbol
from babel.units import format_unit

from billing.money import exponent
from integrations.words import catalogs

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from babel.numbers import NumberPattern

    from billing.money import Money

# The locale whose currency signs are told apart wherever they are read: A$, US$, NZ$, JP¥.
_INTERNATIONAL: Final = Locale("en", "001")
# What people call the units that are written with their number in every language.
_UNITS: Final = {
    "h": "duration-hour",
    "hr": "duration-hour",
    "hrs": "duration-hour",
    "hour": "duration-hour",
    "hours": "duration-hour",
    "day": "duration-day",
    "days": "duration-day",
    "week": "duration-week",
    "weeks": "duration-week",
    "month": "duration-month",
    "months": "duration-month",
    "year": "duration-year",
    "years": "duration-year",
    "km": "length-kilometer",
    "kg": "mass-kilogram",
}


def money_text(money: Money, locale: Locale) -> str:
    """Return the amount with a sign that no other currency has: `A$500.00`, `US$1,200.00`, `JP¥5,000`."""
    pattern = _pattern(locale, money.currency)
    text = pattern.apply(money.decimal, locale, currency=money.currency, currency_digits=False)
    text = text.replace(get_currency_symbol(money.currency, locale), _sign(money.currency, locale))
    # A code may neither stick to its number nor be parted from it at the end of a line.
    return re.sub(r"(?<=[A-Za-z])(?=\d)", "\N{NO-BREAK SPACE}", text)


def _pattern(locale: Locale, currency: str) -> NumberPattern:
    pattern: NumberPattern = copy.copy(locale.currency_formats["standard"])
    # Babel's own count of decimals is by custom (none for some that have cents); ours is ISO 4217's.
    pattern.frac_prec = (exponent(currency),) * 2
    return pattern


def _sign(currency: str, locale: Locale) -> str:
    local = get_currency_symbol(currency, locale)
    return get_currency_symbol(currency, _INTERNATIONAL) if local in {"$", currency} else local


@dataclass(frozen=True, slots=True)
class Writing:
    """How the readers of one locale, such as `de_DE`, are written to.

    Where their language is none of ours, words and days are English; numbers are always their own.
    """

    locale: str

    @property
    def language(self) -> str:
        """The language of the words: `en`, `de`, `fr` or `es`."""
        return catalogs.language_of(self.locale)

    @property
    def _numbers(self) -> Locale:
        return catalogs.parsed(self.locale)

    @property
    def _words(self) -> Locale:
        numbers = self._numbers
        return numbers if numbers.language == self.language else _INTERNATIONAL

    def text(self, message: str) -> str:
        """Return the English message in the reader's language."""
        return catalogs.text(message, self.locale)

    def money(self, money: Money) -> str:
        """Return the amount with its currency's sign: `A$500.00`, `1.200,00 €`."""
        # The wide sign of Japanese stands apart from the narrow figures of every font.
        return money_text(money, self._numbers).replace("￥", "¥")

    def figure(self, money: Money) -> str:
        """Return the amount without a sign, for a column whose currency is known: `1,200.00`."""
        digits = "0" * exponent(money.currency)
        return format_decimal(money.decimal, f"#,##0.{digits}" if digits else "#,##0", locale=self._numbers)

    def day(self, day: date) -> str:
        """Return the day with its year: `5 March 2026`, `5. März 2026`."""
        return format_date(day, "long", locale=self._words)

    def number(self, number: Decimal) -> str:
        """Return the number with at most four decimals: `1,5`."""
        return format_decimal(number, "#,##0.####", locale=self._numbers)

    def percent(self, percentage: Decimal) -> str:
        """Return a percentage such as `7.5%`, `7,5 %`; `percentage` is 7.5."""
        pattern = copy.copy(self._numbers.percent_formats[None])
        pattern.frac_prec = (0, 4)
        return format_percent(percentage / 100, pattern, locale=self._numbers)

    def country(self, code: str) -> str:
        """Return the name of a country by its ISO 3166 code, the code where it has none: `Germany`."""
        return str(self._words.territories.get(code, code))

    def quantity(self, number: Decimal, unit: str) -> str:
        """Return how much of something: `3 days`, `3 Tage`, `2 pallets`, `4`."""
        known = _UNITS.get(unit.strip().lower())
        if known:
            return format_unit(number, known, "long", "#,##0.####", locale=self._words)
        return f"{self.number(number)} {unit.strip()}".strip()
