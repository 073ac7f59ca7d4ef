"""Where news goes: to the channel set for the deal it is about, else to the one set for its kind; and the rest of it.

An amount is only ever posted where an admin has set a channel for it. What nobody set goes nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from billing.automations import Trigger

if TYPE_CHECKING:
    from datetime import datetime

    from billing.ports import Transaction

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
_HEARD_AS: Final = {PROCESSING: Trigger.PAYMENT_SUCCEEDED.value}


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


def channel_of_news(tx: Transaction, news: str, invoice: str) -> str | None:
    """Return the name of the channel that hears of it; None where none is set. `news` is a trigger or PROCESSING."""
    event = _HEARD_AS.get(news, news)
    general = next((route.channel for route in tx.people.routes() if route.event == event), None)
    if general is None and event not in NEWS:
        return None
    found = tx.invoices.find(invoice)
    own = tx.news.deal_route(found.opportunity) if found else None
    return own.channel if own else general
