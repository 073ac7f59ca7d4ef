"""Which records' names changed, by version."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, Table

from storage.tables.columns import METADATA, workspace_column
from storage.types import Words

name_changes: Final = Table(
    "name_changes",
    METADATA,
    workspace_column(),
    Column("version", BigInteger, primary_key=True, autoincrement=False),
    Column("record", Words, primary_key=True),
    Column("number", Words, primary_key=True),
)
