"""The books: contacts, opportunities and invoices."""

from __future__ import annotations

import secrets
from typing import Final

from sqlalchemy import Boolean, Column, Date, Index, false

from billing.invoices import InvoiceKind, InvoiceStatus
from billing.lines import TaxBehavior
from billing.opportunities import Stage
from storage import papers
from storage.tables.columns import money_columns, numbered_table, reference
from storage.types import Document, Instant, Word, Words


def retired_token() -> str:
    """Return what fills a column that has to hold something of its own in every row and means nothing."""
    return f"retired:{secrets.token_hex(8)}"


contacts: Final = numbered_table(
    "contacts",
    Column("name", Words, nullable=False),
    # Held what opened the portal, in plain, until portal_links came; nothing reads it any more.
    Column("portal_token", Words, nullable=False, unique=True, default=retired_token),
    Column("company", Words),
    Column("email", Words),
    Column("phone", Words),
    Column("address", Document(papers.dump_address, papers.load_address), nullable=False, server_default="{}"),
    Column("tax_label", Words, nullable=False, server_default=""),
    Column("tax_number", Words, nullable=False, server_default=""),
    Column("locale", Words),
    Column("payer", Words),
    Column("cc", Document(list, tuple), nullable=False, server_default="[]"),
    Column("reminders_paused", Boolean, nullable=False, server_default=false()),
)

opportunities: Final = numbered_table(
    "opportunities",
    Column("name", Words, nullable=False),
    Column("contact", Words),
    Column("currency", Words, nullable=False),
    *money_columns("value", nullable=True),
    Column("stage", Word(Stage), nullable=False),
    reference("contact", "contacts"),
)

invoices: Final = numbered_table(
    "invoices",
    Column("opportunity", Words, nullable=False),
    Column("contact", Words),
    Column("kind", Word(InvoiceKind), nullable=False),
    *money_columns("total"),
    *money_columns("paid"),
    Column("status", Word(InvoiceStatus), nullable=False),
    Column("issued_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("token", Words, nullable=False, unique=True),
    Column("description", Words, nullable=False),
    Column("sent_at", Instant),
    Column("paid_at", Instant),
    *money_columns("refunded", nullable=True),
    Column("disputed", Boolean, nullable=False, server_default=false()),
    Column("lines", Document(papers.dump_lines, papers.load_lines), nullable=False, server_default="[]"),
    Column("tax_behavior", Word(TaxBehavior), nullable=False, server_default=TaxBehavior.INCLUSIVE.value),
    Column("note", Words, nullable=False, server_default=""),
    Column("document_number", Words),
    Column("letterhead", Document(papers.dump_letterhead, papers.load_letterhead)),
    Column("deductions", Document(papers.dump_deductions, papers.load_deductions)),
    Column("replaces", Words),
    Column("replaced_by", Words),
    *money_columns("least_part", nullable=True),
    Column("reminders_paused", Boolean, nullable=False, server_default=false()),
    reference("opportunity", "opportunities"),
    reference("contact", "contacts"),
    Index("ix_invoices_document_number", "workspace_id", "document_number", unique=True),
    Index("ix_invoices_due_on", "workspace_id", "status", "due_on"),
    Index("ix_invoices_opportunity", "workspace_id", "opportunity"),
    Index("ix_invoices_paid_at", "workspace_id", "paid_at"),
)
