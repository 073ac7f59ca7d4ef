"""Automations: a trigger, conditions and one or more actions, and the record of each run."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from billing.money import Money


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


@dataclass(frozen=True, slots=True)
class Conditions:
    """What must all hold for the automation to run; None means that anything fits. `min_amount` is inclusive."""

    kind: str | None = None
    min_amount: Money | None = None
    contact: str | None = None
    opportunity: str | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """One step: `do` and its own arguments, as the catalogue writes them (`{"stage": "won"}`)."""

    do: ActionKind
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Automation:
    """When `trigger` happens and `where` holds, the `actions` run in their order, `after` (ISO 8601) it."""

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


@dataclass(frozen=True, slots=True)
class AutomationRun:
    """That an automation ran for a subject: `key` is unique in the workspace, so it runs once."""

    workspace_id: str
    key: str
    automation: str
    invoice: str
    started_at: datetime
    outcomes: tuple[str, ...] = ()
