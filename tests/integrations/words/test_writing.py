from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from billing.money import Money
from integrations.words import catalogs
from integrations.words.writing import Writing

DAY = date(2026, 3, 5)


@pytest.mark.parametrize(
    ("locale", ("expected")),
    [
        ("en_AU", ("€1,234.50", "1,234.50", "5 March 2026", "7.5%", "1.5 days")),
        ("en_US", ("€1,234.50", "1,234.50", "March 5, 2026", "7.5%", "1.5 days")),
        ("de_DE", ("1.234,50 €", "1.234,50", "5. März 2026", "7,5 %", "1,5 Tage")),
        ("fr_FR", ("1 234,50 €", "1 234,50", "5 mars 2026", "7,5 %", "1,5 jour")),
        ("es_ES", ("1.234,50 €", "1.234,50", "5 de marzo de 2026", "7,5 %", "1,5 días")),
        ("it-IT", ("1.234,50 €", "1.234,50", "5 March 2026", "7,5%", "1.5 days")),
        ("nowhere", ("€1,234.50", "1,234.50", "5 March 2026", "7.5%", "1.5 days")),
    ],
)
def test_amounts_days_and_quantities_are_written_as_in_the_country(locale: str, expected: tuple[str, ...]) -> None:
    words = Writing(locale)
    written = (
        words.money(Money(123450, "EUR")),
        words.figure(Money(123450, "EUR")),
        words.day(DAY),
        words.percent(Decimal("7.5")),
        words.quantity(Decimal("1.5"), "day"),
    )

    plain = tuple(each.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ") for each in written)
    assert plain == expected


def test_a_currency_without_decimals_has_none() -> None:
    words = Writing("ja_JP")

    assert words.money(Money(5000, "JPY")) == "¥5,000"
    assert words.figure(Money(5000, "JPY")) == "5,000"


def test_a_unit_that_no_language_has_is_written_as_it_was_typed() -> None:
    words = Writing("de_DE")

    assert words.quantity(Decimal("2.25"), " Paletten ") == "2,25 Paletten"
    assert words.quantity(Decimal(3), "") == "3"
    assert words.quantity(Decimal(1), "H") == "1 Stunde"


def test_countries_have_the_names_that_the_reader_knows() -> None:
    assert Writing("de_DE").country("FR") == "Frankreich"
    assert Writing("ja_JP").country("JP") == "Japan"
    assert Writing("en_GB").country("XQ") == "XQ"


def test_words_of_other_languages_are_english() -> None:
    assert Writing("it_IT").text("Invoice") == "Invoice"
    assert Writing("it_IT").language == "en"
    assert Writing("de_AT").text("Invoice") == "Rechnung"


def test_a_text_that_is_not_translated_stays_as_it_is() -> None:
    assert catalogs.text("Nobody has ever written this.", "fr_FR") == "Nobody has ever written this."
