"""Reminders by a schedule, what became of each step, late fees; and indexes for what is due and what was paid."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("invoices", sa.Column("reminders_paused", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("ix_invoices_due_on", "invoices", ["workspace_id", "status", "due_on"], unique=False)
    op.create_index("ix_invoices_paid_at", "invoices", ["workspace_id", "paid_at"], unique=False)
    _schedules()
    _steps()
    _fees()


def _schedules() -> None:
    op.create_table(
        "reminder_schedules",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("set_at", INSTANT, nullable=False),
        sa.Column("steps", sa.Text(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("working_days", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("late_fee", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_reminder_schedules_workspace_id"),
        sa.PrimaryKeyConstraint("workspace_id", name="pk_reminder_schedules"),
    )


def _steps() -> None:
    op.create_table(
        "reminder_steps",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("invoice", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "invoice"],
            ["invoices.workspace_id", "invoices.number"],
            name="fk_reminder_steps_workspace_id_invoice",
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_reminder_steps_workspace_id"),
        sa.PrimaryKeyConstraint("workspace_id", "invoice", "due_on", "days", name="pk_reminder_steps"),
    )
    op.create_index("ix_reminder_steps_at", "reminder_steps", ["workspace_id", "at"], unique=False)


def _fees() -> None:
    op.create_table(
        "late_fees",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("invoice", sa.Text(), nullable=False),
        sa.Column("period", sa.Integer(), nullable=False),
        sa.Column("money_amount", sa.BigInteger(), nullable=False),
        sa.Column("money_currency", sa.Text(), nullable=False),
        sa.Column("charged_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "invoice"],
            ["invoices.workspace_id", "invoices.number"],
            name="fk_late_fees_workspace_id_invoice",
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_late_fees_workspace_id"),
        sa.PrimaryKeyConstraint("workspace_id", "invoice", "period", name="pk_late_fees"),
    )
