"""What falls due with time. Each fact has its own key, so it is told once however often it is looked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from billing.automations import ActionKind, Trigger
from billing.durations import duration, later
from billing.events import DomainEvent
from billing.reacting import publish
from billing.runs import EVALUATIONS_KEPT
from billing.starting import has_lead, start

if TYPE_CHECKING:
    from collections.abc import Callable

    from billing.automations import Automation
    from billing.invoices import Invoice
    from billing.ports import Transaction

# A fact older than this is not told any more: an import of old books must not set off a storm of news.
_OLDEST: Final = timedelta(days=3)
# Automations are not news: what fell due while everything stood still is looked at all the same.
# What is older than its evaluation is remembered would be looked at as if it were new, so there it ends; a day more or
# less is a matter of the zone.
_OLDEST_FOR_AUTOMATIONS: Final = EVALUATIONS_KEPT - timedelta(days=2)
# What the calendar brings comes when people are at work, not at midnight.
MORNING: Final = time(9)


def announce_due(tx: Transaction, *, now: datetime, today: date) -> None:
    """Publish that invoices are due today or have become overdue, by the workspace's calendar."""
    zone = ZoneInfo(tx.people.workspace().timezone)
    leading = [one for one in tx.automations.listening(Trigger.INVOICE_DUE) if has_lead(one)]
    farthest = max((-duration(one.after) for one in leading if one.after), default=timedelta())
    # In one order in every process: two that tell the same facts at once would otherwise wait for each other.
    for invoice in tx.reminders.due_between(today - _OLDEST_FOR_AUTOMATIONS, today + farthest + timedelta(days=1)):
        _announce(tx, invoice, today, zone)
        for automation in leading:
            _lead(tx, automation, invoice, zone, now)


def _announce(tx: Transaction, invoice: Invoice, today: date, zone: ZoneInfo) -> None:
    if invoice.due_on > today:
        return
    due = _fact(tx, Trigger.INVOICE_DUE, invoice, invoice.due_on, zone)
    if invoice.due_on == today:
        publish(tx, due)
        return
    # It is no news that it was due, but an automation may have waited for that while nobody was there to tell it.
    _start(tx, due)
    overdue = _fact(tx, Trigger.INVOICE_OVERDUE, invoice, invoice.due_on + timedelta(days=1), zone)
    if invoice.due_on >= today - _OLDEST:
        publish(tx, overdue)
    else:
        _start(tx, overdue)


def _start(tx: Transaction, event: DomainEvent) -> None:
    start(tx, event, [one for one in tx.automations.listening(event.trigger) if not has_lead(one)])


def _lead(tx: Transaction, automation: Automation, invoice: Invoice, zone: ZoneInfo, now: datetime) -> None:
    """Start the automation whose time before the due date has come."""
    at = later(_morning(invoice.due_on, zone), automation.after, zone.key)
    if now - _OLDEST_FOR_AUTOMATIONS <= at <= now:
        key = f"invoice_due:{invoice.number}:{invoice.due_on}:{automation.after}"
        due = DomainEvent(tx.workspace_id, Trigger.INVOICE_DUE, key, at, invoice.number, record=invoice)
        start(tx, due, [automation])


def _fact(tx: Transaction, trigger: Trigger, invoice: Invoice, day: date, zone: ZoneInfo) -> DomainEvent:
    key = f"{trigger.value}:{invoice.number}:{invoice.due_on}"
    return DomainEvent(tx.workspace_id, trigger, key, _morning(day, zone), invoice.number, record=invoice)


def _morning(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, MORNING, zone).astimezone(UTC)


def run_scheduled(
    tx: Transaction, *, now: datetime, following: Callable[[Automation, datetime], datetime | None]
) -> None:
    """Start every scheduled automation for each time that has come; what was missed is not skipped.

    `following` returns an automation's next time after another. A time is started and the next one written in one
    transaction, under the automation's lock: so two workers, or one that dies, start it once.
    """
    for automation in tx.automations.scheduled(now):
        at = automation.next_at
        while at is not None and at <= now:
            _happen(tx, automation, at)
            at = following(automation, at)
        tx.automations.save(replace(automation, next_at=at))


def _happen(tx: Transaction, automation: Automation, at: datetime) -> None:
    key = f"scheduled:{automation.number}:{at.isoformat()}"
    for number in _subjects(tx, automation, at):
        about = f"{key}:{number}" if number else key
        start(tx, DomainEvent(tx.workspace_id, Trigger.SCHEDULED, about, at, number), [automation])


def _subjects(tx: Transaction, automation: Automation, at: datetime) -> list[str]:
    """Return the invoices that it is about: every overdue one where it reminds of them, else none."""
    if all(action.do is not ActionKind.SEND_REMINDER for action in automation.actions):
        return [""]
    today = tx.people.workspace().day_of(at)
    return [invoice.number for invoice in tx.reminders.due_between(date.min, today - timedelta(days=1))]
