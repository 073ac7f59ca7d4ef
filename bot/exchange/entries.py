"""The entries of an exchange document: what each kind of record looks like in JSON. Unknown fields are refused.

Left out is the same as null. Amounts are decimal strings in major units of the record's currency: an invoice's is
its opportunity's unless it says another, an opportunity's is the workspace's.
"""

# Pydantic reads every annotation here at run time.
# ruff: noqa: TC001

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StrictBool

from billing.automations import Trigger
from billing.invoices import InvoiceKind, InvoiceStatus
from billing.opportunities import Stage
from billing.payments import Interval
from billing.roles import Role
from billing.workspaces import LONGEST_PORTAL
from bot.exchange.entry import Entry
from bot.exchange.forms import (
    ContactNumber,
    CountryCode,
    Currency,
    Date,
    Digest,
    Identifier,
    Instant,
    InvoiceNumber,
    Locale,
    OpportunityNumber,
    OrderNumber,
    ProductNumber,
    TimeZone,
    Token,
)
from bot.exchange.money_entries import PaymentLinkEntry, SubscriptionEntry
from bot.exchange.paper_entries import ContactPaper, InvoicePaper
from bot.exchange.reminders import WithReminders
from skills.arguments import Channel, Email, Name, Phone, Text


class WorkspaceEntry(Entry):
    """The business itself."""

    name: Name
    currency: Currency
    country: CountryCode
    locale: Locale
    timezone: TimeZone
    payment_terms_days: Annotated[int, Field(strict=True, ge=0, le=365)] = 14
    receipts: StrictBool = True
    portal_days: Annotated[int, Field(strict=True, ge=1, le=LONGEST_PORTAL)] | None = None
    least_part_percent: Annotated[int, Field(strict=True, ge=1, le=100)] | None = None
    id: Identifier | None = None
    slack_team_id: Identifier | None = None
    created_at: Instant | None = None


class MemberEntry(Entry):
    """A person of the business."""

    name: Name
    role: Role
    slack_user_id: Identifier | None = None


class ChannelEntry(Entry):
    """A channel."""

    name: Channel
    slack_channel_id: Identifier | None = None


class NotificationEntry(Entry):
    """Which channel is told of which event."""

    event: Trigger
    channel: Channel


class PortalLinkEntry(Entry):
    """An address of a client's portal, as what tells it again: it opens the portal there as it did here."""

    token_hash: Digest
    created_at: Instant
    expires_at: Instant | None = None
    revoked_at: Instant | None = None


class ContactEntry(ContactPaper):
    """A client. `portal_token` is one that the client has already, from before; what comes out are `portal_links`."""

    number: ContactNumber
    name: Name
    company: Name | None = None
    email: Email | None = None
    phone: Phone | None = None
    cc: tuple[Email, ...] = ()
    reminders_paused: StrictBool = False
    portal_token: Token | None = None
    portal_links: tuple[PortalLinkEntry, ...] = ()
    created_at: Instant | None = None


class OpportunityEntry(Entry):
    """A deal."""

    number: OpportunityNumber
    name: Name
    contact: ContactNumber | None = None
    amount: str | None = None
    currency: Currency | None = None
    stage: Stage = Stage.LEAD
    created_at: Instant | None = None


class InvoiceEntry(InvoicePaper, WithReminders):
    """An invoice of an `amount`, of `lines`, or of both where they agree.

    `past_links` are the links it had before `payment_link`, oldest first.
    """

    number: InvoiceNumber
    opportunity: OpportunityNumber
    kind: InvoiceKind = InvoiceKind.STANDARD
    amount: str | None = None
    currency: Currency | None = None
    due: Date
    status: InvoiceStatus = InvoiceStatus.DRAFT
    contact: ContactNumber | None = None
    description: Text | None = None
    paid: str | None = None
    least_part: str | None = None
    issued: Date | None = None
    sent_at: Instant | None = None
    paid_at: Instant | None = None
    created_at: Instant | None = None
    pay_token: Token | None = None
    payment_link: PaymentLinkEntry | None = None
    past_links: tuple[PaymentLinkEntry, ...] = ()
    subscription: SubscriptionEntry | None = None


class ProductEntry(Entry):
    """Something sold at a fixed price."""

    number: ProductNumber
    name: Name
    amount: str
    currency: Currency | None = None
    interval: Interval | None = None


class OrderEntry(Entry):
    """A sale of a product."""

    number: OrderNumber
    product: ProductNumber
    contact: ContactNumber | None = None
    amount: str
    currency: Currency | None = None
    stage: Literal["new", "packed", "shipped", "done", "cancelled"]
    created: Date
