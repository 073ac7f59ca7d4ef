"""What is kept about reminding the clients of one workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import date

    from billing.invoices import Invoice
    from billing.reminders import ChargedFee, ReminderSchedule, ReminderStep


class Reminders(Protocol):
    """The schedule of one workspace, its steps and its late fees."""

    def schedule(self) -> ReminderSchedule | None:
        """Return the schedule; None where nobody has set one."""

    def save_schedule(self, schedule: ReminderSchedule) -> None:
        """Write the schedule."""

    def undecided(self, days: int, first: date, last: date) -> list[Invoice]:
        """Return the sent invoices due from `first` to `last` of which that step was not decided, by due date."""

    def due_between(self, first: date, last: date) -> list[Invoice]:
        """Return the unpaid invoices due from `first` to `last`, in the order of their numbers."""

    def add_step(self, step: ReminderStep) -> bool:
        """Insert unless the step was decided for the invoice and due date; say whether it is new."""

    def latest_steps(self, *, limit: int) -> list[ReminderStep]:
        """Return the steps that were decided last, newest first."""

    def overdue(self, before: date) -> list[Invoice]:
        """Return the sent invoices that were due before the day and have no dispute, the oldest first."""

    def fees(self, invoice: str) -> list[ChargedFee]:
        """Return the late fees that the invoice was charged, oldest first."""

    def add_fee(self, fee: ChargedFee) -> bool:
        """Insert unless one of that period was charged; say whether it is new."""
