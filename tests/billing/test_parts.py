"""Paying in parts: how little, how much, and that what is left can be paid, too."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.invoices import InvoiceStatus
from billing.money import Money
from billing.parts import PartProblem, least_part, problem_of
from billing.workspaces import Workspace
from tests.support.books import a_workspace
from tests.support.records import an_invoice, aud


def workspace(percent: int | None) -> Workspace:
    return a_workspace(least_part_percent=percent)


@pytest.mark.parametrize(
    ("percent", "changes", "least"),
    [
        (None, {}, None),
        (20, {}, aud(100_00)),
        (33, {"total": aud(100_01)}, aud(33_01)),  # rounded up
        (20, {"least_part": aud(250_00)}, aud(250_00)),  # the invoice's own word
        (None, {"least_part": aud(50_00)}, aud(50_00)),
        (100, {}, None),  # there is nothing to choose
        (20, {"paid": aud(400_00)}, None),  # only the last part is left
        (20, {"paid": aud(399_99)}, aud(100_00)),
        (20, {"status": InvoiceStatus.VOID}, None),
        (20, {"status": InvoiceStatus.PAID, "paid": aud(500_00)}, None),
    ],
)
def test_the_least_part_is_the_invoices_or_the_workspaces(
    percent: int | None, changes: dict[str, Any], least: Money | None
) -> None:
    assert least_part(an_invoice(**changes), workspace(percent)) == least


@pytest.mark.parametrize(
    ("minor", "problem"),
    [
        (99_99, PartProblem.TOO_LITTLE),
        (100_00, None),
        (499_50, None),
        (499_51, PartProblem.LEAVES_TOO_LITTLE),
        (500_00, None),
        (500_01, PartProblem.TOO_MUCH),
    ],
)
def test_a_part_is_held_against_both_ends(minor: int, problem: PartProblem | None) -> None:
    assert problem_of(an_invoice(), aud(minor), aud(100_00), aud(50)) is problem


def test_where_the_least_charge_is_not_known_any_rest_will_do() -> None:
    assert problem_of(an_invoice(), aud(499_99), aud(100_00), None) is None


@given(
    total=st.integers(1, 10**9),
    percent=st.integers(1, 100),
    parts=st.lists(st.integers(1, 10**9), max_size=8),
    least_charge=st.none() | st.integers(1, 500),
)
def test_parts_that_are_allowed_never_add_up_to_more_than_the_total(
    total: int, percent: int, parts: list[int], least_charge: int | None
) -> None:
    paid = 0
    charge = None if least_charge is None else aud(least_charge)
    for part in parts:
        invoice = an_invoice(total=aud(total), paid=aud(paid), status=InvoiceStatus.SENT)
        least = least_part(invoice, workspace(percent))
        if least is None:
            break
        if problem_of(invoice, aud(part), least, charge) is None:
            assert part * 100 >= total * percent
            paid += part
        left = total - paid
        assert left >= 0
        assert charge is None or left == 0 or paid == 0 or left >= charge.amount
