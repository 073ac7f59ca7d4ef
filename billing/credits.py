"""Credit notes: the record that money of an invoice was given back, which an accountant books against it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime

    from billing.money import Money


@dataclass(frozen=True, slots=True)
class CreditNote:
    """Something given back, on paper. `money` is how much, `payment` the refund's line in the payment log.

    `payment` is None where no money moved: an invoice that was paid in part was brought down. `document_number` is its
    number in the series of the business, where that has one. `void_at` is set where the refund failed later: the number
    stays explained, and the note counts for nothing.
    """

    workspace_id: str
    number: str
    invoice: str
    payment: str | None
    money: Money
    issued_on: date
    created_at: datetime
    document_number: str | None = None
    void_at: datetime | None = None
    request_key: str | None = None

    @property
    def client_number(self) -> str:
        """What the client knows it by: its number in the series, else its own."""
        return self.document_number or self.number
