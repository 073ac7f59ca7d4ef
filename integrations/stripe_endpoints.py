"""Where Stripe sends its events: the webhook endpoints of an account, as somebody set them up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from integrations.stripe_errors import in_our_words
from integrations.stripe_events import MONEY_EVENTS

if TYPE_CHECKING:
    from stripe import StripeClient, WebhookEndpoint

_EVERY_EVENT: Final = "*"
# Without them a payment is heard of late, by a sync, or not at all.
NEEDED_EVENTS: Final = MONEY_EVENTS


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One endpoint: its address, whether Stripe sends to it, and which of the needed events it leaves out."""

    url: str
    enabled: bool
    missing: tuple[str, ...]


def endpoints(client: StripeClient) -> list[Endpoint]:
    """Return the webhook endpoints of the key's own account; raises ProviderRefused, ProviderUnavailable."""
    with in_our_words():
        found = client.v1.webhook_endpoints.list({"limit": 100})
        return [_endpoint(endpoint) for endpoint in found.auto_paging_iter()]


def _endpoint(endpoint: WebhookEndpoint) -> Endpoint:
    heard = set(endpoint.enabled_events)
    missing = () if _EVERY_EVENT in heard else tuple(event for event in NEEDED_EVENTS if event not in heard)
    return Endpoint(endpoint.url, endpoint.status == "enabled", missing)
