"""What the clock brings for automations. What is due is a query, so any number of workers may look, at any time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billing.answering import lapse
from billing.runs import EVALUATIONS_KEPT
from billing.scheduling import run_scheduled
from bot.each_workspace import in_each
from skills.recurring import next_occurrence

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from billing.automations import Automation
    from billing.ports import Clock, Store, Transaction


def run_all_scheduled(store: Store, clock: Clock) -> None:
    """Start every scheduled automation whose time has come, each workspace in a transaction of its own."""
    now = clock()

    def run(tx: Transaction) -> None:
        run_scheduled(tx, now=now, following=_following(tx.people.workspace().timezone))

    in_each(store, store.directory.with_scheduled(now), run, failing="schedules_not_looked_for")


def _following(timezone: str) -> Callable[[Automation, datetime], datetime | None]:
    def following(automation: Automation, after: datetime) -> datetime | None:
        if automation.schedule is None:
            return None
        return next_occurrence(automation.schedule, timezone, automation.created_at, after=after)

    return following


def lapse_questions(store: Store, clock: Clock) -> None:
    """Close what automations asked and nobody decided in time."""
    now = clock()
    everywhere = [workspace.id for workspace in store.directory.workspaces()]
    in_each(store, everywhere, lambda tx: lapse(tx, now=now), failing="questions_not_closed")


def forget_old_evaluations(store: Store, clock: Clock) -> None:
    """Delete what nobody can ask about any more."""
    before = clock() - EVALUATIONS_KEPT
    everywhere = [workspace.id for workspace in store.directory.workspaces()]
    in_each(
        store, everywhere, lambda tx: tx.automations.forget_evaluations(before), failing="evaluations_not_forgotten"
    )
