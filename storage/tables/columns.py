"""The columns that many tables share, and the metadata they all belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import BigInteger, Column, ForeignKey, ForeignKeyConstraint, MetaData, Table, UniqueConstraint

from storage.types import POSITION, Instant, Words

if TYPE_CHECKING:
    from sqlalchemy.schema import SchemaItem

METADATA: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    },
)


def workspace_column(*, primary_key: bool = True) -> Column[str]:
    """Return the column that says whose row it is."""
    return Column("workspace_id", Words, ForeignKey("workspaces.id"), primary_key=primary_key, nullable=False)


def position_column() -> Column[int]:
    """Return the key that counts the rows of a table as they are written."""
    return Column("position", POSITION, primary_key=True, autoincrement=True)


def money_columns(name: str, *, nullable: bool = False) -> tuple[SchemaItem, ...]:
    """Return the two columns of an amount of money."""
    return (
        Column(f"{name}_amount", BigInteger, nullable=nullable),
        Column(f"{name}_currency", Words, nullable=nullable),
    )


def reference(column: str, table: str) -> ForeignKeyConstraint:
    """Refer to a numbered record of the same workspace, so that no row can point into another one's."""
    return ForeignKeyConstraint(["workspace_id", column], [f"{table}.workspace_id", f"{table}.number"])


def numbered_table(name: str, *columns: SchemaItem) -> Table:
    """Make a table of numbered records; `ordinal` is the number's digits, which lists are sorted by."""
    return Table(
        name,
        METADATA,
        workspace_column(),
        Column("number", Words, primary_key=True),
        Column("ordinal", BigInteger, nullable=False),
        *columns,
        Column("created_at", Instant, nullable=False),
        Column("request_key", Words),
        UniqueConstraint("workspace_id", "request_key"),
    )
