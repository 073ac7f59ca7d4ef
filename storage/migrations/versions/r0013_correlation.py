"""What a row of a queue follows from, so that one request is found in every log line and in both queues."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    for queue in ("inbox", "outbox"):
        # A version that does not know the column goes on writing rows.
        op.add_column(queue, sa.Column("correlation", sa.Text(), nullable=False, server_default=""))
