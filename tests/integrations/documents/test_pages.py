from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageStat
from pypdf import PdfReader

from billing.documents import DocumentKind
from billing.errors import PrintingFailed
from billing.invoices import InvoiceKind, InvoiceStatus
from billing.lines import Line, TaxBehavior
from billing.money import Money
from billing.parties import Logo
from integrations.documents.glyphs import UNKNOWN, Glyphs
from integrations.documents.page import page_of
from integrations.documents.printer import TypstPrinter
from integrations.documents.typesetting import FONTS, Typesetter
from integrations.words.writing import Writing
from tests.support.papers import STUDIO, TELLING, a_document, a_line, a_statement, pictures, typesetter

REFERENCES = Path(__file__).with_name("references")


@pytest.fixture(scope="module")
def printer() -> TypstPrinter:
    return TypstPrinter(typesetter())


def _read(pdf: bytes) -> str:
    """Return the text of all pages, as a reader copies it."""
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf), strict=True).pages)


def _printed(printer: TypstPrinter, **changes: Any) -> str:
    return _read(printer.pdf(a_document(**changes)))


def _difference(one: bytes, other: bytes) -> float:
    """Return how far two pictures are apart: 0.0 for the same, 255.0 for black and white."""
    first, second = (Image.open(io.BytesIO(each)).convert("L") for each in (one, other))
    if first.size != second.size:
        return 255.0
    # Halved, so that a different smoothing of the same letters hardly counts; then the most different of the small
    # tiles, where one wrong digit on a white page is seen.
    apart = ImageChops.difference(first.reduce(2), second.reduce(2)).reduce(4)
    return float(ImageStat.Stat(apart).extrema[0][1])


@pytest.mark.parametrize("name", [*TELLING, "statement"])
def test_every_telling_document_looks_as_it_did_when_it_was_looked_at(name: str) -> None:
    drawn = pictures(name)
    kept = sorted(REFERENCES.glob(f"{name}-*.png"))

    assert len(drawn) == len(kept)
    apart = [_difference(page, path.read_bytes()) for page, path in zip(drawn, kept, strict=True)]
    assert max(apart) < 4, apart


def test_a_changed_figure_is_seen_by_the_comparison() -> None:
    document = replace(TELLING["deposit"](), number="INV-1010")
    page = page_of(document, Writing(document.locale))
    drawn = typesetter().images("invoice", page, logo=document.logo, ppi=60)

    assert _difference(drawn[0], (REFERENCES / "deposit-1.png").read_bytes()) > 4


@pytest.mark.parametrize(
    "text",
    [
        "]",
        "#",
        "#panic()",
        "$x^2$",
        "a\\b",
        "`raw`",
        "```",
        "@label",
        "<label>",
        "// comment",
        "/* open",
        "= heading",
        "*a* _b_",
        "~",
        "\"quoted\" 'too'",
        "#import",
        "{brace}",
        "- item",
        "1. item",
        "https://evie.example",
    ],
)
def test_what_looks_like_markup_is_printed_as_it_was_typed(printer: TypstPrinter, text: str) -> None:
    said = f"Before {text} after"
    document = a_document(lines=(Line(said, Money(100, "AUD")),), title=said, note=said, terms=said, footer=said)

    assert _read(printer.pdf(document)).count(text) == 5


def test_what_looks_like_markup_in_names_and_addresses_is_printed_as_it_was_typed(printer: TypstPrinter) -> None:
    odd = "O]#x$y`z@w\\"
    client = a_document().client
    party = replace(client, name=odd, person=odd, address=replace(client.address, street=(odd,)), tax_number=odd)

    assert _printed(printer, client=party).count(odd) == 4


def test_words_longer_than_the_page_are_broken_and_keep_every_letter(printer: TypstPrinter) -> None:
    word = "Donaudampfschifffahrt" * 10

    text = _printed(printer, lines=(Line(word, Money(100, "AUD")),))

    assert word in text.replace("\n", "")


def test_a_long_word_that_no_language_divides_goes_on_in_the_next_line(printer: TypstPrinter) -> None:
    word = "a" * 300

    text = _printed(printer, lines=(Line(word, Money(100, "AUD")),))

    assert word not in text
    assert word in text.replace("\n", "")


