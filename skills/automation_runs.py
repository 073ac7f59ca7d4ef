"""What automations did, and why they did not do it."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from billing.ports import Transaction
from billing.roles import Role
from skills.arguments import Automation, Period, PeriodArgument
from skills.asked_about import named_in
from skills.cards import Card
from skills.context import Context, Outcome
from skills.run_history import Within, told_of
from skills.spec import Effect, skill


@skill(
    effect=Effect.READ,
    role=Role.VIEWER,
    examples=(
        "show the runs of {automation}",
        "show the runs of the {automation} automation",
        "what did {automation} do",
        "what did our automations do",
        "what did our automations do {period}",
        "what did the {automation} automation do {period}",
        "automation runs",
        "list the automation runs {period}",
        "show me the automation history",
        "history of the {automation} automation",
        "when did the {automation} automation last run",
        "did the {automation} automation run {period}",
        "how often did the {automation} automation run {period}",
        "why didn't the {automation} automation fire",
        "why did the {automation} automation not fire",
        "why didn't {automation} run",
        "why didn't the {automation} automation run {period}",
        "why did {automation} run",
        "did any automations fail {period}",
        "which automations ran {period}",
        "what automations ran {period}",
        "which automations fired {period}",
        "which automations have run {period}",
        "did {automation} run {period}",
        "has {automation} run {period}",
        "has {automation} fired {period}",
        "did {automation} fire {period}",
        "when did {automation} last run",
        "did {automation} go out {period}",
        "when was the last time {automation} ran",
        "how often did {automation} fire {period}",
        "how many times did {automation} run {period}",
        "runs of {automation} {period}",
        "why hasn't {automation} done anything",
        "log of {automation}",
        "automation log {period}",
        "show me the log of the {automation} automation",
        "what has {automation} been doing {period}",
        "what did the automations get up to {period}",
        "have any automations been triggered {period}",
        "have any automations fired {period}",
        "has any automation been triggered {period}",
        "were any automations triggered {period}",
        "which automations were triggered {period}",
        "check whether {automation} went off {period}",
        "whether {automation} went off {period}",
        "has {automation} been triggered {period}",
        "was {automation} triggered {period}",
        "have the automations done anything {period}",
    ),
)
def automation_runs(
    context: Context, *, automation: Automation | None = None, period: PeriodArgument | None = None
) -> Outcome:
    """Show what automations did and when, and why one did not run: each step with its outcome, each condition not met.

    Args:
        automation: Only this one.
        period: Only what happened in it.
    """
    start, end = _bounds(context, period)
    with context.transaction() as tx:
        named = named_in(tx, context.names(tx), context.said)
        told = told_of(tx, automation, Within(start, end), named, context.formats)
        off = _off(tx, automation)
    whose = automation or "Automations"
    runs, missed = told.runs, told.missed
    text = f"{whose}: {_times(len(runs))}" + (f", and did not run {_times(len(missed), '')}." if missed else ".")
    if not told.rows:
        text = f"{whose} did not run{' then' if period else ' yet'}, and nothing happened that it waits for."
    text = " ".join(part for part in (told.answer or text, off) if part)
    said = " ".join(part for part in (told.answer, off) if part)
    card = Card(f"Runs of {whose}", text, text=said, rows=told.rows, note=_KEPT) if told.rows else None
    numbers = tuple(dict.fromkeys(run.automation for run in runs)) or ((automation,) if automation else ())
    return Outcome(text, {"runs": [run.key for run in runs], "missed": len(missed)}, card, numbers)


def _off(tx: Transaction, automation: str | None) -> str:
    found = tx.automations.ever(automation) if automation else None
    return f"It is off: say “turn on {found.number}” to have it run." if found and not found.active else ""


_KEPT = "Why something did not run is kept for 30 days."


def _times(count: int, verb: str = "ran ") -> str:
    return f"{verb}{count} time{'' if count == 1 else 's'}"


def _bounds(context: Context, period: Period | None) -> tuple[datetime | None, datetime | None]:
    if period is None:
        return None, None
    zone = ZoneInfo(context.workspace.timezone)
    days = (period.start, period.end + timedelta(days=1))
    start, end = (datetime.combine(day, time(), zone).astimezone(UTC) for day in days)
    return start, end
