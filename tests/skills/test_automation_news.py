"""A page of the business shows what automations did lately, and what of it waits for a click."""

from __future__ import annotations

from datetime import timedelta

import pytest

from billing.answering import declined
from billing.asking import OPEN_FOR, Question, Why, ask
from billing.automations import Action, ActionKind
from billing.conversations import SkillCall
from billing.roles import Role
from billing.settling import settle
from skills.automation_news import automation_news
from skills.cards import Card
from tests.support.rules import MOVE, THANK, a_rule, work
from tests.support.studio import Studio

NEXT = Action(ActionKind.CREATE_INVOICE, {"kind": "progress", "percent": "40"})


@pytest.fixture(autouse=True)
def _invoice(studio: Studio) -> None:
    studio.done("create_invoice", opportunity="OPP-1", kind="deposit", amount="500")


def pay(studio: Studio) -> None:
    with studio.store.transaction(studio.id) as tx:
        settle(tx, studio.settlement("INV-1001", 500_00), now=studio.now)
    work(studio)


def shown(studio: Studio, role: Role = Role.EDITOR) -> tuple[Card, ...]:
    context = studio.context()
    with studio.store.transaction(studio.id) as tx:
        return automation_news(tx, context.workspace, role, context.formats, studio.now)


def test_where_nothing_is_automated_nothing_is_shown(studio: Studio) -> None:
    assert shown(studio) == ()


def test_the_latest_runs_are_shown_with_how_they_ended(studio: Studio) -> None:
    a_rule(studio, MOVE)
    pay(studio)
    [card] = shown(studio)
    assert (card.title, card.badge) == ("Automations lately", "")
    [row] = card.rows
    assert row.title == "AUT-1 ran"
    assert "INV-1001 (Bluebird Cafe): moved Bluebird shop sign to won" in row.detail


def test_what_waits_for_a_yes_has_its_buttons_for_who_may_decide(studio: Studio) -> None:
    a_rule(studio, THANK)
    pay(studio)
    asked, latest = shown(studio)
    assert asked.title == "E-mail Bluebird Cafe?"
    assert [button.label for button in asked.buttons] == ["Yes, do it", "No"]
    assert "no admin has confirmed" in asked.note
    assert latest.badge == "1 waits for a yes"
    looked, _ = shown(studio, Role.VIEWER)
    assert (looked.title, looked.buttons) == (asked.title, ())


def test_what_came_late_says_so(studio: Studio) -> None:
    a_rule(studio, THANK, confirmed=True)
    with studio.store.transaction(studio.id) as tx:
        settle(tx, studio.settlement("INV-1001", 500_00), now=studio.now)
    studio.now += timedelta(days=2)
    work(studio)
    assert "due more than a day ago" in shown(studio)[0].note


def test_a_next_invoice_waits_until_it_is_sent_or_left(studio: Studio) -> None:
    a_rule(studio, NEXT)
    pay(studio)
    asked, latest = shown(studio)
    assert (asked.title, latest.badge) == ("Send INV-1002 to Bluebird Cafe?", "1 waits for a yes")
    studio.done("send_invoice", invoice="INV-1002")
    assert [card.title for card in shown(studio)] == ["Automations lately"]


def test_what_is_decided_or_too_old_or_of_no_step_does_not_wait(studio: Studio) -> None:
    a_rule(studio, THANK)
    a_rule(studio, THANK)
    pay(studio)
    with studio.store.transaction(studio.id) as tx:
        declined(tx, tx.talk.undecided()[0], "Sam", now=studio.now)
        ask(tx, Question((SkillCall("send_invoice", {}),), "AUT-1", "", None, Why.NEXT_INVOICE, "k"), now=studio.now)
    assert shown(studio)[-1].badge == "1 waits for a yes"
    studio.done("approve_automation", automation="AUT-2")
    assert shown(studio)[-1].badge == ""
    a_rule(studio, THANK)
    studio.now += OPEN_FOR
    assert [card.title for card in shown(studio)] == ["Automations lately"]


def test_no_more_than_three_questions_are_shown_and_all_are_counted(studio: Studio) -> None:
    for _ in range(5):
        a_rule(studio, THANK)
    pay(studio)
    cards = shown(studio)
    assert len(cards) == 4
    assert cards[-1].badge == "5 wait for a yes"
