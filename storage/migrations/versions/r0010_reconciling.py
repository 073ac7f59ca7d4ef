"""Until when an account's events were asked for, and what a payer was shown in another currency."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("stripe_connections", sa.Column("reconciled_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("payments", sa.Column("presented_amount", sa.BigInteger(), nullable=True))
    op.add_column("payments", sa.Column("presented_currency", sa.Text(), nullable=True))
