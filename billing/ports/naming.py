"""The names of one workspace's records, and which of them have changed since they were last read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection

    from billing.naming import Changed, ContactName, InvoiceName, OpportunityName


class NameRecords(Protocol):
    """Names in the order of their records' numbers, and the version of them all.

    Every transaction that writes a contact, an opportunity, an invoice with its links, or an automation makes a new
    version when it commits. Whoever keeps names reads the version first and the names after it.
    """

    @property
    def pending(self) -> frozenset[Changed]:
        """What this transaction has written so far; it is in no version before the commit."""

    def version(self) -> int:
        """Return the newest version; 0 where nothing was ever written."""

    def changes(self, since: int, until: int) -> frozenset[Changed] | None:
        """Return what changed after one version and up to another; None where that is not known any more."""

    def contacts(self, numbers: Collection[str] | None = None) -> list[ContactName]:
        """Return the names of the contacts of these numbers; of all where none are given."""

    def opportunities(self, numbers: Collection[str] | None = None) -> list[OpportunityName]:
        """Return the names of the opportunities of these numbers; of all where none are given."""

    def invoices(self, numbers: Collection[str] | None = None) -> list[InvoiceName]:
        """Return the names of the invoices of these numbers; of all where none are given."""
