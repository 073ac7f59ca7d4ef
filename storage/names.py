"""What records are called, in the columns that it takes, and the versions by which others know what changed.

A version is counted by the last statement before the commit: until then nobody waits for the counter's row, and
whoever reads a version sees all that was written up to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

from sqlalchemy import Text, and_, delete, select, type_coerce

from billing.naming import Changed, ContactName, InvoiceName, OpportunityName
from storage import tables
from storage.sequences import Numbers

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from sqlalchemy import Connection, Select, Table

N = TypeVar("N")

_COUNTER: Final = "names"
_KEPT: Final = 256  # so many versions can be caught up with
_TIDIED_EVERY: Final = 64
_MANY: Final = 500  # a transaction that writes more (an import) is not written down: reading all is as quick
_AT_ONCE: Final = 500
# With a RETURNING, SQLAlchemy puts all rows into one statement.
_NOTED: Final = tables.name_changes.insert().returning(tables.name_changes.c.version)


class SqlNames:
    """The names of one workspace (`billing.ports.NameRecords`)."""

    def __init__(self, connection: Connection, workspace_id: str) -> None:
        self._connection = connection
        self.workspace_id = workspace_id
        self._written: set[Changed] = set()
        self._numbers = Numbers(connection, workspace_id, _COUNTER)

    @property
    def pending(self) -> frozenset[Changed]:
        """What this transaction has written so far."""
        return frozenset(self._written)

    def touch(self, record: str, number: str) -> None:
        """Note that a record is written in this transaction."""
        self._written.add(Changed(record, number))

    def counted(self, version: int) -> list[dict[str, Any]]:
        """Return the rows of a version of what was written, and tidy up behind it from time to time."""
        if version % _TIDIED_EVERY == 0:
            columns = tables.name_changes.c
            old = (columns.workspace_id == self.workspace_id, columns.version <= version - _KEPT)
            self._connection.execute(delete(tables.name_changes).where(*old))
        if len(self._written) > _MANY:
            return []
        return [{**self._mine(), "version": version, **change._asdict()} for change in sorted(self._written)]

    def version(self) -> int:
        """Return the newest version; 0 where nothing was ever written."""
        return self._numbers.last()

    def changes(self, since: int, until: int) -> frozenset[Changed] | None:
        """Return what changed after one version and up to another; None where that is not known any more."""
        if since == until:
            return frozenset()
        columns = tables.name_changes.c
        query = select(columns.version, columns.record, columns.number).where(
            columns.workspace_id == self.workspace_id, columns.version > since, columns.version <= until
        )
        rows = self._connection.execute(query).all()
        known = {row.version for row in rows}
        return frozenset(Changed(row.record, row.number) for row in rows) if len(known) == until - since else None

    def contacts(self, numbers: Collection[str] | None = None) -> list[ContactName]:
        """Return the names of the contacts of these numbers; of all where none are given."""
        columns = tables.contacts.c
        return self._named(
            ContactName._make,
            select(columns.number, columns.name, columns.company, columns.email),
            tables.contacts,
            numbers,
        )

    def opportunities(self, numbers: Collection[str] | None = None) -> list[OpportunityName]:
        """Return the names of the opportunities of these numbers; of all where none are given."""
        columns = tables.opportunities.c
        plain = (columns.number, columns.name, columns.contact, type_coerce(columns.stage, Text), columns.currency)
        query = select(*plain, columns.value_amount, columns.value_currency)
        return self._named(OpportunityName._make, query, tables.opportunities, numbers)

    def invoices(self, numbers: Collection[str] | None = None) -> list[InvoiceName]:
        """Return the names of the invoices of these numbers; of all where none are given."""
        columns, links = tables.invoices.c, tables.payment_links.c
        whose = (columns.number, columns.description, columns.opportunity, columns.contact)
        told = (type_coerce(columns.kind, Text), type_coerce(columns.status, Text))
        money = (columns.total_amount, columns.total_currency, columns.due_on, columns.document_number)
        live = and_(links.workspace_id == columns.workspace_id, links.invoice == columns.number, links.active)
        query = select(*whose, *told, *money, type_coerce(links.interval, Text)).select_from(
            tables.invoices.outerjoin(tables.payment_links, live)
        )
        return self._named(InvoiceName._make, query, tables.invoices, numbers)

    def _named(
        self, name: Callable[[Any], N], query: Select[Any], table: Table, numbers: Collection[str] | None
    ) -> list[N]:
        ours = query.where(table.c.workspace_id == self.workspace_id).order_by(table.c.ordinal, table.c.number)
        if numbers is None:
            return [name(row) for row in self._connection.execute(ours)]
        wanted = sorted(numbers)
        parts = (wanted[start : start + _AT_ONCE] for start in range(0, len(wanted), _AT_ONCE))
        found = (self._connection.execute(ours.where(table.c.number.in_(part))) for part in parts)
        return [name(row) for rows in found for row in rows]

    def _mine(self) -> dict[str, str]:
        return {"workspace_id": self.workspace_id}


def count_all(connection: Connection, names: Iterable[SqlNames]) -> None:
    """Make a version of what was written in each workspace of a transaction: the last statements before its commit."""
    written = {each.workspace_id: each for each in names if each.pending}
    versions = Numbers.next_of_each(connection, list(written), _COUNTER)
    rows = [row for workspace_id, version in versions.items() for row in written[workspace_id].counted(version)]
    if rows:
        connection.execute(_NOTED, rows)
