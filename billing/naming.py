"""What people may call records by, and nothing else of them: so little that all of a workspace is read in no time."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import date


class Changed(NamedTuple):
    """A record whose names may have changed: its kind (`contact`, `invoice` …) and its number."""

    record: str
    number: str


class ContactName(NamedTuple):
    """What a contact is called."""

    number: str
    name: str
    company: str | None
    email: str | None

    @property
    def label(self) -> str:
        """What people call the client: the company, else the person."""
        return self.company or self.name


class OpportunityName(NamedTuple):
    """What an opportunity is called and told apart by; `value` is in minor units of its `value_currency`."""

    number: str
    name: str
    contact: str | None
    stage: str
    currency: str
    value: int | None
    value_currency: str | None


class InvoiceName(NamedTuple):
    """What an invoice is called and told apart by; `total` is in minor units, `interval` that of its live link."""

    number: str
    description: str
    opportunity: str
    contact: str | None
    kind: str
    status: str
    total: int
    currency: str
    due_on: date
    document_number: str | None
    interval: str | None
