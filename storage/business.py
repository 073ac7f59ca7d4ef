"""What the business prints on its invoices, its logo, and the numbers of what it issues."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from billing.business import Business
from billing.parties import Logo
from storage import mappers, tables
from storage.rows import Rows, insert
from storage.sequences import Numbers

if TYPE_CHECKING:
    from sqlalchemy import Connection


class SqlBusiness:
    """How one workspace issues invoices (`billing.ports.BusinessRecords`)."""

    def __init__(self, connection: Connection, workspace_id: str) -> None:
        self._connection = connection
        self._workspace_id = workspace_id
        self._rows = Rows(connection, mappers.BUSINESS, workspace_id)

    def get(self) -> Business:
        """Return what is known of the business; where nothing was said yet, one without any."""
        return self._rows.one() or Business(self._workspace_id)

    def save(self, business: Business) -> None:
        """Write what the business prints on its invoices."""
        self._rows.put(business)

    def logo(self) -> Logo | None:
        """Return the logo."""
        columns = tables.logos.c
        query = select(columns.media_type, columns.content).where(columns.workspace_id == self._workspace_id)
        row = self._connection.execute(query).first()
        return None if row is None else Logo(row.media_type, row.content)

    def save_logo(self, logo: Logo | None) -> None:
        """Replace the logo; None takes it away."""
        self._connection.execute(delete(tables.logos).where(tables.logos.c.workspace_id == self._workspace_id))
        if logo is not None:
            row = {"workspace_id": self._workspace_id, "media_type": logo.media_type, "content": logo.content}
            self._connection.execute(insert(self._connection, tables.logos).values(row))

    def next_number(self, series: str) -> int:
        """Take the next number of a series of documents."""
        return self._numbers(series).next()

    def last_number(self, series: str) -> int:
        """Return the last number that a series gave away, 0 where it gave none."""
        columns = tables.sequences.c
        query = select(columns.value).where(
            columns.workspace_id == self._workspace_id, columns.kind == f"document:{series}"
        )
        return self._connection.execute(query).scalar_one_or_none() or 0

    def reach_number(self, series: str, number: int) -> None:
        """Let a series go on after the number, unless it is past it."""
        self._numbers(series).reach(number)

    def _numbers(self, series: str) -> Numbers:
        return Numbers(self._connection, self._workspace_id, f"document:{series}")
