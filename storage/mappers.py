"""Which record lies in which table, and by what it is known in its workspace."""

from __future__ import annotations

from typing import Final

from billing.automations import Automation
from billing.business import Business
from billing.contacts import Contact
from billing.conversations import AuditEntry, Conversation, Proposal, Turn
from billing.credits import CreditNote
from billing.deliveries import Delivery
from billing.hand_overs import HandOver
from billing.invoices import Invoice
from billing.news import DealRoute, NewsSettings
from billing.opportunities import Opportunity
from billing.pages import PageTicket
from billing.payments import Payment, PaymentLink
from billing.portals import PortalLink
from billing.queues import InboxEvent, OutboxMessage
from billing.reminders import ChargedFee, ReminderSchedule, ReminderStep
from billing.runs import AutomationRun, Evaluation, Step
from billing.screens import Screen
from billing.subscriptions import Subscription
from billing.webhooks import WebhookEndpoint
from billing.workspaces import (
    Channel,
    ConnectRequest,
    Member,
    NotificationRoute,
    SlackInstallation,
    StripeConnection,
    Workspace,
)
from storage import tables
from storage.mapping import Mapper

WORKSPACE: Final = Mapper(Workspace, tables.workspaces, [], scope="id")
MEMBER: Final = Mapper(Member, tables.members, ["name"])
CHANNEL: Final = Mapper(Channel, tables.channels, ["name"])
ROUTE: Final = Mapper(NotificationRoute, tables.notification_routes, ["event"])
CONNECTION: Final = Mapper(StripeConnection, tables.stripe_connections, ["stripe_account_id", "livemode"])
INSTALLATION: Final = Mapper(SlackInstallation, tables.slack_installations, ["slack_team_id"])
CONNECT_REQUEST: Final = Mapper(ConnectRequest, tables.connect_requests, ["token_hash"])
PAGE_TICKET: Final = Mapper(PageTicket, tables.page_tickets, ["token_hash"])

BUSINESS: Final = Mapper(Business, tables.businesses, [])
CONTACT: Final = Mapper(Contact, tables.contacts, ["number"])
OPPORTUNITY: Final = Mapper(Opportunity, tables.opportunities, ["number"])
INVOICE: Final = Mapper(Invoice, tables.invoices, ["number"])
CREDIT_NOTE: Final = Mapper(CreditNote, tables.credit_notes, ["number"])
AUTOMATION: Final = Mapper(Automation, tables.automations, ["number"])
RUN: Final = Mapper(AutomationRun, tables.automation_runs, ["key"])
STEP: Final = Mapper(Step, tables.automation_steps, ["run", "position"])
EVALUATION: Final = Mapper(Evaluation, tables.automation_evaluations, ["automation", "event"])
WEBHOOK: Final = Mapper(WebhookEndpoint, tables.webhook_endpoints, ["url"])

LINK: Final = Mapper(PaymentLink, tables.payment_links, ["id"])
PAYMENT: Final = Mapper(Payment, tables.payments, ["id"])
SUBSCRIPTION: Final = Mapper(Subscription, tables.subscriptions, ["stripe_account_id", "stripe_subscription_id"])

PORTAL_LINK: Final = Mapper(PortalLink, tables.portal_links, ["token_hash"])
DELIVERY: Final = Mapper(Delivery, tables.mails, ["key"])

REMINDER_SCHEDULE: Final = Mapper(ReminderSchedule, tables.reminder_schedules, [])
REMINDER_STEP: Final = Mapper(ReminderStep, tables.reminder_steps, ["invoice", "due_on", "days"])
CHARGED_FEE: Final = Mapper(ChargedFee, tables.late_fees, ["invoice", "period"])

NEWS_SETTINGS: Final = Mapper(NewsSettings, tables.news_settings, [])
DEAL_ROUTE: Final = Mapper(DealRoute, tables.deal_routes, ["opportunity"])
HAND_OVER: Final = Mapper(HandOver, tables.hand_overs, ["number"])

SCREEN: Final = Mapper(Screen, tables.screens, ["place"])
CONVERSATION: Final = Mapper(Conversation, tables.conversations, ["id"])
TURN: Final = Mapper(Turn, tables.turns, ["key"])
PROPOSAL: Final = Mapper(Proposal, tables.proposals, ["id"])
AUDIT: Final = Mapper(AuditEntry, tables.audit_entries, ["key"])

# An inbox row is nobody's until it is read: what it is known by is the sender and the sender's key.
INBOX: Final = Mapper(InboxEvent, tables.inbox, ["key"], scope="source")
OUTBOX: Final = Mapper(OutboxMessage, tables.outbox, ["key"])
