"""What can be read and written in one workspace, as one database transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from billing.contacts import Contact
    from billing.credits import CreditNote
    from billing.hand_overs import HandOver
    from billing.invoices import Invoice
    from billing.opportunities import Opportunity
    from billing.ports.automating import AutomationRecords, Webhooks
    from billing.ports.duties import Duties
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
    from billing.queues import OutboxMessage


class Transaction(Protocol):
    """One database transaction in one workspace. It commits at the end of its block, or not at all.

    `chain` names the automations whose doing it is, the first one first; it is empty where people or Stripe act.
    """

    workspace_id: str
    chain: tuple[str, ...]
    contacts: Records[Contact]
    opportunities: Records[Opportunity]
    invoices: Records[Invoice]
    credit_notes: Records[CreditNote]
    automations: AutomationRecords
    names: NameRecords
    webhooks: Webhooks
    links: PaymentLinks
    payments: Payments
    subscriptions: Subscriptions
    business: BusinessRecords
    mails: Mails
    portals: Portals
    reminders: Reminders
    reports: Reports
    people: People
    connections: Connections
    tickets: PageTickets
    installations: Installations
    news: NewsRecords
    hand_overs: Records[HandOver]
    screens: Screens
    duties: Duties
    talk: Talk
    privacy: Privacy

    def now(self) -> datetime:
        """Return the time by the store's clock, aware, in UTC."""

    def send(self, message: OutboxMessage) -> bool:
        """Put a message into the outbox unless one of that key is there; say whether it is new."""

    def send_all(self, messages: Sequence[OutboxMessage]) -> None:
        """Put messages into the outbox, but for those whose keys are there."""
