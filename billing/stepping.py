"""Doing one step of a run: once, in one transaction with its outcome, and never what nobody has allowed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from billing.acting import Occasion, act
from billing.answering import overtaken
from billing.asking import Question, Why, ask
from billing.auditing import AUTOMATION, note, on_behalf_of
from billing.conversations import SkillCall
from billing.errors import InvoiceClosed, UnknownRecord
from billing.queues import OutboxKind
from billing.redrawing import automated
from billing.runs import Step, StepState

if TYPE_CHECKING:
    from datetime import datetime

    from billing.automations import Automation
    from billing.ports import Formats, Transaction
    from billing.queues import OutboxMessage
    from billing.runs import AutomationRun

# What is done later than this after it was due is not what was meant any more: a client hears of it only on a yes.
TOO_LATE: Final = timedelta(days=1)
APPROVAL: Final = "approve_automation"


@dataclass(frozen=True, slots=True)
class Doing:
    """Which step is to be done, and when. `approved_by` is who said yes to it just now."""

    run: str
    position: int
    now: datetime
    formats: Formats
    approved_by: str | None = None


def take_step(tx: Transaction, doing: Doing) -> Step:
    """Do the step unless it is done, and return it as it is then. Raises BillingError where it cannot be done.

    A step that reaches a client and that nobody has confirmed, or that comes more than a day late, is asked about.
    """
    run = tx.automations.get_run(doing.run)
    automation = tx.automations.ever(run.automation)
    step = tx.automations.step(run.key, doing.position) or _from_before(tx, run, automation, doing)
    if step.on_its_way or step.state is not (StepState.ASKING if doing.approved_by else StepState.WAITING):
        return step
    if not doing.approved_by:
        if automation.deleted_at is not None or not automation.active:
            what = "deleted" if automation.deleted_at else "switched off"
            return _ended(tx, step, StepState.LEFT, f"the automation was {what} before this was due", doing.now)
        why = _why_ask(run, automation, step, doing.now)
        if why is not None:
            return _asked(tx, run, step, why, doing.now)
    return _done(tx, run, automation, step, doing)


def why_unconfirmed(run: AutomationRun, automation: Automation) -> Why | None:
    """Return why a step of the run that reaches a client needs a yes however early it is, None where it does not.

    A step does what the automation was when it ran: an admin who has confirmed what it became has not seen that.
    """
    if not automation.unattended:
        return Why.UNCONFIRMED
    return None if run.meaning == automation.confirmed else Why.CHANGED


def _why_ask(run: AutomationRun, automation: Automation, step: Step, now: datetime) -> Why | None:
    if not step.action.do.reaches_client:
        return None
    late = Why.LATE if now - step.due_at > TOO_LATE else None
    return why_unconfirmed(run, automation) or late


def _asked(tx: Transaction, run: AutomationRun, step: Step, why: Why, now: datetime) -> Step:
    about = {"invoice": run.invoice} if run.invoice else {}
    which = {"automation": run.automation, **about, "run": run.key, "step": step.position + 1}
    key = step_key(step)
    question = Question((SkillCall(APPROVAL, which),), run.automation, run.invoice, run.trigger, why, key)
    asking = replace(step, state=StepState.ASKING, proposal=ask(tx, question, now=now))
    tx.automations.save_step(asking)
    automated(tx, step.run, step.position, asking.state, now=now)
    return asking


def _done(tx: Transaction, run: AutomationRun, automation: Automation, step: Step, doing: Doing) -> Step:
    today = tx.people.workspace().day_of(doing.now)
    approved = doing.approved_by is not None
    occasion = Occasion(run.invoice, step_key(step), doing.now, today, doing.formats, automation, run.trigger, approved)
    tx.chain = run.chain
    try:
        did = act(tx, step.action, occasion)
    except InvoiceClosed as error:
        # Paid or void in the meantime: there is nothing left to do, and that is no fault.
        return _ended(tx, step, StepState.LEFT, error.user_message, doing.now)
    finally:
        tx.chain = ()
    if doing.approved_by:
        overtaken(tx, step)
    _noted(tx, step, occasion, doing.approved_by or automation.confirmed_by or "")
    text = f"{did.text}, as {doing.approved_by} said" if doing.approved_by else did.text
    if did.on_its_way:
        leaving = replace(step, state=StepState.WAITING, outcome=text)
        tx.automations.save_step(leaving)
        return leaving
    return _ended(tx, replace(step, proposal=did.proposal), StepState.DONE, text, doing.now)


def _noted(tx: Transaction, step: Step, occasion: Occasion, member: str) -> None:
    """Note what was done for the person who said yes to it, now or when the automation was switched on."""
    about = {"automation": occasion.automation.number, "invoice": occasion.invoice, **step.action.arguments}
    actor = on_behalf_of(tx, member, AUTOMATION)
    note(tx, actor, SkillCall(step.action.do.value, about), now=occasion.now, key=occasion.key)


def step_key(step: Step) -> str:
    """Return what the effects of the step are keyed by: the same however often it is tried."""
    return f"action:{step.run}:{step.position}"


def sent_by(message: OutboxMessage) -> str | None:
    """Return the key of the step that sent the message, None where no step did."""
    if message.kind is OutboxKind.MAIL:
        key = message.key.removeprefix("mail:")
        return key if key.startswith("action:") else None
    return message.payload.get("step")


def step_named(key: str) -> tuple[str, int]:
    """Return the run and the position that a step's key names."""
    run, _, position = key.removeprefix("action:").rpartition(":")
    return run, int(position)


