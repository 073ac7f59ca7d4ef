"""The log as CSV: what a spreadsheet reads is what is in the log, and nothing of it is a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.money import Money
from billing.payments import PaymentMethod, PaymentStatus, PaymentType
from bot.payment_csv import COLUMNS, csv_text, harmless
from skills.payment_lines import LogLine
from tests.support.books import a_payment, a_workspace
from tests.support.records import aud

NUMBER = re.compile(r"-?\d+(\.\d+)?")


def line(client: str = "Bluebird Cafe", url: str = "", **changes: Any) -> LogLine:
    return LogLine(a_payment(**changes), client, url)


def rows(*lines: LogLine) -> list[dict[str, str]]:
    text = "".join(csv_text(lines, a_workspace()))
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_a_line_is_told_whole() -> None:
    (row,) = rows(
        line(
            url="https://dashboard.stripe.com/test/payments/pi_1",
            type=PaymentType.REFUND,
            money=aud(150_00),
            fee=Money(0, "USD"),
            net=Money(-99_50, "USD"),
            reason="requested_by_customer",
            failure_message="",
        )
    )
    assert row == {
        "time": "2026-03-11T10:00:00+10:00",
        "time_zone": "Australia/Brisbane",
        "type": "refund",
        "status": "succeeded",
        "amount": "150.00",
        "currency": "AUD",
        "fee": "0.00",
        "net": "-99.50",
        "balance_currency": "USD",
        "client": "Bluebird Cafe",
        "client_number": "CON-1",
        "invoice": "INV-1001",
        "payer": "Nora Quist",
        "details": "requested by customer",
        "stripe_id": "pi_1",
        "stripe_account": "acct_1",
        "mode": "test",
        "dashboard": "https://dashboard.stripe.com/test/payments/pi_1",
        "id": "pay_1",
    }


def test_what_is_not_known_is_empty() -> None:
    (row,) = rows(
        line(
            "",
            stripe_account_id="",
            stripe_object_id="recorded:k1",
            contact=None,
            invoice=None,
            payer="",
            method=PaymentMethod.CASH,
            status=PaymentStatus.SUCCEEDED,
            money=Money(5000, "JPY"),
        )
    )
    empty = {name for name, value in row.items() if not value}
    assert empty == set(COLUMNS) - {"time", "time_zone", "type", "status", "amount", "currency", "details", "id"}
    assert (row["amount"], row["details"]) == ("5000", "cash")


def test_a_number_below_zero_stays_a_number() -> None:
    (row,) = rows(line(net=aud(-150_00), fee=aud(0)))
    assert NUMBER.fullmatch(row["net"])


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1+1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1",
        "\u00a0=1",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        'Ada";=1+1;"',
        "Ada,=1+1",
        "Ada;@x",
        "Ada|cmd",
        "'=1",
        '=HYPERLINK("https://evil.example","x")',
    ],
)
def test_text_that_a_spreadsheet_would_calculate_is_only_text(text: str) -> None:
    for cell in (harmless(text), rows(line(text))[0]["client"], rows(line(payer=text))[0]["payer"]):
        assert not calculated(cell)


@given(st.text(alphabet=st.sampled_from("=+-@\t\r\n ;,|\"'aZ0＝＋－＠\u2212\u00a0\u2028\x00\x0b\x1f"), max_size=12))
def test_no_text_whatever_becomes_a_formula_nor_breaks_a_row(text: str) -> None:
    (row,) = rows(line(text, payer=text, failure_message=text))
    assert list(row) == list(COLUMNS)
    for name, cell in row.items():
        assert NUMBER.fullmatch(cell) or not calculated(cell), (name, cell)


def calculated(cell: str) -> bool:
    """Say whether a spreadsheet could find a formula in it, wherever it parts the cell."""
    return re.search(r"(?:^|[,;|\t\r\n\"])\s*[=+\-@＝＋－＠\u2212]", cell) is not None


@pytest.mark.parametrize("name", ["O'Brien & Sons", "Zoë, Ltd", "a-b", "1 + 1", "x@y.example", "«—»"])
def test_ordinary_names_stay_as_they_are(name: str) -> None:
    assert rows(line(name))[0]["client"] == name


def test_a_long_log_comes_in_pieces() -> None:
    taken = 0

    def lines() -> Iterator[LogLine]:
        nonlocal taken
        for _ in range(2000):
            taken += 1
            yield line()

    pieces = csv_text(lines(), a_workspace())
    next(pieces)
    assert taken < 2000
    assert "".join(pieces).count("\r\n") == 1500
