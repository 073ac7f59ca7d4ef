"""Businesses that expect payments, and the Stripe objects and events by which these come."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from billing.automations import Trigger
from billing.contacts import Contact
from billing.invoices import Invoice, InvoiceKind, InvoiceStatus
from billing.money import Money, zero
from billing.opportunities import Opportunity, Stage
from billing.queues import InboxEvent, Source
from billing.workspaces import Channel, NotificationRoute, StripeConnection, Workspace
from integrations.sandbox.stripe.sandbox import SandboxStripe
from integrations.sandbox.stripe.settings import SandboxSettings
from storage.mappers import INVOICE
from storage.tables import invoices
from tests.support.stripe import a_payer
from tests.support.stripe_api import get, make_link, read

if TYPE_CHECKING:
    from storage import SqlStore

OWED: Final = Money(500_00, "AUD")
CHANNEL: Final = Channel("", "#billing", "C1")
PAID: Final = "payment_intent.succeeded"
_FIRST: Final = 1001


def account(workspace_id: str) -> str:
    """Return the Stripe account of a workspace."""
    return f"acct_{workspace_id}"


def furnish(store: SqlStore, workspace_id: str, count: int) -> None:
    """Put a business with so many sent invoices of A$500.00 into the database, connected, with a channel for news."""
    now = datetime.now(UTC)
    whose = Workspace(
        workspace_id, "Lantern", "AUD", "AU", "en_AU", "Australia/Brisbane", created_at=now, receipts=False
    )
    store.directory.add_workspace(whose)
    with store.transaction(workspace_id) as tx:
        tx.people.save_channel(Channel(workspace_id, CHANNEL.name, CHANNEL.slack_channel_id))
        tx.people.set_route(NotificationRoute(workspace_id, Trigger.PAYMENT_SUCCEEDED.value, CHANNEL.name))
        connected = StripeConnection(
            workspace_id,
            account(workspace_id),
            livemode=False,
            direct=False,
            connected_at=now,
            connected_by="Alex",
            reconciled_at=now,
        )
        tx.connections.add(connected)
        tx.contacts.add(Contact(workspace_id, "CON-1", "Nora Quist", now, "Quist Ferries", "nora@quist.example"))
        tx.opportunities.add(Opportunity(workspace_id, "OPP-1", "Sign", "CON-1", "AUD", OWED, Stage.LEAD, now))
    with store.engine.begin() as connection:
        connection.execute(invoices.insert(), invoices_of(workspace_id, 0, count))


def invoices_of(workspace_id: str, first: int, end: int) -> list[dict[str, Any]]:
    """Return the rows of the workspace's invoices of the places from the first to before the end."""
    now, ordinals = datetime.now(UTC), range(_FIRST + first, _FIRST + end)
    return [INVOICE.row(an_invoice(workspace_id, ordinal, now)) | {"ordinal": ordinal} for ordinal in ordinals]


def an_invoice(workspace_id: str, ordinal: int, now: datetime) -> Invoice:
    """Return a sent invoice of A$500.00."""
    return Invoice(
        workspace_id=workspace_id,
        number=f"INV-{ordinal}",
        opportunity="OPP-1",
        contact="CON-1",
        kind=InvoiceKind.STANDARD,
        total=OWED,
        paid=zero(OWED.currency),
        issued_on=now.date(),
        due_on=(now + timedelta(days=30)).date(),
        status=InvoiceStatus.SENT,
        token=f"{workspace_id}-{ordinal}",
        created_at=now,
        sent_at=now,
    )


def paid_intent() -> bytes:
    """Return a paid intent, expanded as Evie asks for it, with NUMBER and OWNER to be filled in."""
    sandbox = SandboxStripe(SandboxSettings("https://sandbox.example/stripe"), lambda: datetime.now(UTC))
    names = {"evie_workspace": "OWNER", "evie_invoice": "INV-NUMBER", "evie_link": "pl_NUMBER"}
    link = make_link(sandbox, **{f"payment_intent_data[metadata][{name}]": value for name, value in names.items()})
    sandbox.pay(link["id"], a_payer())
    events = read(get(sandbox, "/v1/events"))["data"]
    paid = next(event["data"]["object"]["id"] for event in events if event["type"] == PAID)
    intent = read(get(sandbox, f"/v1/payment_intents/{paid}", "expand[]=latest_charge.balance_transaction"))
    sandbox.close()
    filled = json.dumps(intent).replace(intent["id"], "pi_NUMBER_OWNER")
    return filled.replace(intent["latest_charge"]["id"], "ch_NUMBER_OWNER").encode()


def told(workspace_id: str, place: int) -> InboxEvent:
    """Return the event that the invoice of that place was paid, as it lies in the inbox."""
    name, now = f"{_FIRST + place}_{workspace_id}", int(time.time())
    body: dict[str, Any] = {
        "id": f"evt_{name}",
        "object": "event",
        "type": PAID,
        "created": now,
        "livemode": False,
        "account": account(workspace_id),
        "data": {"object": {"id": f"pi_{name}", "object": "payment_intent"}},
    }
    key = f"{account(workspace_id)}:evt_{name}"
    return InboxEvent(
        Source.STRIPE, key, body["type"], f"pi_{name}", json.dumps(body).encode(), datetime.fromtimestamp(now, UTC)
    )
