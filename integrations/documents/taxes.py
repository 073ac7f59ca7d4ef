"""Why a line is taxed as it is, in the categories of EN 16931 (UNTDID 5305), worked out from who sells to whom.

The records hold a rate and no reason. A rate above zero is `S`. Where nothing is charged the reason follows from the
two parties: reverse charge (`AE`) between businesses of two EU countries; zero rated (`Z`) where the seller's country
has such a rate; else exempt (`E`). A sale from the EU to outside of it may be an export or out of scope, which the
parties do not tell: then there is no category, and so no data in the document.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from billing.documents import DocumentKind

if TYPE_CHECKING:
    from decimal import Decimal

    from billing.documents import InvoiceDocument, Party
    from integrations.words.writing import Writing

EU: Final = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split(),
)
# Countries that call it VAT, or what VAT is called in the reader's language.
_VAT: Final = EU | {"GB", "CH", "NO", "LI", "IS", "AE", "SA", "ZA", "MC"}
_GST: Final = frozenset("AU NZ SG IN CA MY".split())
# In the EU a zero rate is the exception; elsewhere it is the usual way to tax nothing.
_EU_WITH_ZERO_RATE: Final = frozenset({"IE", "MT"})
# Where a registered seller's document counts for tax by its name: what the tax office there wants an invoice and a
# credit note to be called, in its own words whatever language the rest is in (ATO, IRAS, FTA, SARS).
_PRESCRIBED: Final = {
    "AU": ("Tax invoice", "Adjustment note"),
    "SG": ("Tax invoice", "Credit note"),
    "AE": ("Tax invoice", "Tax credit note"),
    "ZA": ("Tax invoice", "Credit note"),
}
_VAT_NUMBER: Final = re.compile(r"(?P<country>[A-Z]{2})[0-9A-Z]{2,13}")
# Greece and Northern Ireland have prefixes that are not their country's code.
_PREFIXES: Final = {"EL": "GR", "XI": "GB"}


@dataclass(frozen=True, slots=True)
class Category:
    """A category's code, and where it needs one, the reason (English, translated where it is printed) and its code."""

    code: str
    reason: str = ""
    reason_code: str = ""


STANDARD: Final = Category("S")
ZERO: Final = Category("Z")
EXEMPT: Final = Category("E", "Exempt from tax")
REVERSE_CHARGE: Final = Category("AE", "Reverse charge: the recipient owes the tax", "VATEX-EU-AE")


def category_of(rate: Decimal, document: InvoiceDocument) -> Category | None:
    """Return why that rate applies, None where the records do not say."""
    if rate:
        return STANDARD
    seller, buyer = document.seller, document.client
    home, abroad = seller.address.country, buyer.address.country
    if home not in EU:
        return ZERO
    if vat_number(seller) and abroad != home:
        return REVERSE_CHARGE if abroad in EU and vat_number(buyer) else None
    return ZERO if home in _EU_WITH_ZERO_RATE else EXEMPT


def vat_number(party: Party) -> str:
    """Return the party's VAT number as it is exchanged, with its country's prefix and no spaces; "" for any other."""
    number = re.sub(r"[^0-9A-Z]", "", party.tax_number.upper())
    found = _VAT_NUMBER.fullmatch(number)
    prefix = found["country"] if found else ""
    return number if _PREFIXES.get(prefix, prefix) in EU | {"GB", "NO"} else ""


def tax_name(country: str, words: Writing) -> str:
    """Return what the tax on sales in a country is called in the reader's language: `VAT`, `GST`, `Sales tax`."""
    if country in _VAT:
        return words.text("VAT")
    if country in _GST:
        return words.text("GST")
    return words.text("Sales tax") if country == "US" else words.text("Tax")


def prescribed_name(document: InvoiceDocument) -> str:
    """Return what the law wants the document to be called, "" where it does not mind or no tax is charged."""
    names = _PRESCRIBED.get(document.seller.address.country)
    if names is None or not document.seller.tax_number or not any(each.rate for each in document.rates):
        return ""
    return names[document.document is DocumentKind.CREDIT_NOTE]
