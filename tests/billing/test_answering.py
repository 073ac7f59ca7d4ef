"""What automations ask and nobody says yes to: the run tells how it ended, and the card is closed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from billing.answering import declined, lapse, overtaken
from billing.asking import OPEN_FOR, Question, Why, ask
from billing.automations import Action, ActionKind
from billing.composing import remove
from billing.conversations import Proposal, ProposalState, SkillCall
from billing.invoices import InvoiceStatus
from billing.runs import Step, StepState
from billing.settling import settle
from billing.stepping import Doing, take_step
from tests.support.rules import MOVE, THANK, a_rule, steps_of, work
from tests.support.studio import Studio


@pytest.fixture
def asked(studio: Studio) -> Step:
    """A step of AUT-1 that asks before it thanks a client."""
    studio.done("create_invoice", opportunity="OPP-1", kind="deposit", amount="500")
    a_rule(studio, THANK)
    with studio.store.transaction(studio.id) as tx:
        settle(tx, studio.settlement("INV-1001", 500_00), now=studio.now)
    [step] = work(studio)
    return step


def proposal_of(studio: Studio, step: Step) -> Proposal:
    with studio.store.transaction(studio.id) as tx:
        found = tx.talk.proposal(step.proposal or "")
    assert found is not None
    return found


def say_no(studio: Studio, proposal: Proposal) -> None:
    with studio.store.transaction(studio.id) as tx:
        declined(tx, proposal, "Sam", now=studio.now)


def test_a_no_ends_the_step(studio: Studio, asked: Step) -> None:
    say_no(studio, proposal_of(studio, asked))
    [step] = steps_of(studio)
    assert (step.state, step.outcome, step.ended_at) == (StepState.LEFT, "Sam said no", studio.now)
    assert proposal_of(studio, asked).state is ProposalState.DROPPED


def test_a_no_to_what_a_person_asked_for_concerns_no_run(studio: Studio, asked: Step) -> None:
    say_no(studio, replace(proposal_of(studio, asked), member="Sam"))
    assert steps_of(studio) == [asked]


def test_a_no_that_comes_after_the_end_changes_nothing(studio: Studio, asked: Step) -> None:
    with studio.store.transaction(studio.id) as tx:
        ended = replace(asked, state=StepState.FAILED, outcome="no address")
        tx.automations.save_step(ended)
    say_no(studio, proposal_of(studio, asked))
    assert steps_of(studio) == [ended]


def test_a_no_to_sending_what_a_step_made_leaves_that_made_and_its_run_says_so(studio: Studio) -> None:
    studio.done("create_invoice", opportunity="OPP-1", kind="deposit", amount="500")
    a_rule(studio, Action(ActionKind.CREATE_INVOICE, {"kind": "progress", "percent": "40"}))
    with studio.store.transaction(studio.id) as tx:
        settle(tx, studio.settlement("INV-1001", 500_00), now=studio.now)
    [made] = work(studio)
    say_no(studio, proposal_of(studio, made))
    [step] = steps_of(studio)
    assert (step.state, step.ended_at) == (StepState.DONE, made.ended_at)
    assert step.outcome == "created INV-1002 as a draft and asked whether to send it; Sam said no"
    assert studio.invoice("INV-1002").status is InvoiceStatus.DRAFT


def test_what_nobody_decides_is_closed_after_its_time_and_not_before(studio: Studio, asked: Step) -> None:
    with studio.store.transaction(studio.id) as tx:
        # One whose step is not known, from before steps told which card asks for them.
        alone = ask(
            tx, Question((SkillCall("send_invoice", {}),), "AUT-1", "", None, Why.NEXT_INVOICE, "k"), now=studio.now
        )
        lapse(tx, now=studio.now + OPEN_FOR - timedelta(seconds=1))
    assert steps_of(studio) == [asked]
    with studio.store.transaction(studio.id) as tx:
        lapse(tx, now=studio.now + OPEN_FOR)
        assert tx.talk.undecided() == []
        dropped = tx.talk.proposal(alone)
    assert dropped is not None
    assert dropped.state is ProposalState.DROPPED
    [step] = steps_of(studio)
    assert (step.state, step.outcome) == (StepState.LEFT, "nobody said yes in time")


def test_what_a_deleted_automation_asks_can_no_longer_be_said_yes_to(studio: Studio, asked: Step) -> None:
    other = a_rule(studio, MOVE)
    with studio.store.transaction(studio.id) as tx:
        remove(tx, other.number, now=studio.now)
    assert steps_of(studio) == [asked]
    doing = Doing(asked.run, 0, studio.now, studio.context().formats, approved_by="Sam")
    with studio.store.transaction(studio.id) as tx:
        remove(tx, "AUT-1", now=studio.now)
        assert take_step(tx, doing).state is StepState.LEFT
    [step] = steps_of(studio)
    assert step.outcome == "the automation was deleted"
    assert proposal_of(studio, asked).state is ProposalState.DROPPED


def test_a_yes_that_is_being_carried_out_is_not_taken_back_by_deleting(studio: Studio, asked: Step) -> None:
    confirmed = replace(proposal_of(studio, asked), state=ProposalState.CONFIRMED)
    with studio.store.transaction(studio.id) as tx:
        tx.talk.save_proposal(confirmed)
        remove(tx, "AUT-1", now=studio.now)
    assert proposal_of(studio, asked) == confirmed


def test_a_card_that_was_decided_in_words_is_closed(studio: Studio, asked: Step) -> None:
    with studio.store.transaction(studio.id) as tx:
        overtaken(tx, asked)
        overtaken(tx, replace(asked, proposal=None))
        assert tx.talk.undecided() == []
    assert proposal_of(studio, asked).state is ProposalState.DONE
