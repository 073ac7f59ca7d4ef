"""Merge fields: `{client}` in an automation's text becomes the client, and nothing but the fields listed here does."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from billing.errors import BadArgument

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from billing.invoices import Invoice
    from billing.ports import Formats, Transaction

_FIELD: Final = re.compile(r"\{([^{}]*)\}")
_OF_INVOICE: Final[dict[str, Callable[[Invoice, Formats, date], str]]] = {
    "invoice": lambda invoice, _formats, _today: invoice.number,
    "amount": lambda invoice, formats, _today: formats.money(invoice.total),
    "balance": lambda invoice, formats, _today: formats.money(invoice.balance),
    "due": lambda invoice, formats, _today: formats.day(invoice.due_on),
    "status": lambda invoice, _formats, today: invoice.status_on(today),
    "days_overdue": lambda invoice, _formats, today: str(max(0, (today - invoice.due_on).days)),
}
FIELDS: Final = (*_OF_INVOICE, "client", "deal")


def check_text(text: str, *, about_invoice: bool = True) -> str:
    """Return the text; raises BadArgument where a field in braces is none that can be filled in."""
    known = FIELDS if about_invoice else ()
    unknown = next((name for name in _FIELD.findall(text) if name not in known), None)
    if unknown is None:
        return text
    if not about_invoice:
        raise BadArgument(f"{{{unknown}}} cannot be filled in: this message is about no one invoice.")
    listed = ", ".join(f"{{{name}}}" for name in FIELDS)
    raise BadArgument(f"{{{unknown}}} is nothing I can fill in. These I know: {listed}.")


def filled(tx: Transaction, text: str, number: str, formats: Formats, today: date) -> str:
    """Return the text with its fields as the records are now; what a record contains is not looked at for fields."""
    if not number or not _FIELD.search(text):
        return text
    invoice = tx.invoices.get(number)
    contact = tx.contacts.find(invoice.contact) if invoice.contact else None
    values = {name: value(invoice, formats, today) for name, value in _OF_INVOICE.items()}
    values["client"] = contact.label if contact else "the client"
    values["deal"] = tx.opportunities.get(invoice.opportunity).name
    return _FIELD.sub(lambda field: values.get(field[1], field[0]), text)
