"""The numbered records of a workspace: contacts, opportunities, invoices and what else is known by a number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Generic, Protocol, TypeVar

from billing.errors import UnknownRecord
from storage.rows import Rows
from storage.sequences import Numbers

if TYPE_CHECKING:
    from collections.abc import Callable

    from _typeshed import DataclassInstance
    from sqlalchemy import Connection

    from storage.mapping import Mapper

    class Numbered(DataclassInstance, Protocol):
        """A record that has a number."""

        @property
        def number(self) -> str:
            """The number, such as `INV-1002`."""


R = TypeVar("R", bound="Numbered")


@dataclass(frozen=True, slots=True)
class Series:
    """How one kind of record is numbered: `INV-1001`, `INV-1002`, …."""

    prefix: str
    first: int = 1

    def number(self, ordinal: int) -> str:
        """Return the number of that ordinal."""
        return f"{self.prefix}-{ordinal}"

    def ordinal(self, number: str) -> int | None:
        """Return the ordinal of a number of this series, None for one that is none."""
        found = re.fullmatch(rf"{self.prefix}-(\d{{1,15}})", number, re.ASCII)
        return int(found[1]) if found else None


CONTACTS: Final = Series("CON")
OPPORTUNITIES: Final = Series("OPP")
INVOICES: Final = Series("INV", 1001)
CREDIT_NOTES: Final = Series("CRN")
AUTOMATIONS: Final = Series("AUT")
HAND_OVERS: Final = Series("HLP")


def _sorting(number: str) -> int:
    """Return the digits that a number ends in, so that lists count and not spell; 0 where there are none."""
    found = re.search(r"\d{1,15}$", number, re.ASCII)
    return int(found[0]) if found else 0


class SqlRecords(Generic[R]):
    """The records of one kind in one workspace (`billing.ports.Records`)."""

    def __init__(
        self,
        connection: Connection,
        mapper: Mapper[R],
        series: Series,
        workspace_id: str,
        touched: Callable[[str], None] | None = None,
    ) -> None:
        """`touched` is told the number of every record that is written."""
        self._touched = touched
        self._rows = Rows(connection, mapper, workspace_id)
        self._series = series
        self._numbers = Numbers(connection, workspace_id, series.prefix, first=series.first)
        # What this transaction has locked or written, which nobody else can change before its end.
        self._held: dict[str, R] = {}

    def next_number(self) -> str:
        """Take the next number of the workspace's series."""
        return self._series.number(self._numbers.next())

    def get(self, number: str, *, lock: bool = False) -> R:
        """Return the record; raises UnknownRecord."""
        record = self._read(number, lock=lock)
        if record is None:
            raise unknown(number)
        return record

    def find(self, number: str) -> R | None:
        """Return the record or None."""
        return self._read(number)

    def by_request(self, request_key: str) -> R | None:
        """Return what an earlier try of the same call made."""
        return self._rows.known(request_key=request_key)

    def list(self, **equal: object) -> list[R]:
        """Return the records whose fields equal those given, in the order of their numbers."""
        columns = self._rows.columns
        return self._rows.many(*self._rows.equal(equal), order=[columns.ordinal, columns.number])

    def add(self, record: R) -> R:
        """Insert and let the sequence go on after its number; raises DuplicateRecord."""
        self._touch(record.number)
        self._rows.add(record, ordinal=_sorting(record.number))
        ordinal = self._series.ordinal(record.number)
        if ordinal is not None:
            self._numbers.reach(ordinal)
        self._held[record.number] = record
        return record

    def save(self, record: R) -> R:
        """Write all fields of an existing record; raises UnknownRecord."""
        self._touch(record.number)
        if not self._rows.write(record):
            raise unknown(record.number)
        self._held[record.number] = record
        return record

    def _read(self, number: str, *, lock: bool = False) -> R | None:
        if number in self._held:
            return self._held[number]
        record = self._rows.known(number=number, lock=lock)
        if lock and record is not None:
            self._held[number] = record
        return record

    def _touch(self, number: str) -> None:
        if self._touched is not None:
            self._touched(number)


def unknown(number: str) -> UnknownRecord:
    """Return the error that there is no record of that number."""
    return UnknownRecord(f"There is no {number} here. Check the number, or ask for a list.")
