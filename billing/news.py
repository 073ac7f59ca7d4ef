"""What is news, and what a workspace has set about it beside its channels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from billing.automations import Trigger

if TYPE_CHECKING:
    from datetime import datetime


# What a channel is told of when no events were named: what clients and Stripe do, not what the team just did itself.
NEWS: Final = (
    Trigger.PAYMENT_SUCCEEDED,
    Trigger.PAYMENT_FAILED,
    Trigger.REFUND_CREATED,
    Trigger.DISPUTE_OPENED,
    Trigger.SUBSCRIPTION_RENEWED,
    Trigger.SUBSCRIPTION_CANCELLED,
    Trigger.INVOICE_OVERDUE,
)

# Money on its way from a bank: news for whoever hears of payments, but nothing has happened yet that a rule acts on.
PROCESSING: Final = "payment_processing"


@dataclass(frozen=True, slots=True)
class NewsSettings:
    """What a workspace has set about news beside its channels.

    `people` is who hears that somebody wants to talk to a person: a channel (`#help`), a member (`@Sam`), or None for
    all admins. The digest goes to `digest_channel` at `digest_hour` (0 to 23, where the business is), None for never;
    it was set at `digest_set_at`, so that an hour which had passed then is not made up for.
    """

    workspace_id: str
    people: str | None = None
    digest_channel: str | None = None
    digest_hour: int | None = None
    digest_set_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DealRoute:
    """That news about one opportunity goes to a channel of its own instead of the general one."""

    workspace_id: str
    opportunity: str
    channel: str