def test_the_account_to_pay_to_stands_on_one_page_wherever_the_lines_end(printer: TypstPrinter) -> None:
    for count in range(12, 24):
        pdf = printer.pdf(a_document(lines=tuple(Line(f"Day {n}", Money(100, "AUD")) for n in range(count))))
        pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]

        assert {("BSB" in page, "Reference" in page) for page in pages} <= {(True, True), (False, False)}, count


@pytest.mark.parametrize(
    "text",
    ["مرحبا", "שלום", "日本語", "설계", "ไทย", "हिन्दी", "😀 👩‍👩‍👧 🇦🇺 ❤️ 👍🏽", "Ω Ж ß ł", "e\u0301"],
)
def test_the_scripts_of_the_bundled_fonts_are_printed(printer: TypstPrinter, text: str) -> None:
    assert UNKNOWN not in _printed(printer, title=text)


@pytest.mark.parametrize("text", ["\U00012000 cuneiform", "\ue000", "தமிழ்", "\x00\x07\x1b", "\u202egnp.exe", "\ufffe"])
def test_signs_that_no_font_has_do_not_cost_anybody_the_invoice(printer: TypstPrinter, text: str) -> None:
    assert "INV-1009" in _printed(printer, title=f"Deal {text}", note=text)


def test_a_sign_that_no_font_has_is_printed_as_an_empty_box() -> None:
    glyphs = Glyphs(FONTS)

    assert glyphs.printable({"a": ["தம x", 1, None]}) == {"a": [f"{UNKNOWN}{UNKNOWN} x", 1, None]}
    assert glyphs.printable("one\r\ntwo\x07three\u202e") == "one\ntwo three"


def test_two_thousand_lines_are_printed_on_as_many_pages_as_they_need(printer: TypstPrinter) -> None:
    lines = tuple(a_line(f"Position {number}", "1.50", tax_rate="10") for number in range(1, 2001))

    pdf = printer.pdf(a_document(lines, TaxBehavior.EXCLUSIVE))

    reader = PdfReader(io.BytesIO(pdf))
    assert len(reader.pages) > 40
    last = reader.pages[-1].extract_text()
    assert "A$3,300.00" in last
    assert f"Page {len(reader.pages)} of {len(reader.pages)}" in last


def test_a_page_that_goes_on_says_what_its_lines_come_to_and_the_next_one_takes_it_over(printer: TypstPrinter) -> None:
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(printer.pdf(TELLING["many_lines"]()))).pages]

    assert len(pages) >= 3
    for before, after in pairwise(pages):
        forward = before.split("Carried forward")[1].split()[0]
        assert after.split("Carried over")[1].split()[0] == forward
    assert all("Description" in page for page in pages[1:3])


@pytest.mark.parametrize(
    "logo",
    [
        Logo("image/png", b"not a picture"),
        Logo("image/jpeg", b""),
        Logo("image/svg+xml", b"<svg"),
        Logo("image/svg+xml", b'<svg xmlns="http://www.w3.org/2000/svg"><image href="/etc/hostname"/></svg>'),
        Logo("image/tiff", b"II*\0"),
    ],
)
def test_a_logo_that_is_no_picture_or_reads_files_is_left_out(printer: TypstPrinter, logo: Logo) -> None:
    assert "Lantern Studio Pty Ltd" in _printed(printer, logo=logo)


def test_a_logo_as_png_is_in_the_document(printer: TypstPrinter) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (40, 20), "#0f6f64").save(picture, "PNG")

    pdf = printer.pdf(a_document(logo=Logo("image/png", picture.getvalue())))

    assert len(PdfReader(io.BytesIO(pdf)).pages[0].images) == 1


def test_a_paid_void_or_refunded_document_says_so_and_asks_for_nothing(printer: TypstPrinter) -> None:
    for status, word in (
        (InvoiceStatus.PAID, "Paid in full"),
        (InvoiceStatus.VOID, "This invoice is void"),
        (InvoiceStatus.REFUNDED, "given back"),
    ):
        text = _printed(printer, status=status, pay_url=None)
        assert word in text
        assert "Amount due" not in text
        assert "Bank transfer" not in text


