"""An invoice as a document: everything that is printed on it, worked out, and nothing that has to be looked up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from billing.invoices import InvoiceKind, InvoiceStatus
    from billing.lines import Line, TaxBehavior
    from billing.money import Money


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address. `country` is an ISO 3166 alpha-2 code; every part may be "" where nobody said it."""

    street: tuple[str, ...] = ()
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """Who sells, who buys or who pays. `tax_label` is what the number is called there (`ABN`, `USt-IdNr.`, `VAT`)."""

    name: str
    address: Address
    person: str = ""
    email: str = ""
    phone: str = ""
    tax_label: str = ""
    tax_number: str = ""


@dataclass(frozen=True, slots=True)
class BankDetails:
    """Where money is paid by transfer; `lines` are label and value where there is no IBAN (`BSB`, `062-000`)."""

    account_name: str = ""
    iban: str = ""
    bic: str = ""
    lines: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture of at most 1 MiB; `media_type` is `image/png`, `image/jpeg` or `image/svg+xml`."""

    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A line and what it comes to after its discount: without tax, its tax, and with tax."""

    line: Line
    net: Money
    tax: Money
    gross: Money


@dataclass(frozen=True, slots=True)
class RateTotal:
    """What is taxed at one rate, and the tax on it."""

    rate: Decimal
    net: Money
    tax: Money


@dataclass(frozen=True, slots=True)
class Deduction:
    """An earlier invoice that the final one takes off, with its tax: `amount` is gross and positive."""

    number: str
    kind: InvoiceKind
    issued_on: date
    amount: Money
    tax: Money


@dataclass(frozen=True, slots=True)
class InvoiceDocument:
    """One invoice, ready to be printed. `locale` like `de_DE` says how it is written, for the client who reads it.

    `gross` is the lines with tax; `total` is what is asked for after the deductions; `balance` what is left of that.
    `number` is what the client knows it by. `replaces` and `replaced_by` name invoices that it stands for or that
    stands for it. `pay_url` is None where there is no way to pay online.
    """

    number: str
    kind: InvoiceKind
    status: InvoiceStatus
    issued_on: date
    due_on: date
    title: str
    seller: Party
    client: Party
    payer: Party | None
    lines: tuple[PricedLine, ...]
    tax_behavior: TaxBehavior
    rates: tuple[RateTotal, ...]
    net: Money
    tax: Money
    gross: Money
    deductions: tuple[Deduction, ...]
    total: Money
    paid: Money
    balance: Money
    note: str
    terms: str
    footer: str
    bank: BankDetails | None
    logo: Logo | None
    locale: str
    pay_url: str | None
    replaces: str | None = None
    replaced_by: str | None = None
