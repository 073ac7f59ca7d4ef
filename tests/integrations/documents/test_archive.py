"""What makes the files fit to be kept for years (PDF/A-3), as far as it can be seen without veraPDF, which is Java."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import Any

import facturx
import pytest
from lxml import etree
from pypdf import PdfReader

from billing.parties import Logo
from integrations.documents.einvoice import invoice_xml
from integrations.documents.printer import TypstPrinter
from tests.support.papers import TELLING, a_document, a_statement, typesetter
from tests.support.source import ROOT


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    printer = TypstPrinter(typesetter())
    made = {name: printer.pdf(document()) for name, document in TELLING.items()}
    return made | {"statement": printer.statement(a_statement())}


NAMES = [*TELLING, "statement"]


def _root(pdf: bytes) -> Any:
    return PdfReader(io.BytesIO(pdf), strict=True).trailer["/Root"]


def _metadata(pdf: bytes) -> etree._Element:
    return etree.fromstring(_root(pdf)["/Metadata"].get_object().get_data())


def _value(tree: etree._Element, space: str, name: str) -> list[str]:
    return [str(each.text) for each in tree.iter(f"{{{space}}}{name}")]


@pytest.mark.parametrize("name", NAMES)
def test_every_file_says_that_it_is_pdf_a_3a_and_ua_1(files: dict[str, bytes], name: str) -> None:
    tree = _metadata(files[name])

    assert _value(tree, "http://www.aiim.org/pdfa/ns/id/", "part") == ["3"]
    assert _value(tree, "http://www.aiim.org/pdfa/ns/id/", "conformance") == ["A"]
    assert _value(tree, "http://www.aiim.org/pdfua/ns/id/", "part") == ["1"]


@pytest.mark.parametrize("name", NAMES)
def test_every_file_has_an_output_intent_is_tagged_and_in_a_language(files: dict[str, bytes], name: str) -> None:
    root = _root(files[name])

    assert root["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"
    assert bool(root["/MarkInfo"]["/Marked"])
    assert root["/StructTreeRoot"]
    assert root["/Lang"] in {"en", "de", "fr", "es"}


@pytest.mark.parametrize("name", NAMES)
def test_every_font_is_embedded_and_nothing_is_encrypted_or_runs(files: dict[str, bytes], name: str) -> None:
    reader = PdfReader(io.BytesIO(files[name]))
    root: Any = reader.trailer["/Root"]

    assert not reader.is_encrypted
    assert not {"/OpenAction", "/AA"} & set(root)
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index] # pypdf's own types end here
            inner = font.get_object()
            descriptor = inner["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            assert {"/FontFile2", "/FontFile3"} & set(descriptor), inner["/BaseFont"]
            assert "/ToUnicode" in inner


@pytest.mark.parametrize("name", sorted(set(TELLING) - {"void"}))
def test_the_data_is_attached_as_factur_x_asks_for_it(files: dict[str, bytes], name: str) -> None:
    root = _root(files[name])
    (attached,) = root["/AF"]
    attached = attached.get_object()
    stream = attached["/EF"]["/F"].get_object()

    assert attached["/AFRelationship"] == "/Alternative"
    assert attached["/UF"] == "factur-x.xml"
    assert stream["/Subtype"] == "/text/xml"
    assert stream.get_data() == invoice_xml(TELLING[name]())
    assert facturx.get_xml_from_pdf(files[name], check_xsd=True)[0] == "factur-x.xml"


def test_the_metadata_declares_the_profile_and_the_schema_that_it_is_declared_in(files: dict[str, bytes]) -> None:
    tree = _metadata(files["french"])
    space = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"

    assert _value(tree, space, "ConformanceLevel") == ["EN 16931"]
    assert _value(tree, space, "DocumentFileName") == ["factur-x.xml"]
    assert _value(tree, space, "DocumentType") == ["INVOICE"]
    assert _value(tree, space, "Version") == ["1.0"]
    assert space in _value(tree, "http://www.aiim.org/pdfa/ns/schema#", "namespaceURI")
    assert len(list(tree.iter("{http://www.aiim.org/pdfa/ns/extension/}schemas"))) == 1


def test_a_file_without_data_does_not_declare_any(files: dict[str, bytes]) -> None:
    assert b"urn:factur-x" not in files["void"]
    assert "/AF" not in _root(files["void"])


@pytest.mark.parametrize("name", NAMES)
def test_the_table_of_offsets_points_at_every_object(files: dict[str, bytes], name: str) -> None:
    pdf = files[name]
    table = pdf.rindex(b"\nxref\n") + 1
    places = [int(each) for each in re.findall(rb"(\d{10}) 00000 n", pdf[table:])]

    assert int(re.findall(rb"startxref\n(\d+)", pdf)[-1]) == table
    assert places
    for number, place in enumerate(places, 1):
        assert pdf[place:].startswith(b"%d 0 obj" % number)


def test_the_same_document_is_the_same_file_in_every_process(files: dict[str, bytes]) -> None:
    program = (
        "import hashlib, tests.support.papers as papers\n"
        "from integrations.documents.printer import TypstPrinter\n"
        "printer = TypstPrinter()\n"
        "for name in ('many_scripts', 'french', 'void'):\n"
        "    print(name, hashlib.sha256(printer.pdf(papers.TELLING[name]())).hexdigest())\n"
        "print('statement', hashlib.sha256(printer.statement(papers.a_statement())).hexdigest())\n"
    )
    told = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True)
    elsewhere = dict(line.split() for line in told.stdout.splitlines())

    assert elsewhere == {name: sha256(files[name]).hexdigest() for name in elsewhere}
    assert len(elsewhere) == 4


def test_the_file_is_dated_by_the_document_and_not_by_the_clock(files: dict[str, bytes]) -> None:
    dates = _value(_metadata(files["deposit"]), "http://ns.adobe.com/xap/1.0/", "CreateDate")

    assert dates == ["2026-03-11T00:00:00Z"]


def test_many_threads_may_print_at_once(files: dict[str, bytes]) -> None:
    printer = TypstPrinter()
    names = [*TELLING, *TELLING]
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda name: printer.pdf(TELLING[name]()), names))

    assert made == [files[name] for name in names]


def test_the_logo_of_one_document_is_never_on_the_next_one() -> None:
    printer = TypstPrinter(typesetter())
    red = Logo(
        "image/svg+xml", b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'
    )
    plain = printer.pdf(a_document(logo=None))

    assert printer.pdf(a_document(logo=red)) != plain
    assert printer.pdf(a_document(logo=None)) == plain
