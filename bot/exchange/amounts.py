"""Amounts in an exchange document, refused at their place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from billing.invoices import InvoiceStatus
from billing.money import parse_amount, zero
from bot.exchange.refusal import at

if TYPE_CHECKING:
    from billing.money import Money
    from bot.exchange.entries import InvoiceEntry
    from bot.exchange.refusal import Path

CLOSED_BY_PAYMENT: Final = frozenset({InvoiceStatus.PAID, InvoiceStatus.REFUNDED})
_NOTHING: Final = re.compile(r"0+(\.0+)?", re.ASCII)


def amount_at(place: Path, text: str, currency: str) -> Money:
    """Return the amount at a place; raises DocumentRefused for what is none."""
    with at(*place):
        return parse_amount(text, currency)


def amount_or_nothing(place: Path, text: str, currency: str) -> Money:
    """Return the amount at a place, which may be zero; raises DocumentRefused for what is none."""
    return zero(currency) if _NOTHING.fullmatch(text) else amount_at(place, text, currency)


def signed_amount(place: Path, text: str, currency: str) -> Money:
    """Return the amount at a place, which may be zero or, with a minus sign, below it; raises DocumentRefused."""
    size = amount_or_nothing(place, text.removeprefix("-"), currency)
    return zero(currency) - size if text.startswith("-") else size


def paid_of(place: Path, entry: InvoiceEntry, total: Money) -> Money:
    """Return what was paid of an invoice: what its status says where it does not say itself."""
    if entry.paid is None:
        return total if entry.status in CLOSED_BY_PAYMENT else zero(total.currency)
    return amount_or_nothing(place, entry.paid, total.currency)
