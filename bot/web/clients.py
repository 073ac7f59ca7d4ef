"""Who stands at the door of a portal: the address is looked up by its digest, and an ended one is told so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from billing.portals import digest
from bot.web.pages import Notice, notice
from bot.web.tokens import token_of
from skills.cards import Tone

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from billing.contacts import Contact
    from billing.ports import Formats, Transaction
    from billing.workspaces import Workspace
    from bot.web.site import Site


@dataclass(frozen=True, slots=True)
class Visitor:
    """The client whose portal it is, with the business and how the client is written to.

    `token` is what stands in the address; `welcome` says whether it opens the portal still.
    """

    workspace: Workspace
    contact: Contact
    formats: Formats
    token: str
    welcome: bool


def visitor(site: Site, request: Request) -> Visitor:
    """Return who holds the address of the request; raises 404 for an address that never was one."""
    token = token_of(request)
    store = site.services.store
    link = store.directory.portal_link(digest(token))
    if link is None:
        raise HTTPException(404)
    with store.transaction(link.workspace_id) as tx:
        workspace, contact = tx.people.workspace(), tx.contacts.get(link.contact)
    formats = reader(site, workspace, contact)
    return Visitor(workspace, contact, formats, token, link.opens(site.services.clock()))


def reader(site: Site, workspace: Workspace, contact: Contact | None) -> Formats:
    """Return how the client is written to."""
    return site.formats_for(workspace).in_locale(contact.locale if contact else None)


def reader_of(tx: Transaction, site: Site, workspace: Workspace, contact: str | None) -> Formats:
    """Return how the client of that number is written to; the business's way where there is none."""
    return reader(site, workspace, tx.contacts.find(contact) if contact else None)


def turned_away(who: Visitor) -> Response:
    """Say that the address has ended and how to get another; nothing of the client's is told."""
    business, text = who.workspace.name, who.formats.text
    words = Notice(
        text("This link no longer works"),
        text(
            "For your safety, links to your invoices end after a while. Every mail about an invoice has a new one in "
            "it, and {business} can send you one at any time."
        ).format(business=business),
        Tone.WARNING,
        business,
    )
    return notice(words, status=410, reader=who.formats)
