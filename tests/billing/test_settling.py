"""Settling: what Stripe says becomes the payment log and the invoice's state, once, in any order."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from billing.automations import Action, ActionKind, Automation, Conditions, Trigger
from billing.errors import UnknownRecord
from billing.invoices import Invoice, InvoiceStatus
from billing.money import Money
from billing.payments import PaymentStatus, PaymentType, Reversal, Settlement
from billing.queues import OutboxKind
from billing.settling import Settled, settle
from billing.workspaces import NotificationRoute
from tests.support.studio import NOW, Studio

EVENTS = (
    Trigger.PAYMENT_SUCCEEDED,
    Trigger.PAYMENT_FAILED,
    Trigger.REFUND_CREATED,
    Trigger.DISPUTE_OPENED,
    Trigger.SUBSCRIPTION_RENEWED,
)


def apply(studio: Studio, settlement: Settlement) -> Settled:
    with studio.store.transaction(studio.id) as tx:
        return settle(tx, settlement, now=studio.now)


def told(studio: Studio) -> list[str]:
    return [str(message.payload["event"]) for message in studio.outbox(OutboxKind.NOTIFY)]


@pytest.fixture(autouse=True)
def _invoice(studio: Studio) -> None:
    studio.connect()
    studio.done("create_invoice", opportunity="OPP-1", kind="deposit", amount="500")
    with studio.store.transaction(studio.id) as tx:
        for event in EVENTS:
            tx.people.set_route(NotificationRoute(studio.id, event, "#billing"))


def test_a_payment_of_the_total_pays_the_invoice_and_is_told_once(studio: Studio) -> None:
    settlement = studio.settlement("INV-1001", 500_00, occurred_at=studio.now - timedelta(minutes=5))
    assert apply(studio, settlement).changed
    assert not apply(studio, settlement).changed
    invoice = studio.invoice("INV-1001")
    assert (invoice.status, str(invoice.paid), invoice.paid_at) == ("paid", "500.00", settlement.occurred_at)
    assert told(studio) == ["payment_succeeded"]


def test_a_late_processing_never_undoes_a_success(studio: Studio) -> None:
    apply(studio, studio.settlement("INV-1001", 500_00))
    apply(studio, studio.settlement("INV-1001", 500_00, status=PaymentStatus.PROCESSING))
    assert studio.invoice("INV-1001").status == "paid"


def test_processing_money_pays_nothing_yet_and_is_told_once_where_payments_are(studio: Studio) -> None:
    for _ in range(2):
        apply(studio, studio.settlement("INV-1001", 500_00, status=PaymentStatus.PROCESSING))
    assert studio.invoice("INV-1001").status == "draft"
    assert told(studio) == ["payment_processing"]


def test_every_order_of_the_same_news_ends_in_the_same_state(studio: Studio) -> None:
    news = [
        studio.settlement("INV-1001", 500_00, status=PaymentStatus.FAILED, attempt="ch_1"),
        studio.settlement("INV-1001", 500_00, status=PaymentStatus.PROCESSING),
        studio.settlement("INV-1001", 500_00),
        studio.settlement("INV-1001", 500_00),
    ]
    ends = set()
    for position, order in enumerate(permutations(news)):
        number = studio.done("create_invoice", opportunity="OPP-1", amount="500").result["number"]
        for settlement in order:
            apply(studio, replace(settlement, invoice=number, stripe_object_id=f"pi_{position}"))
        invoice = studio.invoice(number)
        ends.add((invoice.status, invoice.paid, len(studio.payments(number))))
    assert ends == {(InvoiceStatus.PAID, Money(500_00, "AUD"), 1)}


def test_money_that_comes_back_after_days_under_way_has_failed_and_is_told(studio: Studio) -> None:
    debit = studio.settlement("INV-1001", 500_00, status=PaymentStatus.PROCESSING)
    returned = replace(debit, status=PaymentStatus.FAILED, attempt="ch_1", failure_message="Account closed.")
    for news in (debit, returned, debit, returned):
        apply(studio, news)
    line = studio.payments("INV-1001")[0]
    assert (line.status, line.failure_message) == (PaymentStatus.FAILED, "Account closed.")
    assert told(studio) == ["payment_processing", "payment_failed"]


def test_a_client_whose_debit_came_back_gets_another_link_for_the_one_it_used_up(studio: Studio) -> None:
    studio.done("create_payment_link", invoice="INV-1001")
    for status in (PaymentStatus.PROCESSING, PaymentStatus.FAILED):
        apply(studio, studio.settlement("INV-1001", 500_00, status=status))
    studio.done("create_payment_link", invoice="INV-1001")
    with studio.store.transaction(studio.id) as tx:
        assert [link.active for link in tx.links.of_invoice("INV-1001")] == [False, True]


def test_two_tries_end_as_the_later_one_did_in_any_order(studio: Studio) -> None:
    debit = studio.settlement("INV-1001", 500_00, status=PaymentStatus.PROCESSING)
    returned = replace(debit, status=PaymentStatus.FAILED, attempt="ch_1")
    earlier = studio.now - timedelta(minutes=1)
    first = [replace(debit, occurred_at=earlier), replace(returned, occurred_at=earlier)]
    for position, order in enumerate(permutations([*first, debit])):
        for news in order:
            apply(studio, replace(news, stripe_object_id=f"pi_{position}"))
    assert {line.status for line in studio.payments("INV-1001")} == {PaymentStatus.PROCESSING}


def test_a_later_period_that_is_declined_is_told_and_starts_no_automation(studio: Studio) -> None:
    period = {"type": PaymentType.SUBSCRIPTION, "stripe_object_id": "in_1"}
    apply(studio, studio.settlement("INV-1001", 500_00, **period))
    automate(studio, Conditions(), MOVE, trigger=Trigger.PAYMENT_FAILED)
    declined = period | {"stripe_object_id": "in_2", "status": PaymentStatus.FAILED, "attempt": "ch_2"}
    apply(studio, studio.settlement("INV-1001", 500_00, **declined))
    messages = studio.outbox(OutboxKind.NOTIFY)
    assert [message.payload.get("event") for message in messages] == ["payment_succeeded", "payment_failed"]


def test_each_declined_attempt_is_told_once_and_leaves_the_invoice_unpaid(studio: Studio) -> None:
    for attempt in ("ch_1", "ch_1", "ch_2"):
        apply(studio, studio.settlement("INV-1001", 500_00, status=PaymentStatus.FAILED, attempt=attempt))
    assert studio.invoice("INV-1001").status == "draft"
    assert told(studio) == ["payment_failed", "payment_failed"]


def test_a_decline_that_arrives_after_the_payment_is_not_told(studio: Studio) -> None:
    apply(studio, studio.settlement("INV-1001", 500_00))
    late = studio.settlement("INV-1001", 500_00, status=PaymentStatus.FAILED, stripe_object_id="pi_0")
    apply(studio, late)
    assert told(studio) == ["payment_succeeded"]


def test_part_of_the_total_is_told_and_leaves_a_balance(studio: Studio) -> None:
    apply(studio, studio.settlement("INV-1001", 200_00))
    invoice = studio.invoice("INV-1001")
    assert (invoice.status, str(invoice.balance)) == ("draft", "300.00")
    apply(studio, studio.settlement("INV-1001", 300_00, stripe_object_id="pi_2"))
    assert studio.invoice("INV-1001").status == "paid"
    assert told(studio) == ["payment_succeeded", "payment_succeeded"]


def test_money_in_another_currency_pays_nothing_and_is_told(studio: Studio) -> None:
    apply(studio, studio.settlement("INV-1001", 500_00, money=Money(500_00, "USD")))
    assert studio.invoice("INV-1001").status == "draft"
    assert told(studio) == ["payment_succeeded"]


def test_a_payment_dated_ahead_of_our_clock_is_told_now(studio: Studio) -> None:
    apply(studio, studio.settlement("INV-1001", 500_00, occurred_at=studio.now + timedelta(hours=1)))
    assert studio.payments("INV-1001")[0].occurred_at == studio.now
    assert told(studio) == ["payment_succeeded"]


def test_money_for_a_void_invoice_is_recorded_as_paid(studio: Studio) -> None:
    with studio.store.transaction(studio.id) as tx:
        tx.invoices.save(tx.invoices.get("INV-1001").move(InvoiceStatus.VOID))
    apply(studio, studio.settlement("INV-1001", 500_00))
    assert studio.invoice("INV-1001").status == "paid"


def test_later_periods_of_a_subscription_are_renewals(studio: Studio) -> None:
    for period in ("in_1", "in_1", "in_2"):
        subscription = {"type": PaymentType.SUBSCRIPTION, "stripe_object_id": period}
        apply(studio, studio.settlement("INV-1001", 500_00, **subscription))
    invoice = studio.invoice("INV-1001")
    assert (invoice.status, str(invoice.paid)) == ("paid", "500.00")
    assert len(studio.payments("INV-1001")) == 2
    assert told(studio) == ["payment_succeeded", "subscription_renewed"]


def test_a_paid_invoices_link_is_retired(studio: Studio) -> None:
    studio.done("create_payment_link", invoice="INV-1001", interval="month")
    apply(studio, studio.settlement("INV-1001", 500_00))
    assert len(studio.outbox(OutboxKind.RETIRE)) == 1


def reversal(minor: int = 500_00, **changes: object) -> Reversal:
    fields: dict[str, Any] = {
        "stripe_object_id": "re_1",
        "type": PaymentType.REFUND,
        "status": PaymentStatus.SUCCEEDED,
        "money": Money(minor, "AUD"),
        "occurred_at": NOW,
        "reason": "requested_by_customer",
    }
    return Reversal(**fields | changes)


def dispute(status: PaymentStatus) -> Reversal:
    return reversal(stripe_object_id="dp_1", type=PaymentType.DISPUTE, status=status, reason="fraudulent")


def given_back(studio: Studio, *reversals: Reversal, minor: int = 500_00, later: timedelta = timedelta()) -> Invoice:
    settlement = studio.settlement("INV-1001", minor, reversals=reversals)
    with studio.store.transaction(studio.id) as tx:
        return settle(tx, settlement, now=studio.now + later).invoice


def test_a_refund_of_all_that_came_refunds_the_invoice_though_less_than_its_total_came(studio: Studio) -> None:
    assert given_back(studio, reversal(480_00), minor=480_00).status == "refunded"
    line = studio.payments("INV-1001")[1]
    assert (line.type, line.reverses, line.reason, line.payer) == (
        "refund",
        "pi_1",
        "requested_by_customer",
        "Tess Blue",
    )
    assert told(studio) == ["payment_succeeded", "refund_created"]


def test_a_refund_of_a_part_leaves_the_invoice_paid_and_says_how_much_went_back(studio: Studio) -> None:
    invoice = given_back(studio, reversal(200_00))
    assert (invoice.status, str(invoice.paid), str(invoice.refunded)) == ("paid", "300.00", "200.00")
    assert invoice.balance.amount == 0
    invoice = given_back(studio, reversal(200_00), reversal(300_00, stripe_object_id="re_2"))
    assert (invoice.status, str(invoice.refunded)) == ("refunded", "500.00")
    assert told(studio) == ["payment_succeeded", "refund_created", "refund_created"]


def test_a_refund_that_fails_makes_the_invoice_paid_again_and_is_told_once(studio: Studio) -> None:
    given_back(studio, reversal())
    for _ in range(2):
        assert given_back(studio, reversal(status=PaymentStatus.FAILED)).status == "paid"
    keys = [message.key for message in studio.outbox(OutboxKind.NOTIFY)]
    assert keys[1:] == ["notify:refund_created:re_1", "notify:refund_failed:re_1"]


def test_a_refund_of_a_part_payment_that_fails_is_owed_as_before(studio: Studio) -> None:
    given_back(studio, reversal(200_00), minor=200_00)
    invoice = given_back(studio, reversal(200_00, status=PaymentStatus.FAILED), minor=200_00)
    assert (invoice.status, str(invoice.balance)) == ("open", "300.00")


def test_what_was_seen_earlier_never_replaces_what_was_seen_later(studio: Studio) -> None:
    given_back(studio, dispute(PaymentStatus.WON), later=timedelta(seconds=2))
    invoice = given_back(studio, dispute(PaymentStatus.OPEN), later=timedelta(seconds=1))
    assert not invoice.disputed
    assert studio.payments("INV-1001")[1].status == "won"


@pytest.mark.parametrize(("end", "status"), [(PaymentStatus.WON, "paid"), (PaymentStatus.LOST, "refunded")])
def test_a_dispute_counts_when_it_is_lost_and_both_its_ends_are_told(
    studio: Studio, end: PaymentStatus, status: str
) -> None:
    invoice = given_back(studio, dispute(PaymentStatus.OPEN))
    assert (invoice.status, invoice.disputed) == ("paid", True)
    studio.now += timedelta(days=1)
    invoice = given_back(studio, dispute(end))
    assert (invoice.status, invoice.disputed) == (status, False)
    keys = [message.key for message in studio.outbox(OutboxKind.NOTIFY)]
    assert keys[1:] == ["notify:dispute_opened:dp_1", f"notify:dispute_{end}:dp_1"]


def test_money_that_comes_after_a_refund_pays_the_invoice_again(studio: Studio) -> None:
    given_back(studio, reversal())
    apply(studio, studio.settlement("INV-1001", 500_00, stripe_object_id="pi_2"))
    assert studio.invoice("INV-1001").status == "paid"


def test_an_invoice_that_does_not_exist_is_an_error_and_logs_nothing(studio: Studio) -> None:
    with pytest.raises(UnknownRecord):
        apply(studio, studio.settlement("INV-9999", 500_00))
    assert studio.payments("INV-9999") == []


def automate(
    studio: Studio,
    where: Conditions,
    *actions: Action,
    after: str | None = None,
    trigger: Trigger = Trigger.PAYMENT_SUCCEEDED,
) -> None:
    with studio.store.transaction(studio.id) as tx:
        number = tx.automations.next_number()
        tx.automations.add(
            Automation(
                workspace_id=studio.id,
                number=number,
                name=number,
                active=True,
                trigger=trigger,
                actions=actions,
                created_at=studio.now,
                where=where,
                after=after,
            ),
        )


MOVE = Action(ActionKind.MOVE_OPPORTUNITY, {"stage": "won"})


def test_an_automation_runs_once_for_an_invoice_with_an_outbox_row_for_each_action(studio: Studio) -> None:
    automate(studio, Conditions(kind="deposit"), MOVE, Action(ActionKind.POST_MESSAGE, {"channel": "#billing"}))
    for _ in range(3):
        apply(studio, studio.settlement("INV-1001", 500_00))
    assert [message.payload["position"] for message in studio.outbox(OutboxKind.ACTION)] == [0, 1]


@pytest.mark.parametrize(
    ("where", "runs"),
    [
        (Conditions(), 1),
        (Conditions(kind="final"), 0),
        (Conditions(contact="CON-1", opportunity="OPP-1"), 1),
        (Conditions(contact="CON-2"), 0),
        (Conditions(opportunity="OPP-2"), 0),
        (Conditions(min_amount=Money(500_00, "AUD")), 1),
        (Conditions(min_amount=Money(500_01, "AUD")), 0),
        (Conditions(min_amount=Money(1, "USD")), 0),
    ],
)
def test_all_conditions_have_to_hold(studio: Studio, where: Conditions, runs: int) -> None:
    automate(studio, where, MOVE)
    apply(studio, studio.settlement("INV-1001", 500_00))
    assert len(studio.outbox(OutboxKind.ACTION)) == runs


def test_a_delayed_action_waits_for_its_time(studio: Studio) -> None:
    automate(studio, Conditions(), MOVE, after="P2D")
    apply(studio, studio.settlement("INV-1001", 500_00))
    assert studio.outbox(OutboxKind.ACTION) == []
    studio.now += timedelta(days=3)
    assert len(studio.outbox(OutboxKind.ACTION)) == 1


def test_a_fee_that_stripe_books_later_is_added_and_never_changed(studio: Studio) -> None:
    number = str(studio.done("create_invoice", opportunity="OPP-1", amount="500").result["number"])
    plain = studio.settlement(number, 500_00)
    booked = replace(plain, fee=Money(14_80, "AUD"), net=Money(485_20, "AUD"))
    with studio.store.transaction(studio.id) as tx:
        settle(tx, plain, now=studio.now)
        assert not settle(tx, booked, now=studio.now).changed
        settle(tx, replace(booked, fee=Money(1, "AUD")), now=studio.now)
        settle(tx, plain, now=studio.now)
    (line,) = studio.payments(number)
    assert (line.fee, line.net) == (Money(14_80, "AUD"), Money(485_20, "AUD"))
