"""What became of each mail, portals whose addresses are kept as digests, copies, and payments in parts."""

import hashlib
import secrets

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("contacts", sa.Column("cc", sa.Text(), nullable=False, server_default="[]"))
    op.add_column("contacts", sa.Column("reminders_paused", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("invoices", sa.Column("least_part_amount", sa.BigInteger(), nullable=True))
    op.add_column("invoices", sa.Column("least_part_currency", sa.Text(), nullable=True))
    op.add_column("workspaces", sa.Column("receipts", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("workspaces", sa.Column("portal_days", sa.Integer(), nullable=True))
    op.add_column("workspaces", sa.Column("least_part_percent", sa.Integer(), nullable=True))
    _portal_links()
    _mails()
    _keep_digests()


def _portal_links() -> None:
    op.create_table(
        "portal_links",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=True),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "contact"],
            ["contacts.workspace_id", "contacts.number"],
            name="fk_portal_links_workspace_id_contact",
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_portal_links_workspace_id"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_portal_links"),
    )
    op.create_index("ix_portal_links_contact", "portal_links", ["workspace_id", "contact"], unique=False)


def _mails() -> None:
    words = ("invoice", "template", "to", "cc", "state", "message_id", "reason", "conversation")
    op.create_table(
        "mails",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in words),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("leaves_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "invoice"],
            ["invoices.workspace_id", "invoices.number"],
            name="fk_mails_workspace_id_invoice",
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_mails_workspace_id"),
        sa.PrimaryKeyConstraint("workspace_id", "key", name="pk_mails"),
    )
    op.create_index("ix_mails_invoice", "mails", ["workspace_id", "invoice"], unique=False)


def _keep_digests() -> None:
    """Take the addresses that clients have along, as digests, and the plain ones out of the database."""
    connection = op.get_bind()
    contacts = sa.table("contacts", *map(sa.column, ("workspace_id", "number", "portal_token", "created_at")))
    links = sa.table("portal_links", *map(sa.column, ("token_hash", "workspace_id", "contact", "created_at")))
    for workspace, number, token, created_at in connection.execute(sa.select(contacts)).all():
        digest = hashlib.sha256(token.encode()).hexdigest()
        connection.execute(
            links.insert().values(token_hash=digest, workspace_id=workspace, contact=number, created_at=created_at),
        )
        mine = sa.and_(contacts.c.workspace_id == workspace, contacts.c.number == number)
        connection.execute(
            contacts.update().where(mine).values(portal_token=f"retired:{secrets.token_hex(8)}"),
        )
