"""The sums of a workspace's books, as the database adds them up."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, case, exists, func, literal, or_, select

from billing.invoices import UNPAID, InvoiceStatus
from billing.money import Money
from billing.payments import Interval, PaymentStatus, PaymentType
from billing.reporting import LAST_DAYS, Age, Collected, DaysToPay, Late, Owed, Renewing, days_to_pay
from billing.subscriptions import SubscriptionStatus
from storage import tables
from storage.zones import day_number, local_day_number

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from sqlalchemy import ColumnElement, Connection, Select

_PAID: Final = (InvoiceStatus.PAID, InvoiceStatus.REFUNDED)
_ENDED: Final = tuple(status for status in SubscriptionStatus if status.ended)
_invoices = tables.invoices.c
_payments = tables.payments.c
_links = tables.payment_links.c
_subscriptions = tables.subscriptions.c


# The same as `billing.standing.came_in` and `gone_back` say of a line.
def _came_in(line: Any) -> ColumnElement[bool]:  # noqa: ANN401 - a table's columns
    incoming = line.type.in_((PaymentType.CHARGE, PaymentType.SUBSCRIPTION))
    return and_(incoming, line.status == PaymentStatus.SUCCEEDED)


_CAME_IN: Final = _came_in(_payments)
_WENT_BACK: Final = or_(
    and_(_payments.type == PaymentType.DISPUTE, _payments.status == PaymentStatus.LOST),
    and_(_payments.type == PaymentType.REFUND, _payments.status != PaymentStatus.FAILED),
)
_BALANCE: Final = func.sum(_invoices.total_amount - _invoices.paid_amount)


class SqlReports:
    """The sums of one workspace (`billing.ports.Reports`)."""

    def __init__(self, connection: Connection, workspace_id: str) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    def collected(
        self, *, contact: str | None = None, start: datetime | None = None, end: datetime | None = None
    ) -> list[Collected]:
        """Return the money that moved with start <= instant < end."""
        return self._moved(literal(0), contact, start, end)[0]

    def collected_between(self, marks: Sequence[datetime], *, contact: str | None = None) -> list[list[Collected]]:
        """Return the money that moved between each mark and the next."""
        place = case(*((_payments.occurred_at < end, position) for position, end in enumerate(marks[1:])))
        found = self._moved(place, contact, marks[0], marks[-1])
        return [found[position] for position in range(len(marks) - 1)]

    def _moved(
        self, place: ColumnElement[int], contact: str | None, start: datetime | None, end: datetime | None
    ) -> defaultdict[int, list[Collected]]:
        amount, currency = _payments.money_amount, _payments.money_currency
        came = func.sum(case((_CAME_IN, amount), else_=0))
        back = func.sum(case((_WENT_BACK, amount), else_=0))
        moved = self._of(_payments, contact, select(place, currency, came, back, func.count(case((_CAME_IN, 1)))))
        moved = _within(moved.where(or_(_CAME_IN, _WENT_BACK)), _payments.occurred_at, start, end)
        found: defaultdict[int, list[Collected]] = defaultdict(list)
        for where, code, received, refunded, payments in self._rows(moved.group_by(place, currency).order_by(currency)):
            found[where].append(Collected(Money(int(received), code), Money(int(refunded), code), payments))
        return found

    def outstanding(self, *, contact: str | None = None) -> list[Owed]:
        """Return what is still to be paid on invoices that clients have been asked to pay."""
        currency = _invoices.total_currency
        query = self._of(_invoices, contact, select(currency, _BALANCE, func.count())).where(
            _invoices.status.in_(sorted(UNPAID))
        )
        rows = self._rows(query.group_by(currency).order_by(currency))
        return [Owed(Money(int(balance), code), count) for code, balance, count in rows]

    def overdue(self, today: date, *, contact: str | None = None) -> list[Late]:
        """Return what should have been paid before that day, by how long ago."""
        currency = _invoices.total_currency
        first_days = ((_invoices.due_on >= today - timedelta(days=last), age.value) for age, last in LAST_DAYS.items())
        age = case(*first_days, else_=Age.OLDER.value)
        query = self._of(_invoices, contact, select(currency, age, _BALANCE, func.count())).where(
            _invoices.status.in_(sorted(UNPAID)), _invoices.due_on < today
        )
        by_currency: defaultdict[str, dict[Age, tuple[int, int]]] = defaultdict(dict)
        for code, name, balance, count in self._rows(query.group_by(currency, age)):
            by_currency[code][Age(name)] = (int(balance), count)
        return [_late(code, ages) for code, ages in sorted(by_currency.items())]

    def renewing(self, *, since: datetime, contact: str | None = None) -> list[Renewing]:
        """Return the last payment of each subscription that has not ended, of those paid since then."""
        paid, link = _payments, _links
        shown = (paid.money_amount, paid.money_currency, link.interval, link.interval_count, paid.occurred_at)
        its_link = and_(
            link.workspace_id == self._workspace_id,
            link.invoice == _invoices.number,
            link.revision == self._newest_recurring(),
        )
        query = (
            self._of(_invoices, contact, select(*shown).select_from(tables.invoices))
            .join(tables.payment_links, its_link)
            .join(tables.payments, paid.position == self._last_paid())
            .where(paid.occurred_at >= since, or_(link.active, self._has_renewed(since)), ~self._has_ended())
        )
        return [
            Renewing(Money(amount, code), Interval(interval), count, at)
            for amount, code, interval, count, at in self._rows(query)
        ]

    def _newest_recurring(self) -> ColumnElement[int]:
        link = tables.payment_links.alias("newest").c
        mine = (link.workspace_id == self._workspace_id, link.invoice == _invoices.number)
        newest = select(func.max(link.revision)).where(*mine, link.interval != Interval.ONE_TIME)
        return newest.correlate(tables.invoices).scalar_subquery()

    def _last_paid(self) -> ColumnElement[int]:
        last = tables.payments.alias("last")
        mine = (last.c.workspace_id == self._workspace_id, last.c.invoice == _invoices.number)
        newest = (last.c.occurred_at.desc(), last.c.position.desc())
        query = select(last.c.position).where(*mine, _came_in(last.c)).order_by(*newest).limit(1)
        return query.correlate(tables.invoices).scalar_subquery()

    def _has_renewed(self, since: datetime) -> ColumnElement[bool]:
        line = tables.payments.alias("renewed").c
        mine = (line.workspace_id == self._workspace_id, line.invoice == _invoices.number)
        renewed = exists().where(*mine, line.type == PaymentType.SUBSCRIPTION, line.occurred_at >= since)
        return renewed.correlate(tables.invoices)

    def _has_ended(self) -> ColumnElement[bool]:
        """Say that subscriptions of the invoice are known, and all have ended."""
        mine = (_subscriptions.workspace_id == self._workspace_id, _subscriptions.invoice == _invoices.number)
        known = exists().where(*mine).correlate(tables.invoices)
        return and_(known, ~known.where(_subscriptions.status.not_in(_ENDED)))

    def days_to_pay(
        self,
        zone: ZoneInfo,
        *,
        end: datetime,
        start: datetime | None = None,
        contact: str | None = None,
    ) -> list[DaysToPay]:
        """Return how long invoices took from the day of issue to the day of payment, by the calendar of the zone."""
        currency, connection = _invoices.total_currency, self._connection
        paid_on = local_day_number(connection, _invoices.paid_at, zone, start, end)
        took = paid_on - day_number(connection, _invoices.issued_on)
        query = self._of(_invoices, contact, select(currency, took, func.count())).where(_invoices.status.in_(_PAID))
        query = _within(query.where(_invoices.paid_at.is_not(None)), _invoices.paid_at, start, end)
        counts: defaultdict[str, defaultdict[int, int]] = defaultdict(lambda: defaultdict(int))
        for code, days, count in self._rows(query.group_by(currency, took)):
            # What was paid before its invoice was written did not take less than no time.
            counts[code][max(int(days), 0)] += count
        return [days_to_pay(code, found) for code, found in sorted(counts.items())]

    def _of(self, columns: Any, contact: str | None, query: Select[Any]) -> Select[Any]:  # noqa: ANN401 - a table's
        mine = query.where(columns.workspace_id == self._workspace_id)
        return mine if contact is None else mine.where(columns.contact == contact)

    def _rows(self, query: Select[Any]) -> list[Any]:
        return list(self._connection.execute(query))


def _within(
    query: Select[Any], column: ColumnElement[Any], start: datetime | None, end: datetime | None
) -> Select[Any]:
    query = query if start is None else query.where(column >= start)
    return query if end is None else query.where(column < end)


def _late(currency: str, found: dict[Age, tuple[int, int]]) -> Late:
    ages = tuple((age, Money(found[age][0], currency)) for age in Age if age in found)
    total = sum(balance for balance, _ in found.values())
    return Late(Money(total, currency), sum(count for _, count in found.values()), ages)