def end_step(tx: Transaction, run: str, position: int, state: StepState, outcome: str) -> None:
    """Record how a step ended, unless that is recorded already; raises UnknownRecord."""
    step = tx.automations.step(run, position)
    if step is None:
        raise UnknownRecord(f"There is no step {position} of {run}.")
    if not step.state.ended:
        _ended(tx, step, state, outcome, tx.now())


def reopen_step(tx: Transaction, run: str, position: int, outcome: str = "") -> None:
    """Let a step that was given up be done after all; one that was done stays done."""
    step = tx.automations.step(run, position)
    if step is not None and step.state is StepState.FAILED:
        tx.automations.save_step(replace(step, state=StepState.WAITING, outcome=outcome, ended_at=None))


def reopen_message(tx: Transaction, key: str) -> None:
    """Let a step be on its way again whose message was given up; `key` is the step's."""
    reopen_step(tx, *step_named(key), "what had been given up was sent after all")


def end_message(tx: Transaction, key: str, state: StepState, why: str = "") -> None:
    """Record on its step how a message ended that the step sent; `why` says why it did not arrive.

    `key` is the step's. Of several messages of one step, one that did not arrive counts.
    """
    step = tx.automations.step(*step_named(key))
    if step is not None and (not step.state.ended or (step.state is StepState.DONE and why)):
        _ended(tx, step, state, why or step.outcome, tx.now())


def _ended(tx: Transaction, step: Step, state: StepState, outcome: str, at: datetime) -> Step:
    ended = replace(step, state=state, outcome=outcome, ended_at=at)
    tx.automations.save_step(ended)
    automated(tx, step.run, step.position, state, now=at)
    return ended


def _from_before(tx: Transaction, run: AutomationRun, automation: Automation, doing: Doing) -> Step:
    """Return the step of a run that started before steps were kept: its outcomes said what was done."""
    ended = next((text for text in run.outcomes if text.startswith(f"{doing.position}: ")), None)
    state = StepState.WAITING if ended is None else StepState.DONE
    outcome = "" if ended is None else ended.partition(": ")[2]
    step = Step(
        run.workspace_id, run.key, doing.position, automation.actions[doing.position], state, doing.now, outcome
    )
    tx.automations.add_steps([step])
    return step
