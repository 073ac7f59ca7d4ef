"""Automations, what they did and did not do, and the addresses of other systems that they call."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Boolean, Column, Index, Integer, Table, UniqueConstraint

from billing.automations import DAY_CAP, QUIET, Trigger
from billing.runs import StepState
from storage import documents
from storage.tables.columns import METADATA, numbered_table, position_column, reference, workspace_column
from storage.types import Document, Instant, Word, Words

automations: Final = numbered_table(
    "automations",
    Column("name", Words, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("trigger", Word(Trigger), nullable=False),
    Column("actions", Document(documents.dump_actions, documents.load_actions), nullable=False),
    Column("where", Document(documents.dump_conditions, documents.load_conditions), nullable=False),
    Column("after", Words),
    Column("also", Document(documents.dump_triggers, documents.load_triggers), nullable=False, server_default="[]"),
    Column("schedule", Words),
    Column("next_at", Instant),
    Column("quiet", Words, server_default=QUIET),
    Column("day_cap", Integer, nullable=False, server_default=str(DAY_CAP)),
    Column("created_by", Words, nullable=False, server_default=""),
    Column("switched_on_at", Instant),
    Column("confirmed", Words),
    Column("confirmed_by", Words),
    Column("confirmed_at", Instant),
    Column("deleted_at", Instant),
    Index("ix_automations_next_at", "next_at"),
)

# What listens to what: an event finds its automations here, however many others there are.
automation_triggers: Final = Table(
    "automation_triggers",
    METADATA,
    workspace_column(),
    Column("trigger", Word(Trigger), primary_key=True),
    Column("automation", Words, primary_key=True),
    reference("automation", "automations"),
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
    Column("occurred_at", Instant),
    Column("trigger", Word(Trigger)),
    Column("payment", Words),
    Column("chain", Document(list, tuple), nullable=False, server_default="[]"),
    Column("meaning", Words),
    UniqueConstraint("workspace_id", "key"),
    reference("automation", "automations"),
    Index("ix_automation_runs_started_at", "workspace_id", "automation", "started_at"),
)

automation_steps: Final = Table(
    "automation_steps",
    METADATA,
    workspace_column(),
    Column("run", Words, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("action", Document(documents.dump_action, documents.load_action), nullable=False),
    Column("state", Word(StepState), nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("outcome", Words, nullable=False),
    Column("ended_at", Instant),
    Column("tries", Integer, nullable=False),
    Column("proposal", Words),
    Index("ix_automation_steps_state", "workspace_id", "state"),
)

automation_evaluations: Final = Table(
    "automation_evaluations",
    METADATA,
    position_column(),
    workspace_column(primary_key=False),
    Column("automation", Words, nullable=False),
    Column("event", Words, nullable=False),
    Column("trigger", Word(Trigger), nullable=False),
    Column("invoice", Words, nullable=False),
    Column("evaluated_at", Instant, nullable=False),
    Column("run", Words),
    Column("unmet", Document(documents.dump_unmet, documents.load_unmet)),
    UniqueConstraint("workspace_id", "automation", "event"),
    Index("ix_automation_evaluations_evaluated_at", "evaluated_at"),
)

webhook_endpoints: Final = Table(
    "webhook_endpoints",
    METADATA,
    workspace_column(),
    Column("url", Words, primary_key=True),
    Column("sealed_secret", Words, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("disabled_at", Instant),
)
