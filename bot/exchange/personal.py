"""One client's personal data as JSON: all that is kept of that person, for the person to read or to take along."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from billing.documenting import head_of
from billing.personal import Mention, Traces
from bot.exchange.dumping import contact_entry, payment_entry, pruned

if TYPE_CHECKING:
    from billing.invoices import Invoice
    from billing.ports import Transaction

_MENTIONS = TypeAdapter(list[Mention])


def dump_contact(tx: Transaction, number: str) -> dict[str, Any]:
    """Return everything that names the client: the record, deals, documents, money, mails, and what was said.

    Raises UnknownRecord.
    """
    contact = tx.contacts.get(number)
    invoices = tx.invoices.list(contact=number)
    data = {
        "contact": contact_entry(tx, contact).model_dump(mode="json", exclude_none=True),
        "opportunities": [
            {"number": deal.number, "name": deal.name, "stage": deal.stage.value}
            for deal in tx.opportunities.list(contact=number)
        ],
        "invoices": [_invoice(tx, invoice) for invoice in invoices],
        "payments": [
            payment_entry(payment).model_dump(mode="json", exclude_none=True)
            for payment in tx.payments.list(contact=number, limit=2**31 - 1)
        ],
        "mails": [
            {"invoice": mail.invoice, "why": mail.template.value, "to": list(mail.to), "cc": list(mail.cc)}
            | {"state": mail.state.value, "at": mail.at.isoformat()}
            for invoice in invoices
            for mail in tx.mails.of_invoice(invoice.number)
        ],
        "mentions": _MENTIONS.dump_python(tx.privacy.mentions(Traces.of(contact)), mode="json"),
    }
    cleaned: dict[str, Any] = pruned(data)
    return cleaned


def _invoice(tx: Transaction, invoice: Invoice) -> dict[str, Any]:
    head = head_of(tx, invoice)
    return {
        "number": invoice.client_number,
        "status": invoice.status.value,
        "issued": invoice.issued_on.isoformat(),
        "amount": str(invoice.total),
        "currency": invoice.total.currency,
        "description": invoice.description,
        "note": invoice.note,
        "client": asdict(head.client),
    }
