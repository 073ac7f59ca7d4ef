"""Importing: a document becomes a workspace in one transaction, or nothing is stored at all."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import TYPE_CHECKING

from billing.errors import DuplicateRecord
from billing.numbering import counter
from billing.workspaces import Channel, Member, NotificationRoute, Workspace
from bot.exchange.automating import store_runs
from bot.exchange.building import build
from bot.exchange.document import Document
from bot.exchange.news import store_news
from bot.exchange.paperwork import logo_of
from bot.exchange.references import check
from bot.exchange.refusal import DocumentRefused
from bot.exchange.reminders import schedule_of
from bot.exchange.source import located, parse

if TYPE_CHECKING:
    from datetime import date, datetime

    from billing.ports import Store, Transaction
    from bot.exchange.building import Built
    from bot.exchange.entries import WorkspaceEntry
    from bot.exchange.paper_entries import BusinessEntry


def load_workspace(store: Store, data: object, now: datetime) -> Workspace:
    """Store the workspace that `data` (parsed JSON of the exchange format) describes, and return it.

    It fills the database's only workspace, or the one of the same Slack team, if there is nothing in it yet;
    otherwise it becomes a new one. Raises DocumentRefused for a document that is wrong, DuplicateRecord where that
    workspace has records already; then nothing is stored.
    """
    document = _read(data)
    existing = _existing(store, document.workspace)
    workspace = _workspace(document.workspace, existing, now)
    with store.transaction(workspace.id) as tx:
        if existing is not None:
            _require_empty(tx, existing)
        built = build(document, workspace, now, tx.people.members())
        tx.people.save_workspace(workspace)
        _store_people(tx, document)
        _store_records(tx, built)
        _store_automations(tx, built, document)
        _store_paper(tx, built, document.business, workspace.day_of(now))
        if document.reminders is not None:
            tx.reminders.save_schedule(schedule_of(document.reminders, workspace, now))
        if document.news is not None:
            store_news(tx, document.news, now)
    return workspace


def read_workspace(content: bytes, now: datetime) -> object:
    """Return the data of a file that `load_workspace` accepts; raises DocumentRefused with line and field."""
    text, data = parse(content)
    try:
        document = _read(data)
        workspace = _workspace(document.workspace, None, now)
        build(document, workspace, now)
        if document.reminders is not None:
            schedule_of(document.reminders, workspace, now)
    except DocumentRefused as refusal:
        raise located(refusal, text) from None
    return data


def _read(data: object) -> Document:
    document = Document.read(data)
    check(document)
    return document


def not_kept(data: object) -> tuple[str, ...]:
    """Return a sentence for each part of an accepted document that no storage holds yet."""
    document = Document.read(data)
    notes = []
    if document.products or document.orders:
        count = len(document.products) + len(document.orders)
        notes.append(f"products and orders ({count}) were checked but not kept: Evie has no store skills yet.")
    return tuple(notes)


def _existing(store: Store, entry: WorkspaceEntry) -> Workspace | None:
    workspaces = store.directory.workspaces()
    if len(workspaces) == 1:
        return workspaces[0]
    team = entry.slack_team_id
    return next((workspace for workspace in workspaces if team and workspace.slack_team_id == team), None)


def _workspace(entry: WorkspaceEntry, existing: Workspace | None, now: datetime) -> Workspace:
    described = Workspace(
        id=entry.id or uuid.uuid4().hex,
        name=entry.name,
        currency=entry.currency,
        country=entry.country,
        locale=entry.locale,
        timezone=entry.timezone,
        created_at=entry.created_at or now,
        slack_team_id=entry.slack_team_id,
        payment_terms_days=entry.payment_terms_days,
        receipts=entry.receipts,
        portal_days=entry.portal_days,
        least_part_percent=entry.least_part_percent,
    )
    if existing is None:
        return described
    return replace(described, id=existing.id, slack_team_id=existing.slack_team_id or described.slack_team_id)


def _require_empty(tx: Transaction, workspace: Workspace) -> None:
    if tx.contacts.list() or tx.opportunities.list() or tx.invoices.list() or tx.automations.list():
        message = f"“{workspace.name}” has records already, and an import never mixes two. Use an empty database."
        raise DuplicateRecord(message)


def _store_paper(tx: Transaction, built: Built, entry: BusinessEntry, today: date) -> None:
    tx.business.save(built.business)
    tx.business.save_logo(logo_of(entry))
    if entry.series and entry.next_number is not None:
        tx.business.reach_number(counter(entry.series, today), entry.next_number - 1)
    for note in built.credit_notes:
        tx.credit_notes.add(note)


def _store_people(tx: Transaction, document: Document) -> None:
    for member in document.members:
        tx.people.save_member(Member(tx.workspace_id, member.name, member.role, member.slack_user_id))
    for channel in document.channels:
        tx.people.save_channel(Channel(tx.workspace_id, channel.name, channel.slack_channel_id))
    for route in document.notifications:
        tx.people.set_route(NotificationRoute(tx.workspace_id, route.event, route.channel))


def _store_records(tx: Transaction, built: Built) -> None:
    for contact in built.contacts:
        tx.contacts.add(contact)
    for address in built.portals:
        tx.portals.add(address)
    for opportunity in built.opportunities:
        tx.opportunities.add(opportunity)
    for invoice in built.invoices:
        tx.invoices.add(invoice)
    for fee in built.fees:
        tx.reminders.add_fee(fee)
    for link in built.links:
        tx.links.add(link)
    for payment in built.payments:
        tx.payments.add(payment)
    for subscription in built.subscriptions:
        tx.subscriptions.put(subscription)


def _store_automations(tx: Transaction, built: Built, document: Document) -> None:
    for automation, entry in zip(built.automations, document.automations, strict=True):
        tx.automations.add(automation)
        store_runs(tx, entry)
