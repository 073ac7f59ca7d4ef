"""Charging for paying late: a line on the invoice with its reason, once for each period, never on what is contested.

A fee is of what is owed without earlier fees, so that no fee is charged on a fee, and all of them together stay below
the limit of the rule. What fell due while nobody looked is not made up for: only the period that runs is charged.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from billing.auditing import SCHEDULE, note, on_behalf_of
from billing.conversations import SkillCall
from billing.documenting import behavior_of, letterhead_of, lines_of
from billing.invoices import InvoiceStatus
from billing.lines import Line
from billing.linking import retire
from billing.money import Money, zero
from billing.reminders import ChargedFee, FeeInterval
from billing.reminding import why_paused
from billing.sending import why_held
from billing.settling import reckon

if TYPE_CHECKING:
    from datetime import date, datetime

    from billing.invoices import Invoice
    from billing.ports import Formats, Transaction
    from billing.reminders import LateFee, ReminderSchedule


def late_now(tx: Transaction, *, today: date) -> list[str]:
    """Return the invoices that are overdue for long enough to be charged by the workspace's rule, if it has one."""
    schedule = _schedule(tx)
    fee = schedule and schedule.late_fee
    if not fee:
        return []
    return [invoice.number for invoice in tx.reminders.overdue(today - timedelta(days=fee.after_days))]


def charge_late_fee(tx: Transaction, number: str, formats: Formats, *, now: datetime, today: date) -> ChargedFee | None:
    """Charge the invoice what is due by the workspace's rule, and return it; None where there is nothing to charge.

    The payment link is ended, since it asks for less; whoever wants to pay gets one for the whole.
    """
    schedule = _schedule(tx)
    if schedule is None or schedule.late_fee is None:
        return None
    return _Charging(tx, schedule.late_fee, schedule.set_by, formats, now, today).charge(number)


def _schedule(tx: Transaction) -> ReminderSchedule | None:
    schedule = tx.reminders.schedule()
    return schedule if schedule is not None and schedule.active else None


@dataclass(frozen=True, slots=True)
class _Charging:
    """One invoice, looked at for a fee."""

    tx: Transaction
    fee: LateFee
    set_by: str
    formats: Formats
    now: datetime
    today: date

    def charge(self, number: str) -> ChargedFee | None:
        tx = self.tx
        invoice = tx.invoices.get(number, lock=True)
        period = running_period(self.fee, invoice.due_on, self.today)
        if period is None or invoice.status is not InvoiceStatus.SENT or self._spared(invoice):
            return None
        earlier = sum((each.money for each in tx.reminders.fees(number)), start=zero(invoice.total.currency))
        owed = Money(max(invoice.balance.amount - earlier.amount, 0), earlier.currency)
        charged = ChargedFee(tx.workspace_id, number, period, _amount(self.fee, invoice, owed, earlier), self.today)
        if not charged.money.amount or not tx.reminders.add_fee(charged):
            return None
        retire(tx, number, now=self.now)
        reckon(tx, self._with_line(invoice, charged.money, owed), now=self.now)
        said = {"invoice": number, "amount": str(charged.money), "currency": charged.money.currency}
        by = on_behalf_of(tx, self.set_by, SCHEDULE)
        note(tx, by, SkillCall("charge_late_fee", said), now=self.now, key=f"fee:{number}:{period}")
        return charged

    def _spared(self, invoice: Invoice) -> bool:
        link = self.tx.links.active(invoice.number)
        renews = link is not None and link.recurring
        return renews or bool(why_held(self.tx, invoice) or why_paused(self.tx, invoice))

    def _with_line(self, invoice: Invoice, money: Money, owed: Money) -> Invoice:
        """Return the invoice with the fee on it, untaxed; one of a single amount becomes one of lines."""
        head = invoice.letterhead or letterhead_of(self.tx, invoice)
        words = self.formats.in_locale(head.locale)
        if self.fee.percent is None:
            reason = words.text("Late fee: {amount} was due on {day}")
        else:
            reason = words.text("Late fee: {percent} % of {amount}, which was due on {day}")
        text = reason.format(percent=self.fee.percent, amount=words.money(owed), day=words.day(invoice.due_on))
        return replace(
            invoice,
            total=invoice.total + money,
            lines=(*lines_of(self.tx, invoice, head, invoice.deductions or ()), Line(text, money)),
            tax_behavior=behavior_of(invoice),
            letterhead=head,
        )


def running_period(fee: LateFee, due_on: date, today: date) -> int | None:
    """Return the period that runs, None before the first, after the only one, and for one begun before the rule was."""
    first = due_on + timedelta(days=fee.after_days + 1)
    if today < first:
        return None
    months = (today.year - first.year) * 12 + today.month - first.month
    if today < _months_later(first, months):
        months -= 1
    if fee.interval is FeeInterval.ONCE:
        months = 0
    return months if _months_later(first, months) >= fee.since else None


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.month - 1 + months, 12)
    year += day.year
    return day.replace(year=year, month=month + 1, day=min(day.day, monthrange(year, month + 1)[1]))


def _amount(fee: LateFee, invoice: Invoice, owed: Money, earlier: Money) -> Money:
    """Return what is charged: nothing where the limit is reached, or the fee is in another currency."""
    wanted = fee.amount if fee.percent is None else owed.percent(fee.percent)
    if wanted is None or wanted.currency != owed.currency or not owed.amount:
        return zero(owed.currency)
    limit = (invoice.total - earlier).percent(fee.most_percent) - earlier
    return Money(max(min(wanted.amount, limit.amount), 0), owed.currency)
