"""Automations and their runs, from a document's entries to the domain's records and back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from billing.automations import Action, Automation, Conditions, fingerprint
from billing.runs import AutomationRun, Step, StepState
from bot.exchange.amounts import amount_at
from bot.exchange.automation_entries import AutomationEntry, ConditionsEntry, RunEntry, StepEntry
from skills.deeds import action_of
from skills.recurring import next_occurrence

if TYPE_CHECKING:
    from datetime import datetime

    from billing.ports import Transaction
    from billing.workspaces import Workspace
    from bot.exchange.refusal import Path

_LEFT: Final = "it waited when the workspace was exported"


def build_automation(
    place: Path, entry: AutomationEntry, workspace: Workspace, now: datetime, admins: frozenset[str]
) -> Automation:
    """Return the automation of an entry; raises DocumentRefused where an amount is wrong.

    What it says to be confirmed is so only by one of the admins: a file alone lets nothing write to clients.
    """
    created = entry.created_at or now
    schedule = entry.schedule
    following = next_occurrence(schedule, workspace.timezone, created, after=now) if schedule else None
    automation = Automation(
        workspace_id=workspace.id,
        number=entry.number,
        name=entry.name,
        active=entry.active,
        trigger=entry.trigger,
        actions=tuple(action_of(action) for action in ([entry.action] if entry.action else entry.actions)),
        created_at=created,
        where=_conditions((*place, "where"), entry.where, workspace.currency),
        after=entry.after,
        also=entry.also,
        schedule=schedule,
        next_at=following,
        quiet=entry.quiet,
        day_cap=entry.day_cap,
        created_by=entry.created_by or "",
        switched_on_at=entry.switched_on_at or (now if entry.active else None),
    )
    by, at = entry.confirmed_by, entry.confirmed_at or now
    if by not in admins or entry.asks_first:
        return automation
    return replace(automation, confirmed=fingerprint(automation), confirmed_by=by, confirmed_at=at)


def _conditions(place: Path, entry: ConditionsEntry, currency: str) -> Conditions:
    written: dict[str, Any] = entry.model_dump(mode="json", exclude_none=True, exclude={"unknown"})
    for name in ("min_amount", "max_amount"):
        if name in written:
            written[name] = amount_at((*place, name), written[name], currency)
    return Conditions(**written, unknown=entry.unknown)


def store_runs(tx: Transaction, entry: AutomationEntry) -> None:
    """Store what the automation has done. What waited is over: its time, and its card, belong to where it came from."""
    for told in reversed(entry.runs):
        run = AutomationRun(
            workspace_id=tx.workspace_id,
            key=told.key,
            automation=entry.number,
            invoice=told.invoice or "",
            started_at=told.started_at,
            occurred_at=told.occurred_at,
            trigger=told.trigger,
            chain=told.chain,
        )
        tx.automations.add_runs([run])
        tx.automations.add_steps([_step(run, place, step) for place, step in enumerate(told.steps)])


def _step(run: AutomationRun, position: int, entry: StepEntry) -> Step:
    ended = entry.state.ended
    return Step(
        workspace_id=run.workspace_id,
        run=run.key,
        position=position,
        action=action_of(entry.action),
        state=entry.state if ended else StepState.LEFT,
        due_at=entry.due_at,
        outcome=entry.outcome if ended else _LEFT,
        ended_at=entry.ended_at,
        tries=entry.tries,
    )


def dump_automation(tx: Transaction, automation: Automation) -> AutomationEntry:
    """Return the entry of an automation with its runs, the newest first."""
    names = ("number", "name", "active", "trigger", "also", "after", "schedule", "quiet", "day_cap", "created_at")
    told = {name: getattr(automation, name) for name in names}
    certain = automation.unattended
    return AutomationEntry.model_validate(
        {
            **told,
            "where": _conditions_entry(automation.where),
            "actions": [_action_entry(action) for action in automation.actions],
            "created_by": automation.created_by or None,
            "switched_on_at": automation.switched_on_at,
            "confirmed_by": automation.confirmed_by if certain else None,
            "confirmed_at": automation.confirmed_at if certain else None,
            "asks_first": automation.active and not certain,
            "runs": [_run_entry(tx, run) for run in tx.automations.runs(automation.number)],
        },
    )


def _conditions_entry(where: Conditions) -> ConditionsEntry:
    named = {name: getattr(where, name) for name in ConditionsEntry.model_fields}
    amounts = {name: str(named[name]) for name in ("min_amount", "max_amount") if named[name] is not None}
    return ConditionsEntry.model_validate(named | amounts)


def _action_entry(action: Action) -> dict[str, Any]:
    return {"do": action.do.value, **action.arguments, **({"after": action.after} if action.after else {})}


def _run_entry(tx: Transaction, run: AutomationRun) -> RunEntry:
    return RunEntry.model_validate(
        {
            "key": run.key,
            "started_at": run.started_at,
            "occurred_at": run.occurred_at,
            "invoice": run.invoice or None,
            "trigger": run.trigger,
            "chain": run.chain,
            "steps": [
                {
                    "action": _action_entry(step.action),
                    "state": step.state,
                    "due_at": step.due_at,
                    "outcome": step.outcome,
                    "ended_at": step.ended_at,
                    "tries": step.tries,
                }
                for step in tx.automations.steps(run.key)
            ],
        },
    )
