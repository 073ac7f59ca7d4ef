"""The tables. Every row names its workspace, but for the inbox: an event comes in before it is known whose it is.

Columns are named after the fields of the records; money is two columns, `…_amount` (minor units) and
`…_currency`. A `position` numbers rows in the order they were written, which the clock alone does not give.
"""

from storage.tables.automating import (
    automation_evaluations,
    automation_runs,
    automation_steps,
    automation_triggers,
    automations,
    webhook_endpoints,
)
from storage.tables.books import contacts, invoices, opportunities
from storage.tables.business import (
    channels,
    connect_requests,
    members,
    notification_routes,
    sequences,
    slack_installations,
    stripe_connections,
    workspaces,
)
from storage.tables.columns import METADATA
from storage.tables.duties import duties
from storage.tables.mail import mails, portal_links
from storage.tables.money import payment_links, payments, subscriptions
from storage.tables.naming import name_changes
from storage.tables.news import deal_routes, hand_overs, news_settings
from storage.tables.pages import page_tickets
from storage.tables.papers import businesses, credit_notes, logos
from storage.tables.queues import inbox, outbox
from storage.tables.reminders import late_fees, reminder_schedules, reminder_steps
from storage.tables.screens import screens
from storage.tables.talk import audit_entries, conversations, proposals, turns

__all__ = [
    "METADATA",
    "audit_entries",
    "automation_evaluations",
    "automation_runs",
    "automation_steps",
    "automation_triggers",
    "automations",
    "businesses",
    "channels",
    "connect_requests",
    "contacts",
    "conversations",
    "credit_notes",
    "deal_routes",
    "duties",
    "hand_overs",
    "inbox",
    "invoices",
    "late_fees",
    "logos",
    "mails",
    "members",
    "name_changes",
    "news_settings",
    "notification_routes",
    "opportunities",
    "outbox",
    "page_tickets",
    "payment_links",
    "payments",
    "portal_links",
    "proposals",
    "reminder_schedules",
    "reminder_steps",
    "screens",
    "sequences",
    "slack_installations",
    "stripe_connections",
    "subscriptions",
    "turns",
    "webhook_endpoints",
    "workspaces",
]
