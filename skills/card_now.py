"""The card of a record as it stands now, by its number: what a front draws again when the record changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from skills.hand_over_card import hand_over_card
from skills.invoice_now import invoice_now

if TYPE_CHECKING:
    from datetime import date

    from billing.ports import Formats, Links, Transaction
    from skills.cards import Card


def card_now(tx: Transaction, number: str, formats: Formats, today: date, links: Links) -> Card:
    """Return the card of an invoice, or of a request for a person; raises UnknownRecord."""
    if number.startswith("HLP-"):
        return hand_over_card(tx.hand_overs.get(number), formats)
    return invoice_now(tx, number, formats, today, links)[1]
