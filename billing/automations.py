"""Automations: what starts one, what has to hold, and what it then does, step by step."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from billing.money import Money

# How often an automation may run on one day of the workspace: more is a mistake that somebody has to look at.
DAY_CAP: Final = 100
# What is told again within this time about the same invoice is not acted on again.
QUIET: Final = "PT1H"


class Trigger(StrEnum):
    """What can start an automation, and what a notification can be about."""

    PAYMENT_SUCCEEDED = "payment_succeeded"
    PAYMENT_FAILED = "payment_failed"
    INVOICE_CREATED = "invoice_created"
    INVOICE_SENT = "invoice_sent"
    INVOICE_DUE = "invoice_due"
    INVOICE_OVERDUE = "invoice_overdue"
    REFUND_CREATED = "refund_created"
    DISPUTE_OPENED = "dispute_opened"
    SUBSCRIPTION_RENEWED = "subscription_renewed"
    SUBSCRIPTION_CANCELLED = "subscription_cancelled"
    ORDER_CREATED = "order_created"
    SCHEDULED = "scheduled"


class ActionKind(StrEnum):
    """What an automation can do."""

    POST_MESSAGE = "post_message"
    MOVE_OPPORTUNITY = "move_opportunity"
    EMAIL_CONTACT = "email_contact"
    CREATE_INVOICE = "create_invoice"
    SEND_REMINDER = "send_reminder"
    CALL_WEBHOOK = "call_webhook"
    ASSIGN_TASK = "assign_task"

    @property
    def reaches_client(self) -> bool:
        """Whether a client hears of it: then somebody has to have confirmed it."""
        return self in {ActionKind.EMAIL_CONTACT, ActionKind.SEND_REMINDER}


class PaymentTurn(StrEnum):
    """Which payment of an invoice it is: the one that pays it, or a later one of its subscription."""

    FIRST = "first"
    RENEWAL = "renewal"


@dataclass(frozen=True, slots=True)
class Conditions:
    """What must all hold for the automation to run; None means that anything fits. The amounts are inclusive.

    `unknown` names conditions that this version does not know: with any of them, the automation never runs.
    """

    kind: str | None = None
    min_amount: Money | None = None
    max_amount: Money | None = None
    currency: str | None = None
    contact: str | None = None
    opportunity: str | None = None
    stage: str | None = None
    payment: str | None = None
    days_overdue: int | None = None
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Action:
    """One step: `do` and its own arguments, as the catalogue writes them (`{"stage": "won"}`).

    `after` (ISO 8601) is how long after the step before it; `added_by` is the call that added it.
    """

    do: ActionKind
    arguments: Mapping[str, Any] = field(default_factory=dict)
    after: str | None = None
    added_by: str | None = None


@dataclass(frozen=True, slots=True)
class Automation:
    """When `trigger` or one of `also` happens and `where` holds, the `actions` run in their order, `after` it.

    `schedule` is the RFC 5545 rule of a scheduled one and `next_at` when it is due next. `quiet` (ISO 8601) is for how
    long it does not run again for one invoice, `day_cap` how often it runs in a day. `switched_on_at` is since when it
    has been active. `confirmed` is the fingerprint of what an admin let run without being asked.
    """

    workspace_id: str
    number: str
    name: str
    active: bool
    trigger: Trigger
    actions: tuple[Action, ...]
    created_at: datetime
    where: Conditions = field(default_factory=Conditions)
    after: str | None = None
    request_key: str | None = None
    also: tuple[Trigger, ...] = ()
    schedule: str | None = None
    next_at: datetime | None = None
    quiet: str | None = QUIET
    day_cap: int = DAY_CAP
    created_by: str = ""
    switched_on_at: datetime | None = None
    confirmed: str | None = None
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None
    deleted_at: datetime | None = None

    @property
    def triggers(self) -> tuple[Trigger, ...]:
        """Everything that starts it: any of them does."""
        return (self.trigger, *self.also)

    @property
    def reaches_client(self) -> bool:
        """Whether a client hears of any of its steps."""
        return any(action.do.reaches_client for action in self.actions)

    @property
    def unattended(self) -> bool:
        """Whether an admin has confirmed exactly what it does, so that it may reach clients without being asked."""
        return self.confirmed is not None and self.confirmed == fingerprint(self)


def fingerprint(automation: Automation) -> str:
    """Return what stands for all that the automation does and when: another word as soon as any of it changes."""
    where = automation.where
    meaning = [
        [trigger.value for trigger in automation.triggers],
        [repr(getattr(where, name)) for name in Conditions.__slots__],
        [[action.do.value, dict(action.arguments), action.after] for action in automation.actions],
        [automation.after, automation.schedule],
    ]
    return hashlib.sha256(json.dumps(meaning, sort_keys=True).encode()).hexdigest()
