"""What surrounds a call: the time, the workspace's ways of writing, and the addresses of this installation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import date, datetime

    from billing.accounts import Statement
    from billing.documents import InvoiceDocument
    from billing.invoices import Invoice
    from billing.money import Money
    from billing.payments import Interval


class Clock(Protocol):
    """The time, injected so that tests and dry runs set it."""

    def __call__(self) -> datetime:
        """Return now, aware, in UTC."""


class Formats(Protocol):
    """Money and dates as people write them, and words in their language. The locale is the workspace's at first."""

    @property
    def language(self) -> str:
        """The language that `text` writes, such as `en`."""

    def in_locale(self, locale: str | None) -> Formats:
        """Return the same for somebody who reads another language, such as `de_DE`; None is nobody else."""

    def text(self, message: str) -> str:
        """Return an English text in the reader's language, English where it is not translated."""

    def money(self, money: Money) -> str:
        """Return for example `A$500.00` or `€1,200.00`."""

    def day(self, day: date) -> str:
        """Return for example `25 March`, with the year where it is not this one."""

    def month(self, day: date) -> str:
        """Return the day's month, for example `March`, with the year where it is not this one."""

    def moment(self, instant: datetime) -> str:
        """Return a local date and time, for example `25 March, 3:04 pm`."""

    def interval(self, interval: Interval, count: int) -> str:
        """Return `once`, `every month`, `every 2 weeks`."""


class Printer(Protocol):
    """Documents as files that a client can keep."""

    def pdf(self, document: InvoiceDocument) -> bytes:
        """Return the document as PDF; the same document is the same bytes. Raises BillingError."""

    def statement(self, statement: Statement) -> bytes:
        """Return a client's statement of account as PDF, under the same terms."""


class Links(Protocol):
    """The public addresses of this installation."""

    def pay(self, invoice: Invoice) -> str:
        """Return the address that always leads to the invoice's live payment link."""

    def pdf(self, invoice: Invoice) -> str:
        """Return the invoice as a file."""

    def portal(self, token: str) -> str:
        """Return the client's portal; `token` is from `billing.sharing.open_portal`."""

    def stop_reminders(self, token: str) -> str:
        """Return where the client of that portal says that reminders should stop, at one click (RFC 8058)."""

    def page(self, token: str) -> str:
        """Return where a ticket to a page is used."""

    def chart(self, drawn: str) -> str:
        """Return an address that shows a picture of the chart for some weeks; "" where others cannot reach us."""

    def connect(self, token: str) -> str:
        """Return the page that starts connecting Stripe."""

    def connect_callback(self) -> str:
        """Return the redirect address that is registered at Stripe."""
