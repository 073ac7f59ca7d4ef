"""Payment links, the payment log and the subscriptions of a workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billing.errors import UnknownRecord
from storage import mappers
from storage.rows import Rows

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

    from billing.payments import Payment, PaymentLink
    from billing.subscriptions import Subscription


class SqlPaymentLinks:
    """Payment links of one workspace (`billing.ports.PaymentLinks`)."""

    def __init__(self, connection: Connection, workspace_id: str) -> None:
        self._rows = Rows(connection, mappers.LINK, workspace_id)

    def of_invoice(self, invoice: str) -> list[PaymentLink]:
        """Return all links the invoice ever had, oldest first."""
        columns = self._rows.columns
        return self._rows.many(columns.invoice == invoice, order=[columns.revision, columns.created_at])

    def active(self, invoice: str) -> PaymentLink | None:
        """Return the invoice's live link."""
        return self._rows.one(self._rows.columns.invoice == invoice, self._rows.columns.active)

    def all_active(self) -> list[PaymentLink]:
        """Return every live link of the workspace, oldest first."""
        columns = self._rows.columns
        return self._rows.many(columns.active, order=[columns.created_at, columns.id])

    def add(self, link: PaymentLink) -> PaymentLink:
        """Insert; raises DuplicateRecord if the invoice has an active one already."""
        self._rows.add(link)
        return link

    def save(self, link: PaymentLink) -> PaymentLink:
        """Write all fields of an existing link; raises UnknownRecord."""
        if not self._rows.write(link):
            message = "That payment link is not on record."
            raise UnknownRecord(message)
        return link


class SqlPayments:
    """The payment log of one workspace (`billing.ports.Payments`)."""

    def __init__(self, connection: Connection, workspace_id: str) -> None:
        self._rows = Rows(connection, mappers.PAYMENT, workspace_id)

    def by_object(self, stripe_account_id: str, stripe_object_id: str) -> Payment | None:
        """Return the line that counts this Stripe object."""
        columns = self._rows.columns
        return self._rows.one(
            columns.stripe_account_id == stripe_account_id, columns.stripe_object_id == stripe_object_id
        )

    def of_invoice(self, invoice: str) -> list[Payment]:
        """Return the invoice's lines, oldest first."""
        columns = self._rows.columns
        return self._rows.many(columns.invoice == invoice, order=[columns.occurred_at, columns.position])

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
        columns = self._rows.columns
        given = {"type": type, "contact": contact, "invoice": invoice}
        where: list[ColumnElement[bool]] = self._rows.equal({k: v for k, v in given.items() if v is not None})
        if start is not None:
            where.append(columns.occurred_at >= start)
        if end is not None:
            where.append(columns.occurred_at < end)
        order = [columns.occurred_at.desc(), columns.position.desc()]
        return self._rows.many(*where, order=order, limit=limit)

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
