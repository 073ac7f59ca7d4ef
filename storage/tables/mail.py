"""What is kept of mails and of the addresses that they hold."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Index, Table

from billing.deliveries import DeliveryState
from billing.mail import MailTemplate
from storage.tables.columns import METADATA, reference, workspace_column
from storage.types import Document, Instant, Word, Words

# No token is kept, only what tells it again.
portal_links: Final = Table(
    "portal_links",
    METADATA,
    Column("token_hash", Words, primary_key=True),
    workspace_column(primary_key=False),
    Column("contact", Words, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("revoked_at", Instant),
    reference("contact", "contacts"),
    Index("ix_portal_links_contact", "workspace_id", "contact"),
)

mails: Final = Table(
    "mails",
    METADATA,
    workspace_column(),
    Column("key", Words, primary_key=True),
    Column("invoice", Words, nullable=False),
    Column("template", Word(MailTemplate), nullable=False),
    Column("to", Document(list, tuple), nullable=False),
    Column("cc", Document(list, tuple), nullable=False),
    Column("state", Word(DeliveryState), nullable=False),
    Column("at", Instant, nullable=False),
    Column("leaves_at", Instant),
    Column("message_id", Words, nullable=False),
    Column("reason", Words, nullable=False),
    Column("conversation", Words, nullable=False),
    reference("invoice", "invoices"),
    Index("ix_mails_invoice", "workspace_id", "invoice"),
)
