"""Reminding clients by the schedule: each step of each invoice is decided once, and the mail leaves by the outbox.

What is due is a query, and the row that says what became of a step is what makes it happen once: so it does not matter
how often, by how many workers or after how long a sleep it is looked for. What should have left more than a day ago is
not sent any more, since a heap of late mails helps nobody; the row and the log say so.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from billing.deliveries import DeliveryState
from billing.errors import NoRecipient
from billing.mail import MailTemplate
from billing.reminders import Plan, ReminderStep, StepOutcome
from billing.sending import Sending, queue_mail, recipients
from billing.standing import under_way

if TYPE_CHECKING:
    from datetime import datetime

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


@dataclass(slots=True)
class Reminded:
    """What one look decided: the invoices whose reminders are on their way, and those skipped, by reason."""

    queued: list[str] = field(default_factory=list)
    skipped: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


def remind_due(tx: Transaction, calendar: BusinessCalendar, *, now: datetime) -> Reminded:
    """Queue every reminder that is due by the workspace's schedule, and record what was skipped."""
    schedule = tx.reminders.schedule()
    reminded = Reminded()
    if schedule is None or not schedule.active:
        return reminded
    workspace = tx.people.workspace()
    look = _Look(tx, Plan(schedule, workspace.timezone, workspace.country, calendar), now, reminded)
    today = workspace.day_of(now)
    # The latest step first: of several that are due, only that one is sent.
    for days in sorted(schedule.steps, reverse=True):
        day = today - timedelta(days=days)
        for invoice in tx.reminders.undecided(days, day - _REACH, day + (_SHIFT if days < 0 else timedelta())):
            look.decide(invoice, days)
    return reminded


def why_held(tx: Transaction, invoice: Invoice) -> str:
    """Return why nobody is to be reminded of the invoice just now, as a clause; "" where nothing speaks against it."""
    if invoice.disputed:
        return "its payment is disputed"
    if under_way(tx.payments.of_invoice(invoice.number)):
        return "a payment is under way"
    return ""


def why_paused(tx: Transaction, invoice: Invoice) -> str:
    """Return who wants no reminders by schedule, as a clause; "" where nobody does."""
    if invoice.reminders_paused:
        return "its reminders are paused"
    contact = tx.contacts.find(invoice.contact) if invoice.contact else None
    if contact is not None and contact.reminders_paused:
        return f"reminders to {contact.label} are paused"
    return ""


@dataclass(slots=True)
class _Look:
    """One look at what is due. `decided` are the invoices of which a step was decided in it, or by somebody else."""

    tx: Transaction
    plan: Plan
    now: datetime
    reminded: Reminded
    decided: set[str] = field(default_factory=set)

    def decide(self, invoice: Invoice, days: int) -> None:
        """Send the step or skip it for good, once; one that is not due yet, or is held, is left for a later look."""
        leaves_at = self.plan.leaves_at(invoice.due_on, days)
        if leaves_at > self.now:
            return
        outcome, reason = self._verdict(invoice, leaves_at)
        if outcome is None:
            return
        step = ReminderStep(self.tx.workspace_id, invoice.number, invoice.due_on, days, outcome, self.now, reason)
        self.decided.add(invoice.number)
        if not self.tx.reminders.add_step(step):
            return
        if outcome is StepOutcome.SKIPPED:
            self.reminded.skipped[reason].append(invoice.number)
            return
        key = f"reminder:{invoice.number}:{invoice.due_on}:{days}"
        sending = Sending(invoice.number, None, "", key, not_after=leaves_at + LATEST)
        queue_mail(self.tx, MailTemplate.REMINDER, sending, recipients(self.tx, invoice), now=self.now)
        self.reminded.queued.append(invoice.number)

    def _verdict(self, invoice: Invoice, leaves_at: datetime) -> tuple[StepOutcome | None, str]:
        """Return what becomes of a step whose time has come, and why; None for one that is held for now."""
        past = self._past(invoice, leaves_at)
        if past:
            return StepOutcome.SKIPPED, past
        held = why_held(self.tx, invoice) or why_paused(self.tx, invoice) or self._unreachable(invoice)
        if leaves_at + LATEST < self.now:
            return StepOutcome.SKIPPED, held or "it was due more than a day ago"
        return (None, held) if held else (StepOutcome.QUEUED, "")

    def _past(self, invoice: Invoice, leaves_at: datetime) -> str:
        """Return why the step is not wanted whatever comes, as a clause; "" where it is."""
        if invoice.number in self.decided:
            return "a later reminder was due as well"
        if leaves_at < self.plan.schedule.since:
            return "it was due before reminders were switched on"
        quiet_from = leaves_at - _QUIET
        if invoice.sent_at is not None and invoice.sent_at > quiet_from:
            return "the invoice had just been sent"
        reminders = [
            mail for mail in self.tx.mails.of_invoice(invoice.number) if mail.template is MailTemplate.REMINDER
        ]
        if any(
            not mail.state.ended or (mail.state is DeliveryState.SENT and mail.at > quiet_from) for mail in reminders
        ):
            return "another reminder had just been sent or was waiting"
        return ""

    def _unreachable(self, invoice: Invoice) -> str:
        try:
            recipients(self.tx, invoice)
        except NoRecipient:
            return "there is no e-mail address"
        return ""
