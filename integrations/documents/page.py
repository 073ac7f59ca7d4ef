"""An invoice as the texts that stand on its pages: what `templates/invoice.typ` lays out."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

from billing.documents import DocumentKind
from billing.invoices import InvoiceStatus
from integrations.documents import blocks, figures

if TYPE_CHECKING:
    from datetime import date

    from billing.documents import InvoiceDocument
    from integrations.words.writing import Writing

_ASKS: Final = frozenset({InvoiceStatus.DRAFT, InvoiceStatus.OPEN, InvoiceStatus.SENT})


def page_of(document: InvoiceDocument, words: Writing) -> dict[str, Any]:
    """Return the page as plain data; every text in it is for a person."""
    heading, subheading = blocks.headings(document, words)
    return {
        **frame(words, document.seller.address.country, document.issued_on),
        "title": f"{heading} {document.number}",
        "seller": document.seller.name,
        "heading": heading,
        "subheading": subheading,
        "number": document.number,
        "subject": document.title,
        "state": blocks.state(document, words),
        "facts": blocks.facts(document, words),
        "parties": blocks.parties(document, words),
        "ask": _ask(document, words),
        "table": figures.table(document, words),
        "rates": figures.rates(document, words),
        "deductions": figures.deductions(document, words),
        "sums": figures.sums(document, words),
        "remarks": _remarks(document, words),
        "bank": _bank(document, words),
        "footer": document.footer,
    }


def frame(words: Writing, country: str, day: date) -> dict[str, Any]:
    """Return what every document has: its language, its paper, its day and the words at the page's edges."""
    return {
        "lang": words.language,
        "paper": blocks.paper(country),
        "day": [day.year, day.month, day.day],
        "edges": {
            "carried": words.text("Carried over"),
            "forward": words.text("Carried forward"),
            "page": words.text("Page {page} of {pages}"),
        },
        "subheading": "",
        "logo": None,
        "attachment": None,
    }


def _ask(document: InvoiceDocument, words: Writing) -> dict[str, Any]:
    """Return the strip that says what is wanted of the reader."""
    if document.document is DocumentKind.CREDIT_NOTE:
        return _strip(words.text("Credited to you"), words.money(document.total))
    if document.status not in _ASKS:
        return _strip(words.text("Total"), words.money(document.total))
    when = words.text("Due {day}").format(day=words.day(document.due_on))
    strip = _strip(words.text("Amount due"), words.money(document.balance), when)
    if document.pay_url is None:
        return strip
    button = {"url": document.pay_url, "label": words.text("Pay online"), "hint": words.text("Scan to pay")}
    return {**strip, "pay": {**button, "qr": _qr(document.pay_url)}}


def _strip(label: str, amount: str, when: str = "") -> dict[str, Any]:
    return {"label": label, "amount": amount, "when": when, "pay": None}


def _qr(address: str) -> str:
    """Return the address as a QR code, an SVG without a quiet zone."""
    # Importing it takes longer than printing, and not every process prints.
    import segno

    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="svg", border=0, dark="#16202a", xmldecl=False)
    return out.getvalue().decode()


def _remarks(document: InvoiceDocument, words: Writing) -> list[dict[str, str]]:
    """Return what is said below the sums: a label ("" for the seller's own words) and a text."""
    said = (("", figures.tax_note(document, words)), (words.text("Note"), document.note))
    terms = (words.text("Terms"), "" if document.document is DocumentKind.CREDIT_NOTE else document.terms)
    return [{"label": label, "text": text} for label, text in (*said, terms) if text.strip()]


def _bank(document: InvoiceDocument, words: Writing) -> dict[str, Any] | None:
    rows = blocks.bank_rows(document.bank, words)
    asks = document.document is DocumentKind.INVOICE and document.status in _ASKS
    if not rows or not asks:
        return None
    reference = (words.text("Reference"), document.number)
    return {"label": words.text("Bank transfer"), "rows": [*rows, reference]}
