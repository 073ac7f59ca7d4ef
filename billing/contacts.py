"""The people and companies that are billed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from billing.parties import Address, Party

if TYPE_CHECKING:
    from datetime import datetime

# What a client is called whose personal data were erased.
ERASED: Final = "Erased client"


@dataclass(frozen=True, slots=True)
class Contact:
    """A client.

    `locale` like `de_DE` is the language that the client reads, None for the workspace's. `payer` is the number of the
    contact who pays for this one, None where the client does; `cc` are addresses that get a copy of every mail. While
    `reminders_paused`, nobody but a person reminds the client.
    """

    workspace_id: str
    number: str
    name: str
    created_at: datetime
    company: str | None = None
    email: str | None = None
    phone: str | None = None
    request_key: str | None = None
    address: Address = field(default_factory=Address)
    tax_label: str = ""
    tax_number: str = ""
    locale: str | None = None
    payer: str | None = None
    cc: tuple[str, ...] = ()
    reminders_paused: bool = False

    @property
    def label(self) -> str:
        """What people call the client: the company, else the person."""
        return self.company or self.name

    @property
    def party(self) -> Party:
        """The client as a document names one: the company with the person, or the person."""
        return Party(
            name=self.label,
            address=self.address,
            person=self.name if self.company else "",
            email=self.email or "",
            phone=self.phone or "",
            tax_label=self.tax_label,
            tax_number=self.tax_number,
        )
