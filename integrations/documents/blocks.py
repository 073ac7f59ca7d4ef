"""The parts of a page that are not figures: who sells to whom, what the document is, and where to pay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from billing.documents import DocumentKind
from billing.invoices import InvoiceKind, InvoiceStatus
from integrations.documents.taxes import prescribed_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from billing.documents import Address, BankDetails, Deduction, InvoiceDocument, Party
    from integrations.words.writing import Writing

# Where the postcode stands behind the town, as in English-speaking countries.
_POSTCODE_LAST: Final = frozenset("AU CA GB IE IN NZ SG US ZA".split())
_LETTER: Final = frozenset("US CA MX CO CL PH".split())


def paper(country: str) -> str:
    """Return the paper that is used in a country, as typst calls it."""
    return "us-letter" if country in _LETTER else "a4"


def headings(document: InvoiceDocument, words: Writing) -> tuple[str, str]:
    """Return what the document calls itself, and below it what it is to the work where the law took the first place."""
    usual = _usual_heading(document, words)
    prescribed = prescribed_name(document)
    if not prescribed or prescribed == usual:
        return usual, ""
    plain = document.document is DocumentKind.INVOICE and document.kind is InvoiceKind.STANDARD
    return prescribed, "" if plain else usual


def _usual_heading(document: InvoiceDocument, words: Writing) -> str:
    if document.document is DocumentKind.CREDIT_NOTE:
        return words.text("Credit note")
    return {
        InvoiceKind.DEPOSIT: words.text("Deposit invoice"),
        InvoiceKind.PROGRESS: words.text("Progress invoice"),
        InvoiceKind.FINAL: words.text("Final invoice"),
        InvoiceKind.STANDARD: words.text("Invoice"),
    }[document.kind]


def deducted(deduction: Deduction, words: Writing) -> str:
    """Return what a row that takes something off says: what it was, with its number."""
    if deduction.credit:
        return words.text("Credit note {number}").format(number=deduction.number)
    deposit = deduction.kind is InvoiceKind.DEPOSIT
    pattern = words.text("Deposit {number}") if deposit else words.text("Progress payment {number}")
    return pattern.format(number=deduction.number)


def state(document: InvoiceDocument, words: Writing) -> dict[str, str] | None:
    """Return the stamp, with what it means in a sentence; None where the document speaks for itself."""
    if document.document is DocumentKind.CREDIT_NOTE and document.status is not InvoiceStatus.VOID:
        return None
    return {
        InvoiceStatus.DRAFT: _stamp(words.text("Draft"), words.text("This is a draft and no invoice yet."), "neutral"),
        InvoiceStatus.VOID: _stamp(words.text("Void"), _void(document, words), "bad"),
        InvoiceStatus.PAID: _stamp(words.text("Paid"), words.text("Paid in full. Thank you."), "good"),
        InvoiceStatus.REFUNDED: _stamp(words.text("Refunded"), words.text("What was paid was given back."), "neutral"),
    }.get(document.status)


def _stamp(text: str, sentence: str, tone: str) -> dict[str, str]:
    return {"text": text, "sentence": sentence, "tone": tone}


def _void(document: InvoiceDocument, words: Writing) -> str:
    if document.document is DocumentKind.CREDIT_NOTE:
        return words.text("This credit note counts for nothing.")
    if document.replaced_by:
        return words.text("This invoice is void. It is replaced by {number}.").format(number=document.replaced_by)
    return words.text("This invoice is void: nothing has to be paid.")


def facts(document: InvoiceDocument, words: Writing) -> list[tuple[str, str]]:
    """Return label and value of what identifies the document."""
    credit = document.document is DocumentKind.CREDIT_NOTE
    rows = [
        (words.text("Number"), document.number),
        (words.text("Date"), words.day(document.issued_on)),
        (words.text("Due"), "" if credit else words.day(document.due_on)),
        (words.text("Corrects"), document.corrects or ""),
        (words.text("Replaces"), document.replaces or ""),
    ]
    return [(label, value) for label, value in rows if value]


def parties(document: InvoiceDocument, words: Writing) -> list[dict[str, Any]]:
    """Return the blocks of the seller, the client and, where it is somebody else, the payer."""
    shown = [
        (words.text("From"), document.seller),
        (words.text("For") if document.payer else words.text("Bill to"), document.client),
        (words.text("Paid by"), document.payer),
    ]
    home = document.seller.address.country
    return [party_block(label, party, home, words) for label, party in shown if party is not None]


def party_block(label: str, party: Party, home: str, words: Writing) -> dict[str, Any]:
    """Return a party as a block: who it is to the document, its name, and everything else that is known of it."""
    return {"label": label, "name": party.name, "lines": _party_lines(party, home, words)}


def _party_lines(party: Party, home: str, words: Writing) -> list[str]:
    label = party.tax_label or words.text("Tax number")
    number = f"{label} {party.tax_number}" if party.tax_number else ""
    parts = (party.person, *address_lines(party.address, home, words), party.email, party.phone, number)
    return _said(parts)


def address_lines(address: Address, home: str, words: Writing) -> list[str]:
    """Return the address as it is written there; the country only where it is not `home`."""
    if address.country in _POSTCODE_LAST:
        town = " ".join(_said((address.city, address.region, address.postcode)))
    else:
        town = ", ".join(_said((" ".join(_said((address.postcode, address.city))), address.region)))
    abroad = address.country and address.country != home
    country = words.country(address.country) if abroad else ""
    return _said((*address.street, town, country))


def bank_rows(bank: BankDetails | None, words: Writing) -> list[tuple[str, str]]:
    """Return label and value of where money is transferred to; none where there is no account."""
    if bank is None:
        return []
    rows = (
        (words.text("Account name"), bank.account_name),
        ("IBAN", grouped(bank.iban)),
        ("BIC", bank.bic),
        *bank.lines,
    )
    return [(label, value) for label, value in rows if value]


def grouped(iban: str) -> str:
    """Return an IBAN in groups of four, as it is written on paper."""
    plain = "".join(iban.split())
    return "\N{NO-BREAK SPACE}".join(plain[at : at + 4] for at in range(0, len(plain), 4))


def _said(parts: Iterable[str]) -> list[str]:
    return [part for part in parts if part]
