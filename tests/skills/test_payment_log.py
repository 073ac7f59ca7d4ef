"""The payment log in the chat: what is listed, what it comes to, and the way to the page."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from billing.page_tickets import PageDoor
from billing.pages import Page
from billing.payments import PaymentMethod, PaymentStatus, PaymentType
from billing.roles import Role
from skills.cards import Row, Tone
from skills.list_payments import list_payments
from tests.support.books import a_payment
from tests.support.records import aud
from tests.support.studio import Studio


@pytest.fixture
def number(studio: Studio) -> str:
    return str(studio.done("create_invoice", opportunity="OPP-1", amount="500").result["number"])


def put(studio: Studio, place: int, **changes: Any) -> None:
    fields = {
        "workspace_id": studio.id,
        "id": f"pay_{place}",
        "stripe_object_id": f"pi_{place}",
        "occurred_at": studio.now - timedelta(hours=place),
        "contact": "CON-1",
        "invoice": None,
        "payer": "",
    }
    with studio.store.transaction(studio.id) as tx:
        tx.payments.add(a_payment(**fields | changes))


def row(studio: Studio) -> Row:
    card = studio.done("list_payments").card
    assert card is not None
    return card.rows[0]


def test_a_line_in_the_chat_has_all_that_the_log_knows_of_it(studio: Studio, number: str) -> None:
    put(studio, 1, fee=aud(14_80), net=aud(485_20), invoice=number, livemode=True, reason="duplicate")
    found = row(studio)
    assert (found.title, found.value, found.url) == ("Payment succeeded", "A$500.00", "https://desk.example/pi_1")
    assert found.detail.split(" · ") == [
        "11 March, 9:00\u202fam",
        number,
        "Bluebird Cafe",
        "duplicate",
        "fee A$14.80, net A$485.20",
        "pi_1",
        "live",
    ]


def test_money_that_stripe_never_saw_has_neither_mode_nor_link(studio: Studio) -> None:
    put(
        studio,
        1,
        stripe_account_id="",
        stripe_object_id="recorded:1",
        method=PaymentMethod.BANK_TRANSFER,
        contact=None,
        payer="Nora Quist",
    )
    found = row(studio)
    assert found.detail == "11 March, 9:00\u202fam · Nora Quist · bank transfer"
    assert found.url == ""


@pytest.mark.parametrize(
    ("type_", "status", "title", "tone"),
    [
        (PaymentType.SUBSCRIPTION, PaymentStatus.STARTED, "Subscription started", Tone.NEUTRAL),
        (PaymentType.SUBSCRIPTION, PaymentStatus.CANCELED, "Subscription cancelled", Tone.NEUTRAL),
        (PaymentType.SUBSCRIPTION, PaymentStatus.SUCCEEDED, "Subscription payment succeeded", Tone.GOOD),
        (PaymentType.PAYOUT, PaymentStatus.FAILED, "Payout failed", Tone.BAD),
        (PaymentType.DISPUTE, PaymentStatus.OPEN, "Dispute open", Tone.BAD),
    ],
)
def test_each_kind_of_movement_is_listed_and_can_be_asked_for(
    studio: Studio, type_: PaymentType, status: PaymentStatus, title: str, tone: Tone
) -> None:
    put(studio, 1, type=type_, status=status)
    put(studio, 2, type=PaymentType.CHARGE, stripe_object_id="pi_2")
    found = row(studio)
    assert (found.title, found.tone) == (title, tone)
    assert studio.done("list_payments", type=type_.value).result == {"payments": ["pay_1"]}


def test_what_a_long_log_comes_to_counts_lines_that_are_not_shown(studio: Studio) -> None:
    for place in range(250):
        put(studio, place)
    listed = studio.done("list_payments", contact="CON-1")
    assert listed.text == "250 found, A$125,000.00 settled."
    assert len(listed.result["payments"]) == 200
    assert listed.card is not None
    assert len(listed.card.rows) == 20
    assert listed.card.note == "The newest 20 of 250"


def test_where_nothing_was_settled_the_note_is_the_count_alone(studio: Studio) -> None:
    for place in range(30):
        put(studio, place, status=PaymentStatus.FAILED)
    card = studio.done("list_payments").card
    assert card is not None
    assert card.note == "The newest 20 of 30"


@pytest.mark.parametrize(
    ("asked", "say"),
    [
        ({}, "open the payment log"),
        ({"type": "refund"}, "open the refund log"),
        ({"contact": "CON-1"}, "open the payment log for CON-1"),
        ({"contact": "CON-1", "type": "refund"}, "open the payment log for CON-1"),
    ],
)
def test_a_list_offers_the_page(studio: Studio, asked: dict[str, str], say: str) -> None:
    put(studio, 1, type=PaymentType.REFUND)
    card = studio.done("list_payments", **asked).card
    assert card is not None
    assert [button.say for button in card.buttons] == [say]


def test_the_page_is_for_whoever_asked_and_shows_what_was_asked_for(studio: Studio, number: str) -> None:
    period = {"from": "2026-03-01", "to": "2026-03-31"}
    answered = studio.run(
        "list_payments", Role.VIEWER, type="refund", contact="CON-1", invoice=number, period=period, page=True
    )
    assert answered.outcome is not None
    card = answered.outcome.card
    assert card is not None
    assert card.private
    token = str(answered.outcome.result["url"]).removeprefix("https://evie.example/open/")
    entered = PageDoor(studio.store, studio.clock).enter(token)
    assert entered is not None
    assert entered.query == {"type": "refund", "client": "CON-1", "invoice": number, **period}
    visitor = PageDoor(studio.store, studio.clock).visitor(entered.session, Page.PAYMENTS)
    assert visitor is not None
    assert (visitor.member, visitor.role) == ("Viewer", Role.VIEWER)


def test_a_plain_page_asks_for_everything(studio: Studio) -> None:
    token = str(studio.done("list_payments", page=True).result["url"]).rpartition("/")[2]
    entered = PageDoor(studio.store, studio.clock).enter(token)
    assert entered is not None
    assert entered.query == {}


def test_who_left_after_asking_is_not_let_in(studio: Studio) -> None:
    context = replace(studio.context(), actor=replace(studio.context().actor, member="Gone"))
    url = str(list_payments(context, page=True).result["url"])
    door = PageDoor(studio.store, studio.clock)
    assert door.leads_to(url.rpartition("/")[2]) is None
