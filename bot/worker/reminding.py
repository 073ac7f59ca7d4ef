"""Late fees and reminders by schedule: looked for in every workspace that has one, an invoice at a time."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import structlog

from billing.late_fees import charge_late_fee, late_now
from billing.reminders import StepOutcome
from billing.reminding import due_now, remind

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from billing.ports import Clock, Formats, Store
    from billing.reminders import BusinessCalendar
    from billing.workspaces import Workspace

_log = structlog.get_logger(__name__)


class Reminding:
    """Each look finds what is due by a query and decides each invoice in a transaction of its own."""

    def __init__(
        self, store: Store, calendar: BusinessCalendar, formats_for: Callable[[Workspace], Formats], clock: Clock
    ) -> None:
        self._store = store
        self._calendar = calendar
        self._formats_for = formats_for
        self._clock = clock
        # Fees are a matter of days, so one look a day is enough; a row says whether a fee was charged.
        self._charged_on: dict[str, date] = {}

    def run(self) -> None:
        """Look everywhere; a workspace in which something is wrong does not keep the others waiting."""
        for workspace in self._store.directory.with_reminders():
            try:
                self._charge(workspace)
                self._remind(workspace)
            except Exception:  # noqa: BLE001 - whatever it is, the others are due as well
                _log.exception("reminders_not_looked_for", workspace=workspace.id)

    def _charge(self, workspace: Workspace) -> None:
        now = self._clock()
        today = workspace.day_of(now)
        if self._charged_on.get(workspace.id) == today:
            return
        with self._store.transaction(workspace.id) as tx:
            late = late_now(tx, today=today)
        for number in late:
            with self._store.transaction(workspace.id) as tx:
                charged = charge_late_fee(tx, number, self._formats_for(workspace), now=now, today=today)
            if charged is not None:
                _log.info("late_fee_charged", workspace=workspace.id, invoice=number, period=charged.period)
        self._charged_on[workspace.id] = today

    def _remind(self, workspace: Workspace) -> None:
        now = self._clock()
        with self._store.transaction(workspace.id) as tx:
            due = due_now(tx, self._calendar, now=now)
        skipped: Counter[str] = Counter()
        for number, steps in due.items():
            with self._store.transaction(workspace.id) as tx:
                decided = remind(tx, self._calendar, number, steps, now=now)
            for step in decided:
                if step.outcome is StepOutcome.SKIPPED:
                    skipped[step.reason] += 1
                else:
                    _log.info("reminder_queued", workspace=workspace.id, invoice=number, days=step.days)
        for reason, count in sorted(skipped.items()):
            _log.warning("reminders_skipped", workspace=workspace.id, reason=reason, count=count)
