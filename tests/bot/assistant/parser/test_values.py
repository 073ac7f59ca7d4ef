from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bot.assistant.parser.calling import dialled
from bot.assistant.parser.clauses import Clause, values_in
from bot.assistant.parser.numbers import read_digit_pairs, read_number
from bot.assistant.parser.periods import shifted
from skills.words import tokenise
from tests.support.parsing import surroundings


def values(text: str, type_name: str, **changes: Any) -> list[Any]:
    clause = Clause(text, tuple(tokenise(text)))
    return [value.value for value in values_in(clause, surroundings(**changes)) if value.type == type_name]


def day(text: str) -> str:
    (found,) = values(text, "date")
    return str(found)


def span(text: str, country: str = "AU") -> tuple[str, str]:
    (found,) = values(text, "period", country=country)
    return str(found[0]), str(found[1])


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("twelve thousand", "12000"),
        ("three and a half grand", "3500"),
        ("eleven hundred", "1100"),
        ("two hundred and fifty", "250"),
        ("one thousand and six", "1006"),
        ("forty-five", "45"),
        ("a hundred and twenty", "120"),
        ("a grand", "1000"),
        ("1.5k", "1500"),
        ("0.5 million", "500000"),
        ("12,500", "12500"),
    ],
)
def test_numbers_are_read_as_written_or_said(text: str, number: str) -> None:
    read = read_number(tokenise(text), 0)
    assert read is not None
    assert (read.value, read.end) == (Decimal(number), len(tokenise(text)))


@pytest.mark.parametrize(
    ("text", "digits"), [("ten oh four", "1004"), ("twenty twenty six", "2026"), ("one oh oh two", "1002")]
)
def test_a_number_said_in_pairs_is_one_number(text: str, digits: str) -> None:
    read = read_digit_pairs(tokenise(text), 0)
    assert read is not None
    assert read[0] == digits


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("$4,200", ("4200", "$")),
        ("$1.5k", ("1500", "$")),
        ("US$250", ("250", "USD")),
        ("A$99.50", ("99.50", "AUD")),
        ("NOK 5,000", ("5000", "NOK")),
        ("250 usd", ("250", "USD")),
        ("50,000 yen", ("50000", "JPY")),
        ("¥5000", ("5000", "JPY")),
        ("2,000 Aussie dollars", ("2000", "AUD")),
        ("200 bucks", ("200", "$")),
        ("a grand", ("1000", None)),
        ("€1,200", ("1200", "EUR")),
        ("five hundred pounds", ("500", "GBP")),
        ("50,000 in yen", ("50000", "JPY")),
        ("in yen 50,000", ("50000", "JPY")),
        ("12.345", ("12.345", None)),
        ("-5", ("-5", None)),
        ("$1,5k", None),
    ],
)
def test_amounts_keep_their_digits_and_name_their_currency(text: str, amount: object) -> None:
    assert values(text, "amount") == [amount]


@pytest.mark.parametrize(
    ("text", "percent"),
    [("30%", "30"), ("twenty five per cent", "25"), ("12.5 percent", "12.5"), ("half", "50"), ("a quarter", "25")],
)
def test_percentages_and_shares(text: str, percent: str) -> None:
    assert values(text, "percent") == [percent]


def test_a_third_is_no_whole_percentage_and_asks() -> None:
    assert values("a third", "percent") == [None]


def test_the_number_of_a_date_or_a_percentage_is_no_amount() -> None:
    assert values("due 30 April, 25 per cent", "amount") == []


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("20/3", "2026-03-20"),
        ("1/5", "2026-05-01"),
        ("1/2/27", "2027-02-01"),
        ("2026-07-09", "2026-07-09"),
        ("the first of May", "2026-05-01"),
        ("1st of May", "2026-05-01"),
        ("May 1", "2026-05-01"),
        ("30 April 2027", "2027-04-30"),
        ("3 February", "2027-02-03"),
        ("Friday", "2026-03-13"),
        ("this Friday", "2026-03-13"),
        ("next Friday", "2026-03-20"),
        ("next Tuesday", "2026-03-17"),
        ("Friday week", "2026-03-20"),
        ("Wednesday", "2026-03-18"),
        ("end of month", "2026-03-31"),
        ("eom", "2026-03-31"),
        ("the end of next month", "2026-04-30"),
        ("the last day of April", "2026-04-30"),
        ("in two weeks", "2026-03-25"),
        ("in a month", "2026-04-11"),
        ("in a fortnight", "2026-03-25"),
        ("due in thirty days", "2026-04-10"),
        ("net 14", "2026-03-25"),
        ("two weeks from now", "2026-03-25"),
        ("tomorrow", "2026-03-12"),
        ("in a couple of weeks", "2026-03-25"),
        ("end of the week", "2026-03-15"),
        ("end of the quarter", "2026-03-31"),
        ("end of the year", "2026-12-31"),
        ("March 30, 2027", "2027-03-30"),
        ("the twenty first of May", "2026-05-21"),
    ],
)
def test_days_follow_the_rulings(text: str, iso: str) -> None:
    assert day(text) == iso


def test_the_day_after_tomorrow_is_one_day() -> None:
    assert "2026-03-13" in {str(found) for found in values("due the day after tomorrow", "date")}
    assert "2026-03-12" not in {str(found) for found in values("send it day after tomorrow", "date")}


