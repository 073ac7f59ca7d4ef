"""`evie reminders`: when clients are reminded without anybody asking. Without a schedule that an admin set, never."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from billing.conversations import Actor
    from billing.ports import Formats, Transaction
    from billing.reminders import BusinessCalendar, LateFee, ReminderSchedule
    from billing.workspaces import Workspace

_LATEST = 12
_AS = typer.Option("--as", metavar="NAME", help="The admin who sets it; left out, the first one.")
_NUMBER = typer.Argument(metavar="NUMBER", help="An invoice (INV-1002) or a client (CON-2).", show_default=False)


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    group = typer.Typer(help="When clients are reminded without anybody asking.", invoke_without_command=True)
    group.callback()(show)
    group.command("on")(switch_on)
    group.command("off")(switch_off)
    group.command("pause")(pause)
    group.command("resume")(resume)
    app.add_typer(group, name="reminders")


def show(ctx: typer.Context) -> None:
    """Show the schedule, and what became of the latest steps."""
    if ctx.invoked_subcommand is not None:
        return
    with _office() as office:
        _say(office.tx.reminders.schedule(), office.formats)
        for step in office.tx.reminders.latest_steps(limit=_LATEST):
            day = f"{step.days:+d} days" if step.days else "due date"
            reason = f": {step.reason}" if step.reason else ""
            moment = office.formats.moment(step.at)
            sys.stdout.write(f"  {moment}  {step.invoice} ({day})  {step.outcome.value}{reason}\n")


def switch_on(
    *,
    days: Annotated[str | None, typer.Option(metavar="-3,0,3,7,14", help="Days from the due date.")] = None,
    hour: Annotated[int | None, typer.Option(min=0, max=23, help="The hour, by the workspace's clock.")] = None,
    working_days: Annotated[
        bool | None,
        typer.Option(
            "--working-days/--any-day", help="Whether to leave out weekends and holidays.", show_default=False
        ),
    ] = None,
    region: Annotated[
        str | None, typer.Option(metavar="QLD", help="The part of the country whose holidays count.")
    ] = None,
    late_fee: Annotated[str | None, typer.Option(metavar="2%|25.00|none", help="What paying late costs.")] = None,
    late_fee_every: Annotated[str, typer.Option(metavar="once|month", help="How often it is charged.")] = "once",
    late_fee_after: Annotated[int, typer.Option(min=0, max=365, help="From which day overdue on.")] = 14,
    late_fee_limit: Annotated[str, typer.Option(metavar="10%", help="At most so much of the invoice.")] = "10%",
    name: Annotated[str | None, _AS] = None,
) -> None:
    """Switch reminders on, or change when they leave. Mails leave by this schedule without a further yes."""
    from billing.reminder_settings import switch_on as switch

    with _office(name) as office:
        given = {"steps": _steps(days), "hour": hour, "working_days": working_days, "region": region}
        changes: dict[str, Any] = {field: value for field, value in given.items() if value is not None}
        if late_fee is not None:
            changes["late_fee"] = office.fee(late_fee, late_fee_every, late_fee_after, late_fee_limit)
        _say(switch(office.tx, office.actor, office.calendar, changes, now=office.now), office.formats)


def switch_off(*, name: Annotated[str | None, _AS] = None) -> None:
    """Switch reminders off. Those by hand are not touched."""
    from billing.reminder_settings import switch_off as switch

    with _office(name) as office:
        _say(switch(office.tx, office.actor, now=office.now), office.formats)


def pause(number: Annotated[str, _NUMBER], *, name: Annotated[str | None, _AS] = None) -> None:
    """Send no reminders by schedule of an invoice, or to a client, and charge no late fee."""
    _pause(number, name, paused=True)


def resume(number: Annotated[str, _NUMBER], *, name: Annotated[str | None, _AS] = None) -> None:
    """Let reminders of an invoice, or to a client, go on."""
    _pause(number, name, paused=False)


def _pause(number: str, name: str | None, *, paused: bool) -> None:
    from billing.reminder_settings import pause as change

    with _office(name) as office:
        label = change(office.tx, office.actor, number.strip().upper(), paused=paused, now=office.now)
    sys.stdout.write(f"Reminders of {label} are paused.\n" if paused else f"Reminders of {label} go on.\n")


@dataclass(frozen=True, slots=True)
class _Office:
    """The workspace, opened for one command; `actor` is who gives it."""

    tx: Transaction
    workspace: Workspace
    actor: Actor
    formats: Formats
    calendar: BusinessCalendar
    now: datetime

    def fee(self, text: str, every: str, after_days: int, limit: str) -> LateFee | None:
        """Return the rule that the options describe; `none` is none. Raises BillingError."""
        from billing.money import parse_amount, parse_percent
        from billing.reminders import FeeInterval, LateFee

        if text.strip().lower() == "none":
            return None
        if every not in set(FeeInterval):
            raise typer.BadParameter(f"“{every}” has to be once or month")
        percent = text.strip().endswith("%")
        return LateFee(
            interval=FeeInterval(every),
            since=self.workspace.day_of(self.now),
            after_days=after_days,
            most_percent=parse_percent(limit),
            percent=parse_percent(text) if percent else None,
            amount=None if percent else parse_amount(text, self.workspace.currency),
        )


@contextmanager
def _office(name: str | None = None) -> Iterator[_Office]:
    from bot.cli.opening import opened
    from bot.settings import load
    from bot.speaking import only_workspace, speaker

    with opened(load()) as application:
        store, clock = application.store, application.services.clock
        workspace = only_workspace(store)
        actor = speaker(store, application.assistant, workspace, name).actor
        with store.transaction(workspace.id) as tx:
            yield _Office(tx, workspace, actor, application.formats_for(workspace), application.calendar, clock())


def _steps(text: str | None) -> tuple[int, ...] | None:
    if text is None:
        return None
    try:
        return tuple(sorted(int(part) for part in text.split(",")))
    except ValueError:
        raise typer.BadParameter(f"“{text}” is not a list of days such as -3,0,3,7,14") from None


def _say(schedule: ReminderSchedule | None, formats: Formats) -> None:
    from skills.schedules import spoken_fee, spoken_schedule

    sys.stdout.write(f"Reminders: {spoken_schedule(schedule, formats)}\n")
    if schedule is not None and schedule.active:
        sys.stdout.write(f"Late fee: {spoken_fee(schedule.late_fee, formats)}\n")
    else:
        sys.stdout.write("“evie reminders on” sends them 3 days before, on, and 3, 7 and 14 days after the due date.\n")
