"""When clients are reminded without anybody asking: the schedule that an admin set, and what became of each step.

The schedule is the confirmation that a mail to a client needs: without one nobody is reminded, and it says who set it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Protocol
from zoneinfo import ZoneInfo

from billing.errors import BadArgument

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from billing.money import Money

USUAL_STEPS: Final = (-3, 0, 3, 7, 14)
USUAL_HOUR: Final = 9
_MOST_STEPS: Final = 12
_FARTHEST_DAYS: Final = 365
_LAST_HOUR: Final = 23
_MOST_PERCENT: Final = 100


class FeeInterval(StrEnum):
    """How often a late fee is charged."""

    ONCE = "once"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class LateFee:
    """What is charged for paying late: `percent` of what is still owed, or `amount`; exactly one of them.

    The first is charged once the invoice has been overdue for `after_days`, and then once for each interval; what began
    before `since` is not charged. All of them together are never more than `most_percent` of what the invoice asked for
    before any.
    """

    interval: FeeInterval
    since: date
    after_days: int
    most_percent: Decimal
    percent: Decimal | None = None
    amount: Money | None = None


@dataclass(frozen=True, slots=True)
class ReminderSchedule:
    """When a workspace's clients are reminded. `steps` are days from the due date, ascending; -3 is three before.

    Mails leave at the `hour` of the workspace's clock, on working days only where `working_days`; the holidays are
    those of its country and `region` (such as `QLD`; "" for the whole country's). `since` is when it was last switched
    on: what was due before that is not made up for.
    """

    workspace_id: str
    active: bool
    since: datetime
    set_by: str
    set_at: datetime
    steps: tuple[int, ...] = USUAL_STEPS
    hour: int = USUAL_HOUR
    working_days: bool = True
    region: str = ""
    late_fee: LateFee | None = None


class StepOutcome(StrEnum):
    """What became of a step for an invoice."""

    QUEUED = "queued"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class ReminderStep:
    """That a step was decided for an invoice; (invoice, due date, days) is unique, so it is decided once.

    `reason` says in a clause why it was skipped.
    """

    workspace_id: str
    invoice: str
    due_on: date
    days: int
    outcome: StepOutcome
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ChargedFee:
    """A late fee that stands on an invoice. (invoice, period) is unique; periods count from 0."""

    workspace_id: str
    invoice: str
    period: int
    money: Money
    charged_on: date


class BusinessCalendar(Protocol):
    """The days on which a country works."""

    def is_working_day(self, day: date, country: str, region: str) -> bool:
        """Say whether it is neither weekend nor public holiday; a place that is not known works Monday to Friday."""

    def regions(self, country: str) -> tuple[str, ...]:
        """Return the codes of the parts of a country that have holidays of their own."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The instants at which a workspace's reminders leave."""

    schedule: ReminderSchedule
    timezone: str
    country: str
    calendar: BusinessCalendar = field(repr=False)

    def leaves_at(self, due_on: date, days: int) -> datetime:
        """Return when the step leaves: on its day, else on the working day before it, or after it from the due day on.

        An hour that the clock skips that day is the hour after it; one that it has twice is the first of them.
        """
        day = due_on + timedelta(days=days)
        way = timedelta(days=-1 if days < 0 else 1)
        while self.schedule.working_days and not self._works(day):
            day += way
        return datetime.combine(day, time(self.schedule.hour), ZoneInfo(self.timezone)).astimezone(UTC)

    def _works(self, day: date) -> bool:
        return self.calendar.is_working_day(day, self.country, self.schedule.region)


def require_sound(schedule: ReminderSchedule) -> None:
    """Raise BadArgument, with what to write instead, for a schedule that cannot be kept."""
    steps = schedule.steps
    if not steps or len(steps) > _MOST_STEPS:
        raise BadArgument(f"Name between 1 and {_MOST_STEPS} days, such as -3,0,3,7,14.")
    if list(steps) != sorted(set(steps)) or max(map(abs, steps)) > _FARTHEST_DAYS:
        raise BadArgument(
            f"The days are each named once, at most {_FARTHEST_DAYS} from the due date, such as -3,0,3,7,14."
        )
    if not 0 <= schedule.hour <= _LAST_HOUR:
        raise BadArgument("The hour is one from 0 to 23.")
    if schedule.late_fee is not None:
        _require_sound_fee(schedule.late_fee)


def _require_sound_fee(fee: LateFee) -> None:
    if (fee.percent is None) == (fee.amount is None):
        raise BadArgument("A late fee is either a percentage of what is owed or an amount.")
    if not 0 < fee.most_percent <= _MOST_PERCENT or (fee.percent is not None and not 0 < fee.percent <= _MOST_PERCENT):
        raise BadArgument("A late fee's percentages are above 0 and at most 100.")
    if fee.amount is not None and fee.amount.amount <= 0:
        raise BadArgument("A late fee has to be more than zero.")
    if not 0 <= fee.after_days <= _FARTHEST_DAYS:
        raise BadArgument(f"A late fee is charged from 0 to {_FARTHEST_DAYS} days after the due date.")
