"""The sums of the books, added up by both databases, against the same sums made line by line in Python."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from statistics import median
from zoneinfo import ZoneInfo

import pytest

from billing.invoices import Invoice, InvoiceStatus
from billing.money import Money, zero
from billing.payments import Interval, Payment, PaymentStatus, PaymentType
from billing.ports import Transaction
from billing.reporting import Age, Collected, DaysToPay, days_to_pay
from billing.standing import came_in, gone_back
from billing.subscriptions import SubscriptionStatus
from storage import SqlStore
from tests.support.books import a_contact, a_payment, a_subscription, add_workspace
from tests.support.records import NOW, TODAY, WORKSPACE, a_link, an_invoice, an_opportunity

BERLIN = ZoneInfo("Europe/Berlin")
LAST_YEAR = NOW - timedelta(days=365)


@pytest.fixture
def books(any_store: SqlStore) -> SqlStore:
    """Two clients, and a year of invoices and payments in two currencies, made up the same way every time."""
    add_workspace(any_store)
    add_workspace(any_store, "ws_other")
    for workspace in (WORKSPACE, "ws_other"):
        chance = random.Random(7)  # noqa: S311 - made-up books, not secrets
        with any_store.transaction(workspace) as tx:
            for number in ("CON-1", "CON-2"):
                tx.contacts.add(a_contact(workspace_id=workspace, number=number))
            tx.opportunities.add(an_opportunity(workspace_id=workspace))
            for place in range(60):
                _add(tx, place, chance)
    return any_store


def _add(tx: Transaction, place: int, chance: random.Random) -> None:
    currency = chance.choice(("AUD", "EUR"))
    issued = TODAY - timedelta(days=chance.randrange(300))
    total = chance.randrange(1, 10**6)
    status = chance.choice(list(InvoiceStatus))
    paid_at = datetime.combine(issued, datetime.min.time(), UTC) + timedelta(hours=chance.randrange(24 * 60))
    invoice = an_invoice(
        workspace_id=tx.workspace_id,
        number=f"INV-{2000 + place}",
        token=f"{tx.workspace_id}-{place}",
        contact=chance.choice(("CON-1", "CON-2")),
        total=Money(total, currency),
        paid=Money(chance.randrange(total), currency),
        status=status,
        issued_on=issued,
        due_on=issued + timedelta(days=chance.randrange(60)),
        paid_at=paid_at if status in {InvoiceStatus.PAID, InvoiceStatus.REFUNDED} else None,
    )
    tx.invoices.add(invoice)
    for line in range(3):
        tx.payments.add(
            a_payment(
                workspace_id=tx.workspace_id,
                id=f"pay_{place}_{line}",
                stripe_object_id=f"pi_{place}_{line}",
                type=chance.choice(list(PaymentType)),
                status=chance.choice(list(PaymentStatus)),
                money=Money(chance.randrange(1, 10**6), currency),
                occurred_at=LAST_YEAR + timedelta(seconds=chance.randrange(365 * 86400)),
                invoice=invoice.number,
                contact=invoice.contact,
            )
        )


def _collected(lines: list[Payment], currency: str) -> Collected:
    mine = [line for line in lines if line.money.currency == currency]
    return Collected(
        sum((line.money for line in mine if came_in(line)), start=zero(currency)),
        sum((line.money for line in mine if gone_back(line)), start=zero(currency)),
        sum(came_in(line) for line in mine),
    )


@pytest.mark.parametrize("contact", [None, "CON-2"])
def test_what_came_in_is_what_the_lines_say(books: SqlStore, contact: str | None) -> None:
    start, end = NOW - timedelta(days=200), NOW - timedelta(days=20)
    with books.transaction(WORKSPACE) as tx:
        lines = tx.payments.list(contact=contact, start=start, end=end, limit=10**6)
        assert tx.reports.collected(contact=contact, start=start, end=end) == [
            _collected(lines, currency) for currency in ("AUD", "EUR")
        ]
        marks = [start, start + timedelta(days=30), start + timedelta(days=31), end]
        parts = tx.reports.collected_between(marks, contact=contact)
        assert parts == [
            tx.reports.collected(contact=contact, start=first, end=last) for first, last in pairwise(marks)
        ]


@pytest.mark.parametrize("contact", [None, "CON-1"])
def test_what_is_owed_and_late_is_what_the_invoices_say(books: SqlStore, contact: str | None) -> None:
    with books.transaction(WORKSPACE) as tx:
        mine = [one for one in tx.invoices.list() if contact in {None, one.contact}]
        unpaid = [one for one in mine if one.status in {InvoiceStatus.OPEN, InvoiceStatus.SENT}]
        owed = tx.reports.outstanding(contact=contact)
        late = tx.reports.overdue(TODAY, contact=contact)
    for currency, line, overdue in zip(("AUD", "EUR"), owed, late, strict=True):
        of_it = [one for one in unpaid if one.total.currency == currency]
        assert (line.total, line.invoices) == (_balance(of_it, currency), len(of_it))
        past = [one for one in of_it if one.due_on < TODAY]
        assert (overdue.total, overdue.invoices) == (_balance(past, currency), len(past))
        for age, first, last in ((Age.TO_30, 1, 30), (Age.TO_60, 31, 60), (Age.TO_90, 61, 90), (Age.OLDER, 91, 9999)):
            aged = [one for one in past if first <= (TODAY - one.due_on).days <= last]
            assert dict(overdue.ages).get(age) == (_balance(aged, currency) if aged else None)


def _balance(invoices: list[Invoice], currency: str) -> Money:
    return sum((one.balance for one in invoices), start=zero(currency))


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/Los_Angeles", "Australia/Brisbane", "Asia/Kathmandu"])
def test_days_to_pay_are_days_of_the_workspaces_calendar_through_every_change_of_the_clocks(
    books: SqlStore, zone: str
) -> None:
    local = ZoneInfo(zone)
    with books.transaction(WORKSPACE) as tx:
        found = tx.reports.days_to_pay(local, end=NOW)
        paid = [one for one in tx.invoices.list() if one.paid_at is not None and one.paid_at < NOW]
    assert [line.currency for line in found] == ["AUD", "EUR"]
    for line in found:
        days = [
            max((one.paid_at.astimezone(local).date() - one.issued_on).days, 0)
            for one in paid
            if one.paid_at is not None and one.total.currency == line.currency
        ]
        assert (line.invoices, float(line.median)) == (len(days), median(days))
        assert abs(line.average - Decimal(sum(days)) / len(days)) <= Decimal("0.05")


@pytest.mark.parametrize(
    ("paid_at", "days"),
    [
        # The night of 29 March 2026 in Berlin: at one o'clock UTC it becomes three.
        (datetime(2026, 3, 28, 22, 59, tzinfo=UTC), 0),
        (datetime(2026, 3, 28, 23, 0, tzinfo=UTC), 1),
        (datetime(2026, 3, 29, 21, 59, tzinfo=UTC), 1),
        (datetime(2026, 3, 29, 22, 0, tzinfo=UTC), 2),
    ],
)
def test_midnight_is_where_the_clocks_put_it(any_store: SqlStore, paid_at: datetime, days: int) -> None:
    add_workspace(any_store)
    with any_store.transaction(WORKSPACE) as tx:
        tx.contacts.add(a_contact())
        tx.opportunities.add(an_opportunity())
        tx.invoices.add(an_invoice(status=InvoiceStatus.PAID, issued_on=date(2026, 3, 28), paid_at=paid_at))
        start = datetime(2026, 3, 1, tzinfo=UTC)
        found = tx.reports.days_to_pay(BERLIN, start=start, end=start + timedelta(days=60))
        assert found == [DaysToPay("AUD", 1, Decimal(days), Decimal(days))]
        assert tx.reports.days_to_pay(BERLIN, end=start) == []
        assert tx.reports.days_to_pay(BERLIN, end=NOW + timedelta(days=90), contact="CON-9") == []


def test_the_middle_of_an_even_number_lies_between_two() -> None:
    assert days_to_pay("EUR", {3: 1, 8: 1}) == DaysToPay("EUR", 2, Decimal("5.5"), Decimal("5.5"))
    assert days_to_pay("EUR", {3: 5, 90: 1}) == DaysToPay("EUR", 6, Decimal(3), Decimal("17.5"))


Recur = Callable[..., None]


@pytest.mark.parametrize(
    ("link", "payment", "statuses", "renews"),
    [
        ({}, {}, (), True),
        ({"active": False}, {}, (), True),
        ({"active": False}, {"type": PaymentType.CHARGE}, (), False),
        ({}, {"type": PaymentType.CHARGE}, (), True),
        ({"interval": Interval.ONE_TIME}, {}, (), False),
        ({}, {"status": PaymentStatus.FAILED}, (), False),
        ({}, {"occurred_at": LAST_YEAR - timedelta(days=1)}, (), False),
        ({}, {}, (SubscriptionStatus.ACTIVE,), True),
        ({}, {}, (SubscriptionStatus.CANCELED,), False),
        ({}, {}, (SubscriptionStatus.CANCELED, SubscriptionStatus.PAST_DUE), True),
    ],
)
def test_a_subscription_renews_while_it_is_paid_and_has_not_ended(
    any_store: SqlStore,
    link: dict[str, object],
    payment: dict[str, object],
    statuses: tuple[SubscriptionStatus, ...],
    renews: bool,  # noqa: FBT001 - one of the cases' columns
) -> None:
    add_workspace(any_store)
    with any_store.transaction(WORKSPACE) as tx:
        tx.contacts.add(a_contact())
        tx.opportunities.add(an_opportunity())
        tx.invoices.add(an_invoice())
        tx.links.add(replace(a_link(interval=Interval.MONTH, interval_count=3), **link))  # type: ignore[arg-type]  # the cases' own fields
        tx.payments.add(a_payment(**{"type": PaymentType.SUBSCRIPTION} | payment))
        for place, status in enumerate(statuses):
            tx.subscriptions.put(a_subscription(stripe_subscription_id=f"sub_{place}", status=status))
        found = tx.reports.renewing(since=LAST_YEAR)
        assert [(one.money.amount, one.interval, one.interval_count, one.paid_at) for one in found] == (
            [(500_00, Interval.MONTH, 3, NOW)] if renews else []
        )
        assert tx.reports.renewing(since=LAST_YEAR, contact="CON-9") == []
