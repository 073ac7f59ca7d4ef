"""Handing out the address of a client's portal."""

from __future__ import annotations

from billing.roles import Role
from billing.sharing import open_portal
from skills.arguments import Contact
from skills.cards import Button, Card
from skills.context import Context, Outcome
from skills.spec import Effect, skill


@skill(
    effect=Effect.READ,
    role=Role.EDITOR,
    examples=(
        "share the portal with {contact}",
        "share {contact}'s portal",
        "create a portal link for {contact}",
        "make {contact} a portal link",
        "generate {contact}'s portal link",
        "a portal page for {contact}",
        "send {contact} to the portal",
        "give me the portal link for {contact}",
        "get the client portal for {contact}",
        "show {contact}'s portal",
        "portal for {contact}",
        "portal link {contact}",
        "{contact} portal",
        "what is the portal link for {contact}",
        "where can {contact} see their invoices",
        "where can {contact} see all invoices",
        "i need {contact}'s portal address",
        "open the portal of {contact}",
        "the portal url for {contact}",
        "a link where {contact} can see everything they owe",
        "a link to {contact}'s portal",
        "the portal address for {contact}",
        "{contact} wants to see all their invoices",
        "where {contact} can see their bills",
        "show {contact} their portal",
        "send me {contact}'s portal link",
        "get me {contact}'s portal link",
        "statement for {contact}",
        "statement of account for {contact}",
        "account statement for {contact}",
        "{contact}'s statement",
        "{contact}'s account statement",
        "get me {contact}'s statement",
        "give me a statement for {contact}",
        "send me {contact}'s statement of account",
        "{contact} wants a statement",
        "a page where {contact} can see everything",
        "where can {contact} pay all their invoices",
        "portal access for {contact}",
        "give {contact} access to the portal",
        "let {contact} see all their invoices",
        "let {contact} into the portal",
        "client portal for {contact}",
        "link to {contact}'s portal",
        "{contact} is asking for the client portal",
        "{contact} is asking for the portal",
        "{contact} wants to see the portal",
        "grab the client portal for {contact}",
        "grab {contact}'s portal",
        "grab the portal link for {contact}",
        "we never gave {contact} the portal",
        "share it with {contact}",
        "open the portal for {contact}",
        "where does {contact} find their invoices",
    ),
)
def share_portal(context: Context, *, contact: Contact) -> Outcome:
    """Give the address of a client's portal: all their invoices, with Pay now.

    Args:
        contact: The client whose portal it is.
    """
    with context.transaction() as tx:
        client = tx.contacts.get(contact)
        token = open_portal(tx, contact, now=context.now)
    url = context.links.portal(token)
    card = Card(
        title=f"Portal of {client.label}",
        summary=f"Portal of {client.label}",
        text=f"All invoices of {client.label}, with what is paid and what is left.",
        note="Whoever has this address can open it: give it to this client only.",
        buttons=(Button("Open portal", url=url), Button("Copy link", copy=url)),
    )
    return Outcome(f"Here is the portal of {client.label}: {url}", {"contact": contact, "url": url}, card, (contact,))
