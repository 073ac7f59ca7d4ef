"""Adding a client."""

from __future__ import annotations

from billing.contacts import Contact as ContactRecord
from billing.roles import Role
from skills.arguments import Company, Email, Name, Phone
from skills.cards import Card
from skills.context import Context, Outcome
from skills.presenting import contact_row
from skills.spec import Effect, skill


@skill(
    effect=Effect.WRITE,
    role=Role.EDITOR,
    examples=(
        "add a contact {name} from {company} {email}",
        "add a contact {name} at {company} {email}",
        "create a contact {name} {email}",
        "create a contact for {name} at {company}",
        "create a contact called {name}",
        "create a client named {name}",
        "new contact {name} email {email}",
        "new client {name} at {company} phone {phone}",
        "new customer {name} of {company} mobile {phone}",
        "new contact {name} company {company}",
        "add {name} as a client {email}",
        "add {name} to our contacts {email}",
        "add {name} as a contact",
        "add {name} to the address book",
        "add customer {name} with email {email}",
        "save a contact called {name}",
        "put {name} in our contacts",
        "register a client named {name}",
        "save {name} as a contact {email}",
        "put {name} down as a client",
        "set up a new contact {name}",
        "new client {name} {company} {email}",
        "new client {name} {email} {company}",
        "new contact {name} from {company}",
        "add {name} from {company} {email}",
        "add {name} at {company} {email}",
        "create a contact {name} of {company}",
        "new client is called {name} email {email}",
        "the new client is {name} {email}",
        "pop {name} in as a contact",
        "enter {name} as a client {email}",
        "new client {name} email {email}",
        "new contact {name} phone {phone}",
        "add {name} of {company} to the contacts",
        "add {name} to the contacts",
        "add {name} to contacts",
        "make a contact card for {name} {phone}",
        "new person {name} {email}",
        "create a client record for {name} company {company}",
        "add {name} {company} {email}",
        "new contact {name} {email} {phone}",
        "new client {name} {phone}",
        "create a contact for {name} {email}",
        "create a customer {name} {email}",
        "add new contact {name} {company} {email} {phone}",
        "add a client called {name}",
        "add a new client {name} from {company}",
        "put {name} from {company} in the address book",
        "get {name} into our contacts",
        "make a contact for {name} of {company}",
        "we have a new client {name} {email}",
        "we have a new client {name} from {company}",
        "onboard {name} from {company}",
        "new contact",
        "new client",
        "a new client to add",
        "a client to add",
        "add a contact",
        "add to contacts {name} {company} {email}",
        "new client for the books {name} from {company} {email} mobile {phone}",
        "there is a new client {name} from {company} {email}",
        "{name} needs to be in the address book",
        "{name} needs to go in the address book {email}",
        "{name} needs to be in the address book phone {phone}",
        "{name} should be in our contacts {email}",
        "{name} should go in the contacts {phone}",
        "{name} goes in the address book",
        "somebody new for the address book {name} from {company} {email}",
        "new contact no company just {name} {email}",
        "new name for the contacts {name} {email}",
        "take down a new contact {name} {phone}",
        "take {name} down as a client {email}",
        "file {name} as a client {email}",
        "there is a new client {name} from {company} {phone}",
    ),
)
def create_contact(
    context: Context,
    *,
    name: Name,
    email: Email | None = None,
    company: Company | None = None,
    phone: Phone | None = None,
) -> Outcome:
    """Add a contact: a client that can be billed.

    Args:
        name: The person's name.
        email: Where invoices are sent.
        company: The company, where there is one.
        phone: A phone number.
    """
    with context.transaction() as tx:
        contact = tx.contacts.by_request(context.key) or tx.contacts.add(
            ContactRecord(
                workspace_id=context.workspace.id,
                number=tx.contacts.next_number(),
                name=name,
                created_at=context.now,
                company=company,
                email=email,
                phone=phone,
                request_key=context.key,
            ),
        )
    row = contact_row(contact)
    card = Card(title=f"Contact {contact.number}", summary=row.title, rows=(row,))
    return Outcome(f"Added {contact.label} as {contact.number}.", {"number": contact.number}, card, (contact.number,))
