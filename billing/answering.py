"""How what an automation asks is answered: with a no, or with nothing until it is too late. Its run says so then.

A yes is the doing itself.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from billing.conversations import ProposalState
from billing.redrawing import automated
from billing.runs import StepState

if TYPE_CHECKING:
    from datetime import datetime

    from billing.conversations import Proposal
    from billing.ports import Transaction
    from billing.runs import Step


def declined(tx: Transaction, proposal: Proposal, by: str, *, now: datetime) -> None:
    """Record that somebody said no to the proposal; where no automation asked, nobody's run is concerned."""
    if not proposal.member:
        _closed(tx, proposal, f"{by} said no", now)


def lapse(tx: Transaction, *, now: datetime) -> None:
    """Close what nobody has decided in time."""
    for proposal in tx.talk.undecided():
        if proposal.expires_at <= now:
            _closed(tx, proposal, "nobody said yes in time", now)


def withdraw(tx: Transaction, automation: str, *, now: datetime) -> None:
    """Close what an automation that is deleted has asked, but for what it made already: that has to be sent or not."""
    for step in tx.automations.asking():
        if tx.automations.get_run(step.run).automation != automation:
            continue
        asked = tx.talk.proposal(step.proposal or "", lock=True)
        if asked is not None and asked.state is ProposalState.PENDING:
            tx.talk.save_proposal(replace(asked, state=ProposalState.DROPPED))
        _left(tx, step, "the automation was deleted", now)


def overtaken(tx: Transaction, step: Step) -> None:
    """Close the card of a step that was decided in words instead."""
    asked = tx.talk.proposal(step.proposal or "", lock=True)
    if asked is not None and asked.state is ProposalState.PENDING:
        tx.talk.save_proposal(replace(asked, state=ProposalState.DONE))


def _closed(tx: Transaction, proposal: Proposal, why: str, now: datetime) -> None:
    tx.talk.save_proposal(replace(proposal, state=ProposalState.DROPPED))
    step = tx.automations.asked_by(proposal.id)
    if step is None:
        return
    if step.state is StepState.ASKING:
        _left(tx, step, why, now)
    elif step.state is StepState.DONE:
        # What it asked about comes after what it did.
        tx.automations.save_step(replace(step, outcome=f"{step.outcome}; {why}"))
        automated(tx, step.run, step.position, why, now=now)


def _left(tx: Transaction, step: Step, why: str, now: datetime) -> None:
    tx.automations.save_step(replace(step, state=StepState.LEFT, outcome=why, ended_at=now))
    automated(tx, step.run, step.position, StepState.LEFT, now=now)
