"""The first tables: business, books, money, talk and the two queues."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

INSTANT = sa.DateTime(timezone=True)
POSITION = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    _inbox()
    _workspaces()
    _audit_entries()
    _automations()
    _channels()
    _connect_requests()
    _contacts()
    _conversations()
    _members()
    _notification_routes()
    _outbox()
    _proposals()
    _sequences()
    _stripe_connections()
    _turns()
    _automation_runs()
    _opportunities()
    _invoices()
    _payment_links()
    _payments()


def _inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("position", POSITION, autoincrement=True, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("next_attempt_at", INSTANT, nullable=False),
        sa.Column("leased_until", INSTANT, nullable=True),
        sa.Column("done_at", INSTANT, nullable=True),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_inbox"),
        sa.UniqueConstraint("source", "key", name="uq_inbox_source_key"),
    )
    op.create_index("ix_inbox_lane", "inbox", ["source", "lane", "state", "position"], unique=False)
    op.create_index("ix_inbox_state", "inbox", ["state", "position"], unique=False)


def _workspaces() -> None:
    op.create_table(
        "workspaces",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("slack_team_id", sa.Text(), nullable=True),
        sa.Column("payment_terms_days", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_workspaces"),
        sa.UniqueConstraint("slack_team_id", name="uq_workspaces_slack_team_id"),
    )


def _audit_entries() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("position", POSITION, autoincrement=True, nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("front", sa.Text(), nullable=False),
        sa.Column("skill", sa.Text(), nullable=False),
        sa.Column("arguments", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("proposal", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_audit_entries_workspace_id"),
        sa.PrimaryKeyConstraint("position", name="pk_audit_entries"),
        sa.UniqueConstraint("workspace_id", "key", name="uq_audit_entries_workspace_id_key"),
    )


def _automations() -> None:
    op.create_table(
        "automations",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("ordinal", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("trigger", sa.Text(), nullable=False),
        sa.Column("actions", sa.Text(), nullable=False),
        sa.Column("where", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("request_key", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_automations_workspace_id"),
        sa.PrimaryKeyConstraint("workspace_id", "number", name="pk_automations"),
        sa.UniqueConstraint("workspace_id", "request_key", name="uq_automations_workspace_id_request_key"),
    )


def _channels() -> None:
    op.create_table(
        "channels",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("slack_channel_id", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_channels_workspace_id"),
        sa.PrimaryKeyConstraint("workspace_id", "name", name="pk_channels"),
    )


def _connect_requests() -> None:
    op.create_table(
        "connect_requests",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("state_hash", sa.Text(), nullable=True),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_connect_requests_workspace_id"),
        sa.PrimaryKeyConstraint("workspace_id", "token_hash", name="pk_connect_requests"),
        sa.UniqueConstraint("state_hash", name="uq_connect_requests_state_hash"),
        sa.UniqueConstraint("token_hash", name="uq_connect_requests_token_hash"),
    )


def _contacts() -> None:
    op.create_table(
        "contacts",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("ordinal", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("portal_token", sa.Text(), nullable=False),
        sa.Column("company", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("request_key", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_contacts_workspace_id"),
        sa.PrimaryKeyConstraint("workspace_id", "number", name="pk_contacts"),
        sa.UniqueConstraint("portal_token", name="uq_contacts_portal_token"),
        sa.UniqueConstraint("workspace_id", "request_key", name="uq_contacts_workspace_id_request_key"),
    )


def _conversations() -> None:
    op.create_table(
        "conversations",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_conversations_workspace_id"),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="pk_conversations"),
    )


def _members() -> None:
    op.create_table(
        "members",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("slack_user_id", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_members_workspace_id"),
        sa.PrimaryKeyConstraint("workspace_id", "name", name="pk_members"),
        sa.UniqueConstraint("workspace_id", "slack_user_id", name="uq_members_workspace_id_slack_user_id"),
    )


def _notification_routes() -> None:
    op.create_table(
        "notification_routes",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_notification_routes_workspace_id"),
        sa.PrimaryKeyConstraint("workspace_id", "event", name="pk_notification_routes"),
    )


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("position", POSITION, autoincrement=True, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("next_attempt_at", INSTANT, nullable=False),
        sa.Column("leased_until", INSTANT, nullable=True),
        sa.Column("done_at", INSTANT, nullable=True),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("not_before", INSTANT, nullable=True),
        sa.Column("receipt", sa.Text(), nullable=True),
        sa.Column("delivery", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_outbox_workspace_id"),
        sa.PrimaryKeyConstraint("position", name="pk_outbox"),
        sa.UniqueConstraint("workspace_id", "delivery", name="uq_outbox_workspace_id_delivery"),
        sa.UniqueConstraint("workspace_id", "key", name="uq_outbox_workspace_id_key"),
    )
    op.create_index("ix_outbox_lane", "outbox", ["workspace_id", "lane", "state", "position"], unique=False)
    op.create_index("ix_outbox_state", "outbox", ["state", "position"], unique=False)


def _proposals() -> None:
    op.create_table(
        "proposals",
        sa.Column("position", POSITION, autoincrement=True, nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("calls", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("confirmed_by", sa.Text(), nullable=True),
        sa.Column("confirmed_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_proposals_workspace_id"),
        sa.PrimaryKeyConstraint("position", name="pk_proposals"),
        sa.UniqueConstraint("workspace_id", "id", name="uq_proposals_workspace_id_id"),
    )
    op.create_index(
        "ix_proposals_pending", "proposals", ["workspace_id", "conversation", "member", "state"], unique=False
    )


def _sequences() -> None:
    op.create_table(
        "sequences",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_sequences_workspace_id"),
        sa.PrimaryKeyConstraint("workspace_id", "kind", name="pk_sequences"),
    )


def _stripe_connections() -> None:
    op.create_table(
        "stripe_connections",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("stripe_account_id", sa.Text(), nullable=False),
        sa.Column("livemode", sa.Boolean(), nullable=False),
        sa.Column("direct", sa.Boolean(), nullable=False),
        sa.Column("connected_at", INSTANT, nullable=False),
        sa.Column("connected_by", sa.Text(), nullable=False),
        sa.Column("business_name", sa.Text(), nullable=False),
        sa.Column("disconnected_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_stripe_connections_workspace_id"),
        sa.PrimaryKeyConstraint("workspace_id", "stripe_account_id", "livemode", name="pk_stripe_connections"),
    )
    op.create_index(
        "ix_stripe_connections_account",
        "stripe_connections",
        ["stripe_account_id", "livemode"],
        unique=True,
        sqlite_where=sa.text("disconnected_at IS NULL"),
        postgresql_where=sa.text("disconnected_at IS NULL"),
    )
    op.create_index(
        "ix_stripe_connections_active",
        "stripe_connections",
        ["workspace_id"],
        unique=True,
        sqlite_where=sa.text("disconnected_at IS NULL"),
        postgresql_where=sa.text("disconnected_at IS NULL"),
    )


def _turns() -> None:
    op.create_table(
        "turns",
        sa.Column("position", POSITION, autoincrement=True, nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("said_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_turns_workspace_id"),
        sa.PrimaryKeyConstraint("position", name="pk_turns"),
        sa.UniqueConstraint("workspace_id", "key", name="uq_turns_workspace_id_key"),
    )
    op.create_index("ix_turns_conversation", "turns", ["workspace_id", "conversation", "position"], unique=False)


def _automation_runs() -> None:
    op.create_table(
        "automation_runs",
        sa.Column("position", POSITION, autoincrement=True, nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("automation", sa.Text(), nullable=False),
        sa.Column("invoice", sa.Text(), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("outcomes", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "automation"],
            ["automations.workspace_id", "automations.number"],
            name="fk_automation_runs_workspace_id_automation",
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_automation_runs_workspace_id"),
        sa.PrimaryKeyConstraint("position", name="pk_automation_runs"),
        sa.UniqueConstraint("workspace_id", "key", name="uq_automation_runs_workspace_id_key"),
    )


def _opportunities() -> None:
    op.create_table(
        "opportunities",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("ordinal", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("value_amount", sa.BigInteger(), nullable=True),
        sa.Column("value_currency", sa.Text(), nullable=True),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("request_key", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "contact"],
            ["contacts.workspace_id", "contacts.number"],
            name="fk_opportunities_workspace_id_contact",
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_opportunities_workspace_id"),
        sa.PrimaryKeyConstraint("workspace_id", "number", name="pk_opportunities"),
        sa.UniqueConstraint("workspace_id", "request_key", name="uq_opportunities_workspace_id_request_key"),
    )


def _invoices() -> None:
    op.create_table(
        "invoices",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("ordinal", sa.BigInteger(), nullable=False),
        sa.Column("opportunity", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("total_amount", sa.BigInteger(), nullable=False),
        sa.Column("total_currency", sa.Text(), nullable=False),
        sa.Column("paid_amount", sa.BigInteger(), nullable=False),
        sa.Column("paid_currency", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("sent_at", INSTANT, nullable=True),
        sa.Column("paid_at", INSTANT, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("request_key", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "contact"],
            ["contacts.workspace_id", "contacts.number"],
            name="fk_invoices_workspace_id_contact",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "opportunity"],
            ["opportunities.workspace_id", "opportunities.number"],
            name="fk_invoices_workspace_id_opportunity",
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_invoices_workspace_id"),
        sa.PrimaryKeyConstraint("workspace_id", "number", name="pk_invoices"),
        sa.UniqueConstraint("token", name="uq_invoices_token"),
        sa.UniqueConstraint("workspace_id", "request_key", name="uq_invoices_workspace_id_request_key"),
    )
    op.create_index("ix_invoices_opportunity", "invoices", ["workspace_id", "opportunity"], unique=False)


def _payment_links() -> None:
    op.create_table(
        "payment_links",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("invoice", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("interval", sa.Text(), nullable=False),
        sa.Column("interval_count", sa.Integer(), nullable=False),
        sa.Column("money_amount", sa.BigInteger(), nullable=False),
        sa.Column("money_currency", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("stripe_payment_link_id", sa.Text(), nullable=True),
        sa.Column("stripe_account_id", sa.Text(), nullable=True),
        sa.Column("livemode", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "invoice"],
            ["invoices.workspace_id", "invoices.number"],
            name="fk_payment_links_workspace_id_invoice",
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_payment_links_workspace_id"),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="pk_payment_links"),
    )
    op.create_index(
        "ix_payment_links_active",
        "payment_links",
        ["workspace_id", "invoice"],
        unique=True,
        sqlite_where=sa.text("active"),
        postgresql_where=sa.text("active"),
    )
    op.create_index("ix_payment_links_invoice", "payment_links", ["workspace_id", "invoice"], unique=False)


def _payments() -> None:
    op.create_table(
        "payments",
        sa.Column("position", POSITION, autoincrement=True, nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("money_amount", sa.BigInteger(), nullable=False),
        sa.Column("money_currency", sa.Text(), nullable=False),
        sa.Column("occurred_at", INSTANT, nullable=False),
        sa.Column("stripe_account_id", sa.Text(), nullable=False),
        sa.Column("stripe_object_id", sa.Text(), nullable=False),
        sa.Column("livemode", sa.Boolean(), nullable=False),
        sa.Column("invoice", sa.Text(), nullable=True),
        sa.Column("contact", sa.Text(), nullable=True),
        sa.Column("payer", sa.Text(), nullable=False),
        sa.Column("failure_message", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "contact"],
            ["contacts.workspace_id", "contacts.number"],
            name="fk_payments_workspace_id_contact",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "invoice"],
            ["invoices.workspace_id", "invoices.number"],
            name="fk_payments_workspace_id_invoice",
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_payments_workspace_id"),
        sa.PrimaryKeyConstraint("position", name="pk_payments"),
        sa.UniqueConstraint("workspace_id", "id", name="uq_payments_workspace_id_id"),
        sa.UniqueConstraint(
            "workspace_id",
            "stripe_account_id",
            "stripe_object_id",
            name="uq_payments_workspace_id_stripe_account_id_stripe_object_id",
        ),
    )
    op.create_index("ix_payments_invoice", "payments", ["workspace_id", "invoice"], unique=False)
    op.create_index("ix_payments_occurred_at", "payments", ["workspace_id", "occurred_at"], unique=False)