def test_a_draft_says_that_it_is_no_invoice(printer: TypstPrinter) -> None:
    assert "no invoice yet" in _printed(printer, status=InvoiceStatus.DRAFT)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"kind": InvoiceKind.STANDARD}, ("Tax invoice", "")),
        ({"kind": InvoiceKind.PROGRESS}, ("Tax invoice", "Progress invoice")),
        ({"document": DocumentKind.CREDIT_NOTE}, ("Adjustment note", "Credit note")),
        ({"seller": replace(STUDIO, address=replace(STUDIO.address, country="NZ"))}, ("Invoice", "")),
        ({"seller": replace(STUDIO, tax_number="")}, ("Invoice", "")),
        ({"lines": (a_line("Sign", "100"),)}, ("Invoice", "")),
        (
            {
                "seller": replace(STUDIO, address=replace(STUDIO.address, country="SG")),
                "document": DocumentKind.CREDIT_NOTE,
            },
            ("Credit note", ""),
        ),
    ],
)
def test_a_document_is_called_what_the_law_there_wants(changes: dict[str, Any], says: tuple[str, str]) -> None:
    page = page_of(a_document(**changes), Writing("en_AU"))
    assert (page["heading"], page["subheading"]) == says


def test_a_client_without_any_particulars_gets_a_page_too(printer: TypstPrinter) -> None:
    document = a_document()
    bare = replace(document.client, name="Jo", address=type(document.client.address)(), person="", email="")
    seller = replace(document.seller, address=bare.address, tax_label="", tax_number="", email="", phone="")

    assert "Jo" in _printed(printer, client=bare, seller=seller, bank=None, footer="", terms="", logo=None)


def test_small_parts_of_units_and_prices_are_written_out(printer: TypstPrinter) -> None:
    line = Line("Hours", Money(9550, "AUD"), Decimal("0.2525"), "h", discount=Decimal("12.5"))

    text = _printed(printer, lines=(line,))

    assert "0.2525 hours" in text
    assert "−12.5%" in text


def test_the_link_to_pay_can_be_clicked(printer: TypstPrinter) -> None:
    document = a_document()
    page = PdfReader(io.BytesIO(printer.pdf(document))).pages[0]

    links = [each.get_object()["/A"]["/URI"] for each in page["/Annots"]]  # type: ignore[attr-defined] # pypdf's own types end here

    assert links == [document.pay_url]


def test_a_statement_shows_every_currency_for_itself(printer: TypstPrinter) -> None:
    text = _read(printer.statement(a_statement()))

    assert "Closing balance A$4,500.50" in text.replace("\n", " ")
    assert "€99.00" in text


def test_an_empty_statement_says_so(printer: TypstPrinter) -> None:
    assert "nothing is owed" in _read(printer.statement(replace(a_statement(), accounts=())))


def test_a_credit_balance_is_called_one(printer: TypstPrinter) -> None:
    statement = a_statement()
    ahead = replace(statement.accounts[1], entries=(), closing=Money(-500, "EUR"))

    assert "Credit in your favour" in _read(printer.statement(replace(statement, accounts=(ahead,))))


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="only Linux tells how much memory is in use")
def test_long_documents_are_not_remembered(printer: TypstPrinter) -> None:
    def used() -> int:
        return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

    def print_one(number: int) -> None:
        lines = tuple(a_line(f"Position {number} {place}", "1.50") for place in range(700))
        printer.pdf(a_document(lines, number=f"INV-{number}", pay_url=None))
        printer.pdf(a_document())

    for number in range(2):
        print_one(number)
    before = used()
    for number in range(2, 8):
        print_one(number)

    assert used() - before < 100 * 2**20


def test_a_document_that_takes_too_long_is_given_up() -> None:
    impatient = Typesetter(seconds=0.0)
    document = a_document()

    with pytest.raises(PrintingFailed, match="too long"):
        impatient.pdf("invoice", page_of(document, Writing("en_AU")), document.issued_on)


def test_a_page_that_cannot_be_set_is_told_in_a_sentence() -> None:
    with pytest.raises(PrintingFailed, match="cannot be printed"):
        typesetter().pdf("invoice", {"attachment": None}, a_document().issued_on)
