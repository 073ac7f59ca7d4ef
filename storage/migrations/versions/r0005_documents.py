"""Invoices as documents: lines, numbers of a series, what stood on them, and the business and clients they name."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _invoices()
    _contacts()
    _business()
    _credit_notes()


def _invoices() -> None:
    op.add_column("invoices", sa.Column("lines", sa.Text(), nullable=False, server_default="[]"))
    op.add_column("invoices", sa.Column("tax_behavior", sa.Text(), nullable=False, server_default="inclusive"))
    op.add_column("invoices", sa.Column("note", sa.Text(), nullable=False, server_default=""))
    for name in ("document_number", "letterhead", "deductions", "replaces", "replaced_by"):
        op.add_column("invoices", sa.Column(name, sa.Text(), nullable=True))
    op.create_index("ix_invoices_document_number", "invoices", ["workspace_id", "document_number"], unique=True)


def _contacts() -> None:
    op.add_column("contacts", sa.Column("address", sa.Text(), nullable=False, server_default="{}"))
    op.add_column("contacts", sa.Column("tax_label", sa.Text(), nullable=False, server_default=""))
    op.add_column("contacts", sa.Column("tax_number", sa.Text(), nullable=False, server_default=""))
    op.add_column("contacts", sa.Column("locale", sa.Text(), nullable=True))
    op.add_column("contacts", sa.Column("payer", sa.Text(), nullable=True))


def _business() -> None:
    words = ("legal_name", "address", "email", "phone", "tax_label", "tax_number", "terms", "footer")
    rules = ("tax_rate", "tax_behavior", "tax_rounding", "series")
    op.create_table(
        "businesses",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in (*words, *rules)),
        sa.Column("bank", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_businesses_workspace_id"),
        sa.PrimaryKeyConstraint("workspace_id", name="pk_businesses"),
    )
    op.create_table(
        "logos",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_logos_workspace_id"),
        sa.PrimaryKeyConstraint("workspace_id", name="pk_logos"),
    )


def _credit_notes() -> None:
    op.create_table(
        "credit_notes",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("ordinal", sa.BigInteger(), nullable=False),
        sa.Column("invoice", sa.Text(), nullable=False),
        sa.Column("payment", sa.Text(), nullable=True),
        sa.Column("money_amount", sa.BigInteger(), nullable=False),
        sa.Column("money_currency", sa.Text(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("document_number", sa.Text(), nullable=True),
        sa.Column("void_at", INSTANT, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("request_key", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "invoice"],
            ["invoices.workspace_id", "invoices.number"],
            name="fk_credit_notes_workspace_id_invoice",
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_credit_notes_workspace_id"),
        sa.PrimaryKeyConstraint("workspace_id", "number", name="pk_credit_notes"),
        sa.UniqueConstraint("workspace_id", "request_key", name="uq_credit_notes_workspace_id_request_key"),
        sa.UniqueConstraint("workspace_id", "payment", name="uq_credit_notes_workspace_id_payment"),
        sa.UniqueConstraint("workspace_id", "document_number", name="uq_credit_notes_workspace_id_document_number"),
    )
    op.create_index("ix_credit_notes_invoice", "credit_notes", ["workspace_id", "invoice"], unique=False)
