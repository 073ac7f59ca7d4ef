"""Records to rows and back, by the names of fields and columns; the columns' types do the converting."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from billing.money import Money

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from _typeshed import DataclassInstance
    from sqlalchemy import Column, ColumnElement, RowMapping, Table

R = TypeVar("R", bound="DataclassInstance")


class ForeignRecord(ValueError):
    """A record of one workspace was about to be written in a transaction of another."""


class Mapper(Generic[R]):
    """How records of one kind lie in their table.

    `key` names the columns that tell a record from the others of its workspace; `scope` the column that holds
    the workspace. A field without a column of its name is money in two columns.
    """

    def __init__(self, kind: type[R], table: Table, key: Sequence[str], *, scope: str = "workspace_id") -> None:
        self.kind = kind
        self.table = table
        self.key = tuple(key)
        self.scope: Column[str] = table.c[scope]
        names = [field.name for field in fields(kind)]
        self._plain = tuple(name for name in names if name in table.c)
        self._money = tuple(name for name in names if name not in table.c)

    def row(self, record: R) -> dict[str, Any]:
        """Return the record as column values."""
        row = {name: getattr(record, name) for name in self._plain}
        for name in self._money:
            row |= _amount_and_currency(name, getattr(record, name))
        return row

    def record(self, row: RowMapping) -> R:
        """Return the record that a row of the table is."""
        values: dict[str, Any] = {name: row[name] for name in self._plain}
        for name in self._money:
            amount = row[f"{name}_amount"]
            values[name] = None if amount is None else Money(amount, row[f"{name}_currency"])
        return self.kind(**values)

    def equal(self, values: Mapping[str, object]) -> list[ColumnElement[bool]]:
        """Return the conditions that fields have these values; None means that the field has none."""
        conditions: list[ColumnElement[bool]] = []
        for name, value in values.items():
            parts = _amount_and_currency(name, value) if name in self._money else {name: value}
            conditions += [self.table.c[column] == part for column, part in parts.items()]
        return conditions

    def require_scope(self, row: Mapping[str, Any], workspace_id: str) -> None:
        """Raise ForeignRecord unless the row belongs to the workspace."""
        if row[self.scope.name] != workspace_id:
            message = f"A row of {self.table.name} belongs to another workspace than the transaction."
            raise ForeignRecord(message)


def _amount_and_currency(name: str, money: Any) -> dict[str, Any]:  # noqa: ANN401 - Money or None, by its field
    return {
        f"{name}_amount": money.amount if money else None,
        f"{name}_currency": money.currency if money else None,
    }
