"""What stands on paper, as entries of an exchange document: the business, addresses, lines, and what was issued."""

# Pydantic reads every annotation here at run time.
# ruff: noqa: TC001, TC003

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, Field

from billing.identity import LONGEST_LINE, LONGEST_TEXT, checked_bic, checked_iban
from billing.invoices import InvoiceKind
from billing.itemising import MOST_LINES, read_percentage
from billing.lines import TaxBehavior, TaxRounding
from billing.numbering import checked_series
from bot.exchange.entry import Entry
from bot.exchange.forms import (
    ContactNumber,
    CountryCode,
    CreditNoteNumber,
    Date,
    Identifier,
    Instant,
    InvoiceNumber,
    Locale,
    as_value_error,
)
from skills.arguments import Email


def _rate(text: str) -> str:
    read_percentage(text, "tax rate")
    return text


SingleLine = Annotated[str, Field(max_length=LONGEST_LINE)]
LongText = Annotated[str, Field(max_length=LONGEST_TEXT)]
Rate = Annotated[str, AfterValidator(as_value_error(_rate))]
Iban = Annotated[str, AfterValidator(as_value_error(checked_iban))]
Bic = Annotated[str, AfterValidator(as_value_error(checked_bic))]
Series = Annotated[str, AfterValidator(as_value_error(checked_series))]
DocumentNumber = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[A-Za-z0-9./_-]+$")]


class AddressEntry(Entry):
    """A postal address."""

    street: Annotated[tuple[SingleLine, ...], Field(max_length=6)] = ()
    city: SingleLine = ""
    region: SingleLine = ""
    postcode: SingleLine = ""
    country: CountryCode | None = None


class BankEntry(Entry):
    """Where money is paid by transfer; `lines` are labels with their values where there is no IBAN."""

    account_name: SingleLine = ""
    iban: Iban = ""
    bic: Bic = ""
    lines: Annotated[Mapping[SingleLine, SingleLine], Field(max_length=6)] = {}


class BusinessEntry(Entry):
    """What the business prints on its invoices. `logo` is the picture in base64, `next_number` the series' next."""

    legal_name: SingleLine = ""
    address: AddressEntry = AddressEntry()
    email: Email | None = None
    phone: SingleLine = ""
    tax_label: SingleLine = ""
    tax_number: SingleLine = ""
    bank: BankEntry | None = None
    terms: LongText = ""
    footer: LongText = ""
    tax_rate: Rate = "0"
    tax_behavior: TaxBehavior = TaxBehavior.INCLUSIVE
    tax_rounding: TaxRounding = TaxRounding.DOCUMENT
    series: Series = ""
    next_number: Annotated[int, Field(strict=True, ge=1, le=10**12)] | None = None
    logo: str | None = None


class PartyEntry(Entry):
    """Somebody as an issued invoice names them."""

    name: str
    address: AddressEntry = AddressEntry()
    person: str = ""
    email: str = ""
    phone: str = ""
    tax_label: str = ""
    tax_number: str = ""


class LetterheadEntry(Entry):
    """What surrounds the lines of an invoice that was issued."""

    seller: PartyEntry
    client: PartyEntry
    payer: PartyEntry | None = None
    bank: BankEntry | None = None
    terms: LongText = ""
    footer: LongText = ""
    locale: Locale
    tax_rate: Rate
    tax_rounding: TaxRounding


class LineEntry(Entry):
    """A thing that is billed. Without a rate it has the business's."""

    text: str
    unit_price: str
    quantity: str = "1"
    unit: str = ""
    discount: str = "0"
    tax_rate: str | None = None


class DeductionEntry(Entry):
    """What an invoice takes off, in its currency."""

    number: DocumentNumber
    kind: InvoiceKind
    issued: Date
    amount: str
    tax: str
    credit: bool = False


class CreditNoteEntry(Entry):
    """A credit note. `payment` is the refund's `stripe_object_id` in the log."""

    number: CreditNoteNumber
    invoice: InvoiceNumber
    amount: str
    issued: Date
    payment: Identifier | None = None
    document_number: DocumentNumber | None = None
    void_at: Instant | None = None
    created_at: Instant | None = None


class ContactPaper(Entry):
    """What documents say of a client. `payer` is the contact who pays, where another one does."""

    address: AddressEntry = AddressEntry()
    tax_label: SingleLine = ""
    tax_number: SingleLine = ""
    locale: Locale | None = None
    payer: ContactNumber | None = None


class InvoicePaper(Entry):
    """What an invoice says as a document. `letterhead` and `deductions` are those that it kept when it was issued."""

    lines: Annotated[tuple[LineEntry, ...], Field(max_length=MOST_LINES)] = ()
    tax_behavior: TaxBehavior | None = None
    note: LongText = ""
    document_number: DocumentNumber | None = None
    letterhead: LetterheadEntry | None = None
    deductions: tuple[DeductionEntry, ...] | None = None
    replaces: InvoiceNumber | None = None
    replaced_by: InvoiceNumber | None = None
