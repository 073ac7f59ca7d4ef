"""What automations listen to, the steps of their runs, why they did not run, and the addresses that they call."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

INSTANT = sa.DateTime(timezone=True)
OF_WORKSPACE = ["workspaces.id"]
OF_AUTOMATION = ["automations.workspace_id", "automations.number"]


def upgrade() -> None:
    op.add_column("automations", sa.Column("also", sa.Text(), nullable=False, server_default="[]"))
    op.add_column("automations", sa.Column("quiet", sa.Text(), nullable=True, server_default="PT1H"))
    op.add_column("automations", sa.Column("day_cap", sa.Integer(), nullable=False, server_default="100"))
    op.add_column("automations", sa.Column("created_by", sa.Text(), nullable=False, server_default=""))
    for name in ("schedule", "confirmed", "confirmed_by"):
        op.add_column("automations", sa.Column(name, sa.Text(), nullable=True))
    for name in ("next_at", "switched_on_at", "confirmed_at", "deleted_at"):
        op.add_column("automations", sa.Column(name, INSTANT, nullable=True))
    op.create_index("ix_automations_next_at", "automations", ["next_at"], unique=False)
    _runs()
    _triggers()
    _steps()
    _evaluations()
    _webhooks()
    _carry_over()


def _runs() -> None:
    op.add_column("automation_runs", sa.Column("occurred_at", INSTANT, nullable=True))
    op.add_column("automation_runs", sa.Column("trigger", sa.Text(), nullable=True))
    op.add_column("automation_runs", sa.Column("payment", sa.Text(), nullable=True))
    op.add_column("automation_runs", sa.Column("chain", sa.Text(), nullable=False, server_default="[]"))
    columns = ["workspace_id", "automation", "started_at"]
    op.create_index("ix_automation_runs_started_at", "automation_runs", columns, unique=False)


def _triggers() -> None:
    op.create_table(
        "automation_triggers",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("trigger", sa.Text(), nullable=False),
        sa.Column("automation", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], OF_WORKSPACE, name="fk_automation_triggers_workspace_id"),
        sa.ForeignKeyConstraint(
            ["workspace_id", "automation"], OF_AUTOMATION, name="fk_automation_triggers_workspace_id_automation"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "trigger", "automation", name="pk_automation_triggers"),
    )


def _steps() -> None:
    op.create_table(
        "automation_steps",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("proposal", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], OF_WORKSPACE, name="fk_automation_steps_workspace_id"),
        sa.PrimaryKeyConstraint("workspace_id", "run", "position", name="pk_automation_steps"),
    )
    op.create_index("ix_automation_steps_state", "automation_steps", ["workspace_id", "state"], unique=False)


def _evaluations() -> None:
    position = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "automation_evaluations",
        sa.Column("position", position, autoincrement=True, nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("automation", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("trigger", sa.Text(), nullable=False),
        sa.Column("invoice", sa.Text(), nullable=False),
        sa.Column("evaluated_at", INSTANT, nullable=False),
        sa.Column("run", sa.Text(), nullable=True),
        sa.Column("unmet", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], OF_WORKSPACE, name="fk_automation_evaluations_workspace_id"),
        sa.PrimaryKeyConstraint("position", name="pk_automation_evaluations"),
        sa.UniqueConstraint(
            "workspace_id", "automation", "event", name="uq_automation_evaluations_workspace_id_automation_event"
        ),
    )
    op.create_index("ix_automation_evaluations_evaluated_at", "automation_evaluations", ["evaluated_at"], unique=False)


def _webhooks() -> None:
    op.create_table(
        "webhook_endpoints",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("sealed_secret", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("disabled_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], OF_WORKSPACE, name="fk_webhook_endpoints_workspace_id"),
        sa.PrimaryKeyConstraint("workspace_id", "url", name="pk_webhook_endpoints"),
    )


def _carry_over() -> None:
    """Let what there is listen on, from now: what fell due before ran already under the keys of its time."""
    connection = op.get_bind()
    names = ("workspace_id", "number", "trigger", "active", "switched_on_at")
    automations = sa.table("automations", *map(sa.column, names[:4]), sa.column("switched_on_at", INSTANT))
    triggers = sa.table("automation_triggers", *map(sa.column, ("workspace_id", "trigger", "automation")))
    kept = sa.select(automations.c.workspace_id, automations.c.trigger, automations.c.number)
    connection.execute(triggers.insert().from_select(["workspace_id", "trigger", "automation"], kept))
    now = datetime.now(UTC)
    since = now.replace(tzinfo=None) if connection.dialect.name == "sqlite" else now
    connection.execute(automations.update().values(switched_on_at=since))
