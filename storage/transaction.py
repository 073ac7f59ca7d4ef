"""One database transaction in one workspace, with everything that can be read and written in it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from billing.correlation import current
from storage import mappers
from storage.automations import SqlAutomations, SqlWebhooks
from storage.business import SqlBusiness
from storage.duties import SqlDuties
from storage.mail import SqlMails, SqlPortals
from storage.names import SqlNames, count_all
from storage.news import SqlNews
from storage.pages import SqlPageTickets
from storage.payments import SqlPaymentLinks, SqlPayments, SqlSubscriptions
from storage.people import SqlConnections, SqlInstallations, SqlPeople
from storage.privacy import SqlPrivacy
from storage.records import CONTACTS, CREDIT_NOTES, HAND_OVERS, INVOICES, OPPORTUNITIES, SqlRecords
from storage.reminders import SqlReminders
from storage.reports import SqlReports
from storage.rows import Rows
from storage.screens import SqlScreens
from storage.talk import SqlTalk

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from billing.contacts import Contact
    from billing.credits import CreditNote
    from billing.hand_overs import HandOver
    from billing.invoices import Invoice
    from billing.opportunities import Opportunity
    from billing.ports import (
        AutomationRecords,
        BusinessRecords,
        Clock,
        Connections,
        Duties,
        Installations,
        Mails,
        NameRecords,
        NewsRecords,
        PaymentLinks,
        Payments,
        People,
        Portals,
        Records,
        Reminders,
        Reports,
        Screens,
        Subscriptions,
        Talk,
        Webhooks,
    )
    from billing.ports.pages import PageTickets
    from billing.ports.privacy import Privacy
    from billing.queues import OutboxMessage


class SqlTransaction:
    """The repositories of one workspace on one connection (`billing.ports.Transaction`)."""

    def __init__(self, connection: Connection, workspace_id: str, clock: Clock) -> None:
        self.workspace_id: str = workspace_id
        self.chain: tuple[str, ...] = ()
        self._clock = clock
        self._names = SqlNames(connection, workspace_id)
        self.names: NameRecords = self._names
        touched = self._names.touch
        self.contacts: Records[Contact] = SqlRecords(
            connection, mappers.CONTACT, CONTACTS, workspace_id, partial(touched, "contact")
        )
        self.opportunities: Records[Opportunity] = SqlRecords(
            connection, mappers.OPPORTUNITY, OPPORTUNITIES, workspace_id, partial(touched, "opportunity")
        )
        self.invoices: Records[Invoice] = SqlRecords(
            connection, mappers.INVOICE, INVOICES, workspace_id, partial(touched, "invoice")
        )
        self.credit_notes: Records[CreditNote] = SqlRecords(connection, mappers.CREDIT_NOTE, CREDIT_NOTES, workspace_id)
        self.automations: AutomationRecords = SqlAutomations(connection, workspace_id, partial(touched, "automation"))
        self.webhooks: Webhooks = SqlWebhooks(connection, workspace_id)
        self.links: PaymentLinks = SqlPaymentLinks(connection, workspace_id, partial(touched, "invoice"))
        self.payments: Payments = SqlPayments(connection, workspace_id)
        self.subscriptions: Subscriptions = SqlSubscriptions(connection, workspace_id)
        self.business: BusinessRecords = SqlBusiness(connection, workspace_id)
        self.mails: Mails = SqlMails(connection, workspace_id)
        self.portals: Portals = SqlPortals(connection, workspace_id)
        self.reminders: Reminders = SqlReminders(connection, workspace_id)
        self.reports: Reports = SqlReports(connection, workspace_id)
        self.people: People = SqlPeople(connection, workspace_id)
        self.connections: Connections = SqlConnections(connection, workspace_id)
        self.installations: Installations = SqlInstallations(connection, workspace_id)
        self.tickets: PageTickets = SqlPageTickets(connection, workspace_id)
        self.news: NewsRecords = SqlNews(connection, workspace_id)
        self.hand_overs: Records[HandOver] = SqlRecords(connection, mappers.HAND_OVER, HAND_OVERS, workspace_id)
        self.screens: Screens = SqlScreens(connection, workspace_id)
        self.duties: Duties = SqlDuties(connection, workspace_id)
        self.talk: Talk = SqlTalk(connection, workspace_id)
        self.privacy: Privacy = SqlPrivacy(connection, workspace_id)
        self._outbox = Rows(connection, mappers.OUTBOX, workspace_id)

    def send(self, message: OutboxMessage) -> bool:
        """Put a message into the outbox unless one of that key is there; say whether it is new."""
        due = message.not_before or message.created_at
        return self._outbox.add_if_new(message, due_at=due, next_attempt_at=due, correlation=current())

    @staticmethod
    def finish(connection: Connection, transactions: Iterable[SqlTransaction]) -> None:
        """Do what comes last before the commit of all that was done on a connection."""
        count_all(connection, [transaction._names for transaction in transactions])  # noqa: SLF001 - of this very class

    def now(self) -> datetime:
        """Return the time by the store's clock."""
        return self._clock()

    def send_all(self, messages: Sequence[OutboxMessage]) -> None:
        """Put messages into the outbox, but for those whose keys are there."""
        due = [message.not_before or message.created_at for message in messages]
        extra = [{"due_at": at, "next_attempt_at": at, "correlation": current()} for at in due]
        self._outbox.add_all_new(messages, self._outbox.columns.key, extra)
