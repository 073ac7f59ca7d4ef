"""What was given back or is contested of a payment, and the subscriptions that links started."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("payments", sa.Column("reverses", sa.Text(), nullable=True))
    op.add_column("payments", sa.Column("reason", sa.Text(), nullable=False, server_default=""))
    op.add_column("payments", sa.Column("observed_at", INSTANT, nullable=True))
    op.add_column("invoices", sa.Column("refunded_amount", sa.BigInteger(), nullable=True))
    op.add_column("invoices", sa.Column("refunded_currency", sa.Text(), nullable=True))
    op.add_column("invoices", sa.Column("disputed", sa.Boolean(), nullable=False, server_default=sa.false()))
    _subscriptions()


def _subscriptions() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("stripe_account_id", sa.Text(), nullable=False),
        sa.Column("stripe_subscription_id", sa.Text(), nullable=False),
        sa.Column("livemode", sa.Boolean(), nullable=False),
        sa.Column("invoice", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("interval", sa.Text(), nullable=False),
        sa.Column("interval_count", sa.Integer(), nullable=False),
        sa.Column("money_amount", sa.BigInteger(), nullable=False),
        sa.Column("money_currency", sa.Text(), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("current_period_end", INSTANT, nullable=True),
        sa.Column("cancel_at_period_end", sa.Boolean(), nullable=False),
        sa.Column("observed_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "invoice"],
            ["invoices.workspace_id", "invoices.number"],
            name="fk_subscriptions_workspace_id_invoice",
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_subscriptions_workspace_id"),
        sa.PrimaryKeyConstraint("workspace_id", "stripe_account_id", "stripe_subscription_id", name="pk_subscriptions"),
    )
    op.create_index("ix_subscriptions_invoice", "subscriptions", ["workspace_id", "invoice"], unique=False)
