"""Payment links, the payment log and the subscriptions of a workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, cast, func, literal, select, tuple_

from billing.errors import UnknownRecord
from billing.money import Money
from billing.payment_log import LogFilter, LogSum
from billing.payments import PaymentType
from storage import mappers
from storage.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy import BindParameter, ColumnElement, Connection, Tuple

    from billing.payments import Payment, PaymentLink
    from billing.subscriptions import Subscription


class SqlPaymentLinks:
    """Payment links of one workspace (`billing.ports.PaymentLinks`)."""

    def __init__(self, connection: Connection, workspace_id: str, touched: Callable[[str], None]) -> None:
        """`touched` is told the number of the invoice of every link that is written."""
        self._touched = touched
        self._rows = Rows(connection, mappers.LINK, workspace_id)

    def of_invoice(self, invoice: str) -> list[PaymentLink]:
        """Return all links the invoice ever had, oldest first."""
        columns = self._rows.columns
        return self._rows.many(columns.invoice == invoice, order=[columns.revision, columns.created_at])

    def active(self, invoice: str) -> PaymentLink | None:
        """Return the invoice's live link."""
        return self._rows.known(invoice=invoice, active=True)

    def on_account(self, stripe_account_id: str, *, livemode: bool) -> list[PaymentLink]:
        """Return all links that were ever made on that account in that mode, oldest first."""
        columns = self._rows.columns
        there = (columns.stripe_account_id == stripe_account_id, columns.livemode == livemode)
        return self._rows.many(*there, order=[columns.created_at, columns.id])

    def all_active(self) -> list[PaymentLink]:
        """Return every live link of the workspace, oldest first."""
        columns = self._rows.columns
        return self._rows.many(columns.active, order=[columns.created_at, columns.id])

    def add(self, link: PaymentLink) -> PaymentLink:
        """Insert; raises DuplicateRecord if the invoice has an active one already."""
        self._touched(link.invoice)
        self._rows.add(link)
        return link

    def save(self, link: PaymentLink) -> PaymentLink:
        """Write all fields of an existing link; raises UnknownRecord."""
        self._touched(link.invoice)
        if not self._rows.write(link, guarded=True):
            message = "That payment link is not on record."
            raise UnknownRecord(message)
        return link


class SqlPayments:
    """The payment log of one workspace (`billing.ports.Payments`)."""

    def __init__(self, connection: Connection, workspace_id: str) -> None:
        self._rows = Rows(connection, mappers.PAYMENT, workspace_id)

    def by_object(self, stripe_account_id: str, stripe_object_id: str) -> Payment | None:
        """Return the line that counts this Stripe object."""
        return self._rows.known(stripe_account_id=stripe_account_id, stripe_object_id=stripe_object_id)

    def of_invoice(self, invoice: str) -> list[Payment]:
        """Return the invoice's lines, oldest first."""
        return self._rows.alike("occurred_at", "position", invoice=invoice)

    def page(self, wanted: LogFilter, *, before: str | None = None, limit: int) -> list[Payment]:
        """Return the newest lines that are wanted, after the one of the id `before`; raises UnknownRecord."""
        columns = self._rows.columns
        where = self._wanted(wanted)
        if before is not None:
            where.append(self._place() < tuple_(*self._place_of(before)))
        order = [columns.occurred_at.desc(), columns.position.desc()]
        return self._rows.many(*where, order=order, limit=limit, index=_index(wanted))

    def sums(self, wanted: LogFilter) -> list[LogSum]:
        """Return what all lines that are wanted come to, by type, status and currency."""
        columns = self._rows.columns
        alike = (columns.type, columns.status, columns.money_currency)
        # PostgreSQL's sum of bigints is a numeric.
        total = cast(func.sum(columns.money_amount), BigInteger)
        query = select(*alike, total, func.count()).where(*self._wanted(wanted)).group_by(*alike).order_by(*alike)
        found = self._rows.execute(query)
        return [LogSum(kind, status, Money(amount, code), count) for kind, status, code, amount, count in found]

    def _wanted(self, wanted: LogFilter) -> list[ColumnElement[bool]]:
        columns = self._rows.columns
        given = {"type": wanted.type, "contact": wanted.contact, "invoice": wanted.invoice}
        where = self._rows.equal({name: value for name, value in given.items() if value is not None})
        if wanted.start is not None:
            where.append(columns.occurred_at >= wanted.start)
        if wanted.end is not None:
            where.append(columns.occurred_at < wanted.end)
        return where

    def _place(self) -> Tuple:
        """Return what orders the log: the time, and among lines of one second the order in which they were written."""
        return tuple_(self._rows.columns.occurred_at, self._rows.columns.position)

    def _place_of(self, payment_id: str) -> tuple[BindParameter[datetime], BindParameter[int]]:
        columns = self._rows.columns
        found = self._rows.execute(select(columns.occurred_at, columns.position).where(columns.id == payment_id))
        place = found.first()
        if place is None:
            message = "That line is not in the payment log."
            raise UnknownRecord(message)
        return literal(place[0], columns.occurred_at.type), literal(place[1], columns.position.type)

    def list(  # noqa: PLR0913 - the port's filters
        self,
        *,
        type: str | None = None,  # noqa: A002 - the catalogue's name
        contact: str | None = None,
        invoice: str | None = None,
        start: datetime | None = None,
        end: datetime | None = None,
        limit: int = 200,
    ) -> list[Payment]:
        """Return lines with start <= occurred_at < end, newest first."""
        kind = None if type is None else PaymentType(type)
        return self.page(LogFilter(kind, contact, invoice, start, end), limit=limit)

    def add(self, payment: Payment) -> Payment:
        """Insert; raises DuplicateRecord if the Stripe object is counted already."""
        self._rows.add(payment)
        return payment

    def save(self, payment: Payment) -> Payment:
        """Write all fields of an existing line; raises UnknownRecord."""
        if not self._rows.write(payment):
            message = "That payment is not on record."
            raise UnknownRecord(message)
        return payment


def _index(wanted: LogFilter) -> str:
    """Return the index that holds what is wanted in the order of the log. An invoice's lines are few by themselves."""
    by = ("invoice",) if wanted.invoice else ("contact" if wanted.contact else "", "type" if wanted.type else "")
    return "_".join(["ix_payments_log", *filter(None, by)])


class SqlSubscriptions:
    """The subscriptions of one workspace (`billing.ports.Subscriptions`)."""

    def __init__(self, connection: Connection, workspace_id: str) -> None:
        self._rows = Rows(connection, mappers.SUBSCRIPTION, workspace_id)

    def find(self, stripe_account_id: str, stripe_subscription_id: str) -> Subscription | None:
        """Return the record of that subscription of Stripe's, or None."""
        columns = self._rows.columns
        return self._rows.one(
            columns.stripe_account_id == stripe_account_id, columns.stripe_subscription_id == stripe_subscription_id
        )

    def list(self, **equal: object) -> list[Subscription]:
        """Return the subscriptions whose fields equal those given, the newest first."""
        columns = self._rows.columns
        order = [columns.started_at.desc(), columns.stripe_subscription_id]
        return self._rows.many(*self._rows.equal(equal), order=order)

    def put(self, subscription: Subscription) -> None:
        """Insert, or write all fields of the one of that account and id."""
        self._rows.put(subscription)
