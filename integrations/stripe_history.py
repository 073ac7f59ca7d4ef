"""The events that an account had, asked of Stripe: what no webhook brought is found here, for 30 days."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from integrations.stripe_errors import in_our_words
from integrations.stripe_events import DEAUTHORIZED, INTENT_EVENTS, INVOICE_EVENTS, SESSION_EVENTS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from integrations.stripe_account import StripeAccount

_ASKED_FOR: Final = [*SESSION_EVENTS, *INTENT_EVENTS, *INVOICE_EVENTS, DEAUTHORIZED]


def past_events(account: StripeAccount, since: datetime) -> Iterator[bytes]:
    """Return the account's events since then, newest first, each as the body that a webhook would have had.

    Raises ProviderRefused, ProviderUnavailable.
    """
    with in_our_words():
        page = account.client.v1.events.list(
            {"created": {"gte": int(since.timestamp())}, "types": _ASKED_FOR, "limit": 100},
            account.options(),
        )
        for event in page.auto_paging_iter():
            body = event.to_dict()
            if not account.direct:
                # A listed event does not say whose it is: the request did.
                body["account"] = account.stripe_account_id
            # The package reads decimals as Decimal, which JSON does not know; nothing of them is read back.
            yield json.dumps(body, default=str).encode()
