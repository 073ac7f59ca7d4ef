"""The whole card of an invoice as it stands: shown when somebody asks, and drawn again when something changes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from skills.letters import delivery_rows
from skills.presenting import InvoiceView, invoice_card, view

if TYPE_CHECKING:
    from datetime import date

    from billing.ports import Formats, Links, Transaction
    from skills.cards import Card


def invoice_now(tx: Transaction, number: str, formats: Formats, today: date, links: Links) -> tuple[InvoiceView, Card]:
    """Return the invoice and its card, with link, payments and mails; raises UnknownRecord."""
    shown = view(tx, number)
    card = invoice_card(shown, formats, today, pay_url=links.pay(shown.invoice), payments=shown.lines)
    return shown, replace(card, rows=(*card.rows, *delivery_rows(tx.mails.of_invoice(number), formats)))
