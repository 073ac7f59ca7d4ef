"""What surrounds a call: the time, the workspace's ways of writing, and the addresses of this installation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import date, datetime

    from billing.contacts import Contact
    from billing.invoices import Invoice
    from billing.money import Money
    from billing.payments import Interval


class Clock(Protocol):
    """The time, injected so that tests and dry runs set it."""

    def __call__(self) -> datetime:
        """Return now, aware, in UTC."""


class Formats(Protocol):
    """Money and dates as people of a workspace write them. The locale is the workspace's."""

    def money(self, money: Money) -> str:
        """Return for example `A$500.00` or `€1,200.00`."""

    def day(self, day: date) -> str:
        """Return for example `25 March`, with the year where it is not this one."""

    def moment(self, instant: datetime) -> str:
        """Return a local date and time, for example `25 March, 3:04 pm`."""

    def interval(self, interval: Interval, count: int) -> str:
        """Return `once`, `every month`, `every 2 weeks`."""


class Links(Protocol):
    """The public addresses of this installation."""

    def pay(self, invoice: Invoice) -> str:
        """Return the address that always leads to the invoice's live payment link."""

    def portal(self, contact: Contact) -> str:
        """Return the client's portal."""

    def connect(self, token: str) -> str:
        """Return the page that starts connecting Stripe."""

    def connect_callback(self) -> str:
        """Return the redirect address that is registered at Stripe."""
