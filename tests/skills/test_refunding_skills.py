"""Giving money back, and ending subscriptions: what is shown first, what happens, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from billing.automations import Trigger
from billing.errors import BadAmount, CannotRefund, NoSubscription
from billing.money import Money
from billing.payments import Interval, PaymentStatus, PaymentType, Reversal
from billing.queues import OutboxKind
from billing.roles import Role
from billing.settling import settle
from billing.subscribing import End, keep
from billing.subscriptions import Subscription, SubscriptionStatus
from billing.workspaces import NotificationRoute
from skills.cards import Card
from skills.notices import notice_card
from skills.presenting import view
from skills.registry import SKILLS
from tests.support.studio import NOW, Studio


@pytest.fixture(autouse=True)
def _connected(studio: Studio) -> None:
    studio.connect()


def bill(studio: Studio) -> str:
    return str(studio.done("create_invoice", opportunity="OPP-1", amount="500").result["number"])


def pay(studio: Studio, minor: int = 500_00, number: str = "", **changes: Any) -> str:
    number = number or bill(studio)
    with studio.store.transaction(studio.id) as tx:
        settle(tx, studio.settlement(number, minor, **changes), now=studio.now)
    return number


def preview(studio: Studio, skill: str, **arguments: Any) -> Card:
    show = SKILLS[skill].preview
    assert show is not None
    return show(studio.context(), **arguments)


def shown(card: Card) -> dict[str, str]:
    return {field.label: field.value for field in card.fields}


def dispute(status: PaymentStatus) -> Reversal:
    return Reversal("dp_1", PaymentType.DISPUTE, status, Money(500_00, "AUD"), NOW, "fraudulent")


def subscribe(studio: Studio, number: str, **changes: Any) -> Subscription:
    fields: dict[str, Any] = {
        "workspace_id": studio.id,
        "stripe_subscription_id": "sub_1",
        "stripe_account_id": "acct_studio",
        "livemode": False,
        "invoice": number,
        "status": SubscriptionStatus.ACTIVE,
        "interval": Interval.MONTH,
        "interval_count": 1,
        "money": Money(500_00, "AUD"),
        "started_at": studio.now,
        "current_period_end": studio.now + timedelta(days=31),
    }
    found = Subscription(**fields | changes)
    studio.stripe.subscribed.setdefault(number, []).append(found)
    with studio.store.transaction(studio.id) as tx:
        keep(tx, found, now=studio.now)
    return found


def subscription(studio: Studio, account: str = "acct_studio") -> Subscription:
    with studio.store.transaction(studio.id) as tx:
        return next(one for one in tx.subscriptions.list() if one.stripe_account_id == account)


def tell(studio: Studio, *events: Trigger) -> None:
    with studio.store.transaction(studio.id) as tx:
        for event in events:
            tx.people.set_route(NotificationRoute(studio.id, event, "#billing"))


# Refunds


def test_the_card_says_how_much_to_whom_of_what_and_what_is_left(studio: Studio) -> None:
    number = pay(studio)
    card = preview(studio, "refund_payment", invoice=number, amount="150", reason="duplicate")
    assert card.summary == f"Refund A$150.00 of {number} to Tess Blue?"
    assert shown(card) == {
        "Refund": "A$150.00",
        "To": "Tess Blue",
        "Client": "Bluebird Cafe",
        "Payment": "A$500.00 of 11 March, 10:00\u202fam",
        "Left of it": "A$350.00",
        "Reason": "duplicate",
    }
    assert studio.stripe.refunded == []


def test_a_refund_of_everything_says_that_nothing_is_left(studio: Studio) -> None:
    card = preview(studio, "refund_payment", invoice=pay(studio, payer=""), reason="fraudulent")
    assert (shown(card)["Left of it"], shown(card)["To"]) == ("nothing", "Bluebird Cafe")
    assert "blocks the card" in card.note


def test_a_refund_without_an_amount_gives_back_all_and_closes_the_invoice(studio: Studio) -> None:
    number = pay(studio)
    done = studio.done("refund_payment", invoice=number)
    assert done.text == f"Refunded A$500.00 of {number} to Bluebird Cafe. It takes a few days to reach them."
    assert studio.invoice(number).status == "refunded"
    assert [(refund.key, str(refund.money)) for refund in studio.stripe.refunded] == [(f"said:{studio.said}", "500.00")]


def test_a_part_goes_back_and_the_card_says_how_much(studio: Studio) -> None:
    number = pay(studio)
    done = studio.done("refund_payment", invoice=number, amount="150", reason="requested_by_customer")
    assert done.text.endswith("A$350.00 of that payment is left.")
    assert done.card is not None
    assert shown(done.card)["Refunded"] == "A$150.00"
    listed = studio.done("list_payments", invoice=number)
    assert listed.text == "2 found, A$500.00 settled, A$150.00 given back."
    with pytest.raises(BadAmount, match=r"At most 350\.00 AUD"):
        preview(studio, "refund_payment", invoice=number, amount="350.01")


def test_the_same_request_again_gives_back_nothing_more(studio: Studio) -> None:
    number = pay(studio)
    skill = SKILLS["refund_payment"]
    for _ in range(2):
        skill.run(studio.context(key="k1"), invoice=number, amount="150")
    assert str(studio.invoice(number).refunded) == "150.00"


def test_a_refund_that_stripe_says_has_failed_is_not_called_done(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = pay(studio)
    failed = Reversal("re_1", PaymentType.REFUND, PaymentStatus.FAILED, Money(500_00, "AUD"), studio.now)
    monkeypatch.setattr(studio.stripe, "refund", lambda refund: failed)
    assert "failed, so the money is still yours" in studio.done("refund_payment", invoice=number).text
    assert studio.invoice(number).status == "paid"


def test_of_several_payments_the_newest_that_has_as_much_is_refunded(studio: Studio) -> None:
    number = pay(studio, 300_00, stripe_object_id="pi_old", occurred_at=studio.now - timedelta(days=9))
    pay(studio, 200_00, number, stripe_object_id="pi_new")
    for amount in ("250", "50", "150"):
        studio.done("refund_payment", invoice=number, amount=amount)
    refunded = [refund.payment.stripe_object_id for refund in studio.stripe.refunded]
    assert refunded == ["pi_old", "pi_new", "pi_new"]
    with pytest.raises(BadAmount, match=r"At most 50\.00"):
        preview(studio, "refund_payment", invoice=number, amount="60")


def test_money_that_stripe_never_saw_is_recorded_as_given_back(studio: Studio) -> None:
    number = bill(studio)
    studio.done("record_payment", invoice=number, method="cash")
    assert "you give the money back" in preview(studio, "refund_payment", invoice=number).note
    done = studio.done("refund_payment", invoice=number, reason="duplicate")
    assert done.text.startswith("Recorded that A$500.00")
    assert studio.stripe.refunded == []
    assert (studio.invoice(number).status, studio.payments(number)[1].reason) == ("refunded", "duplicate")


def test_nothing_paid_is_nothing_to_give_back(studio: Studio) -> None:
    number = bill(studio)
    assert studio.run("refund_payment", invoice=number).error == (
        "cannot_refund",
        f"Nothing has been paid on {number}, so there is nothing to give back.",
    )


def test_what_went_back_already_does_not_go_back_twice(studio: Studio) -> None:
    number = pay(studio)
    studio.done("refund_payment", invoice=number)
    assert "has been given back already" in studio.run("refund_payment", invoice=number).text


@pytest.mark.parametrize("status", [PaymentStatus.OPEN, PaymentStatus.WON])
def test_a_disputed_payment_is_not_refunded_as_well(studio: Studio, status: PaymentStatus) -> None:
    number = pay(studio, reversals=(dispute(status),))
    with pytest.raises(CannotRefund, match="the bank decides"):
        preview(studio, "refund_payment", invoice=number)


def test_a_banks_inquiry_can_be_settled_by_a_refund_and_is_shown(studio: Studio) -> None:
    number = pay(studio, reversals=(dispute(PaymentStatus.INQUIRY),))
    card = studio.done("show_invoice", invoice=number).card
    assert card is not None
    assert "contests" in shown(card)["Disputed"]
    assert "Dispute inquiry" in [row.title for row in card.rows]
    preview(studio, "refund_payment", invoice=number)


@pytest.mark.parametrize("changes", [{"livemode": True}, {"stripe_account_id": "acct_before"}])
def test_a_payment_in_another_account_or_mode_is_refunded_there(studio: Studio, changes: dict[str, Any]) -> None:
    number = pay(studio, **changes)
    with pytest.raises(CannotRefund, match="in the dashboard of that account"):
        preview(studio, "refund_payment", invoice=number)
    studio.done("disconnect_stripe")
    with pytest.raises(CannotRefund, match="another Stripe account"):
        preview(studio, "refund_payment", invoice=number)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.EDITOR])
def test_only_admins_give_money_back(studio: Studio, role: Role) -> None:
    assert studio.run("refund_payment", role, invoice=pay(studio)).status == "refused"


# Subscriptions


def test_the_card_says_until_when_a_subscription_runs(studio: Studio) -> None:
    number = pay(studio, type=PaymentType.SUBSCRIPTION)
    subscribe(studio, number)
    card = preview(studio, "cancel_subscription", invoice=number)
    assert card.summary == f"Cancel the subscription of {number} (Bluebird Cafe), ending on 11 April?"
    assert shown(card)["Charges"] == "A$500.00 every month"
    now = preview(studio, "cancel_subscription", invoice=number, when=End.NOW)
    assert (shown(now)["Ends"], "Nothing is given back" in now.note) == ("now", True)


def test_a_subscription_ends_with_its_period_or_now_and_that_is_told_once(studio: Studio) -> None:
    number = bill(studio)
    subscribe(studio, number)
    tell(studio, Trigger.SUBSCRIPTION_CANCELLED)
    later = studio.done("cancel_subscription", invoice=number)
    assert later.text == f"The subscription of {number} (Bluebird Cafe) ends on 11 April."
    assert subscription(studio).cancel_at_period_end
    assert studio.outbox(OutboxKind.NOTIFY) == []
    ended = studio.done("cancel_subscription", invoice=number, when="now")
    assert ended.text == f"The subscription of {number} (Bluebird Cafe) is cancelled. Nothing more is charged."
    assert studio.stripe.cancelled == [("sub_1", True), ("sub_1", False)]
    known = subscription(studio)
    with studio.store.transaction(studio.id) as tx:
        assert not keep(tx, known, now=studio.now + timedelta(days=1))
    assert [message.key for message in studio.outbox(OutboxKind.NOTIFY)] == ["notify:subscription_cancelled:sub_1"]


def test_an_ended_or_missing_subscription_cannot_be_cancelled(studio: Studio) -> None:
    number = bill(studio)
    subscribe(studio, number, status=SubscriptionStatus.CANCELED)
    with pytest.raises(NoSubscription, match="nothing to cancel"):
        preview(studio, "cancel_subscription", invoice=number)


def test_a_subscription_of_another_account_is_cancelled_there(studio: Studio) -> None:
    number = bill(studio)
    subscribe(studio, number, stripe_account_id="acct_before")
    assert "dashboard of that account" in studio.run("cancel_subscription", invoice=number).text
    studio.done("disconnect_stripe")
    assert studio.run("cancel_subscription", invoice=number).error is not None


@pytest.mark.parametrize(
    ("end", "when", "says"),
    [
        (None, "period_end", "is cancelled"),
        (timedelta(days=3), "period_end", "ends on 14 March"),
        (timedelta(days=3), "now", "is cancelled"),
    ],
)
def test_a_subscription_that_only_an_import_told_of_ends_here(
    studio: Studio, end: timedelta | None, when: str, says: str
) -> None:
    number = bill(studio)
    subscribe(studio, number, stripe_account_id="", current_period_end=end and studio.now + end)
    if end is None:
        assert (
            shown(preview(studio, "cancel_subscription", invoice=number))["Ends"] == "with the period that is paid for"
        )
    assert says in studio.done("cancel_subscription", invoice=number, when=when).text
    assert studio.stripe.cancelled == []


def test_subscriptions_are_listed_by_client_and_status(studio: Studio) -> None:
    number = bill(studio)
    assert studio.done("list_subscriptions").text == "No subscription fits."
    subscribe(studio, number)
    subscribe(studio, number, stripe_subscription_id="sub_2", status=SubscriptionStatus.CANCELED)
    subscribe(studio, number, stripe_subscription_id="sub_3", cancel_at_period_end=True)
    card = studio.done("list_subscriptions").card
    assert card is not None
    assert [row.detail for row in card.rows] == [
        "Bluebird shop sign · active · next 11 April, 10:00\u202fam",
        "Bluebird shop sign · canceled",
        "Bluebird shop sign · active · ends 11 April, 10:00\u202fam",
    ]
    ended = studio.done("list_subscriptions", status="canceled")
    assert (ended.text, ended.result) == ("1 canceled subscription.", {"subscriptions": ["sub_2"]})
    assert studio.done("list_subscriptions", contact="CON-2").text == "No subscription fits."
    assert studio.done("list_subscriptions", contact="CON-1").text == "3 subscriptions."


def test_an_ended_subscription_brings_nothing_in_any_more(studio: Studio) -> None:
    number = bill(studio)
    studio.done("create_payment_link", invoice=number, interval="month")
    pay(studio, number=number, type=PaymentType.SUBSCRIPTION)
    assert studio.done("billing_report", measure="recurring").result == {"recurring": {"AUD": "500.00"}}
    subscribe(studio, number, status=SubscriptionStatus.CANCELED)
    assert studio.done("billing_report", measure="recurring").result == {"recurring": {}}


def test_a_sync_brings_refunds_and_subscriptions_too(studio: Studio) -> None:
    number = bill(studio)
    studio.done("create_payment_link", invoice=number, interval="month")
    found = subscribe(studio, number)
    assert "Nothing new" in studio.done("sync_payment_status", invoice=number).text
    studio.stripe.subscribed[number] = [replace(found, status=SubscriptionStatus.PAST_DUE)]
    assert studio.done("sync_payment_status", invoice=number).result["changed"] == [number]
    studio.stripe.subscribed[number] = [replace(found, workspace_id="ws_other")]
    assert studio.done("sync_payment_status", invoice=number).result["changed"] == []


def test_an_answer_of_before_never_replaces_a_later_one(studio: Studio) -> None:
    found = subscribe(studio, bill(studio), status=SubscriptionStatus.PAST_DUE)
    with studio.store.transaction(studio.id) as tx:
        early = studio.now - timedelta(seconds=1)
        assert not keep(tx, replace(found, status=SubscriptionStatus.ACTIVE), now=early)
    assert subscription(studio).status == "past_due"


# News


@pytest.mark.parametrize(
    ("kind", "status", "title"),
    [
        (PaymentType.REFUND, PaymentStatus.SUCCEEDED, "A payment of {} was refunded"),
        (PaymentType.REFUND, PaymentStatus.PROCESSING, "A refund for {} is under way"),
        (PaymentType.REFUND, PaymentStatus.FAILED, "A refund for {} failed: the money is still here"),
        (PaymentType.DISPUTE, PaymentStatus.INQUIRY, "The bank asks about a payment of {}"),
        (PaymentType.DISPUTE, PaymentStatus.OPEN, "A payment of {} is disputed"),
        (PaymentType.DISPUTE, PaymentStatus.WON, "The dispute over {} is won: the money stays"),
        (PaymentType.DISPUTE, PaymentStatus.LOST, "The dispute over {} is lost: the money went back"),
    ],
)
def test_news_says_what_became_of_a_refund_or_a_dispute(
    studio: Studio, kind: PaymentType, status: PaymentStatus, title: str
) -> None:
    back = Reversal("x_1", kind, status, Money(500_00, "AUD"), NOW, "product_not_received")
    number = pay(studio, reversals=(back,))
    trigger = Trigger.REFUND_CREATED if kind is PaymentType.REFUND else Trigger.DISPUTE_OPENED
    formats, line = studio.context().formats, studio.payments(number)[1]
    with studio.store.transaction(studio.id) as tx:
        card = notice_card(trigger, view(tx, number), line, formats)
    assert (card.title, card.text) == (title.format(number), "Reason: product not received.")
