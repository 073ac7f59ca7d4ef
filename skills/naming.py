"""The names of a workspace's records, read from the database: all of them, or of those that are given by number."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from skills.names import Catalog, Names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from billing.automations import Automation
    from billing.contacts import Contact
    from billing.invoices import Invoice
    from billing.opportunities import Opportunity
    from billing.ports import Transaction
    from skills.spec import Skill

_NUMBER: Final = re.compile(r"[A-Z]{3}-\d+", re.ASCII)


def load(tx: Transaction) -> Catalog:
    """Read the workspace's names."""
    contacts = [_contact(contact) for contact in tx.contacts.list()]
    people = {entry.number: entry for entry in contacts}
    deals = [_opportunity(deal, people) for deal in tx.opportunities.list()]
    titles = {entry.number: entry for entry in deals}
    links = {link.invoice: link.interval.value for link in tx.links.all_active()}
    invoices = [_invoice(invoice, people, titles, links) for invoice in tx.invoices.list()]
    automations = [_automation(automation) for automation in tx.automations.list()]
    return Catalog([*contacts, *deals, *invoices, *automations])


def known(tx: Transaction, skill: Skill, arguments: Mapping[str, Any]) -> Catalog:
    """Return the names among which the arguments' records are looked up.

    Where each is given by its number, as forms and buttons do, these alone are read; else all, which takes a while.
    """
    found = [_given(tx, record, said) for record, said in _references(skill, arguments)]
    return load(tx) if None in found else Catalog(names for names in found if names is not None)


def _references(skill: Skill, arguments: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (kind of record, what was said of it) for each argument, or part of one, that names a record."""
    for argument in skill.arguments:
        value = arguments.get(argument.name)
        if argument.type.record is not None and isinstance(value, str):
            yield argument.type.record, value
        elif isinstance(value, Mapping):
            parts = argument.type.parts
            named = ((parts[name].record, part) for name, part in value.items() if name in parts)
            yield from ((record, part) for record, part in named if record is not None and isinstance(part, str))


def _given(tx: Transaction, record: str, said: str) -> Names | None:
    """Return the record of that number; None where it is not there, or is not given by a number."""
    number = said.strip().upper()
    if record not in _FINDERS or not _NUMBER.fullmatch(number):
        return None
    return _FINDERS[record](tx, number)


def _given_contact(tx: Transaction, number: str) -> Names | None:
    contact = tx.contacts.find(number)
    return _contact(contact) if contact else None


def _given_automation(tx: Transaction, number: str) -> Names | None:
    automation = tx.automations.find(number)
    return _automation(automation) if automation else None


def _given_opportunity(tx: Transaction, number: str) -> Names | None:
    deal = tx.opportunities.find(number)
    if deal is None:
        return None
    client = tx.contacts.find(deal.contact) if deal.contact else None
    return _opportunity(deal, {client.number: _contact(client)} if client else {})


def _given_invoice(tx: Transaction, number: str) -> Names | None:
    invoice = tx.invoices.find(number)
    if invoice is None:
        return None
    client = tx.contacts.find(invoice.contact) if invoice.contact else None
    link = tx.links.active(number)
    deal = _opportunity(tx.opportunities.get(invoice.opportunity), {})
    people = {client.number: _contact(client)} if client else {}
    return _invoice(invoice, people, {deal.number: deal}, {number: link.interval.value} if link else {})


def _phrases(*phrases: str | None) -> tuple[str, ...]:
    return tuple(phrase for phrase in phrases if phrase)


def _contact(contact: Contact) -> Names:
    return Names(
        record="contact",
        number=contact.number,
        label=contact.label,
        words=_phrases(contact.company, contact.name, contact.number),
        contact=contact.number,
        email=contact.email,
    )


def _opportunity(deal: Opportunity, people: Mapping[str, Names]) -> Names:
    client = people.get(deal.contact or "")
    return Names(
        record="opportunity",
        number=deal.number,
        label=deal.name,
        words=_phrases(deal.name, deal.number, *_client_words(client)),
        contact=deal.contact,
        opportunity=deal.number,
        status=deal.stage.value,
        currency=deal.currency,
        amount=str(deal.value) if deal.value else None,
        email=client.email if client else None,
    )


def _invoice(
    invoice: Invoice,
    people: Mapping[str, Names],
    titles: Mapping[str, Names],
    links: Mapping[str, str],
) -> Names:
    client, deal = people.get(invoice.contact or ""), titles.get(invoice.opportunity)
    title = deal.label if deal else None
    return Names(
        record="invoice",
        number=invoice.number,
        label=f"{invoice.number} ({title or 'no deal'})",
        words=_phrases(title, invoice.number, invoice.description, *_client_words(client)),
        contact=invoice.contact,
        opportunity=invoice.opportunity,
        kind=invoice.kind.value,
        status=invoice.status.value,
        currency=invoice.total.currency,
        amount=str(invoice.total),
        due=invoice.due_on,
        interval=links.get(invoice.number),
        email=client.email if client else None,
        alias=invoice.document_number,
    )


def _automation(automation: Automation) -> Names:
    steps = [action.do.value.replace("_", " ") for action in automation.actions]
    return Names(
        record="automation",
        number=automation.number,
        label=automation.name,
        words=_phrases(automation.name, automation.number, automation.trigger.value.replace("_", " "), *steps),
        status="active" if automation.active else "inactive",
    )


def _client_words(client: Names | None) -> tuple[str, ...]:
    return client.words[:-1] if client else ()


_FINDERS: Final[dict[str, Callable[[Transaction, str], Names | None]]] = {
    "contact": _given_contact,
    "opportunity": _given_opportunity,
    "invoice": _given_invoice,
    "automation": _given_automation,
}
