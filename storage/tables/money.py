"""Ways to pay and money that moved."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Boolean, Column, Index, Integer, Table, UniqueConstraint

from billing.payments import Interval, PaymentMethod, PaymentStatus, PaymentType
from billing.subscriptions import SubscriptionStatus
from storage.tables.columns import METADATA, money_columns, position_column, reference, workspace_column
from storage.types import Instant, Word, Words

payment_links: Final = Table(
    "payment_links",
    METADATA,
    workspace_column(),
    Column("id", Words, primary_key=True),
    Column("invoice", Words, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("interval", Word(Interval), nullable=False),
    Column("interval_count", Integer, nullable=False),
    *money_columns("money"),
    Column("fingerprint", Words, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("url", Words),
    Column("stripe_payment_link_id", Words),
    Column("stripe_account_id", Words),
    Column("livemode", Boolean, nullable=False),
    Column("switched_off_at", Instant),
    reference("invoice", "invoices"),
    Index("ix_payment_links_invoice", "workspace_id", "invoice"),
)
Index(
    "ix_payment_links_active",
    payment_links.c.workspace_id,
    payment_links.c.invoice,
    unique=True,
    sqlite_where=payment_links.c.active,
    postgresql_where=payment_links.c.active,
)

payments: Final = Table(
    "payments",
    METADATA,
    position_column(),
    workspace_column(primary_key=False),
    Column("id", Words, nullable=False),
    Column("type", Word(PaymentType), nullable=False),
    Column("status", Word(PaymentStatus), nullable=False),
    *money_columns("money"),
    Column("occurred_at", Instant, nullable=False),
    Column("stripe_account_id", Words, nullable=False),
    Column("stripe_object_id", Words, nullable=False),
    Column("livemode", Boolean, nullable=False),
    Column("invoice", Words),
    Column("contact", Words),
    Column("payer", Words, nullable=False),
    Column("failure_message", Words, nullable=False),
    Column("method", Word(PaymentMethod)),
    Column("reverses", Words),
    Column("reason", Words, nullable=False, server_default=""),
    Column("observed_at", Instant),
    *money_columns("fee", nullable=True),
    *money_columns("net", nullable=True),
    *money_columns("presented", nullable=True),
    UniqueConstraint("workspace_id", "id"),
    UniqueConstraint("workspace_id", "stripe_account_id", "stripe_object_id"),
    reference("invoice", "invoices"),
    reference("contact", "contacts"),
    # The log is read newest first, whatever it is filtered by: each index holds its lines in that order.
    *(
        Index(f"ix_payments_log{''.join(f'_{name}' for name in by)}", "workspace_id", *by, "occurred_at", "position")
        for by in (("type",), ("contact",), ("contact", "type"), ("invoice",))
    ),
    # This one is also what the whole log is added up from, without a look at its 200,000 lines.
    Index(
        "ix_payments_log",
        *("workspace_id", "occurred_at", "position"),
        *("type", "status", "money_currency", "money_amount"),
    ),
)

subscriptions: Final = Table(
    "subscriptions",
    METADATA,
    workspace_column(),
    Column("stripe_account_id", Words, primary_key=True),
    Column("stripe_subscription_id", Words, primary_key=True),
    Column("livemode", Boolean, nullable=False),
    Column("invoice", Words, nullable=False),
    Column("status", Word(SubscriptionStatus), nullable=False),
    Column("interval", Word(Interval), nullable=False),
    Column("interval_count", Integer, nullable=False),
    *money_columns("money"),
    Column("started_at", Instant, nullable=False),
    Column("current_period_end", Instant),
    Column("cancel_at_period_end", Boolean, nullable=False),
    Column("observed_at", Instant),
    Column("ended_at", Instant),
    reference("invoice", "invoices"),
    Index("ix_subscriptions_invoice", "workspace_id", "invoice"),
)
