"""Late fees: once a period, with a reason on the invoice, below their limit, and never on what is contested."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from billing.documenting import document_of
from billing.invoices import Invoice, InvoiceKind, InvoiceStatus
from billing.late_fees import charge_late_fee, late_now, running_period
from billing.lines import Line
from billing.money import Money
from billing.payments import Interval, PaymentStatus
from billing.queues import OutboxKind
from billing.reminders import ChargedFee, FeeInterval, LateFee, ReminderSchedule
from billing.settling import settle
from bot.formats import WorkspaceFormats
from tests.support.records import a_link
from tests.support.studio import Studio

TODAY = date(2026, 3, 11)
RULE = LateFee(FeeInterval.ONCE, date(2026, 1, 1), 14, Decimal(10), percent=Decimal(2))
MONTHLY = replace(RULE, interval=FeeInterval.MONTH)


@pytest.fixture(autouse=True)
def _late_invoice(studio: Studio) -> None:
    """INV-1001: 500 dollars, sent, and due on 20 February; a fee is charged from 7 March on."""
    rule(studio)
    studio.done("create_invoice", opportunity="OPP-1", amount="500")
    change(studio, status=InvoiceStatus.SENT, due_on=date(2026, 2, 20))


def rule(studio: Studio, fee: LateFee | None = RULE, **changes: Any) -> None:
    schedule = ReminderSchedule(
        studio.id, active=True, since=studio.now, set_by="Admin", set_at=studio.now, late_fee=fee
    )
    with studio.store.transaction(studio.id) as tx:
        tx.reminders.save_schedule(replace(schedule, **changes))


def change(studio: Studio, **changes: Any) -> Invoice:
    with studio.store.transaction(studio.id) as tx:
        return tx.invoices.save(replace(tx.invoices.get("INV-1001"), **changes))


def charge(studio: Studio, today: date = TODAY) -> str | None:
    """Look once for fees, and return what was charged in major units."""
    with studio.store.transaction(studio.id) as tx:
        formats = WorkspaceFormats(tx.people.workspace(), studio.clock)
        late = late_now(tx, today=today)
        found = [charge_late_fee(tx, number, formats, now=studio.now, today=today) for number in late]
    return next((str(fee.money) for fee in found if fee is not None), None)


def test_a_fee_is_a_line_with_its_reason_and_charged_once(studio: Studio) -> None:
    assert charge(studio) == "10.00"
    assert charge(studio) is None
    assert charge(studio, TODAY + timedelta(days=300)) is None
    invoice = studio.invoice("INV-1001")
    assert str(invoice.total) == "510.00"
    with studio.store.transaction(studio.id) as tx:
        document = document_of(tx, "INV-1001")
    assert [line.line.text for line in document.lines] == [
        "Bluebird shop sign",
        "Late fee: 2 % of A$500.00, which was due on 20 February",
    ]
    assert document.gross == document.total == invoice.total
    assert document.lines[1].tax.amount == 0


def test_the_link_that_asked_for_less_is_ended(studio: Studio) -> None:
    with studio.store.transaction(studio.id) as tx:
        link = a_link(
            workspace_id=studio.id, stripe_payment_link_id="plink_1", stripe_account_id="acct_studio", url="u"
        )
        tx.links.add(link)
    charge(studio)
    with studio.store.transaction(studio.id) as tx:
        assert tx.links.active("INV-1001") is None
    assert [row.payload["stripe_payment_link_id"] for row in studio.outbox(OutboxKind.RETIRE)] == ["plink_1"]


def test_a_fee_joins_the_lines_that_are_there(studio: Studio) -> None:
    change(studio, lines=(Line("Signs", Money(500_00, "AUD")),))
    charge(studio)
    assert studio.invoice("INV-1001").lines[0].text == "Signs"
    assert len(studio.invoice("INV-1001").lines) == 2


def test_an_amount_is_charged_in_its_own_currency_only(studio: Studio) -> None:
    rule(studio, replace(RULE, percent=None, amount=Money(25_00, "NOK")))
    assert charge(studio) is None
    rule(studio, replace(RULE, percent=None, amount=Money(25_00, "AUD")))
    assert charge(studio) == "25.00"
    assert studio.invoice("INV-1001").lines[-1].text == "Late fee: A$500.00 was due on 20 February"


def test_a_monthly_fee_is_of_what_is_owed_without_fees_and_ends_at_its_limit(studio: Studio) -> None:
    rule(studio, replace(MONTHLY, percent=Decimal(4), most_percent=Decimal(10)))
    charged = [
        charge(studio, day) for day in (TODAY, date(2026, 4, 6), date(2026, 4, 7), date(2026, 5, 8), date(2026, 6, 9))
    ]
    assert charged == ["20.00", None, "20.00", "10.00", None]
    assert str(studio.invoice("INV-1001").total) == "550.00"


def test_what_was_paid_of_it_is_not_charged_for(studio: Studio) -> None:
    studio.done("record_payment", invoice="INV-1001", amount="400")
    assert charge(studio) == "2.00"


@pytest.mark.parametrize(
    "changes",
    [
        {"disputed": True},
        {"reminders_paused": True},
        {"status": InvoiceStatus.PAID},
        {"status": InvoiceStatus.VOID},
        {"due_on": date(2026, 2, 25)},
        {"due_on": date(2025, 12, 1)},
        {"total": Money(0, "AUD")},
    ],
)
def test_some_invoices_are_spared(studio: Studio, changes: dict[str, Any]) -> None:
    before = change(studio, **changes)
    assert charge(studio) is None
    assert studio.invoice("INV-1001") == before


def test_a_payment_under_way_spares_an_invoice(studio: Studio) -> None:
    with studio.store.transaction(studio.id) as tx:
        settle(tx, studio.settlement("INV-1001", 500_00, status=PaymentStatus.PROCESSING), now=studio.now)
    assert charge(studio) is None


def test_a_subscription_pays_itself(studio: Studio) -> None:
    with studio.store.transaction(studio.id) as tx:
        tx.links.add(a_link(workspace_id=studio.id, interval=Interval.MONTH))
    assert charge(studio) is None


def test_what_was_paid_after_the_look_is_not_charged(studio: Studio) -> None:
    change(studio, status=InvoiceStatus.PAID)
    with studio.store.transaction(studio.id) as tx:
        formats = WorkspaceFormats(tx.people.workspace(), studio.clock)
        assert charge_late_fee(tx, "INV-1001", formats, now=studio.now, today=TODAY) is None


def test_a_fee_that_another_worker_charged_is_not_charged_again(studio: Studio) -> None:
    with studio.store.transaction(studio.id) as tx:
        assert tx.reminders.add_fee(ChargedFee(studio.id, "INV-1001", 0, Money(10_00, "AUD"), TODAY))
    assert charge(studio) is None


@pytest.mark.parametrize("changes", [{"active": False}, {"late_fee": None}])
def test_without_a_rule_nothing_is_charged(studio: Studio, changes: dict[str, Any]) -> None:
    rule(studio, **changes)
    assert charge(studio) is None
    with studio.store.transaction(studio.id) as tx:
        formats = WorkspaceFormats(tx.people.workspace(), studio.clock)
        assert charge_late_fee(tx, "INV-1001", formats, now=studio.now, today=TODAY) is None


@pytest.mark.parametrize(
    ("due_on", "today", "period"),
    [
        (date(2026, 1, 16), date(2026, 1, 30), None),
        (date(2026, 1, 16), date(2026, 1, 31), 0),
        (date(2026, 1, 16), date(2026, 2, 27), 0),
        # The 31st is the last of a shorter month.
        (date(2026, 1, 16), date(2026, 2, 28), 1),
        (date(2026, 1, 16), date(2027, 1, 30), 11),
        (date(2026, 1, 16), date(2027, 1, 31), 12),
        # Begun before there was a rule; the next period counts.
        (date(2025, 12, 1), date(2026, 1, 5), None),
        (date(2025, 12, 1), date(2026, 1, 16), 1),
    ],
)
def test_periods_begin_on_one_day_of_the_month(due_on: date, today: date, period: int | None) -> None:
    assert running_period(MONTHLY, due_on, today) == period


def test_one_that_is_charged_once_has_one_period() -> None:
    assert running_period(RULE, date(2026, 1, 16), date(2027, 1, 31)) == 0
    assert running_period(RULE, date(2025, 12, 1), date(2027, 1, 31)) is None


def test_a_fee_on_a_deposit_is_not_taken_off_the_final_invoice(studio: Studio) -> None:
    change(studio, kind=InvoiceKind.DEPOSIT)
    charge(studio)
    final = str(studio.done("create_invoice", opportunity="OPP-1", kind="final", amount="9500").result["number"])
    with studio.store.transaction(studio.id) as tx:
        [deduction] = document_of(tx, final).deductions
    assert str(deduction.amount) == "500.00"
