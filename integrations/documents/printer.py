"""Documents of the domain to PDF: the adapter behind `billing.ports.Printer`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from integrations.documents.charts import chart_png
from integrations.documents.einvoice import NAME, invoice_xml
from integrations.documents.page import page_of
from integrations.documents.statement_page import statement_page_of
from integrations.documents.typesetting import Typesetter
from integrations.documents.xmp import declare
from integrations.words.writing import Writing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from billing.accounts import Statement
    from billing.documents import InvoiceDocument


class TypstPrinter:
    """Prints with one warm typesetter; shared by all threads. Implements `billing.ports.Printer`."""

    def __init__(self, typesetter: Typesetter | None = None) -> None:
        self._typesetter = typesetter or Typesetter()

    def pdf(self, document: InvoiceDocument) -> bytes:
        """Return the invoice or credit note as PDF/A-3a, with its EN 16931 data inside where all of it is known.

        The same document always gives the same bytes. Raises PrintingFailed.
        """
        xml = invoice_xml(document)
        page = page_of(document, Writing(document.locale))
        attachment = {"name": NAME, "content": xml.decode(), "description": page["title"]} if xml else None
        data = {**page, "attachment": attachment}
        pdf = self._typesetter.pdf("invoice", data, document.issued_on, logo=document.logo)
        return declare(pdf) if xml else pdf

    def chart(self, drawn: Mapping[str, Any]) -> bytes:
        """Return the chart of a card as PNG; see `chart_png`. Raises PrintingFailed."""
        return chart_png(self._typesetter, drawn)

    def statement(self, statement: Statement) -> bytes:
        """Return the statement of account as PDF/A-3a; the same one gives the same bytes. Raises PrintingFailed."""
        data = statement_page_of(statement, Writing(statement.locale))
        return self._typesetter.pdf("statement", data, statement.until, logo=statement.logo)
