"""Who may open a page, as one workspace keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from billing.pages import PageTicket


class PageTickets(Protocol):
    """Tickets to pages, and the sessions that they became."""

    def add(self, ticket: PageTicket) -> None:
        """Insert; raises DuplicateRecord."""

    def get(self, token_hash: str) -> PageTicket | None:
        """Return the ticket of that token, locked until the end of the transaction."""

    def save(self, ticket: PageTicket) -> None:
        """Write a ticket's fields; raises UnknownRecord."""

    def forget(self, now: datetime) -> None:
        """Delete those that have expired."""
