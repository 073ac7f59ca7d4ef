"""The events that an account had, asked of Stripe: what no webhook brought is found here, for 30 days."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from integrations.stripe_errors import in_our_words
from integrations.stripe_events import DEAUTHORIZED, MONEY_EVENTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from stripe.params import EventListParamsCreated

    from integrations.stripe_account import StripeAccount

_ASKED_FOR: Final = (*MONEY_EVENTS, DEAUTHORIZED)
# Stripe takes no more types than these in one request.
_AT_ONCE: Final = 20


def past_events(account: StripeAccount, since: datetime, until: datetime | None = None) -> Iterator[bytes]:
    """Return the account's events with since <= created < until, each as the body that a webhook would have had.

    They come in no certain order. Raises ProviderRefused, ProviderUnavailable.
    """
    made: EventListParamsCreated = {"gte": int(since.timestamp())}
    if until is not None:
        made["lt"] = int(until.timestamp())
    for first in range(0, len(_ASKED_FOR), _AT_ONCE):
        yield from _of_types(account, made, _ASKED_FOR[first : first + _AT_ONCE])


def _of_types(account: StripeAccount, made: EventListParamsCreated, types: Sequence[str]) -> Iterator[bytes]:
    with in_our_words():
        page = account.client.v1.events.list(
            {"created": made, "types": list(types), "limit": 100},
            account.options(),
        )
        for event in page.auto_paging_iter():
            body = event.to_dict()
            if not account.direct:
                # A listed event does not say whose it is: the request did.
                body["account"] = account.stripe_account_id
            # The package reads decimals as Decimal, which JSON does not know; nothing of them is read back.
            yield json.dumps(body, default=str).encode()
