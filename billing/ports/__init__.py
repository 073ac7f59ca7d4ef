"""What the domain and the skills need from outside, as protocols; `storage` and `integrations` implement them."""

from billing.ports.automating import AutomationRecords, Webhooks
from billing.ports.duties import Duties
from billing.ports.gateways import ConnectedAccount, Gateways, PaymentGateway
from billing.ports.naming import NameRecords
from billing.ports.news import NewsRecords
from billing.ports.pages import PageTickets
from billing.ports.privacy import Privacy
from billing.ports.records import (
    BusinessRecords,
    Connections,
    Installations,
    Mails,
    PaymentLinks,
    Payments,
    People,
    Portals,
    Records,
    Subscriptions,
    Talk,
)
from billing.ports.reminders import Reminders
from billing.ports.reports import Reports
from billing.ports.screens import Screens
from billing.ports.store import Directory, Store
from billing.ports.surroundings import Clock, Formats, Links, Printer
from billing.ports.transaction import Transaction

__all__ = [
    "AutomationRecords",
    "BusinessRecords",
    "Clock",
    "ConnectedAccount",
    "Connections",
    "Directory",
    "Duties",
    "Formats",
    "Gateways",
    "Installations",
    "Links",
    "Mails",
    "NameRecords",
    "NewsRecords",
    "PageTickets",
    "PaymentGateway",
    "PaymentLinks",
    "Payments",
    "People",
    "Portals",
    "Printer",
    "Privacy",
    "Records",
    "Reminders",
    "Reports",
    "Screens",
    "Store",
    "Subscriptions",
    "Talk",
    "Transaction",
    "Webhooks",
]
