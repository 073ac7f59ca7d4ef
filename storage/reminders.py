"""Reminding the clients of a workspace: its schedule, the steps that were decided, and the late fees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, exists

from billing.invoices import UNPAID, InvoiceStatus
from storage import mappers, tables
from storage.rows import Rows

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Connection

    from billing.invoices import Invoice
    from billing.reminders import ChargedFee, ReminderSchedule, ReminderStep


class SqlReminders:
    """The schedule of one workspace, its steps and its late fees (`billing.ports.Reminders`)."""

    def __init__(self, connection: Connection, workspace_id: str) -> None:
        self._invoices = Rows(connection, mappers.INVOICE, workspace_id)
        self._schedules = Rows(connection, mappers.REMINDER_SCHEDULE, workspace_id)
        self._steps = Rows(connection, mappers.REMINDER_STEP, workspace_id)
        self._fees = Rows(connection, mappers.CHARGED_FEE, workspace_id)

    def schedule(self) -> ReminderSchedule | None:
        """Return the schedule; None where nobody has set one."""
        return self._schedules.one()

    def save_schedule(self, schedule: ReminderSchedule) -> None:
        """Write the schedule."""
        self._schedules.put(schedule)

    def undecided(self, days: int, first: date, last: date) -> list[Invoice]:
        """Return the sent invoices due from `first` to `last` of which that step was not decided, by due date."""
        invoice, step = self._invoices.columns, tables.reminder_steps.c
        decided = exists().where(
            and_(
                step.workspace_id == invoice.workspace_id,
                step.invoice == invoice.number,
                step.due_on == invoice.due_on,
                step.days == days,
            )
        )
        return self._invoices.many(
            invoice.status == InvoiceStatus.SENT,
            invoice.due_on.between(first, last),
            ~decided,
            order=[invoice.due_on, invoice.ordinal],
        )

    def due_between(self, first: date, last: date) -> list[Invoice]:
        """Return the unpaid invoices due from `first` to `last`, in the order of their numbers."""
        columns = self._invoices.columns
        return self._invoices.many(
            columns.status.in_(sorted(UNPAID)),
            columns.due_on.between(first, last),
            order=[columns.ordinal, columns.number],
        )

    def add_step(self, step: ReminderStep) -> bool:
        """Insert unless the step was decided for the invoice and due date; say whether it is new."""
        return self._steps.add_if_new(step)

    def latest_steps(self, *, limit: int) -> list[ReminderStep]:
        """Return the steps that were decided last, newest first."""
        columns = self._steps.columns
        return self._steps.many(order=[columns.at.desc(), columns.invoice, columns.days], limit=limit)

    def overdue(self, before: date) -> list[Invoice]:
        """Return the sent invoices that were due before the day and have no dispute, the oldest first."""
        columns = self._invoices.columns
        return self._invoices.many(
            columns.status == InvoiceStatus.SENT,
            columns.due_on < before,
            ~columns.disputed,
            order=[columns.due_on, columns.ordinal],
        )

    def fees(self, invoice: str) -> list[ChargedFee]:
        """Return the late fees that the invoice was charged, oldest first."""
        return self._fees.many(self._fees.columns.invoice == invoice, order=[self._fees.columns.period])

    def add_fee(self, fee: ChargedFee) -> bool:
        """Insert unless one of that period was charged; say whether it is new."""
        return self._fees.add_if_new(fee)
