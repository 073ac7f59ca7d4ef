"""Reminding clients: the schedule of each workspace, what became of each step, and the late fees that were charged."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Boolean, Column, Date, Index, Integer, Table, true

from billing.reminders import StepOutcome
from storage import fees
from storage.tables.columns import METADATA, money_columns, reference, workspace_column
from storage.types import Document, Instant, Word, Words

reminder_schedules: Final = Table(
    "reminder_schedules",
    METADATA,
    workspace_column(),
    Column("active", Boolean, nullable=False),
    Column("since", Instant, nullable=False),
    Column("set_by", Words, nullable=False),
    Column("set_at", Instant, nullable=False),
    Column("steps", Document(list, tuple), nullable=False),
    Column("hour", Integer, nullable=False),
    Column("working_days", Boolean, nullable=False, server_default=true()),
    Column("region", Words, nullable=False),
    Column("late_fee", Document(fees.dump_late_fee, fees.load_late_fee)),
)

reminder_steps: Final = Table(
    "reminder_steps",
    METADATA,
    workspace_column(),
    Column("invoice", Words, primary_key=True),
    Column("due_on", Date, primary_key=True),
    Column("days", Integer, primary_key=True),
    Column("outcome", Word(StepOutcome), nullable=False),
    Column("at", Instant, nullable=False),
    Column("reason", Words, nullable=False),
    reference("invoice", "invoices"),
    Index("ix_reminder_steps_at", "workspace_id", "at"),
)

# One for each period of an invoice: the row is what makes it charged once.
late_fees: Final = Table(
    "late_fees",
    METADATA,
    workspace_column(),
    Column("invoice", Words, primary_key=True),
    Column("period", Integer, primary_key=True),
    *money_columns("money"),
    Column("charged_on", Date, nullable=False),
    reference("invoice", "invoices"),
)
