"""The business that the histories are of: what Stripe tells of it, and the automations that follow from that."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from billing.automations import Action, ActionKind, Automation, Conditions, Trigger, fingerprint
from billing.contacts import Contact
from billing.invoices import InvoiceKind
from billing.invoicing import WantedInvoice, create_invoice
from billing.money import Money
from billing.opportunities import Opportunity, Stage
from billing.payments import PaymentStatus, PaymentType, Settlement
from billing.queues import InboxEvent, Source
from billing.webhooks import WebhookEndpoint
from billing.workspaces import Channel, NotificationRoute, Workspace

if TYPE_CHECKING:
    import random

    from storage import SqlStore

WORKSPACE: Final = "ws_crash"
BEGAN: Final = datetime(2026, 3, 11, 0, 0, tzinfo=UTC)
INVOICES: Final = 3
_URL: Final = "https://hooks.shop.example/paid"


def _rules(dice: random.Random) -> list[Automation]:
    """Return some automations, among them ones that start each other."""

    def rule(number: int, *actions: Action, **changes: Any) -> Automation:  # noqa: ANN401 - fields
        name, trigger = f"AUT-{number}", Trigger.PAYMENT_SUCCEEDED
        made = Automation(WORKSPACE, name, name, active=True, trigger=trigger, actions=actions, created_at=BEGAN)
        made = replace(made, **changes)
        return replace(made, confirmed=fingerprint(made), confirmed_by="Alex", confirmed_at=BEGAN)

    post = Action(ActionKind.POST_MESSAGE, {"channel": "#ops", "text": "{client} paid {invoice}"})
    move = Action(ActionKind.MOVE_OPPORTUNITY, {"stage": "won"})
    more = Action(ActionKind.CREATE_INVOICE, {"kind": "progress", "percent": "10"})
    hook, mail = Action(ActionKind.CALL_WEBHOOK, {"url": _URL}), Action(ActionKind.EMAIL_CONTACT)
    rules = [
        rule(1, move, post, more, where=Conditions(kind="deposit")),
        rule(2, hook, post),
        rule(3, mail, where=Conditions(min_amount=Money(200_00, "AUD"))),
        rule(4, post, trigger=Trigger.INVOICE_CREATED),
        rule(5, post, trigger=Trigger.PAYMENT_FAILED, also=(Trigger.REFUND_CREATED,), quiet=None),
    ]
    return dice.sample(rules, dice.randint(3, len(rules)))


def furnish(store: SqlStore, dice: random.Random) -> None:
    """Put a business with a few invoices and automations into an empty database."""
    store.directory.add_workspace(Workspace(WORKSPACE, "Crash", "AUD", "AU", "en_AU", "Australia/Brisbane", BEGAN))
    with store.transaction(WORKSPACE) as tx:
        tx.people.save_channel(Channel(WORKSPACE, "#ops"))
        for trigger in (Trigger.PAYMENT_SUCCEEDED, Trigger.PAYMENT_FAILED):
            tx.people.set_route(NotificationRoute(WORKSPACE, trigger.value, "#ops"))
        tx.contacts.add(Contact(WORKSPACE, "CON-1", "Tess Blue", BEGAN, "Bluebird", "tess@bluebird.example"))
        value = Money(10_000_00, "AUD")
        tx.opportunities.add(Opportunity(WORKSPACE, "OPP-1", "Sign", "CON-1", "AUD", value, Stage.LEAD, BEGAN))
        for place in range(INVOICES):
            kind = (InvoiceKind.DEPOSIT, InvoiceKind.STANDARD)[place % 2]
            wanted = WantedInvoice("OPP-1", kind, amount=str((place + 1) * 100))
            create_invoice(tx, wanted, now=BEGAN, today=BEGAN.date())
        tx.webhooks.put(WebhookEndpoint(WORKSPACE, _URL, "sealed", BEGAN))
        for rule in _rules(dice):
            tx.automations.add(rule)


def events(dice: random.Random) -> list[InboxEvent]:
    """Return what Stripe tells: each fact one to three times, in any order, under ids of its own."""
    facts: list[dict[str, Any]] = []
    for place in range(INVOICES):
        number, minor = f"INV-{1001 + place}", (place + 1) * 100_00
        if dice.random() < 0.4:  # noqa: PLR2004 - a good part of them
            facts.append({"invoice": number, "minor": minor, "object": f"pi_{place}", "status": "failed", "at": 1})
        facts.append({"invoice": number, "minor": minor, "object": f"pi_{place}", "status": "succeeded", "at": 2})
    told = [(fact, copy) for fact in facts for copy in range(dice.randint(1, 3))]
    dice.shuffle(told)
    return [
        InboxEvent(
            Source.STRIPE,
            f"evt_{fact['object']}_{fact['status']}_{copy}",
            "charge",
            fact["invoice"],
            json.dumps(fact).encode(),
            BEGAN,
        )
        for fact, copy in told
    ]


def settlement(fact: dict[str, Any]) -> Settlement:
    """Return what Stripe would answer when it is asked about the event."""
    return Settlement(
        stripe_account_id="acct_1",
        stripe_object_id=fact["object"],
        livemode=False,
        type=PaymentType.CHARGE,
        status=PaymentStatus(fact["status"]),
        money=Money(fact["minor"], "AUD"),
        occurred_at=BEGAN + timedelta(seconds=fact["at"]),
        workspace_id=WORKSPACE,
        invoice=fact["invoice"],
        payer="Tess Blue",
    )
