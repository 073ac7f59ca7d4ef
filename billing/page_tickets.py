"""Pages for the people of the business: a ticket from the chat opens one, once, and a session goes on from there.

A ticket is bound to workspace and person. It works once and for some minutes; the browser that used it gets a
session in its place, so that the address alone is worth nothing to whoever finds it later. What the person may see
is asked anew at each request. Only digests of tickets and sessions are stored.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from billing.auditing import WEB, note, on_behalf_of
from billing.conversations import SkillCall
from billing.pages import PageTicket

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from billing.pages import Page
    from billing.ports import Clock, Store, Transaction
    from billing.roles import Role

TICKET_LIFETIME: Final = timedelta(minutes=15)
SESSION_LIFETIME: Final = timedelta(hours=8)


@dataclass(frozen=True, slots=True)
class Entered:
    """That a ticket was good: the session's secret, for the browser alone, and where it leads."""

    session: str
    page: Page
    query: Mapping[str, str]
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who looks at a page: a member, with the role of this moment."""

    workspace_id: str
    member: str
    role: Role


def page_ticket(
    tx: Transaction, page: Page, *, member: str, now: datetime, query: Mapping[str, str] | None = None
) -> str:
    """Store a ticket and return its token, which is shown to the person and kept nowhere."""
    token = secrets.token_urlsafe(32)
    tx.tickets.forget(now)
    tx.tickets.add(PageTicket(tx.workspace_id, _digest(token), member, page, now + TICKET_LIFETIME, dict(query or {})))
    return token


class PageDoor:
    """Lets people in by ticket or session. What is unknown, used up, expired or no longer allowed is all the same."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def leads_to(self, token: str) -> Page | None:
        """Return the page that a ticket would open now, and leave the ticket as it is."""
        found = self._store.directory.page_ticket(token_hash=_digest(token))
        if found is None or not self._is_good(found):
            return None
        with self._store.transaction(found.workspace_id) as tx:
            return found.page if _visitor(tx, found, found.page) else None

    def enter(self, token: str) -> Entered | None:
        """Use up a ticket; None for one that is not good."""
        found = self._store.directory.page_ticket(token_hash=_digest(token))
        if found is None:
            return None
        session, now = secrets.token_urlsafe(32), self._clock()
        with self._store.transaction(found.workspace_id) as tx:
            # Read again under a lock: somebody else may be opening it, too.
            ticket = tx.tickets.get(found.token_hash)
            if ticket is None or not self._is_good(ticket) or _visitor(tx, ticket, ticket.page) is None:
                return None
            ends = now + SESSION_LIFETIME
            tx.tickets.save(replace(ticket, session_hash=_digest(session), expires_at=ends))
            note(tx, on_behalf_of(tx, ticket.member, WEB), SkillCall("open_page", {"page": ticket.page.value}), now=now)
        return Entered(session, ticket.page, ticket.query, ends)

    def visitor(self, session: str, page: Page) -> Visitor | None:
        """Return who has the session, if that person may see the page now."""
        found = self._store.directory.page_ticket(session_hash=_digest(session))
        if found is None or found.expires_at <= self._clock():
            return None
        with self._store.transaction(found.workspace_id) as tx:
            return _visitor(tx, found, page)

    def _is_good(self, ticket: PageTicket) -> bool:
        return ticket.session_hash is None and self._clock() < ticket.expires_at


def _visitor(tx: Transaction, ticket: PageTicket, page: Page) -> Visitor | None:
    member = next((member for member in tx.people.members() if member.name == ticket.member), None)
    if member is None or member.away or not member.role.allows(page.role):
        return None
    return Visitor(ticket.workspace_id, member.name, member.role)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
