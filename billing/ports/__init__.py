"""What the domain and the skills need from outside, as protocols; `storage` and `integrations` implement them."""

from billing.ports.gateways import ConnectedAccount, Gateways, PaymentGateway
from billing.ports.pages import PageTickets
from billing.ports.records import (
    AutomationRecords,
    BusinessRecords,
    Connections,
    Installations,
    PaymentLinks,
    Payments,
    People,
    Records,
    Subscriptions,
    Talk,
)
from billing.ports.reminders import Reminders
from billing.ports.reports import Reports
from billing.ports.store import Directory, Store, Transaction
from billing.ports.surroundings import Clock, Formats, Links

__all__ = [
    "AutomationRecords",
    "BusinessRecords",
    "Clock",
    "ConnectedAccount",
    "Connections",
    "Directory",
    "Formats",
    "Gateways",
    "Installations",
    "Links",
    "PageTickets",
    "PaymentGateway",
    "PaymentLinks",
    "Payments",
    "People",
    "Records",
    "Reminders",
    "Reports",
    "Store",
    "Subscriptions",
    "Talk",
    "Transaction",
]
