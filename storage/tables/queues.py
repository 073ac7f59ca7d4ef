"""What came in and what goes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Table, UniqueConstraint

from billing.queues import OutboxKind, RowState, Source
from storage.tables.columns import METADATA, position_column, workspace_column
from storage.types import Document, Instant, Word, Words

if TYPE_CHECKING:
    from sqlalchemy.schema import SchemaItem


def _queue(name: str, *columns: SchemaItem) -> Table:
    """Make a queue. `due_at` is when a row was first due; `next_attempt_at` moves with every failed try."""
    leased_until = Column("leased_until", Instant)
    return Table(
        name,
        METADATA,
        position_column(),
        Column("key", Words, nullable=False),
        Column("lane", Words, nullable=False),
        Column("state", Word(RowState), nullable=False, default=RowState.WAITING),
        Column("attempts", Integer, nullable=False, default=0),
        Column("due_at", Instant, nullable=False),
        Column("next_attempt_at", Instant, nullable=False),
        leased_until,
        Column("done_at", Instant),
        Column("last_error", Words, nullable=False, default=""),
        Column("correlation", Words, nullable=False, default="", server_default=""),
        *columns,
        Index(f"ix_{name}_state", "state", "position"),
        # Statistics that SQLite took while all rows were done have it look through all of them for the few that are
        # held. PostgreSQL knows better, and would have to write each claim into every index because of it.
        Index(f"ix_{name}_leased", leased_until, sqlite_where=leased_until.is_not(None)).ddl_if(dialect="sqlite"),
    )


inbox: Final = _queue(
    "inbox",
    Column("source", Word(Source), nullable=False),
    Column("kind", Words, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("received_at", Instant, nullable=False),
    UniqueConstraint("source", "key"),
    Index("ix_inbox_lane", "source", "lane", "state", "position"),
)

# `delivery` counts the delivered rows of a workspace in the order of their delivery, which is what a feed reads.
outbox: Final = _queue(
    "outbox",
    workspace_column(primary_key=False),
    Column("kind", Word(OutboxKind), nullable=False),
    Column("payload", Document(dict), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("not_before", Instant),
    Column("receipt", Document(dict)),
    Column("delivery", BigInteger),
    UniqueConstraint("workspace_id", "key"),
    UniqueConstraint("workspace_id", "delivery"),
    Index("ix_outbox_lane", "workspace_id", "lane", "state", "position"),
)
