"""A client's portal: addresses that open it, of which only a digest is kept, and how they are taken back.

Each time the address is given away it is a new one, so nothing has to be kept that could open the portal, no key of
this installation is needed to check one, and an address can end without the others.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

    from billing.ports import Transaction

_TOKEN_BYTES: Final = 32


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


def open_portal(tx: Transaction, contact: str, *, now: datetime) -> str:
    """Return the token of a new address of the contact's portal; nobody can read it from the database again.

    It lives as long as the workspace says. Raises UnknownRecord.
    """
    number = tx.contacts.get(contact).number
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    days = tx.people.workspace().portal_days
    expires_at = None if days is None else now + timedelta(days=days)
    tx.portals.add(PortalLink(tx.workspace_id, digest(token), number, now, expires_at))
    return token


def close_portal(tx: Transaction, contact: str, *, now: datetime) -> int:
    """End every address of the contact's portal and return how many that were; raises UnknownRecord."""
    number = tx.contacts.get(contact).number
    living = [link for link in tx.portals.of_contact(number) if link.opens(now)]
    for link in living:
        tx.portals.save(replace(link, revoked_at=now))
    return len(living)
