"""An invoice is printed while its reader waits: half of them have to be there within 150 ms."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

from integrations.documents.printer import TypstPrinter
from tests.support.papers import deposit, many_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from billing.documents import InvoiceDocument


@contextmanager
def bench_print_one_page() -> Iterator[Callable[[], bytes]]:
    """Print an invoice of one page, with a logo, a QR code and its EN 16931 data, as PDF/A."""
    with _printing(deposit()) as work:
        yield work


@contextmanager
def bench_print_several_pages() -> Iterator[Callable[[], bytes]]:
    """Print an invoice of 90 lines on four pages, with a logo and its EN 16931 data, as PDF/A."""
    with _printing(many_lines()) as work:
        yield work


@contextmanager
def _printing(document: InvoiceDocument) -> Iterator[Callable[[], bytes]]:
    """Yield what prints the document, each time as another one: typst remembers what it has set before."""
    printer, numbers = TypstPrinter(), count(1)
    printer.pdf(document)

    def work() -> bytes:
        number = f"INV-{next(numbers)}"
        lines = tuple(
            replace(each, line=replace(each.line, text=f"{each.line.text} {number}")) for each in document.lines
        )
        return printer.pdf(replace(document, number=number, title=f"{document.title} {number}", lines=lines))

    yield work
