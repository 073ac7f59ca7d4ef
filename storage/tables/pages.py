"""Who may open a page."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Index, Table, UniqueConstraint

from billing.pages import Page
from storage.tables.columns import METADATA, workspace_column
from storage.types import Document, Instant, Word, Words

page_tickets: Final = Table(
    "page_tickets",
    METADATA,
    workspace_column(),
    Column("token_hash", Words, primary_key=True),
    Column("member", Words, nullable=False),
    Column("page", Word(Page), nullable=False),
    Column("query", Document(dict), nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("session_hash", Words, unique=True),
    UniqueConstraint("token_hash"),
    Index("ix_page_tickets_expires_at", "workspace_id", "expires_at"),
)
