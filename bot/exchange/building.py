"""From a document's entries to the domain's records, with what an entry leaves out."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from billing.contacts import Contact
from billing.documenting import headed
from billing.invoices import Invoice, InvoiceStatus
from billing.opportunities import Opportunity
from billing.payments import Interval, PaymentLink
from billing.portals import PortalLink, digest
from billing.roles import Role
from billing.subscriptions import Subscription
from bot.exchange.amounts import CLOSED_BY_PAYMENT, amount_at, paid_of
from bot.exchange.automating import build_automation
from bot.exchange.movements import marked, payments_of
from bot.exchange.paperwork import address_of, asked_of, business_of, letterhead_of, note_of
from bot.exchange.refusal import DocumentRefused
from bot.exchange.reminders import charged_fees

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from billing.automations import Automation
    from billing.business import Business
    from billing.credits import CreditNote
    from billing.letterheads import Letterhead
    from billing.payments import Payment
    from billing.reminders import ChargedFee
    from billing.workspaces import Member, Workspace
    from bot.exchange.document import Document
    from bot.exchange.entries import (
        ContactEntry,
        InvoiceEntry,
        OpportunityEntry,
    )
    from bot.exchange.money_entries import PaymentLinkEntry, SubscriptionEntry
    from bot.exchange.refusal import Path


@dataclass(frozen=True, slots=True)
class Built:
    """The records of a document, ready to be stored."""

    business: Business
    contacts: tuple[Contact, ...]
    portals: tuple[PortalLink, ...]
    opportunities: tuple[Opportunity, ...]
    invoices: tuple[Invoice, ...]
    fees: tuple[ChargedFee, ...]
    links: tuple[PaymentLink, ...]
    credit_notes: tuple[CreditNote, ...]
    payments: tuple[Payment, ...]
    subscriptions: tuple[Subscription, ...]
    automations: tuple[Automation, ...]


def build(document: Document, workspace: Workspace, now: datetime, members: Iterable[Member] = ()) -> Built:
    """Return the document's records in the workspace; raises DocumentRefused where an amount is wrong.

    `members` are those whom the workspace has already.
    """
    return _Builder(document, workspace, now, members).build()


class _Builder:
    def __init__(self, document: Document, workspace: Workspace, now: datetime, members: Iterable[Member]) -> None:
        self._document = document
        self._workspace = workspace
        self._now = now
        self._zone = ZoneInfo(workspace.timezone)
        self._business = business_of(document.business, workspace.id)
        roles = {one.name: one.role for one in members} | {one.name: one.role for one in document.members}
        self._admins = frozenset(name for name, role in roles.items() if role is Role.ADMIN)
        self._contacts = {entry.number: self._contact(entry) for entry in document.contacts}

    def build(self) -> Built:
        document = self._document
        opportunities = {
            entry.number: self._opportunity(("opportunities", position), entry)
            for position, entry in enumerate(document.opportunities)
        }
        invoices = tuple(
            self._invoice(("invoices", position), entry, opportunities[entry.opportunity])
            for position, entry in enumerate(document.invoices)
        )
        payments = tuple(payments_of(document, invoices, self._workspace.id, self._now))
        return Built(
            business=self._business,
            contacts=tuple(self._contacts.values()),
            portals=tuple(self._portals()),
            opportunities=tuple(opportunities.values()),
            invoices=tuple(marked(invoice, payments) for invoice in invoices),
            fees=tuple(self._fees(invoices)),
            links=tuple(self._links(invoices)),
            credit_notes=tuple(
                note_of(("credit_notes", position), entry, invoices, payments, self._now)
                for position, entry in enumerate(document.credit_notes)
            ),
            payments=payments,
            subscriptions=tuple(self._subscriptions(invoices)),
            automations=tuple(
                build_automation(("automations", position), entry, self._workspace, self._now, self._admins)
                for position, entry in enumerate(document.automations)
            ),
        )

    def _contact(self, entry: ContactEntry) -> Contact:
        return Contact(
            workspace_id=self._workspace.id,
            number=entry.number,
            name=entry.name,
            created_at=entry.created_at or self._now,
            company=entry.company,
            email=entry.email,
            phone=entry.phone,
            address=address_of(entry.address),
            tax_label=entry.tax_label,
            tax_number=entry.tax_number,
            locale=entry.locale,
            payer=entry.payer,
            cc=entry.cc,
            reminders_paused=entry.reminders_paused,
        )

    def _portals(self) -> Iterator[PortalLink]:
        for entry in self._document.contacts:
            if entry.portal_token is not None:
                made = entry.created_at or self._now
                yield PortalLink(self._workspace.id, digest(entry.portal_token), entry.number, made)
            for told in entry.portal_links:
                yield PortalLink(
                    self._workspace.id,
                    told.token_hash,
                    entry.number,
                    told.created_at,
                    told.expires_at,
                    told.revoked_at,
                )

    def _opportunity(self, place: Path, entry: OpportunityEntry) -> Opportunity:
        currency = entry.currency or self._workspace.currency
        return Opportunity(
            workspace_id=self._workspace.id,
            number=entry.number,
            name=entry.name,
            contact=entry.contact,
            currency=currency,
            value=None if entry.amount is None else amount_at((*place, "amount"), entry.amount, currency),
            stage=entry.stage,
            created_at=entry.created_at or self._now,
        )

    def _invoice(self, place: Path, entry: InvoiceEntry, opportunity: Opportunity) -> Invoice:
        ask = asked_of(place, entry, entry.currency or opportunity.currency, self._business)
        total = ask.total
        issued = entry.issued or min(entry.due, self._now.astimezone(self._zone).date())
        if entry.due < issued:
            raise DocumentRefused((*place, "due"), f"is before {issued}, the day of the invoice.")
        contact = entry.contact or opportunity.contact
        return Invoice(
            workspace_id=self._workspace.id,
            number=entry.number,
            opportunity=entry.opportunity,
            contact=contact,
            kind=entry.kind,
            total=total,
            paid=paid_of((*place, "paid"), entry, total),
            status=entry.status,
            issued_on=issued,
            due_on=entry.due,
            token=entry.pay_token or secrets.token_urlsafe(24),
            created_at=entry.created_at or self._now,
            description=entry.description or "",
            sent_at=entry.sent_at,
            reminders_paused=entry.reminders_paused,
            least_part=None
            if entry.least_part is None
            else amount_at((*place, "least_part"), entry.least_part, total.currency),
            lines=ask.lines,
            tax_behavior=ask.tax_behavior,
            deductions=ask.deductions,
            note=entry.note,
            document_number=entry.document_number,
            letterhead=self._letterhead(entry, contact, opportunity),
            replaces=entry.replaces,
            replaced_by=entry.replaced_by,
            paid_at=entry.paid_at or (self._settled(entry) if entry.status in CLOSED_BY_PAYMENT else None),
        )

    def _letterhead(self, entry: InvoiceEntry, contact: str | None, opportunity: Opportunity) -> Letterhead | None:
        """Return what an issued invoice kept; where the document does not say, it was issued as the records are."""
        if entry.letterhead is not None:
            return letterhead_of(entry.letterhead)
        if entry.status is InvoiceStatus.DRAFT:
            return None
        client = self._contacts.get(contact or "")
        payer = self._contacts.get((client.payer if client else None) or "")
        return headed(self._business, self._workspace, client, payer, opportunity.name)

    def _settled(self, entry: InvoiceEntry) -> datetime:
        """Guess when an invoice was paid of which only the due date is known: that day, or now if it is to come."""
        noon = datetime.combine(entry.due, time(12), self._zone).astimezone(UTC)
        return min(noon, self._now)

    def _fees(self, invoices: tuple[Invoice, ...]) -> Iterator[ChargedFee]:
        for position, (entry, invoice) in enumerate(zip(self._document.invoices, invoices, strict=True)):
            yield from charged_fees(("invoices", position), entry.late_fees, invoice)

    def _links(self, invoices: tuple[Invoice, ...]) -> Iterator[PaymentLink]:
        for position, (entry, invoice) in enumerate(zip(self._document.invoices, invoices, strict=True)):
            place = ("invoices", position)
            for past, link in enumerate(entry.past_links):
                yield self._link((*place, "past_links", past), link, invoice, revision=past + 1, active=False)
            if entry.payment_link is not None:
                revision = len(entry.past_links) + 1
                yield self._link((*place, "payment_link"), entry.payment_link, invoice, revision=revision, active=True)

    def _link(
        self, place: Path, entry: PaymentLinkEntry, invoice: Invoice, *, revision: int, active: bool
    ) -> PaymentLink:
        money = invoice.total
        if entry.amount is not None:
            money = amount_at((*place, "amount"), entry.amount, money.currency)
        return PaymentLink(
            workspace_id=self._workspace.id,
            id=entry.id or f"link_{secrets.token_hex(12)}",
            invoice=invoice.number,
            revision=revision,
            interval=entry.interval,
            interval_count=entry.interval_count,
            money=money,
            fingerprint=entry.fingerprint or "",
            active=active,
            created_at=entry.created_at or self._now,
            url=entry.url,
            stripe_payment_link_id=entry.stripe_payment_link_id,
            stripe_account_id=entry.stripe_account_id,
            livemode=entry.livemode,
            switched_off_at=entry.switched_off_at,
        )

    def _subscriptions(self, invoices: tuple[Invoice, ...]) -> Iterator[Subscription]:
        for position, (entry, invoice) in enumerate(zip(self._document.invoices, invoices, strict=True)):
            if entry.subscription is not None:
                yield self._subscription(("invoices", position, "subscription"), entry, entry.subscription, invoice)

    def _subscription(
        self, place: Path, entry: InvoiceEntry, told: SubscriptionEntry, invoice: Invoice
    ) -> Subscription:
        # A link that charges once has started none; without a link, a month is what most of them are.
        link = entry.payment_link or next(iter(reversed(entry.past_links)), None)
        recurs = link is not None and link.interval is not Interval.ONE_TIME
        money = invoice.total
        if told.amount is not None:
            money = amount_at((*place, "amount"), told.amount, money.currency)
        return Subscription(
            workspace_id=self._workspace.id,
            stripe_subscription_id=told.stripe_subscription_id or f"import:{invoice.number}",
            stripe_account_id=told.stripe_account_id or "",
            livemode=told.livemode,
            invoice=invoice.number,
            status=told.status,
            interval=link.interval if link and recurs else Interval.MONTH,
            interval_count=link.interval_count if link and recurs else 1,
            money=money,
            started_at=told.started_at or invoice.paid_at or invoice.created_at,
            current_period_end=told.current_period_end,
            cancel_at_period_end=told.cancel_at_period_end,
        )
