"""Where news goes beside the channels of its events, and who was asked to talk to somebody."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

INSTANT = sa.DateTime(timezone=True)
OF_WORKSPACE = ["workspaces.id"]


def upgrade() -> None:
    op.create_table(
        "news_settings",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("people", sa.Text(), nullable=True),
        sa.Column("digest_channel", sa.Text(), nullable=True),
        sa.Column("digest_hour", sa.Integer(), nullable=True),
        sa.Column("digest_set_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], OF_WORKSPACE, name="fk_news_settings_workspace_id"),
        sa.PrimaryKeyConstraint("workspace_id", name="pk_news_settings"),
    )
    op.create_table(
        "deal_routes",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("opportunity", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], OF_WORKSPACE, name="fk_deal_routes_workspace_id"),
        sa.ForeignKeyConstraint(
            ["workspace_id", "opportunity"],
            ["opportunities.workspace_id", "opportunities.number"],
            name="fk_deal_routes_workspace_id_opportunity",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "opportunity", name="pk_deal_routes"),
    )
    op.create_table(
        "hand_overs",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("ordinal", sa.BigInteger(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("taken_by", sa.Text(), nullable=True),
        sa.Column("taken_at", INSTANT, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("request_key", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], OF_WORKSPACE, name="fk_hand_overs_workspace_id"),
        sa.PrimaryKeyConstraint("workspace_id", "number", name="pk_hand_overs"),
        sa.UniqueConstraint("workspace_id", "request_key", name="uq_hand_overs_workspace_id_request_key"),
    )
    op.create_index("ix_hand_overs_conversation", "hand_overs", ["workspace_id", "conversation"], unique=False)
