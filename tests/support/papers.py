"""Invoices that tell what a printed page has to cope with, made by hand, and their pictures.

`python -m tests.support.papers FOLDER` draws them all; the pictures that tests compare with are made so, and looked at.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

from billing.accounts import Account, Entry, EntryKind, Statement
from billing.documents import DocumentKind, InvoiceDocument
from billing.invoices import Deduction, InvoiceKind, InvoiceStatus
from billing.lines import Line, TaxBehavior, TaxRounding
from billing.money import Money, zero
from billing.parties import Address, BankDetails, Logo, Party
from billing.totals import totals
from integrations.documents.page import page_of
from integrations.documents.statement_page import statement_page_of
from integrations.documents.typesetting import Typesetter
from integrations.words.writing import Writing

PAY_URL: Final = "https://evie.example/pay/JmT8wq0dYzX2nR5bK7cVhA4sL9pE1uGf"

_MARK: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 250 60">'
    '<circle cx="30" cy="30" r="28" fill="#e2725b"/><circle cx="30" cy="30" r="11" fill="#ffffff"/>'
    '<text x="72" y="41" font-family="Inter" font-weight="600" font-size="32" fill="#16202a">Lantern</text></svg>'
)
LOGO: Final = Logo("image/svg+xml", _MARK.encode())

STUDIO: Final = Party(
    "Lantern Studio Pty Ltd",
    Address(("12 Harbour Lane", "Level 3"), "Hobart", "TAS", "7000", "AU"),
    email="billing@lantern.example",
    phone="+61 3 5550 0100",
    tax_label="ABN",
    tax_number="51 824 753 556",
)
BLUEBIRD: Final = Party(
    "Bluebird Retail Pty Ltd",
    Address(("8 Orchard Road",), "Launceston", "TAS", "7250", "AU"),
    person="Jordan Hale",
    email="accounts@bluebird.example",
)
WERKSTATT: Final = Party(
    "Werkstatt Nord GmbH",
    Address(("Speicherstraße 14",), "Hamburg", "", "20457", "DE"),
    email="rechnung@werkstatt.example",
    phone="+49 40 555 0123",
    tax_label="USt-IdNr.",
    tax_number="DE 136 695 976",
)
MUELLER: Final = Party(
    "Müller & Söhne KG",
    Address(("Lindenallee 3",), "Köln", "", "50668", "DE"),
    person="Anke Müller",
    email="einkauf@mueller.example",
    tax_label="USt-IdNr.",
    tax_number="DE129273398",
)
ATELIER: Final = Party(
    "Atelier Rivage SARL",
    Address(("27 quai des Brumes",), "Nantes", "", "44000", "FR"),
    email="contact@rivage.example",
    tax_label="N° TVA",
    tax_number="FR40303265045",
)
BANK_AU: Final = BankDetails("Lantern Studio Pty Ltd", lines=(("BSB", "062-000"), ("Account", "1234 5678")))
BANK_DE: Final = BankDetails("Werkstatt Nord GmbH", "DE89370400440532013000", "COBADEFFXXX")
BANK_FR: Final = BankDetails("Atelier Rivage", "FR1420041010050500013M02606", "PSSTFRPPNTE")


def a_line(text: str, price: str, currency: str = "AUD", **more: Any) -> Line:
    digits = 0 if currency == "JPY" else 2
    fields: dict[str, Any] = {key: Decimal(value) if key != "unit" else value for key, value in more.items()}
    return Line(text, Money(int(Decimal(price).scaleb(digits)), currency), **fields)


def a_document(
    lines: tuple[Line, ...] = (a_line("Shop fit-out, first stage", "3300", tax_rate="10"),),
    behavior: TaxBehavior = TaxBehavior.INCLUSIVE,
    rounding: TaxRounding = TaxRounding.DOCUMENT,
    deductions: tuple[Deduction, ...] = (),
    paid: str = "0",
    **changes: Any,
) -> InvoiceDocument:
    """Return an invoice of the studio's; the sums follow from the lines."""
    sums = totals(lines, behavior, rounding)
    total = sum((zero(sums.gross.currency) - each.amount for each in deductions), start=sums.gross)
    came = a_line("", paid, sums.gross.currency).unit_price
    fields: dict[str, Any] = {
        "number": "INV-1009",
        "kind": InvoiceKind.STANDARD,
        "status": InvoiceStatus.SENT,
        "issued_on": date(2026, 3, 11),
        "due_on": date(2026, 3, 25),
        "title": "Bluebird shop fit-out",
        "seller": STUDIO,
        "client": BLUEBIRD,
        "payer": None,
        "lines": sums.lines,
        "tax_behavior": behavior,
        "rates": sums.rates,
        "net": sums.net,
        "tax": sums.tax,
        "gross": sums.gross,
        "deductions": deductions,
        "total": total,
        "paid": came,
        "balance": total - came,
        "note": "",
        "terms": "Payment within 14 days.",
        "footer": "Lantern Studio Pty Ltd · ABN 51 824 753 556 · Hobart, Tasmania",
        "bank": BANK_AU,
        "logo": LOGO,
        "locale": "en_AU",
        "pay_url": PAY_URL,
    }
    return InvoiceDocument(**fields | changes)


