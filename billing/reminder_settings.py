"""Setting the schedule by which clients are reminded: an admin's to do, since it stands for every yes that follows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from billing.auditing import note
from billing.conversations import SkillCall
from billing.errors import BadArgument, NotAllowed, UnknownRecord
from billing.reminders import ReminderSchedule, require_sound
from billing.roles import Role

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from billing.conversations import Actor
    from billing.ports import Transaction
    from billing.reminders import BusinessCalendar

_SKILL: Final = "reminders"


def switch_on(
    tx: Transaction, actor: Actor, calendar: BusinessCalendar | None, changes: Mapping[str, Any], *, now: datetime
) -> ReminderSchedule:
    """Switch reminders on with these fields of the schedule changed, the rest as it was; return the schedule.

    What was due before they are switched on is not made up for. Without a `calendar` the region is as it was. Raises
    NotAllowed, BadArgument.
    """
    _require_admin(actor)
    before = tx.reminders.schedule()
    running = before is not None and before.active
    base = before or ReminderSchedule(tx.workspace_id, active=False, since=now, set_by="", set_at=now)
    since = base.since if running else now
    schedule = replace(base, **changes, active=True, since=since, set_by=actor.member, set_at=now)
    require_sound(schedule)
    if calendar is not None:
        _require_region(tx, calendar, schedule.region)
    return _saved(tx, actor, schedule, now=now)


def switch_off(tx: Transaction, actor: Actor, *, now: datetime) -> ReminderSchedule | None:
    """Switch reminders off and return the schedule, which is kept; None where there is none. Raises NotAllowed."""
    _require_admin(actor)
    before = tx.reminders.schedule()
    if before is None or not before.active:
        return before
    return _saved(tx, actor, replace(before, active=False, set_by=actor.member, set_at=now), now=now)


def pause(tx: Transaction, actor: Actor, number: str, *, paused: bool, now: datetime) -> str:
    """Pause the reminders of an invoice or to a contact, or let them go on; return what it is called.

    Raises UnknownRecord.
    """
    label = _paused(tx, number, paused=paused)
    note(tx, actor, SkillCall("pause_reminders", {"number": number, "paused": paused}), now=now)
    return label


def _paused(tx: Transaction, number: str, *, paused: bool) -> str:
    invoice = tx.invoices.find(number)
    if invoice is not None:
        return tx.invoices.save(replace(invoice, reminders_paused=paused)).number
    contact = tx.contacts.find(number)
    if contact is None:
        raise UnknownRecord(f"There is no {number} here. Name an invoice such as INV-1002 or a client such as CON-2.")
    return tx.contacts.save(replace(contact, reminders_paused=paused)).label


def _require_admin(actor: Actor) -> None:
    if not actor.role.allows(Role.ADMIN):
        raise NotAllowed("Reminders reach clients without a further yes, so only an admin sets them.")


def _require_region(tx: Transaction, calendar: BusinessCalendar, region: str) -> None:
    country = tx.people.workspace().country
    known = calendar.regions(country)
    if region and region not in known:
        parts = f"one of {', '.join(known)}" if known else "left out: it has none with holidays of their own"
        raise BadArgument(f"“{region}” is no part of {country} that I know; it has to be {parts}.")


def _saved(tx: Transaction, actor: Actor, schedule: ReminderSchedule, *, now: datetime) -> ReminderSchedule:
    tx.reminders.save_schedule(schedule)
    said = {"active": schedule.active, "steps": list(schedule.steps), "hour": schedule.hour}
    note(tx, actor, SkillCall(_SKILL, said), now=now)
    return schedule
