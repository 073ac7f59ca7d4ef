"""Tickets to pages, and the sessions that they become."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete

from billing.errors import UnknownRecord
from storage import mappers, tables
from storage.rows import Rows

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from billing.pages import PageTicket


class SqlPageTickets:
    """Tickets of one workspace (`billing.ports.PageTickets`)."""

    def __init__(self, connection: Connection, workspace_id: str) -> None:
        self._rows = Rows(connection, mappers.PAGE_TICKET, workspace_id)

    def add(self, ticket: PageTicket) -> None:
        """Insert; raises DuplicateRecord."""
        self._rows.add(ticket)

    def get(self, token_hash: str) -> PageTicket | None:
        """Return the ticket of that token, locked until the end of the transaction."""
        return self._rows.one(self._rows.columns.token_hash == token_hash, lock=True)

    def save(self, ticket: PageTicket) -> None:
        """Write a ticket's fields; raises UnknownRecord."""
        if not self._rows.write(ticket):
            message = "That link is not on record. Ask for a new one."
            raise UnknownRecord(message)

    def forget(self, now: datetime) -> None:
        """Delete the tickets and sessions that have expired."""
        columns = tables.page_tickets.c
        mine = columns.workspace_id == self._rows.workspace_id
        self._rows.connection.execute(delete(tables.page_tickets).where(mine, columns.expires_at <= now))
