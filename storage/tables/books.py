"""The books: contacts, opportunities, invoices, and the automations that watch them."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Boolean, Column, Date, Index, Table, UniqueConstraint, false

from billing.automations import Trigger
from billing.invoices import InvoiceKind, InvoiceStatus
from billing.lines import TaxBehavior
from billing.opportunities import Stage
from storage import documents, papers
from storage.tables.columns import METADATA, money_columns, numbered_table, position_column, reference, workspace_column
from storage.types import Document, Instant, Word, Words

contacts: Final = numbered_table(
    "contacts",
    Column("name", Words, nullable=False),
    Column("portal_token", Words, nullable=False, unique=True),
    Column("company", Words),
    Column("email", Words),
    Column("phone", Words),
    Column("address", Document(papers.dump_address, papers.load_address), nullable=False, server_default="{}"),
    Column("tax_label", Words, nullable=False, server_default=""),
    Column("tax_number", Words, nullable=False, server_default=""),
    Column("locale", Words),
    Column("payer", Words),
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
    Column("reminders_paused", Boolean, nullable=False, server_default=false()),
    reference("opportunity", "opportunities"),
    reference("contact", "contacts"),
    Index("ix_invoices_document_number", "workspace_id", "document_number", unique=True),
    Index("ix_invoices_due_on", "workspace_id", "status", "due_on"),
    Index("ix_invoices_opportunity", "workspace_id", "opportunity"),
    Index("ix_invoices_paid_at", "workspace_id", "paid_at"),
)

automations: Final = numbered_table(
    "automations",
    Column("name", Words, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("trigger", Word(Trigger), nullable=False),
    Column("actions", Document(documents.dump_actions, documents.load_actions), nullable=False),
    Column("where", Document(documents.dump_conditions, documents.load_conditions), nullable=False),
    Column("after", Words),
)

automation_runs: Final = Table(
    "automation_runs",
    METADATA,
    position_column(),
    workspace_column(primary_key=False),
    Column("key", Words, nullable=False),
    Column("automation", Words, nullable=False),
    Column("invoice", Words, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("outcomes", Document(list, documents.load_outcomes), nullable=False),
    UniqueConstraint("workspace_id", "key"),
    reference("automation", "automations"),
)
