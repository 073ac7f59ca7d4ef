"""Catalogs of names, read from the database once and brought up to date with what was written since.

To read a large workspace whole takes longer than to understand a sentence. What was read is kept between messages, for
the workspaces that were spoken to last; a message costs one look at the version and the records that have changed.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import timedelta
from threading import Lock
from typing import TYPE_CHECKING, Final

from skills.naming import Naming

if TYPE_CHECKING:
    from datetime import datetime

    from billing.naming import Changed
    from billing.ports import Transaction
    from skills.names import Catalog

_MOST_RECORDS: Final = 100_000  # a record takes about 1.5 kB
_MOST_WORKSPACES: Final = 500
_MANY: Final = 500  # to read so many one by one takes as long as to read all
# A process of an earlier release that runs beside this one counts no versions.
_OLDEST: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class _Kept:
    catalog: Catalog
    version: int
    read_at: datetime


class Catalogs:
    """The catalogs of the workspaces that were spoken to last. Threads may share it."""

    def __init__(self, *, most_workspaces: int = _MOST_WORKSPACES, most_records: int = _MOST_RECORDS) -> None:
        """Keep so many workspaces and so many records of them all, but always the last one."""
        self._most = (most_workspaces, most_records)
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._guard = Lock()

    def of(self, tx: Transaction) -> Catalog:
        """Return the names of the transaction's workspace as the transaction sees them, its own writes included."""
        pending, version, now = tx.names.pending, tx.names.version(), tx.now()
        kept = self._known(tx.workspace_id)
        if kept is not None and now - kept.read_at > _OLDEST:
            kept = None
        changes = None if kept is None else tx.names.changes(kept.version, version)
        if kept is None or changes is None:
            catalog, read_at = load(tx), now
        else:
            catalog, read_at = renewed(kept.catalog, tx, changes | pending), kept.read_at
        if not pending:  # what is not committed may be taken back
            self._keep(tx.workspace_id, _Kept(catalog, version, read_at))
        return catalog

    def _known(self, workspace_id: str) -> _Kept | None:
        with self._guard:
            kept = self._kept.get(workspace_id)
            if kept is not None:
                self._kept.move_to_end(workspace_id)
            return kept

    def _keep(self, workspace_id: str, kept: _Kept) -> None:
        workspaces, records = self._most
        with self._guard:
            self._kept[workspace_id] = kept
            self._kept.move_to_end(workspace_id)
            held = sum(len(each.catalog) for each in self._kept.values())
            while len(self._kept) > 1 and (len(self._kept) > workspaces or held > records):
                _, oldest = self._kept.popitem(last=False)
                held -= len(oldest.catalog)


def load(tx: Transaction) -> Catalog:
    """Read all names of the workspace."""
    return Naming(tx).whole()


def renewed(catalog: Catalog, tx: Transaction, changes: frozenset[Changed]) -> Catalog:
    """Return the catalog with what has changed read anew, and what is called by it."""
    if not changes:
        return catalog
    numbers = _concerned(catalog, changes)
    if sum(map(len, numbers.values())) > _MANY:
        return load(tx)
    return Naming(tx, catalog).renewed(numbers)


def _concerned(catalog: Catalog, changes: frozenset[Changed]) -> dict[str, set[str]]:
    """Return the numbers of the records to be read anew by their kinds: a deal has its client's names, too."""
    found: dict[str, set[str]] = {kind: set() for kind in ("contact", "opportunity", "invoice", "automation")}
    for record, number in changes:
        found[record].add(number)
    for client in found["contact"]:
        for kind in ("opportunity", "invoice"):
            found[kind].update(entry.number for entry in catalog.of_contact(kind, client))
    for deal in found["opportunity"]:
        found["invoice"].update(entry.number for entry in catalog.of_opportunity("invoice", deal))
    return found
