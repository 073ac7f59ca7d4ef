"""Saying yes to what an automation asks before it reaches a client."""

from __future__ import annotations

from billing.conversations import ProposalState
from billing.errors import BillingError, ProposalGone
from billing.ports import Transaction
from billing.roles import Role
from billing.runs import Step, StepState
from billing.stepping import Doing, step_key, take_step
from skills.arguments import Automation, Count, Invoice, Text
from skills.asking import step_card
from skills.cards import Card
from skills.context import Context, Outcome
from skills.spec import Effect, skill


@skill(
    effect=Effect.OUTWARD,
    role=Role.EDITOR,
    examples=(
        "approve {automation}",
        "approve {automation} for {invoice}",
        "approve what {automation} asks about {invoice}",
        "let {automation} go ahead with {invoice}",
        "let {automation} go ahead",
    ),
)
def approve_automation(
    context: Context,
    *,
    automation: Automation,
    invoice: Invoice | None = None,
    run: Text | None = None,
    step: Count | None = None,
) -> Outcome:
    """Let an automation do what it asks about: write to the client after all.

    Args:
        automation: The automation that asks.
        invoice: Only what it asks about this invoice.
        run: Only in this run.
        step: Only this step, counted from 1.
    """
    with context.transaction() as tx:
        waiting = _waiting(tx, context, automation, invoice, run, step)
    done, failed = [], []
    for one in waiting:
        # Each by itself: one that cannot be done does not take the others back.
        try:
            done.append(_taken(context, one).outcome)
        except BillingError as error:
            failed.append(error)
    if not done:
        raise failed[0]
    outcomes = [*done, *(error.user_message.removesuffix(".") for error in failed)]
    text = f"{automation}: {'; '.join(outcomes)}."
    result = {"automation": automation, "steps": outcomes}
    return Outcome(text, result, None, (automation, *([invoice] if invoice else [])))


def _taken(context: Context, step: Step) -> Step:
    doing = Doing(step.run, step.position, context.now, context.formats, approved_by=context.actor.member)
    with context.transaction() as tx:
        return take_step(tx, doing)


def _waiting(  # noqa: PLR0913, PLR0917 - the arguments of the skill
    tx: Transaction, context: Context, automation: str, invoice: str | None, run: str | None, step: int | None
) -> list[Step]:
    """Return the steps that ask, the oldest first; raises ProposalGone where none does."""
    runs = {one.key: one for one in tx.automations.runs(automation)}
    found = [
        one
        for one in tx.automations.asking()
        if one.run in runs
        and invoice in {None, runs[one.run].invoice}
        and run in {None, one.run}
        and step in {None, one.position + 1}
        and (context.shown is None or step_key(one) in context.shown)
        and _is_open(tx, one)
    ]
    if not found:
        raise ProposalGone(f"{automation} asks about nothing just now: it was decided already, or is done.")
    return found


def _is_open(tx: Transaction, step: Step) -> bool:
    proposal = tx.talk.proposal(step.proposal or "")
    return step.state is StepState.ASKING and proposal is not None and proposal.state is not ProposalState.DROPPED


def _preview(
    context: Context,
    *,
    automation: Automation,
    invoice: Invoice | None = None,
    run: Text | None = None,
    step: Count | None = None,
) -> Card:
    with context.transaction() as tx:
        waiting = _waiting(tx, context, automation, invoice, run, step)
        return step_card(tx, waiting, context.formats, context.today)


def _shows(
    context: Context,
    *,
    automation: Automation,
    invoice: Invoice | None = None,
    run: Text | None = None,
    step: Count | None = None,
) -> tuple[str, ...]:
    with context.transaction() as tx:
        return tuple(step_key(one) for one in _waiting(tx, context, automation, invoice, run, step))


approve_automation = approve_automation.previewed_by(_preview).showing(_shows)
