"""Every sealed value of the database, whichever table it is in, so that all of them can be sealed anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, select, tuple_, update

from storage import tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Column, Engine, Table

    from storage.turns import Writer

_PREFIX: Final = "sealed_"


@dataclass(frozen=True, slots=True)
class SealedValue:
    """A sealed text and where it is: table, column, and the row's key as the table has it."""

    table: str
    column: str
    key: tuple[Any, ...]
    sealed: str

    @property
    def place(self) -> str:
        """Where it is, for a person to find it."""
        return f"{self.column} of {' '.join(str(part) for part in self.key)} in {self.table}"


class SqlSealed:
    """Sealed values: the columns whose names begin with `sealed_`."""

    def __init__(self, reader: Engine, writer: Writer) -> None:
        self._reader = reader
        self._writer = writer

    def batches(self, size: int = 100) -> Iterator[list[SealedValue]]:
        """Yield all values in the order of their keys, so many at a time; no transaction is open meanwhile."""
        for column in sealed_columns():
            last: tuple[Any, ...] | None = None
            while batch := self._after(column, last, size):
                yield batch
                last = batch[-1].key

    def replace(self, values: Sequence[tuple[SealedValue, str]]) -> int:
        """Write new texts for values that are still as they were read, in one transaction; return how many were."""
        written = 0
        with self._writer.begin() as connection:
            for value, sealed in values:
                table = tables.METADATA.tables[value.table]
                same = and_(*(part == found for part, found in zip(_key(table), value.key, strict=True)))
                unchanged = table.c[value.column] == value.sealed
                change = update(table).where(same, unchanged).values({value.column: sealed})
                written += connection.execute(change).rowcount
        return written

    def _after(self, column: Column[Any], last: tuple[Any, ...] | None, size: int) -> list[SealedValue]:
        table = column.table
        key = _key(table)
        query = select(*key, column).where(column.is_not(None)).order_by(*key).limit(size)
        if last is not None:
            query = query.where(tuple_(*key) > tuple_(*last))
        with self._reader.connect() as connection:
            rows = connection.execute(query).all()
        return [SealedValue(table.name, column.name, tuple(row[:-1]), row[-1]) for row in rows]


def sealed_columns() -> list[Column[Any]]:
    """Return the columns that hold sealed texts."""
    every = [column for table in tables.METADATA.sorted_tables for column in table.columns]
    return [column for column in every if column.name.startswith(_PREFIX)]


def _key(table: Table) -> list[Column[Any]]:
    return list(table.primary_key.columns)
