"""Looking clients up."""

from __future__ import annotations

from billing.roles import Role
from skills.arguments import Query
from skills.context import Context, Outcome
from skills.presenting import contact_row, list_card
from skills.spec import Effect, skill


@skill(
    effect=Effect.READ,
    role=Role.VIEWER,
    examples=(
        "find {query}",
        "look up {query}",
        "look for {query}",
        "search for {query}",
        "who is {query}",
        "do we have {query} as a contact",
        "do we have a contact named {query}",
        "do we have a client called {query}",
        "look up contacts at {query}",
        "look for the client {query}",
        "find contacts named {query}",
        "find the contact {query}",
        "look up the contact {query}",
        "find the client {query}",
        "find contacts at {query}",
        "search contacts for {query}",
        "what is {query}'s email address",
        "what is {query}'s email",
        "what is {query}'s phone number",
        "what is the email address of {query}",
        "what is the email for {query}",
        "what is the phone number of {query}",
        "email address for {query}",
        "{query}'s email address",
        "{query}'s phone number",
        "what are {query}'s contact details",
        "contact details for {query}",
        "find the contact details of {query}",
        "show me the contact record for {query}",
        "show {query}'s contact details",
        "how do i reach {query}",
        "how do i get hold of {query}",
        "how can i contact {query}",
        "list our contacts",
        "show all clients",
        "show me our customers",
        "who are our customers",
        "what clients do we have",
        "contacts",
        "do we have a phone number for {query}",
        "do we have an email for {query}",
        "show me the client list",
        "{query}'s email",
        "who do we know at {query}",
        "who do we deal with at {query}",
        "who is our contact at {query}",
        "what is {query}'s number",
        "what is the number of {query}",
        "{query}'s phone",
        "do we know anyone called {query}",
        "is {query} in our contacts",
        "have we got an email for {query}",
        "have we got a number for {query}",
        "list all our clients",
        "all contacts",
        "who have we got at {query}",
        "who has an address at {query}",
        "pull up {query}'s details",
        "pull up {query}'s contact details",
        "what details do we have for {query}",
        "show me {query}'s details",
        "how do we reach {query}",
        "give me {query}'s number",
        "give me {query}'s email",
        "have you got a number for {query}",
        "have you got an email for {query}",
        "what number do we have for {query}",
        "what email do we have for {query}",
        "which email do we have for {query}",
        "do we have contact details for {query}",
        "phone number for {query}",
        "email for {query}",
        "number for {query}",
        "where can i reach {query}",
        "how can i reach {query}",
        "contact card of {query}",
        "anybody called {query} in our contacts",
        "show me everyone in the address book",
        "everyone in the address book",
        "who is in the address book",
        "who is in our contacts",
        "who have we got in the contacts",
        "show the address book",
        "open the address book",
        "our whole client list",
        "run me through our clients",
        "which clients have we got",
        "how many clients do we have",
        "the number for {query}",
        "have we anyone called {query}",
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
            fitting = {entry.number for entry in context.names(tx).search("contact", query)}
            contacts = [c for c in contacts if c.number in fitting or _contains(query, c.name, c.company, c.email)]
    rows = [contact_row(contact) for contact in contacts]
    empty = f"No contact fits “{query}”." if query else "There are no contacts yet."
    if len(contacts) == 1:
        text = f"{contacts[0].label}: {contacts[0].email or 'no e-mail address yet'}."
    else:
        text = f"{len(contacts)} contacts." if contacts else empty
    numbers = [contact.number for contact in contacts]
    return Outcome(text, {"contacts": numbers}, list_card("Contacts", rows), tuple(numbers))


def _contains(query: str, *texts: str | None) -> bool:
    return any(query.casefold() in text.casefold() for text in texts if text)
