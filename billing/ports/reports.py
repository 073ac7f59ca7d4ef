"""The sums of one workspace's books: added up where the books are, so that their length does not matter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from billing.reporting import Collected, DaysToPay, Late, Owed, Renewing


class Reports(Protocol):
    """Sums, one for each currency, in the order of the currencies' codes. `contact` narrows each to one client."""

    def collected(
        self, *, contact: str | None = None, start: datetime | None = None, end: datetime | None = None
    ) -> list[Collected]:
        """Return the money that moved with start <= instant < end."""

    def collected_between(self, marks: Sequence[datetime], *, contact: str | None = None) -> list[list[Collected]]:
        """Return the money that moved between each mark and the next; the marks ascend, and there are at least two."""

    def outstanding(self, *, contact: str | None = None) -> list[Owed]:
        """Return what is still to be paid on invoices that clients have been asked to pay."""

    def overdue(self, today: date, *, contact: str | None = None) -> list[Late]:
        """Return what should have been paid before that day, by how long ago."""

    def renewing(self, *, since: datetime, contact: str | None = None) -> list[Renewing]:
        """Return the last payment of each subscription that has not ended, of those paid since then."""

    def days_to_pay(
        self,
        zone: ZoneInfo,
        *,
        end: datetime,
        start: datetime | None = None,
        contact: str | None = None,
    ) -> list[DaysToPay]:
        """Return how long invoices took from the day of issue to the day of payment, by the calendar of the zone.

        Counted are those whose last payment came with start <= instant < end.
        """
