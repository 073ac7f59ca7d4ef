"""Where other systems want to be told, and what they are told: the records behind the webhook action."""

from __future__ import annotations

import secrets
from base64 import b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

# After as many messages in a row that a whole day of tries did not deliver, an address is left alone.
FAILURES_ALLOWED: Final = 3


@dataclass(frozen=True, slots=True)
class WebhookEndpoint:
    """An address, with the secret that messages to it are signed with, sealed.

    `failures` counts the messages in a row that were given up.
    """

    workspace_id: str
    url: str
    sealed_secret: str
    created_at: datetime
    failures: int = 0
    disabled_at: datetime | None = None


def new_secret() -> str:
    """Return a signing secret as the Standard Webhooks specification writes it."""
    return "whsec_" + b64encode(secrets.token_bytes(24)).decode()


@dataclass(frozen=True, slots=True)
class Call:
    """How a call ended. `taken`: the other system said yes. `final`: it must not, or need not, be tried again."""

    taken: bool
    reason: str
    final: bool = False


class CallWebhook(Protocol):
    """Calls another system."""

    def __call__(self, url: str, key: str, body: Mapping[str, Any], secret: str) -> Call:
        """Post the body once, signed with the secret; the same key is the same message, however often it is sent."""
