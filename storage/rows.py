"""Reading and writing the rows of one table in one workspace: the one place where queries are made for records."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any, Final, Generic

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from billing.errors import DuplicateRecord
from storage.ahead import ahead_on
from storage.mapping import Mapper, R
from storage.statements import OF, adding, inserting, reading, rewriting, rewritten

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import Column, ColumnElement, Connection, Result, Select, Table
    from sqlalchemy.dialects import postgresql, sqlite


_THERE: Final = "There is such a record already, so nothing was added."
_POSTGRESQL_UNIQUE: Final = "23505"
_SQLITE_UNIQUE: Final = frozenset({"SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"})


def insert(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Return an INSERT that knows ON CONFLICT, in the words of the connection's database."""
    return inserting(connection.dialect.name, table)


@contextmanager
def refusing_duplicates(connection: Connection) -> Iterator[None]:
    """Raise DuplicateRecord where a statement breaks a unique key; the transaction can go on after it."""
    try:
        with connection.begin_nested():
            yield
    except IntegrityError as error:
        if not _breaks_unique_key(error):
            raise
        raise DuplicateRecord(_THERE) from error


def _breaks_unique_key(error: IntegrityError) -> bool:
    sqlite_name = getattr(error.orig, "sqlite_errorname", None)
    return sqlite_name in _SQLITE_UNIQUE or getattr(error.orig, "sqlstate", None) == _POSTGRESQL_UNIQUE


class Rows(Generic[R]):
    """The rows of one table that belong to one workspace; no other can be read or written through it."""

    def __init__(self, connection: Connection, mapper: Mapper[R], workspace_id: str) -> None:
        self.connection = connection
        self.workspace_id = workspace_id
        self.columns = mapper.table.c
        self._table = mapper.table
        self._mapper = mapper

    def one(self, *where: ColumnElement[bool], lock: bool = False) -> R | None:
        """Return the record that fits, or None; locked until the end of the transaction if asked."""
        query = select(self._table).where(self._mine, *where)
        row = self.connection.execute(query.with_for_update() if lock else query).mappings().first()
        return None if row is None else self._mapper.record(row)

    def known(self, *, lock: bool = False, **equal: object) -> R | None:
        """Return the record whose columns have these values, none of them None; as `one`, but made for each request."""
        found = self.prepared(reading(self._mapper, tuple(equal), (), lock=lock), **equal)
        return found[0] if found else None

    def alike(self, *order: str, **equal: object) -> list[R]:
        """Return the records whose columns have these values, none of them None, in the order of others."""
        return self.prepared(reading(self._mapper, tuple(equal), order, lock=False), **equal)

    def prepared(self, query: Select[Any], **values: object) -> list[R]:
        """Return the records that a query finds which was put together once, with values for its parameters."""
        ahead = ahead_on(self.connection)
        known = ahead.answer(self._mapper, self.workspace_id, query, values) if ahead else None
        if known is not None:
            return known
        rows = self.connection.execute(query, values | {OF: self.workspace_id})
        return [self._mapper.record(row) for row in rows.mappings()]

    def read_ahead(self, *order: str, **equal: object) -> list[R] | None:
        """Return what `alike` does where that was read ahead, else None."""
        ahead = ahead_on(self.connection)
        query = reading(self._mapper, tuple(equal), order, lock=False)
        return ahead.answer(self._mapper, self.workspace_id, query, equal) if ahead else None

    def many(
        self,
        *where: ColumnElement[bool],
        order: Sequence[ColumnElement[Any]],
        limit: int | None = None,
        lock: bool = False,
        index: str | None = None,
    ) -> list[R]:
        """Return the records that fit, in that order; locked until the end of the transaction if asked.

        `index` is the one to read them from on SQLite, which keeps no statistics and would guess.
        """
        query = select(self._table).where(self._mine, *where).order_by(*order).limit(limit)
        if index is not None:
            query = query.with_hint(self._table, f"INDEXED BY {index}", "sqlite")
        rows = self.connection.execute(query.with_for_update() if lock else query)
        return [self._mapper.record(row) for row in rows.mappings()]

    def execute(self, query: Select[*tuple[Any, ...]]) -> Result[*tuple[Any, ...]]:
        """Return what a query over the table finds in the workspace: for what is more or less than records."""
        return self.connection.execute(query.where(self._mine))

    def equal(self, values: Mapping[str, object]) -> list[ColumnElement[bool]]:
        """Return the conditions that fields have these values."""
        return self._mapper.equal(values)

    def add(self, record: R, **extra: object) -> None:
        """Insert, with the columns that are no fields in `extra`; raises DuplicateRecord."""
        if not self.add_if_new(record, **extra):
            raise DuplicateRecord(_THERE)

    def add_if_new(self, record: R, **extra: object) -> bool:
        """Insert unless a row of the same unique key is there; say whether it was inserted."""
        added = adding(self.connection.dialect.name, self._table, self._mapper.scope)
        return self.connection.execute(added, self._row(record) | extra).first() is not None

    def add_all_new(
        self, records: Sequence[R], named: Column[str], extra: Sequence[Mapping[str, object]] = ()
    ) -> list[str]:
        """Insert in one statement those whose unique keys are not there; return the `named` column of these.

        `extra` are the columns that are no fields, for each record in turn.
        """
        if not records:
            return []
        rows = [self._row(record) for record in records]
        whole = [row | dict(more) for row, more in zip(rows, extra, strict=True)] if extra else rows
        added = adding(self.connection.dialect.name, self._table, named)
        return list(self.connection.execute(added, whole).scalars())

    def put(self, record: R) -> None:
        """Insert, or write all fields of the record that has the key; raises DuplicateRecord for another key."""
        statement = insert(self.connection, self._table).values(self._row(record))
        index = [self._mapper.scope.name, *self._mapper.key]
        fields = {name: statement.excluded[name] for name in self._mapper.row(record) if name not in index}
        with refusing_duplicates(self.connection):
            self.connection.execute(statement.on_conflict_do_update(index_elements=index, set_=fields))

    def write(self, record: R, *, guarded: bool = False) -> bool:
        """Write all fields of the record that has the key; False if there is none.

        `guarded` is for what may break another unique key, which raises DuplicateRecord; that is two more journeys.
        """
        row = self._row(record)
        with refusing_duplicates(self.connection) if guarded else nullcontext():
            written = self.connection.execute(rewriting(self._mapper, tuple(row)), rewritten(self._mapper, row))
        return written.rowcount == 1

    @property
    def _mine(self) -> ColumnElement[bool]:
        return self._mapper.scope == self.workspace_id

    def _row(self, record: R) -> dict[str, Any]:
        """Return the row of a record that is about to be written."""
        row = self._mapper.row(record)
        self._mapper.require_scope(row, self.workspace_id)
        ahead = ahead_on(self.connection)
        if ahead is not None:
            ahead.forget(self._mapper, row)
        return row
