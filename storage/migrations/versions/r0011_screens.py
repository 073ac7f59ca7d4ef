"""What stands on people's screens and has to change with the records."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "screens",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_screens_workspace_id"),
        sa.PrimaryKeyConstraint("workspace_id", "place", name="pk_screens"),
    )
    op.create_index("ix_screens_about", "screens", ["workspace_id", "about", "shown_at"], unique=False)
