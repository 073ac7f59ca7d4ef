"""Things that are billed one by one, and sentences that only look like them."""

from __future__ import annotations

import pytest

from tests.support.parsing import calls_of, understood


def _line(text: str, price: str, quantity: str = "1", unit: str = "") -> dict[str, str]:
    line = {"text": text, "unit_price": price, "quantity": quantity, "unit": unit}
    return {name: value for name, value in line.items() if value != {"quantity": "1", "unit": ""}.get(name)}


DAYS, TRAVEL = _line("Days", "900", "3", "day"), _line("Travel", "120")


@pytest.mark.parametrize(
    ("said", "lines"),
    [
        ("3 days at 900 and travel 120 for Harper", [DAYS, TRAVEL]),
        (
            "bill Harper 2.5 hours at 180 plus materials 340.50",
            [_line("Hours", "180", "2.5", "h"), _line("Materials", "340.50")],
        ),
        ("invoice Harper for 3 days at 900", [DAYS]),
        ("invoice Harper for 3 days of design at $900 a day", [_line("Design", "900", "3", "day")]),
        ("invoice Harper for travel 120 and 3 days at 900", [TRAVEL, DAYS]),
        ("invoice Harper 3 days @ 900, 120 for travel", [DAYS, TRAVEL]),
        (
            "bill Harper two and a half days at 1,200 and printing for 80",
            [_line("Days", "1200", "2.5", "day"), _line("Printing", "80")],
        ),
        (
            "charge Harper for 12 prints at 25 each, delivery 40",
            [_line("Prints", "25", "12"), _line("Delivery", "40")],
        ),
        ("invoice Harper 4 hours on site at 95 per hour", [_line("Site", "95", "4", "h")]),
        ("invoice for Harper: signs 500, build 1500", [_line("Signs", "500"), _line("Build", "1500")]),
        ("invoice Harper for signs $500 and posters $1,500", [_line("Signs", "500"), _line("Posters", "1500")]),
        ("bill Harper for: signs 500; 99 for posters", [_line("Signs", "500"), _line("Posters", "99")]),
        ("invoice for harper: 500 signs, 1500 build", [_line("Signs", "500"), _line("Build", "1500")]),
        (
            "Bill Harper: $500 signs, $99 posters and 40 glue",
            [_line("Signs", "500"), _line("Posters", "99"), _line("Glue", "40")],
        ),
        ("invoice Harper: signs - 500, print - 99", [_line("Signs", "500"), _line("Print", "99")]),
        ("invoice for Harper with two lines: signs 5, posters 9", [_line("Signs", "5"), _line("Posters", "9")]),
    ],
)
def test_lines_are_read_from_words(said: str, lines: list[dict[str, str]]) -> None:
    assert calls_of(understood(said)) == [("create_invoice", {"opportunity": "OPP-2", "lines": lines})]


def test_lines_go_with_a_due_date_a_currency_and_what_follows() -> None:
    (created, arguments), (sent, _) = calls_of(
        understood("invoice Harper 3 days at €900 and travel €120 due Friday and send it")
    )

    assert (created, sent) == ("create_invoice", "send_invoice")
    assert arguments == {"opportunity": "OPP-2", "lines": [DAYS, TRAVEL], "currency": "EUR", "due": "2026-03-13"}


@pytest.mark.parametrize(
    "said",
    [
        "invoice Harper 500",
        "invoice Harper 500 in 3 days",
        "invoice Harper 500 within 3 days at 9 am",
        "create a 30% deposit for Harper due in 2 weeks",
        "remind Harper in 3 days at 9",
        "send 3 invoices at 9",
        "invoice Harper 3 days at €900 and travel $120 USD",
        "invoice Harper for 3 the days at 900",
        "invoice Harper: 500 now, 300 in May",
        "invoice Harper: 500 tomorrow, 300 next week",
        "invoice these: Harper 500, Petrova 300",
        "invoice Harper 500 signs, 300 posters",
    ],
)
def test_what_only_looks_like_lines_is_none(said: str) -> None:
    calls = [arguments for _, arguments in calls_of(understood(said))]

    assert all("lines" not in arguments for arguments in calls)


def test_an_amount_beside_lines_is_not_dropped_in_silence() -> None:
    assert understood("invoice Harper 500: 3 days at 900").calls == ()
