"""Giving away a client's portal: an address of its own each time, and the end of those that are out there.

Each time the address is given away it is a new one, so nothing has to be kept that could open the portal, no key of
this installation is needed to check one, and an address can end without the others.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from billing.portals import PortalLink, digest

if TYPE_CHECKING:
    from datetime import datetime

    from billing.ports import Transaction

_TOKEN_BYTES: Final = 32


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
