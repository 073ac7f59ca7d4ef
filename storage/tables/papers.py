"""What the business prints on its invoices, and the credit notes that it wrote."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from sqlalchemy import Column, Date, Index, LargeBinary, Table, UniqueConstraint

from billing.lines import TaxBehavior, TaxRounding
from storage import papers
from storage.tables.columns import METADATA, money_columns, numbered_table, reference, workspace_column
from storage.types import Document, Instant, Word, Words

businesses: Final = Table(
    "businesses",
    METADATA,
    workspace_column(),
    Column("legal_name", Words, nullable=False),
    Column("address", Document(papers.dump_address, papers.load_address), nullable=False),
    Column("email", Words, nullable=False),
    Column("phone", Words, nullable=False),
    Column("tax_label", Words, nullable=False),
    Column("tax_number", Words, nullable=False),
    Column("bank", Document(papers.dump_bank, papers.load_bank)),
    Column("terms", Words, nullable=False),
    Column("footer", Words, nullable=False),
    Column("tax_rate", Document(str, Decimal), nullable=False),
    Column("tax_behavior", Word(TaxBehavior), nullable=False),
    Column("tax_rounding", Word(TaxRounding), nullable=False),
    Column("series", Words, nullable=False),
)

# Beside the business and not in it, so that whoever needs its name does not read a picture.
logos: Final = Table(
    "logos",
    METADATA,
    workspace_column(),
    Column("media_type", Words, nullable=False),
    Column("content", LargeBinary, nullable=False),
)

credit_notes: Final = numbered_table(
    "credit_notes",
    Column("invoice", Words, nullable=False),
    Column("payment", Words),
    *money_columns("money"),
    Column("issued_on", Date, nullable=False),
    Column("document_number", Words),
    Column("void_at", Instant),
    reference("invoice", "invoices"),
    UniqueConstraint("workspace_id", "payment"),
    UniqueConstraint("workspace_id", "document_number"),
    Index("ix_credit_notes_invoice", "workspace_id", "invoice"),
)
