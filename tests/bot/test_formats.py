"""Money and dates are read by people: what they see must be theirs, and never another currency's."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.money import Money
from billing.payments import Interval
from billing.workspaces import Workspace
from bot.formats import WorkspaceFormats, locale_named

NOW = datetime(2026, 3, 11, tzinfo=UTC)
NBSP = "\N{NO-BREAK SPACE}"


def formats(locale: str = "en_AU", timezone: str = "Australia/Brisbane", now: datetime = NOW) -> WorkspaceFormats:
    workspace = Workspace("w1", "Studio", "AUD", "AU", locale, timezone, NOW)
    return WorkspaceFormats(workspace, lambda: now)


@pytest.mark.parametrize(
    ("amount", "currency", "written"),
    [
        (50_000, "AUD", "A$500.00"),
        (120_000, "USD", "US$1,200.00"),
        (120_000, "EUR", "€1,200.00"),
        (5_000, "JPY", "JP¥5,000"),
        (750_000, "NOK", f"NOK{NBSP}7,500.00"),
        (1_234, "KWD", f"KWD{NBSP}1.234"),
        (-50_000, "AUD", "-A$500.00"),
    ],
)
def test_an_australian_studio_reads_which_currency_it_is(amount: int, currency: str, written: str) -> None:
    assert formats().money(Money(amount, currency)) == written


@pytest.mark.parametrize(
    ("locale", "currency", "written"),
    [
        ("en_US", "USD", "US$1,234.50"),
        ("en_US", "AUD", "A$1,234.50"),
        ("en_CA", "CAD", "CA$1,234.50"),
        ("nb_NO", "NOK", f"1{NBSP}234,50{NBSP}kr"),
        ("de_DE", "EUR", f"1.234,50{NBSP}€"),
        ("de_DE", "USD", f"1.234,50{NBSP}US$"),
        ("es_MX", "CHF", f"CHF{NBSP}1,234.50"),
    ],
)
def test_each_locale_writes_money_its_own_way(locale: str, currency: str, written: str) -> None:
    assert formats(locale).money(Money(123_450, currency)) == written


def test_a_currency_with_cents_that_are_seldom_used_still_shows_them() -> None:
    assert formats().money(Money(1_234, "RSD")) == f"RSD{NBSP}12.34"


@given(st.integers(-(10**15), 10**15), st.sampled_from(["AUD", "JPY", "KWD", "NOK", "USD", "UGX"]))
def test_no_amount_loses_a_digit(amount: int, currency: str) -> None:
    written = formats().money(Money(amount, currency))
    assert int("".join(sign for sign in written if sign.isdecimal())) == abs(amount)


def test_a_day_of_this_year_has_no_year() -> None:
    assert formats().day(date(2026, 3, 25)) == "25 March"
    assert formats("en_US").day(date(2026, 3, 25)) == "March 25"


def test_a_day_of_another_year_says_which() -> None:
    assert formats().day(date(2027, 1, 2)) == "2 January 2027"
    assert formats("en_US").day(date(2025, 12, 31)) == "December 31, 2025"


def test_this_year_begins_when_it_begins_where_the_workspace_is() -> None:
    new_year_in_brisbane = datetime(2026, 12, 31, 20, tzinfo=UTC)
    assert formats(now=new_year_in_brisbane).day(date(2027, 1, 2)) == "2 January"


def test_a_moment_is_told_in_local_time() -> None:
    written = formats().moment(datetime(2026, 3, 25, 5, 4, tzinfo=UTC))
    assert written.replace("\N{NARROW NO-BREAK SPACE}", " ") == "25 March, 3:04 pm"


@pytest.mark.parametrize(
    ("interval", "count", "written"),
    [
        (Interval.ONE_TIME, 1, "once"),
        (Interval.MONTH, 1, "every month"),
        (Interval.WEEK, 2, "every 2 weeks"),
        (Interval.DAY, 1, "every day"),
    ],
)
def test_an_interval_is_said_in_words(interval: Interval, count: int, written: str) -> None:
    assert formats().interval(interval, count) == written


def test_a_locale_may_be_written_with_a_dash() -> None:
    assert str(locale_named("en-AU")) == "en_AU"


@pytest.mark.parametrize("name", ["", "xx_YY", "english", "en_AU_"])
def test_a_locale_that_does_not_exist_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="is not a locale"):
        locale_named(name)
