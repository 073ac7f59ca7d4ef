"""What a business asks of its books: what came in, what is owed, what is late, and what comes back by itself.

Currencies are never added: every answer is a list with one line for each currency, by its code.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from billing.invoices import OVERDUE, UNPAID
from billing.money import Money, zero
from billing.payments import Interval, PaymentType
from billing.standing import came_in, gone_back

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from billing.invoices import Invoice
    from billing.payments import Payment, PaymentLink
    from billing.ports import Transaction

_EVERY_LINE: Final = 2**31 - 1
# The last day of each age but the oldest, which has none.
_AGES: Final = (("1–30 days", 30), ("31–60 days", 60), ("61–90 days", 90))
_OLDEST: Final = "over 90 days"
_DAYS: Final = {Interval.DAY: 1, Interval.WEEK: 7, Interval.MONTH: 31, Interval.YEAR: 366}
# How often each falls into a month, in percent of one time, so that no cent is lost before the last step.
_A_MONTH: Final = {
    Interval.DAY: Decimal(36500) / 12,
    Interval.WEEK: Decimal(5200) / 12,
    Interval.MONTH: Decimal(100),
    Interval.YEAR: Decimal(100) / 12,
}
# Stripe tries a failed renewal for some weeks; only after that does the subscription count as over.
_PATIENCE: Final = timedelta(days=31)
_LONGEST: Final = timedelta(days=3 * 366) + _PATIENCE


class Measure(StrEnum):
    """What can be reported."""

    COLLECTED = "collected"
    OUTSTANDING = "outstanding"
    OVERDUE = "overdue"
    RECURRING = "recurring"


@dataclass(frozen=True, slots=True)
class Collected:
    """What came in and what went back, in one currency; `payments` counts what came in."""

    received: Money
    refunded: Money
    payments: int

    @property
    def total(self) -> Money:
        """What stayed."""
        return self.received - self.refunded


@dataclass(frozen=True, slots=True)
class Owed:
    """What several invoices are good for, in one currency."""

    total: Money
    invoices: int


@dataclass(frozen=True, slots=True)
class Late:
    """What is overdue in one currency, and how much of it for how long: only the ages at which there is anything."""

    total: Money
    invoices: int
    ages: tuple[tuple[str, Money], ...]


def collected(
    tx: Transaction, *, contact: str | None = None, start: datetime | None = None, end: datetime | None = None
) -> list[Collected]:
    """Return the money that moved with start <= instant < end, refunds taken off."""
    moved = tx.payments.list(contact=contact, start=start, end=end, limit=_EVERY_LINE)
    came = [payment for payment in moved if came_in(payment)]
    went_back = [payment for payment in moved if gone_back(payment)]
    currencies = sorted({payment.money.currency for payment in (*came, *went_back)})
    return [
        Collected(
            _sum(currency, (payment.money for payment in came)),
            _sum(currency, (payment.money for payment in went_back)),
            sum(payment.money.currency == currency for payment in came),
        )
        for currency in currencies
    ]


def outstanding(tx: Transaction, *, contact: str | None = None) -> list[Owed]:
    """Return what is still to be paid on invoices that clients have been asked to pay."""
    return [
        Owed(_balance(currency, invoices), len(invoices)) for currency, invoices in _unpaid(tx, contact=contact).items()
    ]


def overdue(tx: Transaction, *, today: date, contact: str | None = None) -> list[Late]:
    """Return what should have been paid before `today`, by how long ago."""
    found = []
    for currency, invoices in _unpaid(tx, contact=contact).items():
        late = [invoice for invoice in invoices if invoice.status_on(today) == OVERDUE]
        if late:
            found.append(Late(_balance(currency, late), len(late), _by_age(currency, late, today)))
    return found


def _by_age(currency: str, late: list[Invoice], today: date) -> tuple[tuple[str, Money], ...]:
    ages: defaultdict[str, list[Invoice]] = defaultdict(list)
    for invoice in late:
        ages[_age((today - invoice.due_on).days)].append(invoice)
    order = [*(name for name, _ in _AGES), _OLDEST]
    return tuple((name, _balance(currency, ages[name])) for name in order if name in ages)


def _age(days: int) -> str:
    return next((name for name, last in _AGES if days <= last), _OLDEST)


def recurring(tx: Transaction, *, now: datetime, contact: str | None = None) -> list[Owed]:
    """Return what running subscriptions bring in a month, by their last payment.

    One is running while its last payment is not older than its interval and the weeks in which Stripe still tries.
    """
    monthly: defaultdict[str, list[Money]] = defaultdict(list)
    for number in _with_subscriptions(tx, now=now):
        money = _monthly(tx, number, now=now)
        if money is not None and contact in {None, tx.invoices.get(number).contact}:
            monthly[money.currency].append(money)
    return [Owed(_sum(currency, amounts), len(amounts)) for currency, amounts in sorted(monthly.items())]


def _with_subscriptions(tx: Transaction, *, now: datetime) -> list[str]:
    """Return the invoices that may have one: by what was paid, and by links of books that were imported."""
    paid = tx.payments.list(type=PaymentType.SUBSCRIPTION, start=now - _LONGEST, limit=_EVERY_LINE)
    numbers = {payment.invoice for payment in paid} | {link.invoice for link in tx.links.all_active() if link.recurring}
    return sorted(number for number in numbers if number)


def _monthly(tx: Transaction, number: str, *, now: datetime) -> Money | None:
    link = _newest_recurring(tx.links.of_invoice(number))
    paid = [line for line in tx.payments.of_invoice(number) if came_in(line)]
    known = tx.subscriptions.list(invoice=number)
    if known and all(subscription.status.ended for subscription in known):
        return None
    if link is None or not paid or not _is_running(link, paid[-1], now):
        return None
    share = _A_MONTH[link.interval] / link.interval_count
    return paid[-1].money.percent(share)


def _newest_recurring(links: list[PaymentLink]) -> PaymentLink | None:
    return next((link for link in reversed(links) if link.recurring), None)


def _is_running(link: PaymentLink, last: Payment, now: datetime) -> bool:
    interval = timedelta(days=_DAYS[link.interval] * link.interval_count)
    return now <= last.occurred_at + interval + _PATIENCE


def _unpaid(tx: Transaction, *, contact: str | None) -> dict[str, list[Invoice]]:
    """Return the unpaid invoices, by currency."""
    narrowed = {} if contact is None else {"contact": contact}
    found: defaultdict[str, list[Invoice]] = defaultdict(list)
    for status in UNPAID:
        for invoice in tx.invoices.list(status=status, **narrowed):
            found[invoice.total.currency].append(invoice)
    return dict(sorted(found.items()))


def _balance(currency: str, invoices: Iterable[Invoice]) -> Money:
    return sum((invoice.balance for invoice in invoices), start=zero(currency))


def _sum(currency: str, amounts: Iterable[Money]) -> Money:
    return sum((money for money in amounts if money.currency == currency), start=zero(currency))
