"""Paper between exchange entries and the domain's records, both ways."""

from __future__ import annotations

import base64
import binascii
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from billing.business import Business
from billing.crediting import credit_key
from billing.credits import CreditNote
from billing.errors import BadArgument
from billing.identity import checked_address, checked_bank, checked_line, checked_text
from billing.invoices import Deduction
from billing.invoicing import Ask
from billing.itemising import WantedLine, read_lines
from billing.letterheads import Letterhead
from billing.logos import LARGEST, checked_logo
from billing.money import require_askable, zero
from billing.numbering import counter
from billing.parties import Address, BankDetails, Party
from billing.totals import totals
from bot.exchange.amounts import amount_at, amount_or_nothing
from bot.exchange.paper_entries import (
    AddressEntry,
    BankEntry,
    BusinessEntry,
    CreditNoteEntry,
    DeductionEntry,
    LetterheadEntry,
    LineEntry,
    PartyEntry,
)
from bot.exchange.refusal import DocumentRefused, at

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from billing.invoices import Invoice
    from billing.lines import Line
    from billing.parties import Logo
    from billing.payments import Payment
    from billing.ports import Transaction
    from bot.exchange.entries import InvoiceEntry
    from bot.exchange.refusal import Path


def business_of(entry: BusinessEntry, workspace_id: str) -> Business:
    """Return the business; raises DocumentRefused for what cannot be printed."""
    with at("business"):
        return Business(
            workspace_id=workspace_id,
            legal_name=checked_line(entry.legal_name, "legal name"),
            address=address_of(entry.address),
            email=entry.email or "",
            phone=checked_line(entry.phone, "phone number"),
            tax_label=checked_line(entry.tax_label, "tax label"),
            tax_number=checked_line(entry.tax_number, "tax number"),
            bank=bank_of(entry.bank),
            terms=checked_text(entry.terms, "terms"),
            footer=checked_text(entry.footer, "footer"),
            tax_rate=Decimal(entry.tax_rate),
            tax_behavior=entry.tax_behavior,
            tax_rounding=entry.tax_rounding,
            series=entry.series,
        )


def logo_of(entry: BusinessEntry) -> Logo | None:
    """Return the logo; raises DocumentRefused for what is no picture."""
    if entry.logo is None:
        return None
    with at("business", "logo"):
        if len(entry.logo) > 2 * LARGEST:
            raise BadArgument("The logo is larger than the 1 MB that is taken. Save it smaller, or as SVG.")
        try:
            content = base64.b64decode(entry.logo, validate=True)
        except binascii.Error:
            raise BadArgument("The logo has to be the picture's bytes in base64.") from None
        return checked_logo(content)


def business_entry(tx: Transaction) -> BusinessEntry:
    """Return the business with its logo and where its series is; one that names the year starts anew with it."""
    business, logo = tx.business.get(), tx.business.logo()
    counted = counter(business.series, date.min)
    last = tx.business.last_number(counted) if counted == counter(business.series, date.max) else 0
    return BusinessEntry(
        legal_name=business.legal_name,
        address=address_entry(business.address),
        email=business.email or None,
        phone=business.phone,
        tax_label=business.tax_label,
        tax_number=business.tax_number,
        bank=_bank_entry(business.bank),
        terms=business.terms,
        footer=business.footer,
        tax_rate=str(business.tax_rate),
        tax_behavior=business.tax_behavior,
        tax_rounding=business.tax_rounding,
        series=business.series,
        next_number=last + 1 if last else None,
        logo=base64.b64encode(logo.content).decode() if logo else None,
    )


def address_of(entry: AddressEntry) -> Address:
    """Return the address; raises BadArgument for what is none."""
    return checked_address(Address(entry.street, entry.city, entry.region, entry.postcode, entry.country or ""))


def address_entry(address: Address) -> AddressEntry:
    """Return the entry of an address."""
    return AddressEntry(
        street=address.street,
        city=address.city,
        region=address.region,
        postcode=address.postcode,
        country=address.country or None,
    )


def bank_of(entry: BankEntry | None) -> BankDetails | None:
    """Return the bank details; raises BadArgument for what is no account."""
    if entry is None:
        return None
    return checked_bank(BankDetails(entry.account_name, entry.iban, entry.bic, tuple(entry.lines.items())))


def _bank_entry(bank: BankDetails | None) -> BankEntry | None:
    if bank is None:
        return None
    return BankEntry(account_name=bank.account_name, iban=bank.iban, bic=bank.bic, lines=dict(bank.lines))


def letterhead_of(entry: LetterheadEntry) -> Letterhead:
    """Return the letterhead that an invoice kept."""
    return Letterhead(
        seller=_party_of(entry.seller),
        client=_party_of(entry.client),
        payer=_party_of(entry.payer) if entry.payer else None,
        bank=bank_of(entry.bank),
        terms=entry.terms,
        footer=entry.footer,
        locale=entry.locale,
        tax_rate=Decimal(entry.tax_rate),
        tax_rounding=entry.tax_rounding,
    )


