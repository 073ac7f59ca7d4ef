"""Changing an automation in words, and looking at what waits for a yes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from billing.queues import OutboxKind
from billing.roles import Role
from billing.settling import settle
from skills.context import Outcome
from tests.support.rules import THANK, a_rule, work
from tests.support.studio import Studio

PAID = "payment_succeeded"
POST = {"do": "post_message", "channel": "#billing"}
MAIL = {"do": "email_contact", "text": "Cheers, {client}!"}


def make(studio: Studio, **arguments: Any) -> Outcome:
    return studio.done("create_automation", **{"trigger": PAID, "action": POST} | arguments)


def change(studio: Studio, **arguments: Any) -> Outcome:
    return studio.done("update_automation", automation="AUT-1", **arguments)


def test_a_name_is_changed_and_said(studio: Studio) -> None:
    make(studio)
    assert change(studio, name="Hooray").text == "AUT-1 is called Hooray now."
    assert change(studio, name="Hooray").text == "Nothing to change: AUT-1 is like that already."


def test_nothing_said_is_asked_back_with_what_can_be_said(studio: Studio) -> None:
    make(studio)
    asked = change(studio)
    assert asked.text.startswith("What should be different about AUT-1?")
    assert asked.mentions == ("AUT-1",)


def test_the_change_is_told_as_a_whole(studio: Studio) -> None:
    make(studio, where={"kind": "deposit", "min_amount": "5000"})
    changed = change(studio, amount="10000", channel="#ops")
    assert changed.text == (
        "AUT-1 is changed: When a deposit invoice of A$10,000.00 or more is paid: post to #ops. "
        "It is off: say “turn it on” when it is right."
    )
    assert "only for" not in change(studio, where={"contact": "Bluebird"}).text
    assert "for Bluebird Cafe" in change(studio, where={"contact": "Bluebird", "kind": "final"}).text


def test_a_name_that_nobody_gave_follows_what_the_automation_does(studio: Studio) -> None:
    make(studio)
    changed = change(studio, channel="#ops").card
    assert changed is not None
    assert changed.title == "AUT-1 · Invoice paid: post to #ops"
    change(studio, name="Mine")
    kept = change(studio, channel="#billing").card
    assert kept is not None
    assert kept.title == "AUT-1 · Mine"


def test_what_is_on_says_that_it_asks_again(studio: Studio) -> None:
    make(studio, action=MAIL)
    studio.done("set_automation", automation="AUT-1", active=True)
    changed = change(studio, text="Thank you!")
    assert "It is off" not in changed.text
    assert "it asks in the channel each time" in changed.text


def test_a_further_step_comes_last(studio: Studio) -> None:
    make(studio)
    assert "post to #billing, then e-mail the client" in change(studio, also=MAIL).text


def test_another_time_is_reckoned_from_now(studio: Studio) -> None:
    studio.done("create_automation", trigger="scheduled", schedule="FREQ=DAILY;BYHOUR=9", action=POST)
    assert "Every Friday at 10:00" in change(studio, schedule="FREQ=WEEKLY;BYDAY=FR;BYHOUR=10").text
    with studio.store.transaction(studio.id) as tx:
        assert tx.automations.get("AUT-1").next_at == datetime(2026, 3, 13, 0, 0, tzinfo=UTC)


def test_a_viewer_changes_nothing(studio: Studio) -> None:
    make(studio)
    assert studio.run("update_automation", Role.VIEWER, automation="AUT-1", name="Mine").status == "refused"


@pytest.fixture
def paid(studio: Studio) -> Studio:
    """Return a studio in which the first of two invoices makes automations ask when it is paid."""
    studio.done("create_invoice", opportunity="OPP-1", kind="deposit", amount="500")
    return studio


def pay(studio: Studio) -> None:
    with studio.store.transaction(studio.id) as tx:
        settle(tx, studio.settlement("INV-1001", 500_00), now=studio.now)
    work(studio)
    studio.outbox(OutboxKind.ASK)


def test_nothing_waits_where_nothing_asks(studio: Studio) -> None:
    told = studio.done("list_approvals")
    assert (told.text, told.card) == ("Nothing waits for a yes: no automation asks anything just now.", None)


def test_the_one_thing_that_waits_is_shown_with_its_buttons(paid: Studio) -> None:
    a_rule(paid, THANK)
    pay(paid)
    told = paid.done("list_approvals")
    assert told.card is not None
    assert told.text == f"One thing waits for a yes: {told.card.title}"
    assert [button.label for button in told.card.buttons] == ["Yes, do it", "No"]
    assert told.result["about"] == ["INV-1001", "AUT-1"]
    asked = told.result["asked"]
    assert (asked["skill"], asked["arguments"]["invoice"]) == ("approve_automation", "INV-1001")


def test_several_things_that_wait_are_listed_with_what_to_say(paid: Studio) -> None:
    a_rule(paid, THANK)
    a_rule(paid, THANK)
    pay(paid)
    told = paid.done("list_approvals")
    assert told.text == "2 things wait for a yes."
    assert told.card is not None
    assert [("approve AUT-1" in row.detail, "approve AUT-2" in row.detail) for row in told.card.rows] == [
        (True, False),
        (False, True),
    ]


def test_the_card_shows_the_very_words_and_offers_an_invoice_that_is_not_void(paid: Studio) -> None:
    paid.done("create_invoice", opportunity="OPP-1", amount="50")
    paid.done("void_invoice", invoice="INV-1002")
    card = make(paid, action={"do": "email_contact"}).card
    assert card is not None
    assert [row.detail for row in card.rows] == ["Thank you for your payment."]
    assert [button.say for button in card.buttons] == ["turn on AUT-1", "test AUT-1 with INV-1001"]
