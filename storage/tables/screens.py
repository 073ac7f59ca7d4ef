"""What stands on people's screens."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Index, Table

from storage.tables.columns import METADATA, workspace_column
from storage.types import Document, Instant, Words

screens: Final = Table(
    "screens",
    METADATA,
    workspace_column(),
    Column("place", Words, primary_key=True),
    Column("about", Words, nullable=False),
    Column("shown_at", Instant, nullable=False),
    Column("content", Document(dict), nullable=False),
    Index("ix_screens_about", "workspace_id", "about", "shown_at"),
)
