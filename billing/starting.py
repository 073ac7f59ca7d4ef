"""Starting automations: each that listens to an event is evaluated, and what came of that is kept either way.

All of it lies in the transaction of the fact itself, in a handful of statements however many automations listen, so
that a fact and what follows from it are there together or not at all.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from billing.automations import Trigger, fingerprint
from billing.day_caps import tell_of_day_cap
from billing.durations import duration, later
from billing.matching import Facts, unmet
from billing.queues import OutboxKind, OutboxMessage
from billing.runs import AutomationRun, Evaluation, Reason, Step, StepState, Unmet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from billing.automations import Automation
    from billing.events import DomainEvent
    from billing.ports import Transaction
    from billing.runs import Recent

# What an automation did may start others, those others more, and there it ends.
DEEPEST: Final = 3
# These happen to an invoice once, in however many ways they are told.
_ONCE: Final = frozenset({Trigger.PAYMENT_SUCCEEDED, Trigger.INVOICE_CREATED})
# These are told of one invoice again and again, within minutes; what is told at other times is each a fact of its own.
_REPEATED: Final = frozenset({Trigger.PAYMENT_FAILED, Trigger.INVOICE_SENT})
# What the calendar says goes on being so: an automation that is switched on later has missed it.
_CALENDAR: Final = frozenset({Trigger.INVOICE_DUE, Trigger.INVOICE_OVERDUE})


def start(tx: Transaction, event: DomainEvent, listening: Sequence[Automation]) -> None:
    """Evaluate the automations for the event and start those whose conditions hold.

    An event that an automation was evaluated for already is not evaluated again. When that is may be long after it.
    """
    if not listening:
        return
    workspace, now = tx.people.workspace(), tx.now()
    facts = Facts(tx, event, workspace.day_of(max(now, event.occurred_at)))
    chain = tx.chain
    verdicts = {one.number: _unmet(one, facts, chain) for one in listening}
    holding = [one for one in listening if verdicts[one.number] is None]
    verdicts |= _restrained(tx, holding, event, now, workspace.timezone)
    runs = {one.number: _run(one, event, chain, now) for one in holding if verdicts[one.number] is None}
    kept = [_evaluation(one, event, now, runs.get(one.number), verdicts[one.number]) for one in listening]
    fresh = tx.automations.add_evaluations(kept)
    _tell(tx, [one for one in holding if one.number in fresh], verdicts, now)
    started = tx.automations.add_runs([run for number, run in runs.items() if number in fresh])
    steps = [
        step
        for one in holding
        if one.number in runs
        for step in _steps(one, runs[one.number], event, workspace.timezone)
    ]
    _queue(tx, [step for step in steps if step.run in started], runs, now)


def has_lead(automation: Automation) -> bool:
    """Say whether it is about a time before a day: three days before an invoice is due."""
    return automation.after is not None and automation.after.startswith("-")


def run_key(automation: Automation, event: DomainEvent) -> str:
    """Return the key that makes the automation run once for the event, or once for the invoice where that is once."""
    if event.trigger in _ONCE:
        return f"{automation.number}:{event.trigger.value}:{event.invoice}"
    return f"{automation.number}:{event.key}"


def _unmet(automation: Automation, facts: Facts, chain: tuple[str, ...]) -> Unmet | None:
    if automation.number in chain:
        return Unmet(Reason.OWN_EFFECT)
    if len(chain) >= DEEPEST:
        return Unmet(Reason.TOO_DEEP, wanted=DEEPEST)
    on_since = automation.switched_on_at
    if facts.event.trigger in _CALENDAR and on_since is not None and facts.event.occurred_at < on_since:
        return Unmet(Reason.WAS_OFF)
    return unmet(automation.where, facts)


def _restrained(
    tx: Transaction, holding: Sequence[Automation], event: DomainEvent, now: datetime, timezone: str
) -> dict[str, Unmet]:
    """Return why automations whose conditions hold must not run all the same, by their numbers."""
    if not holding:
        return {}
    local = now.astimezone(ZoneInfo(timezone))
    midnight = datetime.combine(local.date(), time(), local.tzinfo).astimezone(UTC)
    # Only what can matter is read, however often they have run in all the years.
    longest = max((duration(one.quiet) for one in holding if one.quiet), default=timedelta())
    numbers = [one.number for one in holding]
    recent = tx.automations.recent(numbers, event.invoice, since=midnight, back_to=event.occurred_at - longest)
    found = {one.number: _too_often(one, recent.get(one.number), event) for one in holding}
    return {number: reason for number, reason in found.items() if reason is not None}


def _tell(tx: Transaction, holding: Sequence[Automation], verdicts: dict[str, Unmet | None], now: datetime) -> None:
    for one in holding:
        why = verdicts[one.number]
        if why is not None and why.reason == Reason.DAY_CAP:
            tell_of_day_cap(tx, one, now=now)


def _too_often(automation: Automation, recent: Recent | None, event: DomainEvent) -> Unmet | None:
    if recent is None:
        return None
    if recent.runs >= automation.day_cap:
        return Unmet(Reason.DAY_CAP, wanted=automation.day_cap)
    last, quiet = recent.last_for_invoice, automation.quiet
    if last is None or quiet is None or event.trigger not in _REPEATED:
        return None
    return Unmet(Reason.QUIET, wanted=quiet) if abs(event.occurred_at - last) < duration(quiet) else None


def _run(automation: Automation, event: DomainEvent, chain: tuple[str, ...], now: datetime) -> AutomationRun:
    return AutomationRun(
        workspace_id=event.workspace_id,
        key=run_key(automation, event),
        automation=automation.number,
        invoice=event.invoice,
        started_at=now,
        occurred_at=event.occurred_at,
        trigger=event.trigger,
        payment=event.payment,
        chain=(*chain, automation.number),
        meaning=fingerprint(automation),
    )


def _evaluation(
    automation: Automation, event: DomainEvent, now: datetime, run: AutomationRun | None, why_not: Unmet | None
) -> Evaluation:
    return Evaluation(
        workspace_id=event.workspace_id,
        automation=automation.number,
        event=event.key,
        trigger=event.trigger,
        invoice=event.invoice,
        evaluated_at=now,
        run=run.key if run else None,
        unmet=why_not,
    )


def _steps(automation: Automation, run: AutomationRun, event: DomainEvent, timezone: str) -> list[Step]:
    """Return the run's steps, each due so long after the one before it as it says."""
    due = event.occurred_at
    # A lead was taken into account when the event was told.
    if not has_lead(automation):
        due = later(due, automation.after, timezone)
    steps = []
    for position, action in enumerate(automation.actions):
        due = later(due, action.after, timezone)
        steps.append(Step(run.workspace_id, run.key, position, action, StepState.WAITING, due))
    return steps


def _queue(tx: Transaction, steps: Sequence[Step], runs: dict[str, AutomationRun], now: datetime) -> None:
    by_key = {run.key: run for run in runs.values()}
    tx.automations.add_steps(steps)
    tx.send_all([action_message(by_key[step.run], step, now) for step in steps])


def action_message(run: AutomationRun, step: Step, now: datetime) -> OutboxMessage:
    """Return the outbox row that has the step done when it is due: of one run, one after the other."""
    return OutboxMessage(
        workspace_id=run.workspace_id,
        key=f"action:{run.key}:{step.position}",
        kind=OutboxKind.ACTION,
        lane=f"run:{run.key}",
        payload={
            "automation": run.automation,
            "run": run.key,
            "position": step.position,
            "invoice": run.invoice,
        },
        created_at=min(now, step.due_at),
        not_before=step.due_at if step.due_at > now else None,
    )