def test_a_day_that_no_month_has_is_no_day() -> None:
    assert values("31/2", "date") == []


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("last month", "2026-02-01", "2026-02-28"),
        ("this quarter", "2026-01-01", "2026-03-31"),
        ("last quarter", "2025-10-01", "2025-12-31"),
        ("this year", "2026-01-01", "2026-12-31"),
        ("last week", "2026-03-02", "2026-03-08"),
        ("next week", "2026-03-16", "2026-03-22"),
        ("yesterday", "2026-03-10", "2026-03-10"),
        ("in February", "2026-02-01", "2026-02-28"),
        ("in December", "2025-12-01", "2025-12-31"),
        ("January 2025", "2025-01-01", "2025-01-31"),
        ("since 1/2", "2026-02-01", "2026-03-11"),
        ("since January", "2026-01-01", "2026-03-11"),
        ("since Monday", "2026-03-09", "2026-03-11"),
        ("year to date", "2026-01-01", "2026-03-11"),
        ("so far this year", "2026-01-01", "2026-03-11"),
        ("this financial year", "2025-07-01", "2026-06-30"),
        ("so far this financial year", "2025-07-01", "2026-03-11"),
        ("between the first and the fifteenth of february", "2026-02-01", "2026-02-15"),
        ("from 1 Feb to 10 Feb", "2026-02-01", "2026-02-10"),
        ("the last 30 days", "2026-02-10", "2026-03-11"),
        ("Q4 2025", "2025-10-01", "2025-12-31"),
        ("in 2025", "2025-01-01", "2025-12-31"),
        ("ytd", "2026-01-01", "2026-03-11"),
        ("month to date", "2026-03-01", "2026-03-11"),
        ("so far in March", "2026-03-01", "2026-03-11"),
        ("from January to March", "2026-01-01", "2026-03-11"),
        ("last March", "2025-03-01", "2025-03-31"),
        ("next March", "2027-03-01", "2027-03-31"),
        ("this fy", "2025-07-01", "2026-06-30"),
        ("since yesterday", "2026-03-10", "2026-03-11"),
    ],
)
def test_periods_follow_the_rulings(text: str, start: str, end: str) -> None:
    assert span(text) == (start, end)


def test_what_is_read_back_ends_after_it_begins() -> None:
    assert span("payments between the first of march and the fifteenth of april") == ("2026-03-01", "2026-04-15")
    assert span("payments from 20 December to 5 January") == ("2025-12-20", "2026-01-05")


def test_a_span_that_is_dated_backwards_is_none() -> None:
    assert ("2026-03-01", "2026-02-01") not in values("payments between 1 March 2026 and 1 February 2026", "period")


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("two hundred fifty dollars fifty", ("250.5", "$")),
        ("nine hundred ninety nine dollars ninety nine", ("999.99", "$")),
        ("forty euros and twenty five", ("40.25", "EUR")),
        ("forty dollars twenty cents", ("40.2", "$")),
        ("forty dollars in ten days", ("40", "$")),
        ("forty dollars ten days from now", ("40", "$")),
        ("forty dollars twenty percent", ("40", "$")),
        ("40 dollars 50", ("40", "$")),
    ],
)
def test_cents_may_be_said_after_the_currency(text: str, amount: tuple[str, str]) -> None:
    (found, *_) = values(text, "amount")
    assert (Decimal(found[0]), found[1]) == (Decimal(amount[0]), amount[1])


def test_the_financial_year_is_that_of_the_country() -> None:
    assert span("this financial year", "US") == ("2026-01-01", "2026-12-31")
    assert span("last financial year", "GB") == ("2024-04-06", "2025-04-05")


def test_a_month_that_invoices_are_due_in_is_the_coming_one() -> None:
    assert span("due in April") == ("2026-04-01", "2026-04-30")
    assert span("paid in April") == ("2025-04-01", "2025-04-30")


def test_whole_months_move_by_whole_months() -> None:
    february = (date(2026, 2, 1), date(2026, 2, 28))
    assert shifted(february, -1) == (date(2026, 1, 1), date(2026, 1, 31))
    week = (date(2026, 3, 2), date(2026, 3, 8))
    assert shifted(week, 1) == (date(2026, 3, 9), date(2026, 3, 15))


@pytest.mark.parametrize(
    ("text", "email"),
    [
        ("jack at frost dot example", "jack@frost.example"),
        ("anna dot berg at mail dot example", "anna.berg@mail.example"),
        ("Write to Jo@Bloggs.example", "Jo@Bloggs.example"),
    ],
)
def test_addresses_may_be_spoken(text: str, email: str) -> None:
    assert values(text, "email") == [email]


@pytest.mark.parametrize(
    ("written", "phone"),
    [
        ("0412 345 678", "+61412345678"),
        ("+61 412 345 678", "+61412345678"),
        ("+44 (0)20 7946 0000", "+442079460000"),
        ("(07) 3333 4444", "+61733334444"),
        ("04 1234 5678 90", "04 1234 5678 90"),
    ],
)
def test_phone_numbers_are_read_as_the_world_dials_them(written: str, phone: str) -> None:
    assert values(f"phone {written}", "phone") == [phone]


def test_a_phone_number_of_a_country_that_is_not_known_stays_as_written() -> None:
    assert dialled("0412 345 678", "XX") == "0412 345 678"


def test_an_amount_is_no_phone_number() -> None:
    assert values("invoice them $12,500.00", "phone") == []


def test_channels_may_be_spoken() -> None:
    assert values("post in the ops channel and #billing", "channel") == ["#ops", "#billing"]
