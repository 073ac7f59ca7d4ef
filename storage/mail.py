"""The addresses of clients' portals, and what became of the mails about a workspace's invoices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete

from billing.errors import UnknownRecord
from storage import mappers, tables
from storage.rows import Rows

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from billing.deliveries import Delivery
    from billing.portals import PortalLink


class SqlPortals:
    """The addresses of clients' portals (`billing.ports.Portals`)."""

    def __init__(self, connection: Connection, workspace_id: str) -> None:
        self._rows = Rows(connection, mappers.PORTAL_LINK, workspace_id)

    def of_contact(self, contact: str) -> list[PortalLink]:
        """Return every address the contact's portal ever had, oldest first."""
        columns = self._rows.columns
        return self._rows.many(columns.contact == contact, order=[columns.created_at, columns.token_hash])

    def add(self, link: PortalLink) -> None:
        """Insert; raises DuplicateRecord if there is one of that token."""
        self._rows.add(link)

    def save(self, link: PortalLink) -> None:
        """Write all fields of an existing one; raises UnknownRecord."""
        if not self._rows.write(link):
            raise UnknownRecord("That portal address is not on record.")

    def forget(self, contact: str) -> None:
        """Delete every address of the contact's portal, as if there had been none."""
        columns = self._rows.columns
        mine = columns.workspace_id == self._rows.workspace_id
        self._rows.connection.execute(delete(tables.portal_links).where(mine, columns.contact == contact))


class SqlMails:
    """What became of each mail (`billing.ports.Mails`)."""

    def __init__(self, connection: Connection, workspace_id: str) -> None:
        self._rows = Rows(connection, mappers.DELIVERY, workspace_id)

    def get(self, key: str, *, lock: bool = False) -> Delivery:
        """Return the mail of that key, locked until the end of the transaction if asked; raises UnknownRecord."""
        found = self._rows.one(self._rows.columns.key == key, lock=lock)
        if found is None:
            raise UnknownRecord("That mail is not on record.")
        return found

    def of_invoice(self, invoice: str) -> list[Delivery]:
        """Return the invoice's mails, the one that something happened to last at the end."""
        columns = self._rows.columns
        return self._rows.many(columns.invoice == invoice, order=[columns.at, columns.key])

    def add(self, mail: Delivery) -> bool:
        """Insert unless one of that key is there; say whether it is new."""
        return self._rows.add_if_new(mail)

    def save(self, mail: Delivery) -> Delivery:
        """Write all fields of an existing mail; raises UnknownRecord."""
        if not self._rows.write(mail):
            raise UnknownRecord("That mail is not on record.")
        return mail
