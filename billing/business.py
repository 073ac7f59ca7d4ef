"""The business as its invoices show it: who it is, how it taxes, and how it numbers what it issues."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from billing.lines import NO_TAX, TaxBehavior, TaxRounding
from billing.parties import Address, BankDetails, Party

if TYPE_CHECKING:
    from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Business:
    """What a workspace prints on its invoices; everything may be left unsaid.

    `tax_rate` is the percentage of a line that names none. `series` is a pattern such as `2026-{n:04}` for the
    numbers that clients see; "" leaves them the record's own (`INV-1001`).
    """

    workspace_id: str
    legal_name: str = ""
    address: Address = field(default_factory=Address)
    email: str = ""
    phone: str = ""
    tax_label: str = ""
    tax_number: str = ""
    bank: BankDetails | None = None
    terms: str = ""
    footer: str = ""
    tax_rate: Decimal = NO_TAX
    tax_behavior: TaxBehavior = TaxBehavior.INCLUSIVE
    tax_rounding: TaxRounding = TaxRounding.DOCUMENT
    series: str = ""

    def seller(self, workspace_name: str) -> Party:
        """Return the business as the seller on a document; without a legal name it has the workspace's."""
        return Party(
            name=self.legal_name or workspace_name,
            address=self.address,
            email=self.email,
            phone=self.phone,
            tax_label=self.tax_label,
            tax_number=self.tax_number,
        )
