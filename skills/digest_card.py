"""The daily digest as a card: what is owed and for how long, what came in, and what fails."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from billing.payments import PaymentStatus
from billing.subscriptions import SubscriptionStatus
from skills.cards import Card, Field, Row, Tone
from skills.next_steps import after_report
from skills.periods import day_begins
from skills.presenting import payment_row, view
from skills.subscription_rows import subscription_row

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from billing.money import Money
    from billing.payments import Payment
    from billing.ports import Formats, Transaction
    from billing.workspaces import Workspace

_FAILED_WITHIN: Final = timedelta(days=7)
_MOST_FAILING: Final = 10
_FAILING: Final = (SubscriptionStatus.PAST_DUE, SubscriptionStatus.UNPAID)
_NOTHING: Final = "nothing"


def digest_card(tx: Transaction, workspace: Workspace, formats: Formats, on: date) -> Card | None:
    """Return how the business stands on the morning of a day; None where there is nothing to say.

    On a Monday a quiet week is said in one line, so that silence is never taken for a failure.
    """
    fields, failing = _fields(tx, workspace, formats, on), _failing(tx, workspace, formats, on)
    title = f"Billing on {formats.day(on)}"
    monday = on.weekday() == 0
    if not failing and all(field.value == _NOTHING for field in fields):
        line = f"{title}: nothing is owed, nothing came in last week, and nothing fails."
        return Card(title, line, text=line.partition(": ")[2].capitalize()) if monday else None
    said = " · ".join(f"{field.label}: {field.value}" for field in fields)
    late = any(field.label == "Overdue" for field in fields)
    return Card(
        title=title,
        summary=f"{title}. {said}" + (f" · {len(failing)} failing" if failing else ""),
        tone=Tone.WARNING if failing or late else Tone.NEUTRAL,
        fields=tuple(fields),
        rows=tuple(failing),
        buttons=after_report(None, late=late),
    )


def _fields(tx: Transaction, workspace: Workspace, formats: Formats, on: date) -> list[Field]:
    monday = on.weekday() == 0
    today = day_begins(on, workspace)
    week = day_begins(on - timedelta(days=7 if monday else on.weekday()), workspace)

    def came(start: datetime) -> str:
        return _sums(formats, (line.total for line in tx.reports.collected(start=start, end=today)))

    fields = [Field("Outstanding", _sums(formats, (line.total for line in tx.reports.outstanding())))]
    for line in tx.reports.overdue(on):
        ages = ", ".join(f"{age}: {formats.money(money)}" for age, money in line.ages)
        fields.append(Field("Overdue", f"{formats.money(line.total)} ({ages})"))
    fields.append(Field("Collected yesterday", came(day_begins(on - timedelta(days=1), workspace))))
    return [*fields, Field("Collected last week" if monday else "Collected this week", came(week))]


def _failing(tx: Transaction, workspace: Workspace, formats: Formats, on: date) -> list[Row]:
    """Return the payments that failed lately and were not made up for, and the subscriptions whose renewals fail."""
    since = day_begins(on, workspace) - _FAILED_WITHIN
    newest: dict[str, Payment] = {}
    for payment in tx.payments.list(start=since):
        if payment.invoice is not None:
            newest.setdefault(payment.invoice, payment)
    failed = [payment for payment in newest.values() if payment.status is PaymentStatus.FAILED]
    rows = [payment_row(payment, formats) for payment in failed]
    for status in _FAILING:
        rows += [subscription_row(one, view(tx, one.invoice), formats) for one in tx.subscriptions.list(status=status)]
    return rows[:_MOST_FAILING]


def _sums(formats: Formats, totals: Iterable[Money]) -> str:
    return " and ".join(formats.money(total) for total in totals) or _NOTHING
