"""The business itself: workspace, people, channels, Stripe accounts, and the sequences of its numbers."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, Table, UniqueConstraint, true

from billing.roles import Role
from storage.tables.columns import METADATA, workspace_column
from storage.types import Instant, Word, Words

workspaces: Final = Table(
    "workspaces",
    METADATA,
    Column("id", Words, primary_key=True),
    Column("name", Words, nullable=False),
    Column("currency", Words, nullable=False),
    Column("country", Words, nullable=False),
    Column("locale", Words, nullable=False),
    Column("timezone", Words, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("slack_team_id", Words, unique=True),
    Column("payment_terms_days", Integer, nullable=False),
    Column("receipts", Boolean, nullable=False, server_default=true()),
    Column("portal_days", Integer),
    Column("least_part_percent", Integer),
)

# The last number given to each kind of record.
sequences: Final = Table(
    "sequences",
    METADATA,
    workspace_column(),
    Column("kind", Words, primary_key=True),
    Column("value", BigInteger, nullable=False),
)

members: Final = Table(
    "members",
    METADATA,
    workspace_column(),
    Column("name", Words, primary_key=True),
    Column("role", Word(Role), nullable=False),
    Column("slack_user_id", Words),
    # A Slack user is one member: two of them could have two roles.
    UniqueConstraint("workspace_id", "slack_user_id"),
)

channels: Final = Table(
    "channels",
    METADATA,
    workspace_column(),
    Column("name", Words, primary_key=True),
    Column("slack_channel_id", Words),
)

notification_routes: Final = Table(
    "notification_routes",
    METADATA,
    workspace_column(),
    Column("event", Words, primary_key=True),
    Column("channel", Words, nullable=False),
)

stripe_connections: Final = Table(
    "stripe_connections",
    METADATA,
    workspace_column(),
    Column("stripe_account_id", Words, primary_key=True),
    Column("livemode", Boolean, primary_key=True),
    Column("direct", Boolean, nullable=False),
    Column("connected_at", Instant, nullable=False),
    Column("connected_by", Words, nullable=False),
    Column("business_name", Words, nullable=False),
    Column("disconnected_at", Instant),
    Column("reconciled_at", Instant),
)
_connected = stripe_connections.c.disconnected_at.is_(None)
Index(
    "ix_stripe_connections_active",
    stripe_connections.c.workspace_id,
    unique=True,
    sqlite_where=_connected,
    postgresql_where=_connected,
)
# An event names its account only: whose it is has to be certain.
Index(
    "ix_stripe_connections_account",
    stripe_connections.c.stripe_account_id,
    stripe_connections.c.livemode,
    unique=True,
    sqlite_where=_connected,
    postgresql_where=_connected,
)

# Tokens are sealed before they come here.
slack_installations: Final = Table(
    "slack_installations",
    METADATA,
    workspace_column(),
    Column("slack_team_id", Words, primary_key=True),
    Column("sealed_token", Words, nullable=False),
    Column("bot_user", Words, nullable=False),
    Column("scopes", Words, nullable=False),
    Column("installed_by", Words, nullable=False),
    Column("installed_at", Instant, nullable=False),
    Column("sealed_refresh_token", Words),
    Column("expires_at", Instant),
    Column("renewing_until", Instant),
    Column("ended_at", Instant),
)

connect_requests: Final = Table(
    "connect_requests",
    METADATA,
    workspace_column(),
    Column("token_hash", Words, primary_key=True),
    Column("member", Words, nullable=False),
    Column("conversation", Words, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("state_hash", Words, unique=True),
    Column("used_at", Instant),
    UniqueConstraint("token_hash"),
)
