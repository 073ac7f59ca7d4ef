"""What was said, proposed and done."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Index, Integer, Table, UniqueConstraint

from billing.conversations import ProposalState
from storage import documents
from storage.tables.columns import METADATA, position_column, workspace_column
from storage.types import Document, Instant, Word, Words

conversations: Final = Table(
    "conversations",
    METADATA,
    workspace_column(),
    Column("id", Words, primary_key=True),
    Column("updated_at", Instant, nullable=False),
    Column("state", Document(dict), nullable=False),
    Column("address", Document(dict), nullable=False),
)

turns: Final = Table(
    "turns",
    METADATA,
    position_column(),
    workspace_column(primary_key=False),
    Column("conversation", Words, nullable=False),
    Column("key", Words, nullable=False),
    Column("member", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("reply", Document(dict), nullable=False),
    Column("said_at", Instant, nullable=False),
    Column("model_tokens", Integer, nullable=False, server_default="0"),
    UniqueConstraint("workspace_id", "key"),
    Index("ix_turns_conversation", "workspace_id", "conversation", "position"),
    Index("ix_turns_member", "workspace_id", "member", "said_at"),
)

proposals: Final = Table(
    "proposals",
    METADATA,
    position_column(),
    workspace_column(primary_key=False),
    Column("id", Words, nullable=False),
    Column("conversation", Words, nullable=False),
    Column("member", Words, nullable=False),
    Column("calls", Document(documents.dump_calls, documents.load_calls), nullable=False),
    Column("state", Word(ProposalState), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("confirmed_by", Words),
    Column("confirmed_at", Instant),
    UniqueConstraint("workspace_id", "id"),
    Index("ix_proposals_pending", "workspace_id", "conversation", "member", "state"),
)

audit_entries: Final = Table(
    "audit_entries",
    METADATA,
    position_column(),
    workspace_column(primary_key=False),
    Column("key", Words, nullable=False),
    Column("at", Instant, nullable=False),
    Column("member", Words, nullable=False),
    Column("front", Words, nullable=False),
    Column("skill", Words, nullable=False),
    Column("arguments", Document(dict), nullable=False),
    Column("status", Words, nullable=False),
    Column("proposal", Words),
    UniqueConstraint("workspace_id", "key"),
)