def deposit() -> InvoiceDocument:
    return a_document(kind=InvoiceKind.DEPOSIT, note="Thank you, Jordan. We begin as soon as this has arrived.")


def many_lines() -> InvoiceDocument:
    rooms = ("Front window", "Till and counter", "Fitting rooms", "Stock room", "Café corner", "Stairs")
    works = ("demolition", "carpentry", "lighting", "painting and finish", "clean-up")
    lines = tuple(
        a_line(f"{room}: {work}, {week}", str(180 + 35 * place), quantity="1.5", unit="day", tax_rate="10")
        for place, (room, work, week) in enumerate(
            (room, work, week) for week in ("week 12", "week 13", "week 14") for room in rooms for work in works
        )
    )
    return a_document(lines, TaxBehavior.EXCLUSIVE, number="INV-1042", title="Bluebird shop fit-out, all works")


def several_rates() -> InvoiceDocument:
    lines = (
        a_line("Ladenbau: Planung und Aufmaß", "95", "EUR", quantity="12.5", unit="h", tax_rate="19"),
        a_line(
            "Regalsystem Eiche\nMaße 2,40 × 0,40 m, geölt", "389.90", "EUR", quantity="6", discount="7.5", tax_rate="19"
        ),
        a_line("Fachbücher zur Warenpräsentation", "42.80", "EUR", quantity="3", tax_rate="7"),
        a_line("Amtliche Gebühr, durchlaufend", "35", "EUR", tax_rate="0"),
    )
    return a_document(lines, TaxBehavior.EXCLUSIVE, **_german(), title="Ladenbau Innenstadt")


def _german(**changes: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "number": "2026-0017",
        "seller": WERKSTATT,
        "client": MUELLER,
        "terms": "Zahlbar innerhalb von 14 Tagen ohne Abzug.",
        "footer": "Werkstatt Nord GmbH · Amtsgericht Hamburg HRB 123456 · Geschäftsführung: Ida Petersen",
        "bank": BANK_DE,
        "locale": "de_DE",
        "logo": None,
    }
    return fields | changes


def inclusive() -> InvoiceDocument:
    lines = (
        a_line("Portrait session, two hours", "240", "GBP", tax_rate="20"),
        a_line("Prints, 30 × 40 cm", "36.50", "GBP", quantity="8", tax_rate="20", discount="10"),
        a_line("Photo book", "58", "GBP", quantity="2"),
    )
    seller = Party(
        "Halcyon Portraits Ltd",
        Address(("4 Mill Row",), "York", "", "YO1 7AA", "GB"),
        email="hello@halcyon.example",
        tax_label="VAT",
        tax_number="GB 123 4567 82",
    )
    client = Party(
        "Priya Nair", Address(("19 Castle Street",), "Leeds", "", "LS1 4AP", "GB"), email="priya@nair.example"
    )
    bank = BankDetails("Halcyon Portraits Ltd", lines=(("Sort code", "20-00-00"), ("Account", "55779911")))
    return a_document(
        lines,
        seller=seller,
        client=client,
        bank=bank,
        locale="en_GB",
        title="Family portraits",
        logo=None,
        paid="200",
        footer="Halcyon Portraits Ltd, registered in England 1234567",
    )


