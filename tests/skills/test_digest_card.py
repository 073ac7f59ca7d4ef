"""What the daily digest says, and when it says nothing."""

from __future__ import annotations

from datetime import date, timedelta

from billing.money import Money
from billing.payments import PaymentStatus, PaymentType
from billing.settling import settle
from billing.subscriptions import SubscriptionStatus
from skills.cards import Card
from skills.digest_card import digest_card
from tests.support.books import a_payment, a_subscription
from tests.support.studio import Studio

MONDAY = date(2026, 3, 9)
WEDNESDAY = date(2026, 3, 11)


def digest(studio: Studio, on: date) -> Card | None:
    context = studio.context()
    with studio.store.transaction(studio.id) as tx:
        return digest_card(tx, context.workspace, context.formats, on)


def test_where_there_is_nothing_to_say_nothing_is_said_but_for_a_line_on_mondays(studio: Studio) -> None:
    assert digest(studio, WEDNESDAY) is None
    monday = digest(studio, MONDAY)
    assert monday is not None
    assert (monday.text, monday.fields, monday.buttons) == (
        "Nothing is owed, nothing came in last week, and nothing fails.",
        (),
        (),
    )
    assert monday.summary == "Billing on 9 March: nothing is owed, nothing came in last week, and nothing fails."


def test_what_is_owed_came_in_and_fails_is_said(studio: Studio) -> None:
    later, studio.now = studio.now, studio.now - timedelta(days=60)
    for amount, due in (("500", "2026-02-01"), ("900", "2026-04-01"), ("80", "2026-04-01")):
        studio.done("create_invoice", opportunity="OPP-1", amount=amount, due=due)
    for number in ("INV-1001", "INV-1002"):
        studio.done("send_invoice", invoice=number)
    studio.now = later
    failed = studio.settlement("INV-1002", 900_00, status=PaymentStatus.FAILED, failure_message="Card declined.")
    paid = studio.settlement("INV-1003", 80_00, stripe_object_id="pi_2", occurred_at=studio.now - timedelta(days=1))
    with studio.store.transaction(studio.id) as tx:
        settle(tx, paid, now=studio.now)
        settle(tx, failed, now=studio.now - timedelta(hours=1))
        tx.subscriptions.put(
            a_subscription(
                workspace_id=studio.id,
                invoice="INV-1003",
                status=SubscriptionStatus.PAST_DUE,
                money=Money(80_00, "AUD"),
            ),
        )
    card = digest(studio, WEDNESDAY)
    assert card is not None
    assert {field.label: field.value for field in card.fields} == {
        "Outstanding": "A$1,400.00",
        "Overdue": "A$500.00 (31–60 days: A$500.00)",
        "Collected yesterday": "A$80.00",
        "Collected this week": "A$80.00",
    }
    assert [row.title for row in card.rows] == ["Payment failed", "INV-1003 · Bluebird Cafe"]
    assert card.summary == (
        "Billing on 11 March. Outstanding: A$1,400.00 · Overdue: A$500.00 (31–60 days: A$500.00) · "
        "Collected yesterday: A$80.00 · Collected this week: A$80.00 · 2 failing"
    )
    assert (card.tone, [button.say for button in card.buttons]) == (
        "warning",
        ["show unpaid invoices", "remind everyone who is overdue"],
    )


def test_on_a_monday_the_week_that_ended_is_looked_back_on(studio: Studio) -> None:
    studio.done("create_invoice", opportunity="OPP-1", amount="80")
    paid = studio.settlement("INV-1001", 80_00, occurred_at=studio.now - timedelta(days=6))
    with studio.store.transaction(studio.id) as tx:
        settle(tx, paid, now=studio.now)
    card = digest(studio, MONDAY)
    assert card is not None
    assert {field.label: field.value for field in card.fields}["Collected last week"] == "A$80.00"
    assert card.tone == "neutral"


def test_what_failed_and_was_paid_since_fails_no_more(studio: Studio) -> None:
    studio.done("create_invoice", opportunity="OPP-1", amount="80")
    failed = studio.settlement("INV-1001", 80_00, stripe_object_id="pi_1", status=PaymentStatus.FAILED)
    paid = studio.settlement("INV-1001", 80_00, stripe_object_id="pi_2", occurred_at=studio.now)
    with studio.store.transaction(studio.id) as tx:
        # A payout is of no invoice.
        tx.payments.add(
            a_payment(
                workspace_id=studio.id,
                invoice=None,
                contact=None,
                type=PaymentType.PAYOUT,
                status=PaymentStatus.FAILED,
                occurred_at=studio.now,
            ),
        )
        settle(tx, failed, now=studio.now - timedelta(minutes=5))
        settle(tx, paid, now=studio.now)
    card = digest(studio, date(2026, 3, 12))
    assert card is not None
    assert card.rows == ()