def letterhead_entry(head: Letterhead | None) -> LetterheadEntry | None:
    """Return the entry of a letterhead."""
    if head is None:
        return None
    return LetterheadEntry(
        seller=_party_entry(head.seller),
        client=_party_entry(head.client),
        payer=_party_entry(head.payer) if head.payer else None,
        bank=_bank_entry(head.bank),
        terms=head.terms,
        footer=head.footer,
        locale=head.locale,
        tax_rate=str(head.tax_rate),
        tax_rounding=head.tax_rounding,
    )


def _party_of(entry: PartyEntry) -> Party:
    texts = (entry.person, entry.email, entry.phone, entry.tax_label, entry.tax_number)
    return Party(entry.name, address_of(entry.address), *texts)


def _party_entry(party: Party) -> PartyEntry:
    return PartyEntry(
        name=party.name,
        address=address_entry(party.address),
        person=party.person,
        email=party.email,
        phone=party.phone,
        tax_label=party.tax_label,
        tax_number=party.tax_number,
    )


def wanted(line: LineEntry) -> WantedLine:
    """Return the line as the domain reads one."""
    return WantedLine(line.text, line.unit_price, line.quantity, line.unit, line.discount, line.tax_rate)


def line_entry(line: Line) -> LineEntry:
    """Return the entry of a line."""
    return LineEntry(
        text=line.text,
        unit_price=str(line.unit_price),
        quantity=str(line.quantity),
        unit=line.unit,
        discount=str(line.discount),
        tax_rate=str(line.tax_rate),
    )


def asked_of(place: Path, entry: InvoiceEntry, currency: str, business: Business) -> Ask:
    """Return what an invoice asks for; raises DocumentRefused where its amount and its lines do not agree."""
    said = None if entry.amount is None else amount_at((*place, "amount"), entry.amount, currency)
    deductions = tuple(
        deduction_of((*place, "deductions", position), each, currency)
        for position, each in enumerate(entry.deductions or ())
    )
    if not entry.lines:
        if said is None:
            raise DocumentRefused((*place, "amount"), "is missing: an invoice has an amount or lines.")
        # One that was issued, letterhead and all, has said what it takes off.
        fixed = entry.deductions is not None or entry.letterhead is not None
        return Ask(said, deductions=deductions if fixed else None)
    behavior = entry.tax_behavior or business.tax_behavior
    with at(*place, "lines"):
        lines = read_lines([wanted(line) for line in entry.lines], currency, business.tax_rate)
        rounding = entry.letterhead.tax_rounding if entry.letterhead else business.tax_rounding
        total = totals(lines, behavior, rounding).gross - sum((each.amount for each in deductions), zero(currency))
        require_askable(total)
    if said not in {None, total}:
        raise DocumentRefused((*place, "amount"), f"the lines come to {total} {currency}. Leave the amount out.")
    return Ask(total, lines, behavior, deductions)


def note_of(
    place: Path, entry: CreditNoteEntry, invoices: Iterable[Invoice], payments: Iterable[Payment], now: datetime
) -> CreditNote:
    """Return a credit note on one of the invoices; raises DocumentRefused where its amount or its refund is wrong."""
    invoice = next(one for one in invoices if one.number == entry.invoice)
    refund = next((line for line in payments if line.stripe_object_id == entry.payment), None)
    if entry.payment is not None and refund is None:
        raise DocumentRefused((*place, "payment"), f"{entry.payment} is not among the payments.")
    return CreditNote(
        workspace_id=invoice.workspace_id,
        number=entry.number,
        invoice=invoice.number,
        payment=refund.id if refund else None,
        money=amount_at((*place, "amount"), entry.amount, invoice.total.currency),
        issued_on=entry.issued,
        created_at=entry.created_at or now,
        document_number=entry.document_number,
        void_at=entry.void_at,
        request_key=credit_key(refund) if refund else None,
    )


def note_entry(note: CreditNote, payments: Iterable[Payment]) -> CreditNoteEntry:
    """Return the entry of a credit note."""
    refund = next((line for line in payments if line.id == note.payment), None)
    return CreditNoteEntry(
        number=note.number,
        invoice=note.invoice,
        amount=str(note.money),
        issued=note.issued_on,
        payment=refund.stripe_object_id if refund else None,
        document_number=note.document_number,
        void_at=note.void_at,
        created_at=note.created_at,
    )


def deduction_of(place: Path, entry: DeductionEntry, currency: str) -> Deduction:
    """Return the deduction; raises DocumentRefused where an amount is wrong."""
    amount = amount_at((*place, "amount"), entry.amount, currency)
    tax = amount_or_nothing((*place, "tax"), entry.tax, currency)
    return Deduction(entry.number, entry.kind, entry.issued, amount, tax, credit=entry.credit)


def deduction_entry(deduction: Deduction) -> DeductionEntry:
    """Return the entry of a deduction."""
    return DeductionEntry(
        number=deduction.number,
        kind=deduction.kind,
        issued=deduction.issued_on,
        amount=str(deduction.amount),
        tax=str(deduction.tax),
        credit=deduction.credit,
    )