def final_with_deductions() -> InvoiceDocument:
    lines = (
        a_line("Entwurf und Ausführungsplanung", "4800", "EUR", tax_rate="19"),
        a_line("Umbau vor Ort", "640", "EUR", quantity="14", unit="Tage", tax_rate="19"),
    )
    taken = (
        Deduction("2026-0003", InvoiceKind.DEPOSIT, date(2026, 1, 12), Money(476000, "EUR"), Money(76000, "EUR")),
        Deduction("2026-0009", InvoiceKind.PROGRESS, date(2026, 2, 16), Money(357000, "EUR"), Money(57000, "EUR")),
    )
    changes = _german(number="2026-0021", kind=InvoiceKind.FINAL, title="Umbau Lindenallee")
    return a_document(lines, TaxBehavior.EXCLUSIVE, deductions=taken, **changes)


def separate_payer() -> InvoiceDocument:
    payer = Party(
        "Hale Family Trust", Address(("GPO Box 77",), "Sydney", "NSW", "2001", "AU"), email="trust@hale.example"
    )
    lines = (
        a_line("Workshop days", "900", quantity="3", unit="day", tax_rate="10"),
        a_line("Travel", "120", tax_rate="10"),
    )
    return a_document(lines, TaxBehavior.EXCLUSIVE, payer=payer, number="INV-1013", title="Team workshop")


def yen() -> InvoiceDocument:
    lines = (
        a_line("ロゴデザイン Logo design", "180000", "JPY", tax_rate="10"),
        a_line("名刺 Business cards", "65", "JPY", quantity="500", tax_rate="10"),
    )
    client = Party(
        "株式会社青い鳥", Address(("丸の内1-1-1",), "千代田区", "東京都", "100-0005", "JP"), person="山田 花子"
    )
    return a_document(lines, TaxBehavior.EXCLUSIVE, client=client, locale="ja_JP", title="ブランド制作", bank=None)


def german_reverse_charge() -> InvoiceDocument:
    lines = (a_line("Konzept und Gestaltung der Ausstellung", "1250", "EUR", quantity="4", unit="Tage"),)
    client = replace(ATELIER, person="Camille Roux")
    return a_document(
        lines, TaxBehavior.EXCLUSIVE, **_german(client=client, title="Ausstellung Nantes", number="2026-0018")
    )


def french() -> InvoiceDocument:
    lines = (
        a_line("Création de l’identité visuelle", "2400", "EUR", tax_rate="20"),
        a_line("Suivi d’impression", "85", "EUR", quantity="6.5", unit="h", tax_rate="20"),
        a_line("Livres d’art", "32", "EUR", quantity="10", tax_rate="5.5"),
    )
    client = Party(
        "Librairie des Îles", Address(("5 rue Haute",), "Brest", "", "29200", "FR"), email="gestion@iles.example"
    )
    return a_document(
        lines,
        TaxBehavior.EXCLUSIVE,
        number="F-2026-044",
        seller=ATELIER,
        client=client,
        bank=BANK_FR,
        logo=None,
        locale="fr_FR",
        title="Identité de la librairie",
        terms="Paiement à 30 jours. Indemnité forfaitaire pour frais de recouvrement : 40 €.",
        footer="Atelier Rivage SARL au capital de 5 000 € · RCS Nantes 303 265 045",
    )


def many_scripts() -> InvoiceDocument:
    client = Party(
        "شركة الطائر الأزرق 🐦",
        Address(("شارع الملك فهد ١٢",), "الرياض", "", "11564", "SA"),
        person="שרה לוי",
        email="hello@tayr.example",
    )
    lines = (
        a_line("تصميم الموقع الإلكتروني (website)", "2200", tax_rate="10"),
        a_line("עיצוב לוגו 🎨 logo ✨", "650.50", quantity="2", tax_rate="10"),
        a_line("디자인 상담 · 设计咨询 · Σχέδιο · Дизайн · ดีไซน์ · डिज़ाइन", "99", tax_rate="10"),
        a_line("A closing ] and #strong[markup] $x^2$ @label // `raw` \\ *a* _b_ <tag> = heading", "1", tax_rate="10"),
    )
    return a_document(
        lines, TaxBehavior.EXCLUSIVE, client=client, title="مشروع «الطائر» 🚀 – brand & web", number="INV-1031"
    )


