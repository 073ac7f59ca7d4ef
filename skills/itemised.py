"""Lines between what a person says, what the domain keeps and what a card shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from billing.itemising import WantedLine
from billing.lines import TaxBehavior, TaxRounding
from billing.money import zero
from billing.totals import totals
from skills.cards import Row

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from billing.documents import PricedLine
    from billing.invoices import Invoice
    from billing.ports import Formats
    from skills.arguments import SaidLine

# A card is looked at in a conversation; the document has all of them.
_SHOWN: Final = 10


def wanted_lines(said: Iterable[SaidLine]) -> tuple[WantedLine, ...]:
    """Return the lines as the domain takes them; the business's tax rate is on all of them."""
    return tuple(WantedLine(line.text, line.unit_price, line.quantity, line.unit) for line in said)


def line_rows(invoice: Invoice, formats: Formats) -> tuple[Row, ...]:
    """Return the first lines of an invoice, and how many there are beside them; nothing where it has none."""
    if not invoice.lines:
        return ()
    priced = totals(invoice.lines, invoice.tax_behavior, TaxRounding.LINE).lines
    rows = tuple(_row(line, invoice.tax_behavior, formats) for line in priced[:_SHOWN])
    more = len(priced) - len(rows)
    return (*rows, Row(f"and {more} more", detail="all of them are on the document")) if more else rows


def summed_up(invoice: Invoice, formats: Formats) -> str:
    """Return what else there is to say of a new invoice's total, as a clause after it; "" where the lines are all."""
    taken_off = [each.amount for each in invoice.deductions or ()]
    if taken_off:
        less = sum(taken_off, start=zero(invoice.total.currency))
        return f", which is the lines less {formats.money(less)} invoiced before"
    with_tax = invoice.tax_behavior is TaxBehavior.EXCLUSIVE and any(line.tax_rate for line in invoice.lines)
    return " with tax" if with_tax else ""


def _row(priced: PricedLine, behavior: TaxBehavior, formats: Formats) -> Row:
    line = priced.line
    counted = f"{_plain(line.quantity)} × {formats.money(line.unit_price)}{f' per {line.unit}' if line.unit else ''}"
    parts = [counted]
    if line.discount:
        parts.append(f"less {_plain(line.discount)}%")
    if line.tax_rate:
        parts.append(f"{_plain(line.tax_rate)}% tax")
    amount = priced.gross if behavior is TaxBehavior.INCLUSIVE else priced.net
    return Row(line.text, formats.money(amount), " · ".join(parts))


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"
