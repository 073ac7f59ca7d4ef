from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.errors import InvoiceClosed
from billing.invoices import OVERDUE, InvoiceKind, InvoiceStatus
from tests.support.records import TODAY, an_invoice, aud

DRAFT, OPEN, SENT, PAID, VOID, REFUNDED = InvoiceStatus
FORWARD = {
    (DRAFT, OPEN),
    (DRAFT, SENT),
    (DRAFT, PAID),
    (DRAFT, VOID),
    (OPEN, SENT),
    (OPEN, PAID),
    (OPEN, VOID),
    (SENT, PAID),
    (SENT, VOID),
    (PAID, REFUNDED),
    (VOID, PAID),
}
BACKWARD = sorted(pair for pair in product(InvoiceStatus, repeat=2) if pair not in FORWARD and len(set(pair)) == 2)


@pytest.mark.parametrize(("before", "after"), sorted(FORWARD))
def test_an_invoice_moves_forward(before: InvoiceStatus, after: InvoiceStatus) -> None:
    assert an_invoice(status=before).move(after).status is after


@pytest.mark.parametrize(("before", "after"), BACKWARD)
def test_an_invoice_never_moves_backward(before: InvoiceStatus, after: InvoiceStatus) -> None:
    with pytest.raises(InvoiceClosed, match=f"INV-1001 is {before}, so it cannot become {after}."):
        an_invoice(status=before).move(after)


@pytest.mark.parametrize("status", InvoiceStatus)
def test_the_same_status_again_is_no_step(status: InvoiceStatus) -> None:
    invoice = an_invoice(status=status)

    assert invoice.move(status) is invoice


@given(st.lists(st.sampled_from(InvoiceStatus), max_size=12))
def test_whatever_is_asked_for_in_whatever_order_no_status_ever_comes_back(wanted: list[InvoiceStatus]) -> None:
    invoice = an_invoice()
    history = [invoice.status]
    for status in wanted:
        try:
            invoice = invoice.move(status)
        except InvoiceClosed:
            continue
        if invoice.status is not history[-1]:
            history.append(invoice.status)

    assert len(history) == len(set(history))


@pytest.mark.parametrize("status", [OPEN, SENT])
def test_an_unpaid_invoice_is_overdue_from_the_day_after_it_was_due(status: InvoiceStatus) -> None:
    invoice = an_invoice(status=status, due_on=TODAY)

    assert invoice.status_on(TODAY) == status
    assert invoice.status_on(TODAY + timedelta(days=1)) == OVERDUE


@pytest.mark.parametrize("status", [DRAFT, PAID, VOID, REFUNDED])
def test_what_nobody_waits_for_is_never_overdue(status: InvoiceStatus) -> None:
    assert an_invoice(status=status, due_on=TODAY).status_on(TODAY + timedelta(days=400)) == status


def test_the_balance_is_what_has_not_settled() -> None:
    assert an_invoice(total=aud(500_00), paid=aud(120_50)).balance == aud(379_50)


@pytest.mark.parametrize("status", [DRAFT, OPEN, SENT])
def test_money_may_be_asked_for_on_an_invoice_that_is_not_closed(status: InvoiceStatus) -> None:
    invoice = an_invoice(status=status)

    invoice.require_payable()

    assert invoice.payable


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        (PAID, "INV-1001 is paid. There is nothing left to pay."),
        (VOID, "INV-1001 is void. Create a new invoice instead."),
        (REFUNDED, "INV-1001 is refunded. Create a new invoice if it should be paid again."),
    ],
)
def test_a_closed_invoice_says_what_to_do_instead(status: InvoiceStatus, advice: str) -> None:
    invoice = an_invoice(status=status)

    with pytest.raises(InvoiceClosed) as refused:
        invoice.require_payable()

    assert refused.value.user_message == advice
    assert not invoice.payable


def test_a_client_reads_which_part_of_the_deal_an_invoice_is() -> None:
    assert {kind.value: kind.part for kind in InvoiceKind} == {
        "deposit": "Deposit",
        "progress": "Progress payment",
        "final": "Final payment",
        "standard": "",
    }
