"""How recorded money came, and which links a person switched off."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("payments", sa.Column("method", sa.Text(), nullable=True))
    op.add_column("payment_links", sa.Column("switched_off_at", sa.DateTime(timezone=True), nullable=True))
