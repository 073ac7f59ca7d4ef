"""What a Factur-X reader looks for in a PDF's metadata: that there is an invoice in it, and of which profile.

Typst writes the metadata (XMP) itself and lets nobody add to it, so it is added afterwards, in place: the new stream
takes the room of the old one, and the table of offsets at the end of the file is moved along.
"""

from __future__ import annotations

import re
from typing import Final

from integrations.documents.einvoice import NAME

_SPACE: Final = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
_PROPERTIES: Final = (
    ("DocumentFileName", "The name of the embedded XML document", NAME),
    ("DocumentType", "The type of the hybrid document", "INVOICE"),
    ("Version", "The version of the Factur-X schema", "1.0"),
    ("ConformanceLevel", "The profile of the embedded XML document", "EN 16931"),
)
_OBJECT: Final = re.compile(rb"\d+ 0 obj\n<</Length (?P<length>\d+)/Type/Metadata/Subtype/XML>>\nstream\n")
_ENTRY: Final = re.compile(rb"(?P<offset>\d{10}) 00000 n")


def declare(pdf: bytes) -> bytes:
    """Return typst's PDF/A with the Factur-X properties, and their PDF/A extension schema, in its metadata."""
    found = _OBJECT.search(pdf)
    assert found is not None  # noqa: S101 - every PDF/A has its metadata in the clear
    start, length = found.end(), int(found["length"])
    old = pdf[start : start + length]
    new = _with_properties(old)
    head = found[0].replace(b"/Length %d/" % length, b"/Length %d/" % len(new))
    body = pdf[: found.start()] + head + new + pdf[start + length :]
    return _moved(body, after=found.start(), by=len(body) - len(pdf))


def _with_properties(xmp: bytes) -> bytes:
    described = _schema().encode()
    # The schemas stand in one bag; a second one would hide the first from some readers.
    with_schema = xmp.replace(b"<pdfaExtension:schemas><rdf:Bag>", b"<pdfaExtension:schemas><rdf:Bag>" + described, 1)
    values = "".join(f"<fx:{name}>{value}</fx:{name}>" for name, _, value in _PROPERTIES)
    block = f'<rdf:Description rdf:about="" xmlns:fx="{_SPACE}">{values}</rdf:Description>'
    return with_schema.replace(b"</rdf:RDF>", block.encode() + b"</rdf:RDF>", 1)


def _schema() -> str:
    properties = "".join(
        '<rdf:li rdf:parseType="Resource">'
        f"<pdfaProperty:name>{name}</pdfaProperty:name>"
        "<pdfaProperty:valueType>Text</pdfaProperty:valueType>"
        "<pdfaProperty:category>external</pdfaProperty:category>"
        f"<pdfaProperty:description>{description}</pdfaProperty:description></rdf:li>"
        for name, description, _ in _PROPERTIES
    )
    return (
        '<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>'
        f"<pdfaSchema:namespaceURI>{_SPACE}</pdfaSchema:namespaceURI><pdfaSchema:prefix>fx</pdfaSchema:prefix>"
        f"<pdfaSchema:property><rdf:Seq>{properties}</rdf:Seq></pdfaSchema:property></rdf:li>"
    )


def _moved(pdf: bytes, *, after: int, by: int) -> bytes:
    """Return the file with the offsets of everything behind `after` moved."""
    table = pdf.rindex(b"\nxref\n") + 1

    def entry(found: re.Match[bytes]) -> bytes:
        offset = int(found["offset"])
        return b"%010d 00000 n" % (offset + by if offset > after else offset)

    tail = _ENTRY.sub(entry, pdf[table:])
    return pdf[:table] + re.sub(rb"startxref\n\d+", b"startxref\n%d" % table, tail)
