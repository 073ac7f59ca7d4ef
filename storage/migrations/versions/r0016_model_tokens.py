"""What a model read and wrote for a message, so that nobody's chat costs without end."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.add_column("turns", sa.Column("model_tokens", sa.Integer(), nullable=False, server_default="0"))
    op.create_index("ix_turns_member", "turns", ["workspace_id", "member", "said_at"])
