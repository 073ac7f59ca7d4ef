"""Changing a client."""

from __future__ import annotations

from dataclasses import replace

from billing.errors import MissingArgument
from billing.roles import Role
from skills.arguments import Company, Contact, Email, Name, Phone
from skills.cards import Card
from skills.context import Context, Outcome
from skills.presenting import contact_row
from skills.spec import Effect, skill


@skill(
    effect=Effect.WRITE,
    role=Role.EDITOR,
    examples=(
        "change {contact}'s email to {email}",
        "change the email of {contact} to {email}",
        "update {contact}'s email to {email}",
        "update {contact}",
        "set {contact}'s email to {email}",
        "{contact}'s email is {email}",
        "{contact}'s new email is {email}",
        "{contact} has a new email {email}",
        "use {email} for {contact} from now on",
        "change {contact}'s phone number to {phone}",
        "{contact}'s phone is {phone}",
        "{contact}'s phone number is {phone}",
        "{contact}'s mobile is {phone}",
        "{contact}'s number is now {phone}",
        "add the phone number {phone} to {contact}",
        "add {phone} to {contact}",
        "add {email} to {contact}",
        "rename {contact} to {name}",
        "change the name of {contact} to {name}",
        "{contact} is called {name} now",
        "change {contact}'s company to {company}",
        "{contact}'s company is now {company}",
        "set the company of {contact} to {company}",
        "{contact} moved to {company}",
        "{contact} works at {company} now",
        "edit the contact {contact}",
        "change {contact}'s email address to {email}",
        "update {contact}'s email address to {email}",
        "change the email address of {contact} to {email}",
        "{contact}'s email address is {email}",
        "{contact}'s email address has changed to {email}",
        "{contact}'s email should be {email}",
        "{contact} works for {company} now",
        "{contact} is now at {company}",
        "update {contact}'s phone number to {phone}",
        "update {contact}'s phone to {phone}",
        "{contact}'s number has changed to {phone}",
        "{contact}'s number is {phone}",
        "change {contact}'s name to {name}",
        "new phone for {contact} {phone}",
        "new email for {contact} {email}",
        "{contact} has a new number {phone}",
        "set {contact}'s phone number to {phone}",
        "{contact} now uses {email}",
        "{contact} uses {email} now",
        "{contact} switched to {email}",
        "{contact} moved to {email}",
        "{contact} has moved to {email}",
        "{contact} changed to {email}",
        "{contact} changed their email to {email}",
        "{contact} changed email it is {email} now",
        "{contact} can be reached at {email} now",
        "{contact} can be reached on {phone} now",
        "{contact} got a new number {phone}",
        "{contact} got a new email {email}",
        "correct {contact}'s email to {email}",
        "fix {contact}'s email it is {email}",
        "replace {contact}'s email with {email}",
        "save {phone} for {contact}",
        "save {email} for {contact}",
        "put {email} down for {contact}",
        "put {phone} down for {contact}",
        "{contact} joined {company}",
        "{contact} now works at {company}",
        "{contact} now works for {company}",
        "{contact} goes by {name} now",
        "{contact}'s new number is {phone}",
        "{contact}'s new mobile is {phone}",
        "{contact}'s new phone number is {phone}",
        "update {contact} company {company} phone {phone}",
        "update {contact} email {email}",
        "their company is {company} now",
        "their name is {name} now",
        "their email is now {email}",
        "their phone is {phone}",
        "it is now {email}",
        "{contact} has a new address {email}",
        "{contact} got a new address {email}",
        "{contact} has a new mobile {phone}",
        "{contact} changed jobs their company is {company} now",
        "{contact} has changed jobs and works at {company}",
        "{contact} left and is at {company} now",
        "{contact} is with {company} now",
        "{contact}'s new company is {company}",
        "{contact} got married and is called {name} now",
        "{contact}'s name is {name} now",
        "{contact}'s surname has changed to {name}",
        "reach {contact} on {phone}",
        "reach {contact} at {email}",
        "{contact} is with {company} now",
        "{contact} got married put her down as {name}",
        "fill in the company of {contact} as {company}",
        "fill in {contact}'s email as {email}",
        "for {contact} fill in the company as {company}",
        "for {contact} put the company down as {company}",
        "for {contact} the email is {email}",
        "for {contact} the phone is {phone}",
        "{contact} is really called {name}",
        "{contact}'s name is spelt {name}",
        "{contact}'s name should be {name}",
        "{contact} has gone back to {name}",
        "{contact} runs {company} now",
        "{contact} answers {phone} now",
        "swap {contact}'s email for {email}",
        "{contact} has changed numbers it is {phone} now",
        "{contact} has changed number it is {phone} now",
        "{contact} changed her number it is {phone} now",
        "{contact} changed his number it is {phone} now",
        "{contact} changed her email it is {email} now",
        "{contact} has changed her email to {email}",
    ),
)
def update_contact(
    context: Context,
    *,
    contact: Contact,
    name: Name | None = None,
    email: Email | None = None,
    company: Company | None = None,
    phone: Phone | None = None,
) -> Outcome:
    """Change a contact's name, e-mail address, company or phone number.

    Args:
        contact: The client to change.
        name: The person's new name.
        email: Where invoices are sent from now on.
        company: The company's new name.
        phone: The new phone number.
    """
    said: dict[str, str | None] = {"name": name, "email": email, "company": company, "phone": phone}
    changes = {field: value for field, value in said.items() if value is not None}
    if not changes:
        raise MissingArgument("What should change: the name, the e-mail address, the company or the phone?", ("email",))
    with context.transaction() as tx:
        current = tx.contacts.get(contact, lock=True)
        changed = tx.contacts.save(replace(current, **changes))  # type: ignore[arg-type] # fields by their names
    row = contact_row(changed)
    card = Card(title=f"Contact {changed.number}", summary=row.title, rows=(row,))
    details = ", ".join(f"{field} {value}" for field, value in changes.items())
    return Outcome(f"Updated {changed.label}: {details}.", {"number": changed.number}, card, (changed.number,))
