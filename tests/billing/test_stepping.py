"""Steps of runs: done once, asked about where nobody allowed them, and left out where they have become pointless."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from billing.altering import Alterations, alter
from billing.asking import Question, Why, ask
from billing.automations import Action, ActionKind, Conditions, Trigger, fingerprint
from billing.conversations import SkillCall
from billing.errors import UnknownRecord
from billing.invoices import InvoiceStatus
from billing.news import DealRoute
from billing.queues import OutboxKind
from billing.runs import AutomationRun, StepState
from billing.settling import settle
from billing.stepping import Doing, end_message, end_step, reopen_message, reopen_step, sent_by, take_step
from billing.workspaces import Workspace
from tests.support.rules import MOVE, POST, REMIND, THANK, a_rule, evaluations, steps_of, work
from tests.support.studio import Studio


@pytest.fixture(autouse=True)
def _invoice(studio: Studio) -> None:
    studio.done("create_invoice", opportunity="OPP-1", kind="deposit", amount="500")


def pay(studio: Studio) -> None:
    with studio.store.transaction(studio.id) as tx:
        settle(tx, studio.settlement("INV-1001", 500_00), now=studio.now)


def states(studio: Studio) -> list[StepState]:
    return [step.state for step in steps_of(studio)]


def test_a_step_is_done_once_and_its_outcome_kept(studio: Studio) -> None:
    a_rule(studio, MOVE)
    pay(studio)
    [done] = work(studio)
    formats = studio.context().formats
    assert (done.state, done.outcome, done.ended_at) == (StepState.DONE, "moved Bluebird shop sign to won", studio.now)
    with studio.store.transaction(studio.id) as tx:
        assert take_step(tx, Doing(done.run, 0, studio.now, formats)) == done
        assert tx.chain == ()


def test_a_client_is_written_to_without_asking_only_where_an_admin_confirmed_exactly_that(studio: Studio) -> None:
    a_rule(studio, THANK)
    a_rule(studio, THANK, confirmed=True)
    pay(studio)
    asked, sent = work(studio)
    assert (asked.state, sent.state) == (StepState.ASKING, StepState.WAITING)
    with studio.store.transaction(studio.id) as tx:
        proposal = tx.talk.proposal(asked.proposal or "")
    assert proposal is not None
    assert (proposal.member, proposal.calls[0].skill) == ("", "approve_automation")
    assert proposal.calls[0].arguments["invoice"] == "INV-1001"


def test_a_confirmation_is_of_what_the_automation_was_then(studio: Studio) -> None:
    rule = a_rule(studio, THANK, confirmed=True)
    assert rule.unattended
    assert not replace(rule, actions=(replace(THANK, arguments={"text": "Buy more"}),)).unattended
    assert not replace(rule, where=Conditions(kind="final")).unattended
    assert not replace(rule, trigger=Trigger.INVOICE_SENT).unattended


@pytest.mark.parametrize("confirmed", [True, False])
def test_words_that_nobody_confirmed_ask_though_those_that_took_their_place_are_confirmed(
    studio: Studio, *, confirmed: bool
) -> None:
    rule = a_rule(studio, replace(THANK, arguments={"text": "Pay up"}, after="P2D"), confirmed=confirmed)
    pay(studio)
    with studio.store.transaction(studio.id) as tx:
        altered = alter(tx, rule.number, Alterations(parts={"text": "Thank you"}))
        tx.automations.save(replace(altered, confirmed=fingerprint(altered), confirmed_by="Admin"))
    studio.now += timedelta(days=2)
    work(studio)
    assert states(studio) == [StepState.ASKING]
    [card] = [message.payload for message in studio.outbox(OutboxKind.ASK)]
    assert card["why"] == "changed"


def test_what_is_more_than_a_day_late_asks_before_it_reaches_a_client(studio: Studio) -> None:
    a_rule(studio, THANK, MOVE, confirmed=True)
    pay(studio)
    studio.now += timedelta(days=1, seconds=1)
    work(studio)
    assert states(studio) == [StepState.ASKING, StepState.DONE]
    [card] = [message.payload for message in studio.outbox(OutboxKind.ASK)]
    assert card["why"] == "late"


def test_what_is_less_than_a_day_late_is_done(studio: Studio) -> None:
    a_rule(studio, THANK, confirmed=True)
    pay(studio)
    studio.now += timedelta(hours=23)
    [sent] = work(studio)
    assert sent.on_its_way
    assert len(studio.outbox(OutboxKind.MAIL)) == 1


def test_an_approved_step_is_done_by_whoever_said_yes(studio: Studio) -> None:
    a_rule(studio, THANK)
    pay(studio)
    [asked] = work(studio)
    doing = Doing(asked.run, 0, studio.now, studio.context().formats, approved_by="Sam")
    with studio.store.transaction(studio.id) as tx:
        done = take_step(tx, doing)
        again = take_step(tx, doing)
    assert done == again
    assert done.outcome == "e-mailed tess@bluebird.example, as Sam said"


def test_what_has_left_for_the_outbox_is_neither_done_again_nor_left_out(studio: Studio) -> None:
    rule = a_rule(studio, THANK, confirmed=True)
    pay(studio)
    [sent] = work(studio)
    formats = studio.context().formats
    with studio.store.transaction(studio.id) as tx:
        tx.automations.save(replace(rule, active=False))
        # A repeat of its row, after a crash: the mail is under way, whatever became of the automation since.
        again = take_step(tx, Doing(sent.run, 0, studio.now, formats))
    assert again == sent
    assert again.on_its_way


def test_what_waits_for_a_yes_is_asked_once_and_not_done_without_it(studio: Studio) -> None:
    a_rule(studio, THANK)
    pay(studio)
    [asked] = work(studio)
    formats = studio.context().formats
    with studio.store.transaction(studio.id) as tx:
        assert take_step(tx, Doing(asked.run, 0, studio.now, formats)) == asked
        assert [one.id for one in tx.talk.undecided()] == [asked.proposal]
    assert [message.key for message in studio.outbox() if sent_by(message)] == []


def test_a_yes_to_what_nobody_asked_does_nothing(studio: Studio) -> None:
    a_rule(studio, THANK, after="P1D")
    pay(studio)
    [waiting] = steps_of(studio)
    doing = Doing(waiting.run, 0, studio.now, studio.context().formats, approved_by="Sam")
    with studio.store.transaction(studio.id) as tx:
        assert take_step(tx, doing) == waiting
    assert [message.key for message in studio.outbox() if sent_by(message)] == []


def test_nothing_more_is_done_of_an_automation_that_is_off_or_gone(studio: Studio) -> None:
    rule = a_rule(studio, MOVE, after="P1D")
    pay(studio)
    with studio.store.transaction(studio.id) as tx:
        tx.automations.save(replace(rule, active=False))
    studio.now += timedelta(days=1)
    [left] = work(studio)
    assert (left.state, "switched off" in left.outcome) == (StepState.LEFT, True)


def test_the_steps_of_a_deleted_automation_are_left(studio: Studio) -> None:
    rule = a_rule(studio, MOVE, after="P1D")
    pay(studio)
    with studio.store.transaction(studio.id) as tx:
        tx.automations.save(replace(rule, active=False, deleted_at=studio.now))
    studio.now += timedelta(days=1)
    [left] = work(studio)
    assert (left.state, "deleted" in left.outcome) == (StepState.LEFT, True)


def test_a_reminder_of_what_was_paid_meanwhile_is_left_out_and_that_is_no_fault(studio: Studio) -> None:
    a_rule(studio, REMIND, trigger=Trigger.INVOICE_SENT, after="P1D", confirmed=True)
    studio.done("send_invoice", invoice="INV-1001")
    pay(studio)
    studio.now += timedelta(days=1)
    [left] = work(studio)
    assert left.state is StepState.LEFT
    with studio.store.transaction(studio.id) as tx:
        assert tx.chain == ()


@pytest.mark.parametrize("whose", ["invoice", "contact"])
def test_who_wants_no_reminders_gets_none_of_an_automation_unless_a_person_says_yes(studio: Studio, whose: str) -> None:
    a_rule(studio, REMIND, trigger=Trigger.INVOICE_CREATED, after="P1D", confirmed=True)
    a_rule(studio, REMIND, trigger=Trigger.INVOICE_CREATED, after="P1D")
    studio.done("create_invoice", opportunity="OPP-1", amount="10")
    paused = _sent_and_paused(studio, "INV-1002", whose)
    studio.now += timedelta(days=1)
    left, asked = work(studio)
    assert (left.state, left.outcome) == (StepState.LEFT, f"Nobody is reminded of INV-1002 just now: {paused}.")
    assert studio.outbox(OutboxKind.MAIL) == []
    doing = Doing(asked.run, 0, studio.now, studio.context().formats, approved_by="Sam")
    with studio.store.transaction(studio.id) as tx:
        take_step(tx, doing)
    [mail] = studio.outbox(OutboxKind.MAIL)
    assert (mail.payload["template"], "unasked" in mail.payload) == ("reminder", False)


def _sent_and_paused(studio: Studio, number: str, whose: str) -> str:
    """Pause the reminders of a sent invoice or of its client, and return how that is told."""
    with studio.store.transaction(studio.id) as tx:
        paused = whose == "invoice"
        sent = replace(tx.invoices.get(number), status=InvoiceStatus.SENT, reminders_paused=paused)
        tx.invoices.save(sent)
        tx.contacts.save(replace(tx.contacts.get("CON-1"), reminders_paused=not paused))
    return "its reminders are paused" if paused else "reminders to Bluebird Cafe are paused"


def test_what_an_automation_does_can_start_another_but_not_itself(studio: Studio) -> None:
    make = Action(ActionKind.CREATE_INVOICE, {"kind": "progress", "percent": "40"})
    a_rule(studio, make, also=(Trigger.INVOICE_CREATED,))
    a_rule(studio, MOVE, trigger=Trigger.INVOICE_CREATED)
    pay(studio)
    work(studio)
    work(studio)
    with studio.store.transaction(studio.id) as tx:
        runs = {(run.automation, run.invoice, run.chain) for run in tx.automations.runs()}
    assert runs == {("AUT-1", "INV-1001", ("AUT-1",)), ("AUT-2", "INV-1002", ("AUT-1", "AUT-2"))}
    own = [one for one in evaluations(studio, "AUT-1") if one.unmet is not None]
    assert [(one.invoice, one.unmet.reason) for one in own if one.unmet] == [("INV-1002", "own_effect")]


def test_a_call_is_not_done_before_the_other_system_has_answered(studio: Studio) -> None:
    a_rule(studio, Action(ActionKind.CALL_WEBHOOK, {"url": "https://hooks.shop.example/paid"}))
    pay(studio)
    [calling] = work(studio)
    assert (calling.state, calling.ended_at) == (StepState.WAITING, None)
    with studio.store.transaction(studio.id) as tx:
        end_step(tx, calling.run, 0, StepState.DONE, "called")
        end_step(tx, calling.run, 0, StepState.FAILED, "too late")
        with pytest.raises(UnknownRecord):
            end_step(tx, calling.run, 9, StepState.DONE, "nothing")
    assert [step.outcome for step in steps_of(studio)] == ["called"]


def test_a_run_from_before_steps_were_kept_goes_on_where_it_was(studio: Studio) -> None:
    a_rule(studio, MOVE, MOVE)
    formats = studio.context().formats
    with studio.store.transaction(studio.id) as tx:
        old = AutomationRun(studio.id, "old", "AUT-1", "INV-1001", studio.now, outcomes=("0: moved it",))
        tx.automations.add_runs([old])
        first = take_step(tx, Doing("old", 0, studio.now, formats))
        second = take_step(tx, Doing("old", 1, studio.now, formats))
    assert (first.state, first.outcome) == (StepState.DONE, "moved it")
    assert (second.state, second.outcome) == (StepState.DONE, "moved Bluebird shop sign to won")


def test_what_is_about_a_deal_with_a_channel_of_its_own_is_asked_there(studio: Studio) -> None:
    a_rule(studio, THANK)
    with studio.store.transaction(studio.id) as tx:
        tx.news.set_deal_route(DealRoute(studio.id, "OPP-1", "#bluebird"))
    pay(studio)
    work(studio)
    [card] = studio.outbox(OutboxKind.ASK)
    assert (card.payload["channel"], card.lane) == ("#bluebird", "channel:#bluebird")


def test_without_any_channel_it_waits_for_a_yes_all_the_same(studio: Studio) -> None:
    a_rule(studio, THANK)
    studio.store.directory.add_workspace(
        Workspace("ws_bare", "Bare", "AUD", "AU", "en_AU", "Australia/Brisbane", studio.now),
    )
    question = Question((SkillCall("approve_automation", {"automation": "AUT-1"}),), "AUT-1", "", None, Why.LATE, "k")
    with studio.store.transaction("ws_bare") as tx:
        proposal = tx.talk.proposal(ask(tx, question, now=studio.now))
    assert proposal is not None
    assert studio.outbox() == []


def test_a_step_that_was_given_up_can_be_done_after_all_and_one_that_was_done_stays_done(studio: Studio) -> None:
    a_rule(studio, MOVE)
    pay(studio)
    [waiting] = steps_of(studio)
    with studio.store.transaction(studio.id) as tx:
        end_step(tx, waiting.run, 0, StepState.FAILED, "it was tried too often")
        reopen_step(tx, waiting.run, 0)
        reopen_step(tx, waiting.run, 7)
    assert (states(studio), steps_of(studio)[0].outcome) == ([StepState.WAITING], "")
    work(studio)
    with studio.store.transaction(studio.id) as tx:
        reopen_step(tx, waiting.run, 0)
    assert states(studio) == [StepState.DONE]


def test_a_message_tells_which_step_sent_it_or_that_none_did(studio: Studio) -> None:
    a_rule(studio, POST, THANK, confirmed=True)
    pay(studio)
    receipt = next(message for message in studio.outbox() if message.kind is OutboxKind.MAIL)
    assert sent_by(receipt) is None
    first, second = steps_of(studio)
    formats = studio.context().formats
    with studio.store.transaction(studio.id) as tx:
        for step in (first, second):
            take_step(tx, Doing(step.run, step.position, studio.now, formats))
    left = {message.kind: sent_by(message) for message in studio.outbox()}
    assert left == {OutboxKind.SAY: f"action:{first.run}:0", OutboxKind.MAIL: f"action:{first.run}:1"}


def test_how_a_message_ended_is_how_its_step_ended_and_a_failure_counts(studio: Studio) -> None:
    a_rule(studio, THANK, confirmed=True)
    pay(studio)
    [sent] = work(studio)
    key = f"action:{sent.run}:0"
    with studio.store.transaction(studio.id) as tx:
        end_message(tx, key, StepState.DONE)
        [delivered] = tx.automations.steps(sent.run)
        end_message(tx, key, StepState.FAILED)
        assert tx.automations.steps(sent.run) == [delivered]
        end_message(tx, key, StepState.FAILED, "the server refused it")
        [refused] = tx.automations.steps(sent.run)
        end_message(tx, key, StepState.DONE, "too late")
        assert tx.automations.steps(sent.run) == [refused]
        end_message(tx, f"action:{sent.run}:9", StepState.DONE)
    assert (delivered.state, delivered.outcome) == (StepState.DONE, "e-mailed tess@bluebird.example")
    assert (refused.state, refused.outcome) == (StepState.FAILED, "the server refused it")


def test_a_step_is_on_its_way_again_when_its_message_is_tried_once_more(studio: Studio) -> None:
    a_rule(studio, THANK, confirmed=True)
    pay(studio)
    [sent] = work(studio)
    with studio.store.transaction(studio.id) as tx:
        end_message(tx, f"action:{sent.run}:0", StepState.FAILED, "the server was away")
        reopen_message(tx, f"action:{sent.run}:0")
    [again] = steps_of(studio)
    assert again.on_its_way
