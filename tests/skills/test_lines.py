"""Invoices made of lines: what they come to, what a card shows, and what is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from billing.lines import TaxBehavior
from skills.registry import SKILLS
from skills.schema import arguments_from_tool
from tests.support.studio import Studio

DAYS = {"text": "Days", "unit_price": "900", "quantity": "3", "unit": "day"}
TRAVEL = {"text": "Travel", "unit_price": "120"}


def taxed(studio: Studio, behavior: TaxBehavior, rate: str = "10") -> None:
    with studio.store.transaction(studio.id) as tx:
        tx.business.save(replace(tx.business.get(), tax_behavior=behavior, tax_rate=Decimal(rate)))


def itemise(studio: Studio, *lines: dict[str, str], **said: Any) -> Any:
    return studio.run("create_invoice", **{"opportunity": "OPP-1", "lines": list(lines)} | said)


def test_an_invoice_asks_for_what_its_lines_come_to(studio: Studio) -> None:
    ran = itemise(studio, DAYS, TRAVEL)
    invoice = studio.invoice("INV-1001")
    assert ran.text == "Invoice INV-1001 for Bluebird shop sign: A$2,820.00, due 25 March."
    assert ran.arguments["lines"] == [
        {"text": "Days", "unit_price": "900.00", "quantity": "3", "unit": "day"},
        {"text": "Travel", "unit_price": "120.00"},
    ]
    assert [(line.text, str(line.quantity), line.unit) for line in invoice.lines] == [
        ("Days", "3", "day"),
        ("Travel", "1", ""),
    ]
    assert [(row.title, row.value, row.detail) for row in ran.card.rows] == [
        ("Days", "A$2,700.00", "3 × A$900.00 per day"),
        ("Travel", "A$120.00", "1 × A$120.00"),
    ]


def test_where_prices_are_without_tax_the_total_has_it(studio: Studio) -> None:
    taxed(studio, TaxBehavior.EXCLUSIVE)
    ran = itemise(studio, DAYS)
    assert "A$2,970.00 with tax" in ran.text
    assert ran.card.rows[0].detail == "3 × A$900.00 per day · 10% tax"
    assert ran.card.rows[0].value == "A$2,700.00"


def test_a_final_invoice_with_lines_takes_off_what_was_issued_before(studio: Studio) -> None:
    deposit = studio.done("create_invoice", opportunity="OPP-1", kind="deposit", amount="1000").result["number"]
    studio.done("send_invoice", invoice=deposit)
    studio.done("create_invoice", opportunity="OPP-1", kind="progress", amount="50")
    ran = itemise(studio, DAYS, TRAVEL, kind="final")
    assert "A$1,820.00, which is the lines less A$1,000.00 invoiced before" in ran.text
    deductions = studio.invoice("INV-1003").deductions
    assert deductions is not None
    assert [each.number for each in deductions] == [deposit]


def test_a_discount_on_a_line_is_shown(studio: Studio) -> None:
    itemise(studio, DAYS)
    with studio.store.transaction(studio.id) as tx:
        invoice = tx.invoices.get("INV-1001")
        tx.invoices.save(replace(invoice, lines=(replace(invoice.lines[0], discount=Decimal("12.50")),)))
    card = studio.done("show_invoice", invoice="INV-1001").card
    assert card is not None
    assert (card.rows[0].value, card.rows[0].detail) == ("A$2,362.50", "3 × A$900.00 per day · less 12.5%")


def test_a_card_shows_the_first_ten_lines_of_many(studio: Studio) -> None:
    ran = itemise(studio, *[{"text": f"Shot {place}", "unit_price": "1"} for place in range(12)])
    assert [row.title for row in ran.card.rows][9:] == ["Shot 9", "and 2 more"]


def test_an_amount_that_says_the_same_is_fine_and_another_is_not(studio: Studio) -> None:
    assert itemise(studio, DAYS, amount="2700").status == "done"
    refused = itemise(studio, DAYS, amount="2600")
    assert refused.error == (
        "bad_amount",
        "The lines come to A$2,700.00 and not A$2,600.00. Leave the amount out, or mend the lines.",
    )
    assert itemise(studio, DAYS, percent="30").error[0] == "bad_amount"


@pytest.mark.parametrize(
    ("line", "refusal"),
    [
        ({"quantity": "-2"}, "Line 1 (“Days”): “-2” cannot be a quantity"),
        ({"quantity": "0"}, "“0” cannot be a quantity"),
        ({"quantity": "1.23456"}, "at most four decimals"),
        ({"quantity": "many"}, "“many” cannot be a quantity"),
        ({"unit_price": "-900"}, "A price cannot be below zero"),
        ({"unit_price": "1.005"}, "has more than 2 decimals"),
        ({"text": "\x07\x00"}, "Line 1: It does not say what it is for."),
        ({"text": "x" * 1001}, "longer than 1000 characters"),
        ({"unit": "u" * 21}, "longer than 20 characters"),
        ({"unit_price": "0"}, "comes to nothing"),
        ({"unit_price": "9" * 13, "quantity": "900000"}, "too large for an invoice"),
    ],
)
def test_what_cannot_be_billed_is_refused_with_its_line(studio: Studio, line: dict[str, str], refusal: str) -> None:
    ran = itemise(studio, DAYS | line)
    assert ran.error[0] in {"bad_amount", "bad_argument"}
    assert refusal in ran.text


def test_two_thousand_lines_are_refused_and_five_hundred_are_billed(studio: Studio) -> None:
    line = {"text": "Frame", "unit_price": "2"}
    refused = itemise(studio, *[line] * 2000)
    assert refused.text == "An invoice has at most 500 lines, and this one would have 2000. Split it in two."
    assert "A$1,000.00" in itemise(studio, *[line] * 500).text


def test_every_script_and_sign_is_kept_and_control_characters_are_not(studio: Studio) -> None:
    text = "עיצוב לוגו 👩‍👩‍👧 #set text(red)] «ß»"
    itemise(studio, {"text": f"  {text}\x1b[31m\x00\r\nsecond\ufffe ", "unit_price": "1"})
    assert studio.invoice("INV-1001").lines[0].text == f"{text}[31m\nsecond"


def test_a_model_says_lines_with_nulls_for_what_was_not_said() -> None:
    said = {"opportunity": "OPP-1", "amount": None, "lines": [TRAVEL | {"quantity": None, "unit": None}]}
    assert arguments_from_tool(SKILLS["create_invoice"], json.dumps(said)) == {
        "opportunity": "OPP-1",
        "lines": [TRAVEL],
    }


def test_a_line_that_is_no_line_is_refused(studio: Studio) -> None:
    for line in ("travel 120", {"text": "Travel"}, TRAVEL | {"tax": "10"}, TRAVEL | {"quantity": 2}):
        ran = studio.run("create_invoice", opportunity="OPP-1", lines=[line])
        assert ran.error is not None
        assert ran.error[0] == "bad_argument"
