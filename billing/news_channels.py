"""Where news goes: to the channel set for the deal it is about, else to the one set for its kind.

An amount is only ever posted where an admin has set a channel for it. What nobody set goes nowhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from billing.automations import Trigger
from billing.news import NEWS, PROCESSING

if TYPE_CHECKING:
    from billing.invoices import Invoice
    from billing.ports import Transaction

_HEARD_AS: Final = {PROCESSING: Trigger.PAYMENT_SUCCEEDED.value}


def channel_of_news(tx: Transaction, news: str, invoice: str, record: Invoice | None = None) -> str | None:
    """Return the name of the channel that hears of it; None where none is set. `news` is a trigger or PROCESSING.

    `record` is the invoice of that number where it is known.
    """
    event = _HEARD_AS.get(news, news)
    general = next((route.channel for route in tx.people.routes() if route.event == event), None)
    if general is None and event not in NEWS:
        return None
    found = record or tx.invoices.find(invoice)
    own = tx.news.deal_route(found.opportunity) if found else None
    return own.channel if own else general
