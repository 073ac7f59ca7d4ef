"""Fee and net of each movement, the log's indexes, when subscriptions ended, and tickets to pages.

Each new index of the log begins with one of the two it takes the place of, which would only cost from now on.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    for name in ("fee", "net"):
        op.add_column("payments", sa.Column(f"{name}_amount", sa.BigInteger(), nullable=True))
        op.add_column("payments", sa.Column(f"{name}_currency", sa.Text(), nullable=True))
    op.add_column("subscriptions", sa.Column("ended_at", INSTANT, nullable=True))
    _indexes()
    _page_tickets()


def _indexes() -> None:
    added_up = ["type", "status", "money_currency", "money_amount"]
    op.create_index("ix_payments_log", "payments", ["workspace_id", "occurred_at", "position", *added_up], unique=False)
    for by in (["type"], ["contact"], ["contact", "type"], ["invoice"]):
        name = "_".join(["ix_payments_log", *by])
        op.create_index(name, "payments", ["workspace_id", *by, "occurred_at", "position"], unique=False)
    op.drop_index("ix_payments_invoice", "payments")
    op.drop_index("ix_payments_occurred_at", "payments")


def _page_tickets() -> None:
    op.create_table(
        "page_tickets",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("session_hash", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_page_tickets_workspace_id"),
        sa.PrimaryKeyConstraint("workspace_id", "token_hash", name="pk_page_tickets"),
        sa.UniqueConstraint("token_hash", name="uq_page_tickets_token_hash"),
        sa.UniqueConstraint("session_hash", name="uq_page_tickets_session_hash"),
    )
    op.create_index("ix_page_tickets_expires_at", "page_tickets", ["workspace_id", "expires_at"], unique=False)
