"""What an automation was when it ran, so that nothing goes out that an admin has not confirmed."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.add_column("automation_runs", sa.Column("meaning", sa.Text(), nullable=True))
