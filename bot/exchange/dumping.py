"""Exporting: a workspace as a document that an import makes the same workspace of.

What is not in it: conversations, proposals, the journal, the queues, why automations did not run, and the Stripe
connection, which is consent given to one installation and has to be given again to another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from billing.invoices import InvoiceStatus
from billing.money import zero
from bot.exchange.automating import dump_automation
from bot.exchange.document import Document
from bot.exchange.entries import (
    ChannelEntry,
    ContactEntry,
    InvoiceEntry,
    MemberEntry,
    NotificationEntry,
    OpportunityEntry,
    PortalLinkEntry,
    WorkspaceEntry,
)
from bot.exchange.money_entries import PaymentEntry, PaymentLinkEntry, SubscriptionEntry
from bot.exchange.news import dump_news
from bot.exchange.paperwork import (
    address_entry,
    business_entry,
    deduction_entry,
    letterhead_entry,
    line_entry,
    note_entry,
)
from bot.exchange.reminders import dump_fees, dump_schedule

if TYPE_CHECKING:
    from billing.contacts import Contact
    from billing.invoices import Invoice
    from billing.opportunities import Opportunity
    from billing.payments import Payment, PaymentLink
    from billing.ports import Store, Transaction
    from billing.workspaces import Workspace


def dump_workspace(store: Store, workspace_id: str) -> dict[str, Any]:
    """Return the workspace in the exchange format, as plain JSON data."""
    with store.transaction(workspace_id) as tx:
        document = _document(tx)
    return {key: pruned(value) for key, value in document.model_dump(mode="json", exclude_none=True).items()}


def pruned(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Leave out empty texts, lists and objects inside the sections: they are the defaults."""
    if isinstance(value, list):
        return [pruned(item) for item in value]
    if isinstance(value, dict):
        return {key: pruned(item) for key, item in value.items() if item not in ("", [], {})}
    return value


def _document(tx: Transaction) -> Document:
    workspace, payments = tx.people.workspace(), _all_payments(tx)
    opportunities = {opportunity.number: opportunity for opportunity in tx.opportunities.list()}
    return Document(
        workspace=_workspace(workspace),
        members=tuple(
            MemberEntry(name=member.name, role=member.role, slack_user_id=member.slack_user_id)
            for member in tx.people.members()
        ),
        channels=tuple(
            ChannelEntry(name=channel.name, slack_channel_id=channel.slack_channel_id)
            for channel in tx.people.channels()
        ),
        notifications=tuple(
            NotificationEntry.model_validate({"event": route.event, "channel": route.channel})
            for route in tx.people.routes()
        ),
        business=business_entry(tx),
        contacts=tuple(contact_entry(tx, contact) for contact in tx.contacts.list()),
        opportunities=tuple(_opportunity(opportunity, workspace) for opportunity in opportunities.values()),
        invoices=tuple(_invoice(tx, invoice, opportunities[invoice.opportunity]) for invoice in tx.invoices.list()),
        automations=tuple(dump_automation(tx, automation) for automation in tx.automations.list()),
        credit_notes=tuple(note_entry(note, payments) for note in tx.credit_notes.list()),
        payments=tuple(payment_entry(payment) for payment in payments),
        reminders=dump_schedule(tx.reminders.schedule()),
        news=dump_news(tx),
    )


def _workspace(workspace: Workspace) -> WorkspaceEntry:
    return WorkspaceEntry(
        id=workspace.id,
        name=workspace.name,
        currency=workspace.currency,
        country=workspace.country,
        locale=workspace.locale,
        timezone=workspace.timezone,
        payment_terms_days=workspace.payment_terms_days,
        receipts=workspace.receipts,
        portal_days=workspace.portal_days,
        least_part_percent=workspace.least_part_percent,
        slack_team_id=workspace.slack_team_id,
        created_at=workspace.created_at,
    )


def contact_entry(tx: Transaction, contact: Contact) -> ContactEntry:
    """Return a client as an import reads one."""
    return ContactEntry(
        number=contact.number,
        name=contact.name,
        company=contact.company,
        email=contact.email,
        phone=contact.phone,
        address=address_entry(contact.address),
        tax_label=contact.tax_label,
        tax_number=contact.tax_number,
        locale=contact.locale,
        payer=contact.payer,
        cc=contact.cc,
        reminders_paused=contact.reminders_paused,
        portal_links=tuple(
            PortalLinkEntry(
                token_hash=link.token_hash,
                created_at=link.created_at,
                expires_at=link.expires_at,
                revoked_at=link.revoked_at,
            )
            for link in tx.portals.of_contact(contact.number)
        ),
        created_at=contact.created_at,
    )


