"""What surrounds the lines of an invoice: who it is from and to, and by which rules it is taxed.

It is taken when the invoice is opened and kept with it, so that a document reads the same years later, whoever has
moved since.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

    from billing.lines import TaxRounding
    from billing.parties import BankDetails, Party


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who the document names, in which language it is written, and what taxes a line that names no rate."""

    seller: Party
    client: Party
    payer: Party | None
    bank: BankDetails | None
    terms: str
    footer: str
    locale: str
    tax_rate: Decimal
    tax_rounding: TaxRounding
