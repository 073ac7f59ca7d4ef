"""Where news goes beside the channels of its events, and who was asked to talk to somebody."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Index, Integer, Table

from storage import documents
from storage.tables.columns import METADATA, numbered_table, reference, workspace_column
from storage.types import Document, Instant, Words

news_settings: Final = Table(
    "news_settings",
    METADATA,
    workspace_column(),
    Column("people", Words),
    Column("digest_channel", Words),
    Column("digest_hour", Integer),
    Column("digest_set_at", Instant),
)

deal_routes: Final = Table(
    "deal_routes",
    METADATA,
    workspace_column(),
    Column("opportunity", Words, primary_key=True),
    Column("channel", Words, nullable=False),
    reference("opportunity", "opportunities"),
)

hand_overs: Final = numbered_table(
    "hand_overs",
    Column("member", Words, nullable=False),
    Column("conversation", Words, nullable=False),
    Column("topic", Words, nullable=False),
    Column("said", Document(list, documents.load_said), nullable=False),
    Column("taken_by", Words),
    Column("taken_at", Instant),
    Index("ix_hand_overs_conversation", "workspace_id", "conversation"),
)
