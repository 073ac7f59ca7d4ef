"""The report: what came in, what is owed, what is late and what comes back, never added across currencies."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from billing.invoices import InvoiceStatus
from billing.money import Money
from billing.payments import Interval, PaymentStatus, PaymentType
from billing.settling import settle
from tests.support.records import a_link
from tests.support.studio import Studio

# Babel puts a no-break space behind a currency's letters.
NOK = "NOK\u00a0"


def bill(studio: Studio, opportunity: str = "OPP-1", amount: str = "500", *, late: int | None = None) -> str:
    number = str(studio.done("create_invoice", opportunity=opportunity, amount=amount).result["number"])
    with studio.store.transaction(studio.id) as tx:
        due_on = studio.now.date() - timedelta(days=late) if late else studio.now.date()
        tx.invoices.save(replace(tx.invoices.get(number), status=InvoiceStatus.SENT, due_on=due_on))
    return number


def pay(studio: Studio, number: str, minor: int, currency: str = "AUD", **changes: object) -> None:
    settlement = studio.settlement(
        number, minor, **{"money": Money(minor, currency), "stripe_object_id": number} | changes
    )
    with studio.store.transaction(studio.id) as tx:
        settle(tx, settlement, now=studio.now)


def test_empty_books_report_nothing(studio: Studio) -> None:
    report = studio.done("billing_report")
    assert (
        report.text
        == "Collected so far: nothing. Outstanding: nothing. Overdue: nothing. Recurring each month: nothing."
    )
    assert report.result == {"collected": {}, "outstanding": {}, "overdue": {}, "recurring": {}}
    assert report.card is not None
    assert [row.value for row in report.card.rows] == ["nothing"] * 4


def test_currencies_are_told_apart(studio: Studio) -> None:
    pay(studio, bill(studio), 500_00)
    pay(studio, bill(studio), 200_00)
    pay(studio, bill(studio, "OPP-3"), 500_00, "NOK")
    collected = studio.done("billing_report", measure="collected")
    assert collected.text == f"Collected so far: A$700.00 and {NOK}500.00."
    assert collected.result == {"collected": {"AUD": "700.00", "NOK": "500.00"}}
    assert collected.card is not None
    assert [row.detail for row in collected.card.rows] == ["2 payments", "1 payment"]
    assert studio.done("billing_report", measure="outstanding").text == "Outstanding: A$300.00."


def test_refunds_are_taken_off_and_what_failed_is_not_counted(studio: Studio) -> None:
    number = bill(studio)
    pay(studio, number, 500_00)
    pay(studio, number, 100_00, stripe_object_id="re_1", type=PaymentType.REFUND)
    pay(studio, number, 900_00, stripe_object_id="pi_9", status=PaymentStatus.FAILED)
    collected = studio.done("billing_report", measure="collected")
    assert collected.text == "Collected so far: A$400.00."
    assert collected.card is not None
    assert collected.card.rows[0].detail == "1 payment · A$100.00 refunded"


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2026-03-10", "2026-03-10", "Collected on 10 March: A$500.00."),
        ("2026-03-01", "2026-03-09", "Collected from 1 March to 9 March: nothing."),
    ],
)
def test_a_days_money_is_the_workspaces_day(studio: Studio, first: str, last: str, said: str) -> None:
    # Midnight in Brisbane is 14:00 UTC the day before.
    pay(studio, bill(studio), 500_00, occurred_at=datetime(2026, 3, 9, 14, tzinfo=UTC))
    period = {"from": first, "to": last}
    report = studio.done("billing_report", measure="collected", period=period)
    assert report.text == said
    assert report.card is not None
    assert report.card.rows[0].title == said.partition(":")[0]


def test_one_clients_report_names_the_client(studio: Studio) -> None:
    pay(studio, bill(studio), 100_00)
    bill(studio, "OPP-3")
    report = studio.done("billing_report", contact="Bluebird")
    assert report.card is not None
    assert report.card.title == "Billing report: Bluebird Cafe"
    assert report.result["outstanding"] == {"AUD": "400.00"}
    assert report.mentions == ("CON-1",)


def test_what_is_overdue_is_told_by_its_age(studio: Studio) -> None:
    for late in (1, 30, 31, 61, 90, 91):
        bill(studio, amount="10", late=late)
    bill(studio, "OPP-3", late=5)
    bill(studio)
    overdue = studio.done("billing_report", measure="overdue")
    assert overdue.text == f"Overdue: A$60.00 and {NOK}500.00."
    assert overdue.card is not None
    ages = ("1\u201330 days: A$20.00", "31\u201360 days: A$10.00", "61\u201390 days: A$20.00", "over 90 days: A$10.00")
    assert [row.detail for row in overdue.card.rows] == [
        f"6 invoices · {' · '.join(ages)}",
        f"1 invoice · 1\u201330 days: {NOK}500.00",
    ]


# Recurring


def subscribe(studio: Studio, interval: Interval, count: int = 1, *, ago: int = 0, opportunity: str = "OPP-1") -> str:
    number = bill(studio, opportunity, "120")
    with studio.store.transaction(studio.id) as tx:
        link = a_link(workspace_id=studio.id, id=f"link_{number}", invoice=number, interval=interval)
        tx.links.add(replace(link, interval_count=count))
    currency = studio.invoice(number).total.currency
    occurred_at = studio.now - timedelta(days=ago)
    pay(studio, number, 120_00, currency, type=PaymentType.SUBSCRIPTION, occurred_at=occurred_at)
    return number


@pytest.mark.parametrize(
    ("interval", "count", "monthly"),
    [
        (Interval.DAY, 1, "3650.00"),
        (Interval.WEEK, 1, "520.00"),
        (Interval.WEEK, 2, "260.00"),
        (Interval.MONTH, 1, "120.00"),
        (Interval.MONTH, 3, "40.00"),
        (Interval.YEAR, 1, "10.00"),
    ],
)
def test_every_rhythm_is_brought_to_a_month(studio: Studio, interval: Interval, count: int, monthly: str) -> None:
    subscribe(studio, interval, count)
    assert studio.done("billing_report", measure="recurring").result == {"recurring": {"AUD": monthly}}


def test_subscriptions_of_a_currency_are_added_up_and_those_of_a_client_told_apart(studio: Studio) -> None:
    subscribe(studio, Interval.MONTH)
    subscribe(studio, Interval.YEAR)
    subscribe(studio, Interval.MONTH, opportunity="OPP-3")
    recurring = studio.done("billing_report", measure="recurring")
    assert recurring.text == f"Recurring each month: A$130.00 and {NOK}120.00."
    assert recurring.card is not None
    assert [(row.value, row.detail) for row in recurring.card.rows] == [
        ("A$130.00 a month", "2 subscriptions"),
        (f"{NOK}120.00 a month", "1 subscription"),
    ]
    assert studio.done("billing_report", measure="recurring", contact="CON-3").result == {
        "recurring": {"NOK": "120.00"}
    }


def test_a_subscription_is_over_when_its_renewal_has_failed_for_a_month(studio: Studio) -> None:
    subscribe(studio, Interval.MONTH, ago=62)
    assert studio.done("billing_report", measure="recurring").text == "Recurring each month: A$120.00."
    studio.now += timedelta(days=1)
    assert studio.done("billing_report", measure="recurring").text == "Recurring each month: nothing."


def test_a_recurring_link_that_nobody_has_paid_yet_brings_nothing(studio: Studio) -> None:
    number = bill(studio)
    with studio.store.transaction(studio.id) as tx:
        tx.links.add(a_link(workspace_id=studio.id, invoice=number, interval=Interval.MONTH))
    assert studio.done("billing_report", measure="recurring").result == {"recurring": {}}


def test_a_subscription_payment_without_a_recurring_link_of_ours_is_not_guessed_at(studio: Studio) -> None:
    pay(studio, bill(studio), 500_00, type=PaymentType.SUBSCRIPTION)
    assert studio.done("billing_report", measure="recurring").result == {"recurring": {}}
