"""An invoice as a document: everything that is printed on it, worked out, and nothing that has to be looked up."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from billing.invoices import Deduction
from billing.parties import Address, BankDetails, Logo, Party

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from billing.invoices import InvoiceKind, InvoiceStatus
    from billing.lines import Line, TaxBehavior
    from billing.money import Money

__all__ = [
    "Address",
    "BankDetails",
    "Deduction",
    "DocumentKind",
    "InvoiceDocument",
    "Logo",
    "Party",
    "PricedLine",
    "RateTotal",
]


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


class DocumentKind(StrEnum):
    """What a document is: a request for money, or the record that some of one was given back."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"


@dataclass(frozen=True, slots=True)
class InvoiceDocument:
    """One invoice, ready to be printed. `locale` like `de_DE` says how it is written, for the client who reads it.

    `gross` is the lines with tax; `total` is what is asked for after the deductions; `balance` what is left of that.
    `number` is what the client knows it by. `replaces` and `replaced_by` name invoices that it stands for or that
    stands for it. `pay_url` is None where there is no way to pay online.

    A credit note has the same shape: its amounts are what is given back, all positive, `kind` is that of the invoice
    that it corrects, which `corrects` names by the number that the client knows, and nothing is left to pay on it.
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
    document: DocumentKind = DocumentKind.INVOICE
    corrects: str | None = None
