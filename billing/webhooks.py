"""Where other systems want to be told, and what they are told: the records behind the webhook action."""

from __future__ import annotations

import secrets
from base64 import b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
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
