"""What has to be done once a day."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Date, Table

from storage.tables.columns import METADATA, workspace_column
from storage.types import Instant, Words

duties: Final = Table(
    "duties",
    METADATA,
    workspace_column(),
    Column("name", Words, primary_key=True),
    Column("done_on", Date),
    Column("taken_until", Instant),
)
