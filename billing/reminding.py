"""Reminding clients by the schedule: each step of each invoice is decided once, and the mail leaves by the outbox.

What is due is a query, and the row that says what became of a step is what makes it happen once: so it does not matter
how often, by how many workers or after how long a sleep it is looked for. What should have left more than a day ago is
not sent any more, since a heap of late mails helps nobody; the row and the log say so.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from billing.auditing import SCHEDULE, note, on_behalf_of
from billing.conversations import SkillCall
from billing.deliveries import DeliveryState
from billing.errors import InvoiceClosed, NoRecipient
from billing.invoices import InvoiceStatus
from billing.mail import MailTemplate
from billing.reminders import Plan, ReminderStep, StepOutcome
from billing.sending import Sending, queue_mail, recipients, why_held

if TYPE_CHECKING:
    from datetime import datetime

    from billing.deliveries import Delivery
    from billing.invoices import Invoice
    from billing.ports import Transaction
    from billing.reminders import BusinessCalendar

# Later than this a reminder is not sent any more.
LATEST: Final = timedelta(days=1)
# A client who was written to a moment ago needs no reminder of it.
_QUIET: Final = timedelta(hours=18)
# How far back steps are still looked for, to say that they were skipped, and how far a holiday may move one.
_REACH: Final = timedelta(days=60)
_SHIFT: Final = timedelta(days=20)
_REMINDED: Final = "another reminder had just been sent or was waiting"
# Of several steps that are due, only the latest is sent.
_OVERTAKEN: Final = (StepOutcome.SKIPPED, "a later reminder was due as well")


def due_now(tx: Transaction, calendar: BusinessCalendar, *, now: datetime) -> dict[str, list[int]]:
    """Return the steps whose time has come and that were not decided, the latest first, by invoice number."""
    plan = _plan(tx, calendar)
    found: defaultdict[str, list[int]] = defaultdict(list)
    if plan is None:
        return found
    today = tx.people.workspace().day_of(now)
    for days in sorted(plan.schedule.steps, reverse=True):
        day = today - timedelta(days=days)
        for invoice in tx.reminders.undecided(days, day - _REACH, day + (_SHIFT if days < 0 else timedelta())):
            if plan.leaves_at(invoice.due_on, days) <= now:
                found[invoice.number].append(days)
    return found


def remind(
    tx: Transaction, calendar: BusinessCalendar, number: str, steps: list[int], *, now: datetime
) -> list[ReminderStep]:
    """Send or skip what `due_now` found of an invoice, and return what was decided; what is held is left for later."""
    plan = _plan(tx, calendar)
    invoice = tx.invoices.get(number, lock=True)
    if plan is None or invoice.status is not InvoiceStatus.SENT:
        return []
    decided: list[ReminderStep] = []
    for days in steps:
        leaves_at = plan.leaves_at(invoice.due_on, days)
        outcome, reason = _verdict(tx, invoice, plan, leaves_at, now) if not decided else _OVERTAKEN
        if outcome is None:
            continue
        step = ReminderStep(tx.workspace_id, number, invoice.due_on, days, outcome, now, reason)
        if not tx.reminders.add_step(step):
            continue
        decided.append(step)
        if outcome is StepOutcome.QUEUED:
            key = f"reminder:{number}:{invoice.due_on}:{days}"
            sending = Sending(number, None, "", key, not_after=leaves_at + LATEST)
            queue_mail(tx, MailTemplate.REMINDER, sending, recipients(tx, invoice), now=now)
            by = on_behalf_of(tx, plan.schedule.set_by, SCHEDULE)
            note(tx, by, SkillCall("send_reminder", {"invoice": number, "days": days}), now=now, key=key)
    return decided


def require_wanted(tx: Transaction, invoice: Invoice, request_key: str, *, now: datetime) -> None:
    """Raise InvoiceClosed where a reminder that no person asked for is not wanted just now.

    `request_key` is its own: a repeat does not stand in its own way.
    """
    others = (mail for mail in _reminders(tx, invoice) if mail.key != f"mail:{request_key}")
    why = why_paused(tx, invoice)
    if not why and any(_is_near(mail, now - _QUIET, now + _QUIET) for mail in others):
        why = _REMINDED
    if why:
        raise InvoiceClosed(f"Nobody is reminded of {invoice.number} just now: {why}.")


def why_paused(tx: Transaction, invoice: Invoice) -> str:
    """Return who wants no reminders by schedule, as a clause; "" where nobody does."""
    if invoice.reminders_paused:
        return "its reminders are paused"
    contact = tx.contacts.find(invoice.contact) if invoice.contact else None
    if contact is not None and contact.reminders_paused:
        return f"reminders to {contact.label} are paused"
    return ""


def _plan(tx: Transaction, calendar: BusinessCalendar) -> Plan | None:
    schedule = tx.reminders.schedule()
    if schedule is None or not schedule.active:
        return None
    workspace = tx.people.workspace()
    return Plan(schedule, workspace.timezone, workspace.country, calendar)


def _verdict(
    tx: Transaction, invoice: Invoice, plan: Plan, leaves_at: datetime, now: datetime
) -> tuple[StepOutcome | None, str]:
    """Return what becomes of a step whose time has come, and why; None for one that is held for now."""
    past = _past(tx, invoice, plan, leaves_at)
    if past:
        return StepOutcome.SKIPPED, past
    held = why_held(tx, invoice) or why_paused(tx, invoice) or _unreachable(tx, invoice)
    if leaves_at + LATEST < now:
        return StepOutcome.SKIPPED, held or "it was due more than a day ago"
    return (None, held) if held else (StepOutcome.QUEUED, "")


def _past(tx: Transaction, invoice: Invoice, plan: Plan, leaves_at: datetime) -> str:
    """Return why the step is not wanted whatever comes, as a clause; "" where it is."""
    if leaves_at < plan.schedule.since:
        return "it was due before reminders were switched on"
    quiet_from = leaves_at - _QUIET
    if invoice.sent_at is not None and invoice.sent_at > quiet_from:
        return "the invoice had just been sent"
    if any(_is_near(mail, quiet_from, leaves_at + _QUIET) for mail in _reminders(tx, invoice)):
        return _REMINDED
    return ""


def _reminders(tx: Transaction, invoice: Invoice) -> list[Delivery]:
    return [mail for mail in tx.mails.of_invoice(invoice.number) if mail.template is MailTemplate.REMINDER]


def _is_near(mail: Delivery, quiet_from: datetime, quiet_until: datetime) -> bool:
    if not mail.state.ended:
        return mail.leaves_at is None or mail.leaves_at < quiet_until
    return mail.state is DeliveryState.SENT and mail.at > quiet_from


def why_unwanted(
    tx: Transaction, invoice: Invoice, *, now: datetime, not_after: datetime | None, unasked: bool = False
) -> str:
    """Return why a reminder that is about to leave must not, as a clause; "" where it may.

    One with a `not_after` is by schedule: it is not sent late, nor where reminders were paused in the meantime. What is
    `unasked`, an automation's, is not sent there either.
    """
    held = why_held(tx, invoice)
    if held or (not_after is None and not unasked):
        return held
    late = not_after is not None and not_after < now
    return "it could not leave in time" if late else why_paused(tx, invoice)


def _unreachable(tx: Transaction, invoice: Invoice) -> str:
    try:
        recipients(tx, invoice)
    except NoRecipient:
        return "there is no e-mail address"
    return ""