def _opportunity(opportunity: Opportunity, workspace: Workspace) -> OpportunityEntry:
    return OpportunityEntry(
        number=opportunity.number,
        name=opportunity.name,
        contact=opportunity.contact,
        amount=None if opportunity.value is None else str(opportunity.value),
        currency=None if opportunity.currency == workspace.currency else opportunity.currency,
        stage=opportunity.stage,
        created_at=opportunity.created_at,
    )


def _invoice(tx: Transaction, invoice: Invoice, opportunity: Opportunity) -> InvoiceEntry:
    links = tx.links.of_invoice(invoice.number)
    live = next((link for link in links if link.active), None)
    return InvoiceEntry(
        number=invoice.number,
        opportunity=invoice.opportunity,
        kind=invoice.kind,
        amount=str(invoice.total),
        currency=None if invoice.total.currency == opportunity.currency else invoice.total.currency,
        due=invoice.due_on,
        status=invoice.status,
        contact=None if invoice.contact == opportunity.contact else invoice.contact,
        description=invoice.description or None,
        paid=_paid(invoice),
        lines=tuple(line_entry(line) for line in invoice.lines),
        tax_behavior=invoice.tax_behavior if invoice.lines else None,
        note=invoice.note,
        document_number=invoice.document_number,
        letterhead=letterhead_entry(invoice.letterhead),
        deductions=None if invoice.deductions is None else tuple(deduction_entry(each) for each in invoice.deductions),
        replaces=invoice.replaces,
        replaced_by=invoice.replaced_by,
        least_part=None if invoice.least_part is None else str(invoice.least_part),
        issued=invoice.issued_on,
        sent_at=invoice.sent_at,
        paid_at=invoice.paid_at,
        created_at=invoice.created_at,
        pay_token=invoice.token,
        payment_link=None if live is None else _link(live),
        past_links=tuple(_link(link) for link in links if not link.active),
        subscription=_subscription(tx, invoice),
        reminders_paused=invoice.reminders_paused,
        late_fees=dump_fees(tx, invoice),
    )


def _subscription(tx: Transaction, invoice: Invoice) -> SubscriptionEntry | None:
    """Return the invoice's newest subscription; an ended one before it is Stripe's to remember."""
    newest = next(iter(tx.subscriptions.list(invoice=invoice.number)), None)
    if newest is None:
        return None
    return SubscriptionEntry(
        status=newest.status,
        amount=str(newest.money),
        started_at=newest.started_at,
        current_period_end=newest.current_period_end,
        cancel_at_period_end=newest.cancel_at_period_end,
        stripe_subscription_id=newest.stripe_subscription_id if newest.stripe_account_id else None,
        stripe_account_id=newest.stripe_account_id or None,
        livemode=newest.livemode,
    )


def _paid(invoice: Invoice) -> str | None:
    """Return what was paid, unless the status says it already."""
    settled = invoice.status in {InvoiceStatus.PAID, InvoiceStatus.REFUNDED}
    implied = invoice.total if settled else zero(invoice.total.currency)
    return None if invoice.paid == implied else str(invoice.paid)


def _link(link: PaymentLink) -> PaymentLinkEntry:
    return PaymentLinkEntry(
        interval=link.interval,
        interval_count=link.interval_count,
        id=link.id,
        amount=str(link.money),
        url=link.url,
        stripe_payment_link_id=link.stripe_payment_link_id,
        stripe_account_id=link.stripe_account_id,
        livemode=link.livemode,
        fingerprint=link.fingerprint or None,
        created_at=link.created_at,
        switched_off_at=link.switched_off_at,
    )


def _all_payments(tx: Transaction) -> list[Payment]:
    newest_first = tx.payments.list(limit=_EVERY_PAYMENT)
    return sorted(newest_first, key=lambda payment: (payment.occurred_at, payment.stripe_object_id))


def payment_entry(payment: Payment) -> PaymentEntry:
    """Return a line of the log as an import reads one."""
    return PaymentEntry(
        type=payment.type,
        status=payment.status,
        amount=str(payment.money),
        currency=payment.money.currency,
        occurred_at=payment.occurred_at,
        invoice=payment.invoice,
        contact=payment.contact,
        payer=payment.payer,
        failure_message=payment.failure_message,
        stripe_account_id=payment.stripe_account_id,
        stripe_object_id=payment.stripe_object_id,
        livemode=payment.livemode,
        method=payment.method,
        reverses=payment.reverses,
        reason=payment.reason,
        fee=None if payment.fee is None else str(payment.fee),
        net=None if payment.net is None else str(payment.net),
        balance_currency=None if payment.fee is None else payment.fee.currency,
    )


_EVERY_PAYMENT = 2**31 - 1
