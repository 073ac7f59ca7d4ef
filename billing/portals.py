"""Addresses that open a client's portal, of which only a digest is kept."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class PortalLink:
    """One address of a contact's portal. `token_hash` is the SHA-256 (hex) of what stands in the address.

    `expires_at` is None where the workspace lets its links live for ever; `revoked_at` is set where a person ended it.
    """

    workspace_id: str
    token_hash: str
    contact: str
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None

    def opens(self, now: datetime) -> bool:
        """Say whether the address still shows the portal."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


def digest(token: str) -> str:
    """Return what is kept of a token: it has 256 bits of chance in it, so a plain hash cannot be guessed back."""
    return hashlib.sha256(token.encode()).hexdigest()