def credit_note() -> InvoiceDocument:
    whole = a_document((a_line("Bluebird shop fit-out", "1100", tax_rate="10"),), document=DocumentKind.CREDIT_NOTE)
    return replace(
        whole,
        number="CRN-4",
        corrects="INV-1009",
        status=InvoiceStatus.PAID,
        paid=whole.total,
        balance=zero("AUD"),
        bank=None,
        pay_url=None,
        terms="",
        due_on=whole.issued_on,
    )


def void() -> InvoiceDocument:
    return a_document(status=InvoiceStatus.VOID, replaced_by="INV-1010", pay_url=None)


def spanish_paid() -> InvoiceDocument:
    seller = Party(
        "Taller del Sur S.L.",
        Address(("Calle del Mar 9",), "Málaga", "", "29015", "ES"),
        email="hola@taller.example",
        tax_label="NIF",
        tax_number="ESB58378431",
    )
    client = Party("Café Luna", Address(("Plaza Nueva 2",), "Granada", "", "18009", "ES"), person="Inés Vega")
    lines = (a_line("Carta y rotulación del local", "1800", "EUR", tax_rate="21"),)
    document = a_document(lines, TaxBehavior.EXCLUSIVE, paid="2178", seller=seller, client=client, locale="es_ES")
    return replace(
        document, status=InvoiceStatus.PAID, bank=None, pay_url=None, logo=None, title="Carta de verano", terms=""
    )


def a_statement() -> Statement:
    def entry(day: date, kind: EntryKind, number: str, minor: int) -> Entry:
        return Entry(day, kind, number, Money(minor, "AUD"))

    entries = (
        entry(date(2026, 1, 8), EntryKind.INVOICE, "INV-1004", 330000),
        entry(date(2026, 1, 20), EntryKind.PAYMENT, "INV-1004", -330000),
        entry(date(2026, 2, 3), EntryKind.INVOICE, "INV-1006", 125050),
        entry(date(2026, 2, 9), EntryKind.PAYMENT, "INV-1006", -50000),
        entry(date(2026, 2, 20), EntryKind.REFUND, "INV-1004", 11000),
        entry(date(2026, 2, 20), EntryKind.CREDIT, "CRN-2", -11000),
        entry(date(2026, 3, 11), EntryKind.INVOICE, "INV-1009", 330000),
    )
    dollars = Account(Money(45000, "AUD"), entries, Money(450050, "AUD"))
    euros = Account(
        zero("EUR"), (Entry(date(2026, 3, 2), EntryKind.INVOICE, "INV-1007", Money(9900, "EUR")),), Money(9900, "EUR")
    )
    return Statement(
        STUDIO, BLUEBIRD, date(2026, 1, 1), date(2026, 3, 31), (dollars, euros), "en_AU", "Lantern Studio Pty Ltd", LOGO
    )


TELLING: Final = {
    each.__name__: each
    for each in (
        deposit,
        many_lines,
        several_rates,
        inclusive,
        final_with_deductions,
        separate_payer,
        yen,
        german_reverse_charge,
        french,
        many_scripts,
        credit_note,
        void,
        spanish_paid,
    )
}


@cache
def typesetter() -> Typesetter:
    return Typesetter()


def pictures(name: str, *, ppi: float = 60) -> list[bytes]:
    """Return the pages of a telling invoice, or of the `statement`, as PNGs."""
    if name == "statement":
        account = a_statement()
        return typesetter().images(
            "statement", statement_page_of(account, Writing(account.locale)), logo=account.logo, ppi=ppi
        )
    document = TELLING[name]()
    return typesetter().images("invoice", page_of(document, Writing(document.locale)), logo=document.logo, ppi=ppi)


def draw(folder: Path, *, ppi: float = 60) -> None:
    """Write all pictures: `NAME-PAGE.png`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in (*TELLING, "statement"):
        for number, page in enumerate(pictures(name, ppi=ppi), 1):
            (folder / f"{name}-{number}.png").write_bytes(page)


if __name__ == "__main__":
    draw(Path(sys.argv[1]), ppi=float(sys.argv[2]) if sys.argv[2:] else 60)
