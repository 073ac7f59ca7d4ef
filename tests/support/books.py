"""Everything that a workspace's database can hold, one builder each, for tests of the storage."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from billing.automations import Action, ActionKind, Automation, Conditions, Trigger
from billing.contacts import Contact
from billing.conversations import AuditEntry, Conversation, Proposal, ProposalState, SkillCall, Turn
from billing.credits import CreditNote
from billing.deliveries import Delivery, DeliveryState
from billing.hand_overs import HandOver
from billing.mail import MailTemplate
from billing.payments import Interval, Payment, PaymentStatus, PaymentType
from billing.portals import PortalLink, digest
from billing.ports import Store, Transaction
from billing.queues import InboxEvent, OutboxKind, OutboxMessage, Source
from billing.runs import AutomationRun, Evaluation, Step, StepState, Unmet
from billing.subscriptions import Subscription, SubscriptionStatus
from billing.workspaces import ConnectRequest, StripeConnection, Workspace
from tests.support.records import NOW, WORKSPACE, an_invoice, an_opportunity, aud


def a_workspace(**changes: Any) -> Workspace:
    fields: dict[str, Any] = {
        "id": WORKSPACE,
        "name": "Lantern Row",
        "currency": "AUD",
        "country": "AU",
        "locale": "en_AU",
        "timezone": "Australia/Brisbane",
        "created_at": NOW,
    }
    return Workspace(**fields | changes)


def a_hand_over(**changes: Any) -> HandOver:
    fields: dict[str, Any] = {
        "workspace_id": WORKSPACE,
        "number": "HLP-1",
        "member": "Ada",
        "conversation": "c1",
        "topic": "a chargeback",
        "said": (("Ada", "Refund it"), ("Evie", "You need to be an admin.")),
        "created_at": NOW,
        "request_key": "said:1",
    }
    return HandOver(**fields | changes)


def a_contact(**changes: Any) -> Contact:
    fields: dict[str, Any] = {
        "workspace_id": WORKSPACE,
        "number": "CON-1",
        "name": "Nora Quist",
        "created_at": NOW,
    }
    return Contact(**fields | changes)


def a_credit_note(**changes: Any) -> CreditNote:
    """A credit note on the invoice of `an_invoice`."""
    fields: dict[str, Any] = {
        "workspace_id": WORKSPACE,
        "number": "CRN-1",
        "invoice": "INV-1001",
        "payment": None,
        "money": aud(100_00),
        "issued_on": NOW.date(),
        "created_at": NOW,
    }
    return CreditNote(**fields | changes)


def a_subscription(**changes: Any) -> Subscription:
    """A monthly subscription that the invoice of `an_invoice` started."""
    fields: dict[str, Any] = {
        "workspace_id": WORKSPACE,
        "stripe_subscription_id": "sub_1",
        "stripe_account_id": "acct_1",
        "livemode": False,
        "invoice": "INV-1001",
        "status": SubscriptionStatus.ACTIVE,
        "interval": Interval.MONTH,
        "interval_count": 1,
        "money": aud(500_00),
        "started_at": NOW,
    }
    return Subscription(**fields | changes)


def a_payment(**changes: Any) -> Payment:
    fields: dict[str, Any] = {
        "workspace_id": WORKSPACE,
        "id": "pay_1",
        "type": PaymentType.CHARGE,
        "status": PaymentStatus.SUCCEEDED,
        "money": aud(500_00),
        "occurred_at": NOW,
        "stripe_account_id": "acct_1",
        "stripe_object_id": "pi_1",
        "livemode": False,
        "invoice": "INV-1001",
        "contact": "CON-1",
        "payer": "Nora Quist",
    }
    return Payment(**fields | changes)


def an_automation(**changes: Any) -> Automation:
    fields: dict[str, Any] = {
        "workspace_id": WORKSPACE,
        "number": "AUT-1",
        "name": "Thank and move",
        "active": True,
        "trigger": Trigger.PAYMENT_SUCCEEDED,
        "actions": (Action(ActionKind.EMAIL_CONTACT), Action(ActionKind.MOVE_OPPORTUNITY, {"stage": "won"})),
        "created_at": NOW,
        "where": Conditions(kind="deposit", min_amount=aud(100_00)),
        "after": "P2D",
    }
    return Automation(**fields | changes)


def a_run(**changes: Any) -> AutomationRun:
    fields: dict[str, Any] = {
        "workspace_id": WORKSPACE,
        "key": "AUT-1:INV-1001:paid",
        "automation": "AUT-1",
        "invoice": "INV-1001",
        "started_at": NOW,
    }
    return AutomationRun(**fields | changes)


def a_step(**changes: Any) -> Step:
    fields: dict[str, Any] = {
        "workspace_id": WORKSPACE,
        "run": a_run().key,
        "position": 0,
        "action": Action(ActionKind.MOVE_OPPORTUNITY, {"stage": "won"}),
        "state": StepState.ASKING,
        "due_at": NOW,
    }
    return Step(**fields | changes)


def an_evaluation(**changes: Any) -> Evaluation:
    fields: dict[str, Any] = {
        "workspace_id": WORKSPACE,
        "automation": "AUT-1",
        "event": "payment_succeeded:INV-1001",
        "trigger": Trigger.PAYMENT_SUCCEEDED,
        "invoice": "INV-1001",
        "evaluated_at": NOW,
        "unmet": Unmet("min_amount", aud(100_00), aud(50_00)),
    }
    return Evaluation(**fields | changes)


def a_portal_link(**changes: Any) -> PortalLink:
    fields: dict[str, Any] = {
        "workspace_id": WORKSPACE,
        "token_hash": digest("portal"),
        "contact": "CON-1",
        "created_at": NOW,
    }
    return PortalLink(**fields | changes)


def a_delivery(**changes: Any) -> Delivery:
    """A mail with the invoice of `an_invoice` that has not left yet."""
    fields: dict[str, Any] = {
        "workspace_id": WORKSPACE,
        "key": "mail:1",
        "invoice": "INV-1001",
        "template": MailTemplate.INVOICE,
        "to": ("nora@quist.example",),
        "cc": (),
        "state": DeliveryState.WAITING,
        "at": NOW,
    }
    return Delivery(**fields | changes)


def a_conversation(**changes: Any) -> Conversation:
    fields: dict[str, Any] = {
        "workspace_id": WORKSPACE,
        "id": "c1",
        "updated_at": NOW,
        "state": {"focus": ["INV-1001"], "asked": None},
        "address": {"channel": "C1"},
    }
    return Conversation(**fields | changes)


def a_turn(**changes: Any) -> Turn:
    fields: dict[str, Any] = {
        "workspace_id": WORKSPACE,
        "conversation": "c1",
        "key": "k1",
        "member": "Ada",
        "text": "send it",
        "reply": {"reply": "Sent.", "calls": []},
        "said_at": NOW,
    }
    return Turn(**fields | changes)


def a_proposal(**changes: Any) -> Proposal:
    fields: dict[str, Any] = {
        "workspace_id": WORKSPACE,
        "id": "prop_1",
        "conversation": "c1",
        "member": "Ada",
        "calls": (SkillCall("send_invoice", {"invoice": "INV-1001"}), SkillCall("help", {})),
        "state": ProposalState.PENDING,
        "created_at": NOW,
        "expires_at": NOW + timedelta(hours=1),
    }
    return Proposal(**fields | changes)


def an_audit_entry(**changes: Any) -> AuditEntry:
    fields: dict[str, Any] = {
        "workspace_id": WORKSPACE,
        "key": "a1",
        "at": NOW,
        "member": "Ada",
        "front": "terminal",
        "skill": "send_invoice",
        "arguments": {"invoice": "INV-1001"},
        "status": "done",
    }
    return AuditEntry(**fields | changes)


def a_connection(**changes: Any) -> StripeConnection:
    fields: dict[str, Any] = {
        "workspace_id": WORKSPACE,
        "stripe_account_id": "acct_1",
        "livemode": False,
        "direct": False,
        "connected_at": NOW,
        "connected_by": "Ada",
    }
    return StripeConnection(**fields | changes)


def a_connect_request(**changes: Any) -> ConnectRequest:
    fields: dict[str, Any] = {
        "workspace_id": WORKSPACE,
        "token_hash": "t" * 64,
        "member": "Ada",
        "conversation": "c1",
        "expires_at": NOW + timedelta(minutes=15),
    }
    return ConnectRequest(**fields | changes)


def an_event(key: str = "evt_1", **changes: Any) -> InboxEvent:
    fields: dict[str, Any] = {
        "source": Source.STRIPE,
        "key": key,
        "kind": "checkout.session.completed",
        "lane": "",
        "body": b'{"id": "evt_1"}',
        "received_at": NOW,
    }
    return InboxEvent(**fields | changes)


def a_message(key: str = "m1", **changes: Any) -> OutboxMessage:
    fields: dict[str, Any] = {
        "workspace_id": WORKSPACE,
        "key": key,
        "kind": OutboxKind.SAY,
        "lane": "",
        "payload": {"conversation": "c1", "text": "Hello"},
        "created_at": NOW,
    }
    return OutboxMessage(**fields | changes)


def add_workspace(store: Store, workspace_id: str = WORKSPACE) -> None:
    store.directory.add_workspace(a_workspace(id=workspace_id))


def add_books(store: Store, workspace_id: str = WORKSPACE) -> None:
    """Add a workspace with the client, the deal and the invoice that the builders' records refer to."""
    add_workspace(store, workspace_id)
    with store.transaction(workspace_id) as tx:
        add_invoice(tx)


def add_invoice(tx: Transaction) -> None:
    """Add the client, the deal and the invoice to the transaction's workspace."""
    tx.contacts.add(a_contact(workspace_id=tx.workspace_id))
    tx.opportunities.add(an_opportunity(workspace_id=tx.workspace_id))
    tx.invoices.add(an_invoice(workspace_id=tx.workspace_id, token=f"pay-{tx.workspace_id}"))
