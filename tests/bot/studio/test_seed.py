"""The demo's studio is believable on the day it is opened, and stays clear of the evaluation's records."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from bot.exchange.loading import load_workspace
from bot.studio.seed import studio
from storage.store import memory_store

DAYS = [date(2026, 3, 11), date(2027, 12, 31), date(2028, 2, 29)]


@pytest.mark.parametrize("today", DAYS)
def test_the_studio_can_be_opened_on_any_day(today: date) -> None:
    now = datetime(today.year, today.month, today.day, 1, tzinfo=UTC)
    store = memory_store(lambda: now)
    workspace = load_workspace(store, studio(today), now)
    with store.transaction(workspace.id) as tx:
        statuses = {invoice.number: invoice.status_on(today) for invoice in tx.invoices.list()}
        late = [invoice.number for invoice in tx.invoices.list() if invoice.sent_at and invoice.sent_at > now]
    store.close()
    assert statuses == {
        "INV-1001": "paid",
        "INV-1002": "sent",
        "INV-1003": "overdue",
        "INV-1004": "open",
        "INV-1005": "draft",
        "INV-1006": "void",
    }
    assert late == []


def test_the_story_can_be_told_with_it() -> None:
    data = studio(DAYS[0])
    clients = {contact["number"]: contact.get("company", "") for contact in data["contacts"]}
    deals = [clients[deal["contact"]] for deal in data["opportunities"]]
    assert deals.count("Bluebird Bakery") == deals.count("Ember Yoga") == 1
    deposit_wins = next(automation for automation in data["automations"] if automation["active"])
    assert deposit_wins["where"] == {"kind": "deposit"}
    assert deposit_wins["action"] == {"do": "move_opportunity", "stage": "won"}
    assert {"event": "payment_succeeded", "channel": "#billing"} in data["notifications"]
    assert data["members"][0]["role"] == "admin"


def test_every_address_is_a_reserved_one() -> None:
    addresses = [contact["email"] for contact in studio(DAYS[0])["contacts"]]
    assert all(address.endswith(".example") for address in addresses)


def test_the_studio_is_plain_json() -> None:
    assert json.loads(json.dumps(studio(DAYS[0]))) == studio(DAYS[0])
