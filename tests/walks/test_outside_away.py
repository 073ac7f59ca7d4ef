"""Slack, Stripe, the mail server and the model refuse, break, answer nothing or lose their answer: each effect is once.

What they have in their own books is looked at, and what Evie says of herself while it is so. Which database she has
makes a difference only where several workers might post one thing.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from billing.deliveries import DeliveryState
from integrations.sandbox.stripe.mishaps import Mishap
from tests.support.openai import Broken, CallTool, Say, ScriptedModel
from tests.support.slack import Fault
from tests.support.smtp import HANG_UP
from tests.support.town import Town, a_town

pytestmark = [pytest.mark.walk, pytest.mark.thorough, pytest.mark.timeout(240)]

LATER = 600
VAGUE = "the ferry people would like to give us something on account, a fifth of the job"


def is_told(town: Town, words: str) -> Callable[[], bool]:
    return lambda: any(words in post["text"] for post in town.slack.posts)


def waits(town: Town) -> bool:
    """Say whether Evie says that a message waits to leave."""
    return bool(town.evie.readiness()[1]["oldest_outbox_seconds"] > 0)


def test_slack_that_is_busy_breaks_or_loses_its_answer_gets_each_post_once(town: Town) -> None:
    town.settle_in()
    town.bill_and_pay()
    busy, broken, lost = Fault(status=429, retry_after=1), Fault(status=500), Fault(cut=True)
    town.slack.fail("chat.postMessage", busy, busy, busy, broken, lost, lost)
    town.hear_of_everything()
    assert len(town.slack.called("chat.postMessage")) >= 6
    assert town.problems() == []


def test_news_of_a_channel_that_is_archived_waits_and_the_admin_is_told(town_on_sqlite: Town) -> None:
    town = town_on_sqlite
    town.settle_in()
    town.bill_and_pay()
    town.slack.channels["C1"]["is_archived"] = True
    for event_id, body in town.events():
        town.evie.stripe_tells(body, event_id)
    town.evie.until(is_told(town, "News for #billing is waiting"), "the admin to be told")
    assert waits(town)

    town.slack.channels["C1"]["is_archived"] = False
    town.evie.set_clock(LATER)
    town.evie.until_over()
    assert town.problems() == []


def test_a_token_that_was_revoked_is_named_and_nothing_is_lost_until_there_is_one_again(town_on_sqlite: Town) -> None:
    town = town_on_sqlite
    town.settle_in()
    town.bill_and_pay()
    tokens, town.slack.tokens = town.slack.tokens, set()
    for event_id, body in town.events():
        town.evie.stripe_tells(body, event_id)
    town.evie.until(lambda: waits(town), "a message to wait")
    said = town.evie.run("doctor", EVIE_FAULTS="")
    assert said.returncode == 1
    assert "Slack" in said.stdout

    town.slack.tokens = tokens
    town.evie.set_clock(LATER)
    town.evie.until_over()
    assert town.problems() == []


@pytest.mark.parametrize("mishap", list(Mishap))
def test_stripe_that_fails_while_a_link_is_made_has_one_link_in_the_end(town_on_sqlite: Town, mishap: Mishap) -> None:
    town = town_on_sqlite
    town.settle_in()
    town.stripe.core.faults.plan("post /v1/payment_links", mishap)
    thread = town.ask("create a $500 invoice for OPP-1 and make a payment link")
    town.answer(thread)
    town.evie.until_over()
    if not town.evie.rows("payment_links", active=True) or not town.evie.rows("payment_links")[0]["url"]:
        town.ask("make a payment link for INV-1001", thread)
        town.answer(thread, 2)
    town.evie.until_over()
    assert town.problems() == []


def test_stripe_that_fails_while_it_is_asked_about_a_payment_costs_nothing_but_time(town_on_sqlite: Town) -> None:
    town = town_on_sqlite
    town.settle_in()
    town.bill_and_pay()
    for operation in ("get /v1/payment_intents/{intent}", "get /v1/checkout/sessions/{session}"):
        for mishap in (Mishap.RATE_LIMITED, Mishap.BROKEN_BEFORE, Mishap.LOST_ANSWER):
            town.stripe.core.faults.plan(operation, mishap)
    town.hear_of_everything()
    assert town.problems() == []


def test_a_mail_server_that_is_down_is_tried_again_and_one_that_hangs_up_after_the_mail_is_not(
    town_on_sqlite: Town,
) -> None:
    town = town_on_sqlite
    town.settle_in()
    town.bill_and_pay()
    town.post_office.says |= {
        "greeting": [HANG_UP, HANG_UP, "421 not now", "220 here"],
        "content": [HANG_UP, "250 yes"],
    }
    town.hear_of_everything()
    # The mail whose answer was lost is in the server's hands, and Evie says that she does not know.
    states = sorted(row["state"] for row in town.evie.rows("mails"))
    assert states == sorted([DeliveryState.SENT, DeliveryState.UNCERTAIN])
    assert set(town.mails().values()) == {1}
    assert len(town.mails()) == 2
    assert town.problems() == []


def test_a_model_that_babbles_makes_nothing_happen_and_evie_answers_all_the_same(
    tmp_path: Path, scripted_model: ScriptedModel
) -> None:
    scripted_model.expect(
        CallTool("wire_money", {"to": "anybody", "amount": "1000000"}),
        CallTool("create_invoice", '{"opportunity": "OPP-1", "amount": '),
        Broken(),
    )
    with a_town(tmp_path, None, **scripted_model.environment()) as town:
        town.settle_in()
        answer = town.answer(town.ask(VAGUE))
        town.evie.until_over()
        assert answer.words
        assert town.evie.rows("invoices") == []
        assert town.evie.rows("proposals") == []

        scripted_model.expect(Say("Once more. " * 4000))
        town.answer(town.ask(VAGUE))
        town.evie.until_over()
        assert town.evie.rows("invoices") == []
