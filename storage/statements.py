"""The statements that are run again and again, put together once: to do so takes longer than to run them.

Each names the workspace by a parameter of its own, `OF`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

if TYPE_CHECKING:
    from sqlalchemy import BindParameter, Column, ColumnElement, Select, Table, Update
    from sqlalchemy.sql.dml import ReturningInsert

    from storage.mapping import Mapper

OF: Final = "of_workspace"
_OLD: Final = "old_"
_NEW: Final = "new_"


@cache
def reading(mapper: Mapper[Any], equal: tuple[str, ...], order: tuple[str, ...], *, lock: bool) -> Select[Any]:
    """Return what reads the rows of a workspace whose columns equal parameters of their names, in that order."""
    columns = mapper.table.c
    same = (columns[name] == _bound(name, columns[name]) for name in equal)
    query = select(mapper.table).where(of_workspace(mapper), *same).order_by(*(columns[name] for name in order))
    return query.with_for_update() if lock else query


def inserting(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Return an INSERT that knows ON CONFLICT, in the words of that database."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


@cache
def adding(dialect: str, table: Table, returned: Column[Any]) -> ReturningInsert[tuple[Any]]:
    """Return what inserts rows unless their unique keys are there; it returns a column of those that it inserted."""
    return inserting(dialect, table).on_conflict_do_nothing().returning(returned)


@cache
def rewriting(mapper: Mapper[Any], names: tuple[str, ...]) -> Update:
    """Return what writes columns of the row of a workspace that has the key; see `rewritten`."""
    columns = mapper.table.c
    same = (columns[name] == _bound(_OLD + name, columns[name]) for name in mapper.key)
    new = {name: _bound(_NEW + name, columns[name]) for name in names}
    return update(mapper.table).where(of_workspace(mapper), *same).values(new)


def rewritten(mapper: Mapper[Any], row: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters of `rewriting` for a row."""
    old = {_OLD + name: row[name] for name in mapper.key}
    return {OF: row[mapper.scope.name]} | old | {_NEW + name: value for name, value in row.items()}


def of_workspace(mapper: Mapper[Any]) -> ColumnElement[bool]:
    """Return the condition that a row is of the workspace that the parameter `OF` names."""
    return mapper.scope == _bound(OF, mapper.scope)


def _bound(name: str, column: Column[Any]) -> BindParameter[Any]:
    return bindparam(name, type_=column.type)
