"""What became of each mail about an invoice: the invoice's history."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from billing.errors import BillingError

if TYPE_CHECKING:
    from datetime import datetime


class MailTemplate(StrEnum):
    """Why the client is written to.

    A new invoice, the same once more, one that is still open, money that came or went back, or anything else.
    """

    INVOICE = "invoice"
    RESEND = "resend"
    REMINDER = "reminder"
    NOTE = "note"
    RECEIPT = "receipt"
    REFUND = "refund"


class DeliveryState(StrEnum):
    """Where a mail stands. `dropped` mails were no longer wanted on their day, or replaced by another."""

    WAITING = "waiting"
    HANDED_OVER = "handed_over"
    SENT = "sent"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"
    DROPPED = "dropped"

    @property
    def ended(self) -> bool:
        """Whether nothing more happens to the mail."""
        return self not in _UNDER_WAY


_UNDER_WAY: Final = frozenset({DeliveryState.WAITING, DeliveryState.HANDED_OVER})


class MailElsewhere(BillingError):
    """Another process has the mail in its hands, or had: this one must not send it."""

    code = "mail_elsewhere"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One mail. `key` is its outbox row's, `at` when it came into its state, `leaves_at` the instant it waits for.

    `reason` is the server's, or ours, in plain words. `conversation` is where it was asked for, "" where nobody did.
    """

    workspace_id: str
    key: str
    invoice: str
    template: MailTemplate
    to: tuple[str, ...]
    cc: tuple[str, ...]
    state: DeliveryState
    at: datetime
    leaves_at: datetime | None = None
    message_id: str = ""
    reason: str = ""
    conversation: str = ""
