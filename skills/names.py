"""Records as people call them: “Acme”, “the bakery job”, “Jane's deposit” are looked up here, for every route."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from billing.ports import Transaction


@dataclass(frozen=True, slots=True)
class Names:
    """One record as people may call it: `words` are its title, company, person, number and description."""

    record: str
    number: str
    label: str
    words: tuple[str, ...]
    contact: str | None = None
    opportunity: str | None = None
    kind: str | None = None
    status: str | None = None
    currency: str | None = None
    amount: str | None = None
    due: date | None = None
    interval: str | None = None
    email: str | None = None


class Catalog:
    """All names of a workspace, indexed."""

    def __init__(self, records: Iterable[Names]) -> None:
        self._records = {entry.number: entry for entry in records}

    def by_number(self, number: str) -> Names | None:
        """Return the record of that number."""
        return self._records.get(number)

    def of(self, record: str) -> list[Names]:
        """Return all records of a kind (`invoice`, `contact` …) in the order of their numbers."""
        return [entry for entry in self._records.values() if entry.record == record]

    def search(self, record: str, text: str) -> list[Names]:
        """Return what fits best, all of it where several fit equally well, nothing where nothing does."""
        raise NotImplementedError


def load(tx: Transaction) -> Catalog:
    """Read the workspace's names."""
    raise NotImplementedError
