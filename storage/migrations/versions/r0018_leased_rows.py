"""The few rows of a queue that somebody holds, so that SQLite finds them among a million that are done."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    for queue in ("inbox", "outbox"):
        op.create_index(f"ix_{queue}_leased", queue, ["leased_until"], sqlite_where=sa.text("leased_until IS NOT NULL"))
