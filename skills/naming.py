"""Records to names: what each kind is called by, with the names of its client and its deal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billing.money import Money
from skills.names import Catalog, Names

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from billing.automations import Automation
    from billing.naming import ContactName, InvoiceName, OpportunityName
    from billing.ports import Transaction


class Naming:
    """Reads the names of a transaction's workspace; `known` are those that were read before."""

    def __init__(self, tx: Transaction, known: Catalog | None = None) -> None:
        self._tx = tx
        self._known = Catalog(()) if known is None else known
        self._read: dict[str, Names] = {}

    def whole(self) -> Catalog:
        """Read all."""
        for entry in self._entries(None, self._tx.automations.list()):
            self._read[entry.number] = entry
        return Catalog(self._read.values())

    def renewed(self, numbers: Mapping[str, Collection[str]]) -> Catalog:
        """Read the records of these numbers, by their kinds, and return what was known with them as they are now."""
        found = (self._tx.automations.find(number) for number in sorted(numbers["automation"]))
        for entry in self._entries(numbers, [automation for automation in found if automation is not None]):
            self._read[entry.number] = entry
        return self._known.changed(self._read.values(), {number for kind in numbers.values() for number in kind})

    def _entries(self, numbers: Mapping[str, Collection[str]] | None, rules: list[Automation]) -> Iterator[Names]:
        names, wanted = self._tx.names, numbers or {}
        for contact in names.contacts(wanted.get("contact")):
            yield contact_names(contact)
        for deal in names.opportunities(wanted.get("opportunity")):
            yield opportunity_names(deal, self._called(deal.contact))
        for invoice in names.invoices(wanted.get("invoice")):
            yield invoice_names(invoice, self._called(invoice.contact), self._called(invoice.opportunity))
        yield from map(automation_names, rules)

    def _called(self, number: str | None) -> Names | None:
        """Return the record of that number, as it was read just now or is known."""
        if number is None:
            return None
        return self._read.get(number) or self._known.by_number(number)


def _phrases(*phrases: str | None) -> tuple[str, ...]:
    return tuple(phrase for phrase in phrases if phrase)


def contact_names(contact: ContactName) -> Names:
    """Return the names of a contact."""
    return Names(
        record="contact",
        number=contact.number,
        label=contact.label,
        words=_phrases(contact.company, contact.name, contact.number),
        contact=contact.number,
        email=contact.email,
    )


def opportunity_names(deal: OpportunityName, client: Names | None) -> Names:
    """Return the names of a deal, its client's among them."""
    currency = deal.value_currency or deal.currency
    return Names(
        record="opportunity",
        number=deal.number,
        label=deal.name,
        words=_phrases(deal.name, deal.number, *_client_words(client)),
        contact=deal.contact,
        opportunity=deal.number,
        status=deal.stage,
        currency=deal.currency,
        amount=str(Money(deal.value, currency)) if deal.value is not None else None,
        email=client.email if client else None,
    )


def invoice_names(invoice: InvoiceName, client: Names | None, deal: Names | None) -> Names:
    """Return the names of an invoice, its client's and its deal's among them."""
    title = deal.label if deal else None
    return Names(
        record="invoice",
        number=invoice.number,
        label=f"{invoice.number} ({title or 'no deal'})",
        words=_phrases(title, invoice.number, invoice.description, *_client_words(client)),
        contact=invoice.contact,
        opportunity=invoice.opportunity,
        kind=invoice.kind,
        status=invoice.status,
        currency=invoice.currency,
        amount=str(Money(invoice.total, invoice.currency)),
        due=invoice.due_on,
        interval=invoice.interval,
        email=client.email if client else None,
        alias=invoice.document_number,
    )


def automation_names(automation: Automation) -> Names:
    """Return the names of an automation."""
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
