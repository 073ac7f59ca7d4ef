"""Looking clients up."""

from __future__ import annotations

from billing.roles import Role
from skills.arguments import Query
from skills.context import Context, Outcome
from skills.names import load
from skills.presenting import contact_row, list_card
from skills.spec import Effect, skill


@skill(
    effect=Effect.READ,
    role=Role.VIEWER,
    examples=(
        "find {query}",
        "look up {query}",
        "find contacts named {query}",
        "what is {query}'s email address",
        "what is the phone number of {query}",
        "how do i reach {query}",
        "list our contacts",
        "show all clients",
        "who are our customers",
        "search contacts for {query}",
    ),
)
def find_contacts(context: Context, *, query: Query | None = None) -> Outcome:
    """Find contacts by name, company or e-mail address.

    Args:
        query: A part of the name, company or e-mail address; left out, all contacts.
    """
    with context.transaction() as tx:
        contacts = tx.contacts.list()
        if query is not None:
            fitting = {entry.number for entry in load(tx).search("contact", query)}
            contacts = [c for c in contacts if c.number in fitting or _contains(query, c.name, c.company, c.email)]
    rows = [contact_row(contact) for contact in contacts]
    empty = f"No contact fits “{query}”." if query else "There are no contacts yet."
    if len(contacts) == 1:
        text = f"{contacts[0].label}: {contacts[0].email or 'no e-mail address yet'}."
    else:
        text = f"{len(contacts)} contacts." if contacts else empty
    numbers = [contact.number for contact in contacts]
    return Outcome(text, {"contacts": numbers}, list_card("Contacts", rows, empty=empty), tuple(numbers))


def _contains(query: str, *texts: str | None) -> bool:
    return any(query.casefold() in text.casefold() for text in texts if text)
