"""The reminder schedule and late fees in an exchange document.

An import that brings an active schedule switches it on anew: what was due before the import is not made up for.
"""

# Pydantic reads every annotation here at run time.
# ruff: noqa: TC001

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, StrictBool, model_validator

from billing.money import parse_amount
from billing.reminders import (
    USUAL_HOUR,
    USUAL_STEPS,
    ChargedFee,
    FeeInterval,
    LateFee,
    ReminderSchedule,
    require_sound,
)
from bot.exchange.entry import Entry
from bot.exchange.forms import Currency, Date, Percent
from bot.exchange.refusal import at
from skills.arguments import Name

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from billing.invoices import Invoice
    from billing.ports import Transaction
    from billing.workspaces import Workspace
    from bot.exchange.refusal import Path

Whole = Annotated[int, Field(strict=True)]


class LateFeeEntry(Entry):
    """What paying late costs: `percent` of what is owed, or an `amount`."""

    interval: FeeInterval = FeeInterval.ONCE
    after_days: Annotated[int, Field(strict=True, ge=0, le=365)] = 14
    most_percent: Percent
    percent: Percent | None = None
    amount: str | None = None
    currency: Currency | None = None


class RemindersEntry(Entry):
    """When clients are reminded without anybody asking."""

    active: StrictBool
    steps: tuple[Whole, ...] = USUAL_STEPS
    hour: Whole = USUAL_HOUR
    working_days: StrictBool = True
    region: Annotated[str, Field(max_length=20)] = ""
    set_by: Name
    late_fee: LateFeeEntry | None = None


class ChargedFeeEntry(Entry):
    """A late fee that stands on the invoice."""

    period: Annotated[int, Field(strict=True, ge=0)]
    amount: str
    charged_on: Date


class WithReminders(Entry):
    """What an invoice's entry says of reminders."""

    reminders_paused: StrictBool = False
    late_fees: tuple[ChargedFeeEntry, ...] = ()

    @model_validator(mode="after")
    def _each_period_once(self) -> WithReminders:
        if len({fee.period for fee in self.late_fees}) < len(self.late_fees):
            message = "has two late fees of one period"
            raise ValueError(message)
        return self


def schedule_of(entry: RemindersEntry, workspace: Workspace, now: datetime) -> ReminderSchedule:
    """Return the schedule of an entry, set now; raises DocumentRefused for one that cannot be kept."""
    with at("reminders"):
        schedule = ReminderSchedule(
            workspace_id=workspace.id,
            active=entry.active,
            since=now,
            set_by=entry.set_by,
            set_at=now,
            steps=entry.steps,
            hour=entry.hour,
            working_days=entry.working_days,
            region=entry.region,
            late_fee=None if entry.late_fee is None else _fee(entry.late_fee, workspace, now),
        )
        require_sound(schedule)
    return schedule


def _fee(entry: LateFeeEntry, workspace: Workspace, now: datetime) -> LateFee:

    currency = entry.currency or workspace.currency
    return LateFee(
        interval=entry.interval,
        since=workspace.day_of(now),
        after_days=entry.after_days,
        most_percent=Decimal(entry.most_percent),
        percent=None if entry.percent is None else Decimal(entry.percent),
        amount=None if entry.amount is None else parse_amount(entry.amount, currency),
    )


def charged_fees(place: Path, entries: Sequence[ChargedFeeEntry], invoice: Invoice) -> list[ChargedFee]:
    """Return the fees that stand on the invoice; raises DocumentRefused where an amount is wrong."""
    fees = []
    for position, entry in enumerate(entries):
        with at(*place, "late_fees", position, "amount"):
            money = parse_amount(entry.amount, invoice.total.currency)
        fees.append(ChargedFee(invoice.workspace_id, invoice.number, entry.period, money, entry.charged_on))
    return fees


def dump_schedule(schedule: ReminderSchedule | None) -> RemindersEntry | None:
    """Return the schedule as an entry; None where there is none."""
    if schedule is None:
        return None
    return RemindersEntry(
        active=schedule.active,
        steps=schedule.steps,
        hour=schedule.hour,
        working_days=schedule.working_days,
        region=schedule.region,
        set_by=schedule.set_by,
        late_fee=None if schedule.late_fee is None else _dump_fee(schedule.late_fee),
    )


def _dump_fee(fee: LateFee) -> LateFeeEntry:
    return LateFeeEntry(
        interval=fee.interval,
        after_days=fee.after_days,
        most_percent=str(fee.most_percent),
        percent=None if fee.percent is None else str(fee.percent),
        amount=None if fee.amount is None else str(fee.amount),
        currency=None if fee.amount is None else fee.amount.currency,
    )


def dump_fees(tx: Transaction, invoice: Invoice) -> tuple[ChargedFeeEntry, ...]:
    """Return the late fees that the invoice was charged."""
    return tuple(
        ChargedFeeEntry(period=fee.period, amount=str(fee.money), charged_on=fee.charged_on)
        for fee in tx.reminders.fees(invoice.number)
    )
