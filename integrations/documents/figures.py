"""The parts of a page that are figures: lines, taxes, deductions and sums, written out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from billing.documents import DocumentKind
from billing.lines import NO_TAX, ONE, TaxBehavior
from billing.money import Money, zero
from integrations.documents.blocks import deducted
from integrations.documents.taxes import category_of, tax_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from billing.documents import InvoiceDocument, PricedLine
    from integrations.words.writing import Writing


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the line table: `wide` takes the room that is left, the others are right-aligned figures."""

    label: str
    cell: Callable[[PricedLine], str]
    wide: bool = False


def columns(document: InvoiceDocument, words: Writing) -> list[Column]:
    """Return the columns that the lines need: none whose cells would all say the same nothing."""
    lines = document.lines
    found = [Column(words.text("Description"), lambda each: each.line.text, wide=True)]
    if any(each.line.quantity != ONE or each.line.unit or each.line.discount for each in lines):
        found += [
            Column(words.text("Quantity"), lambda each: words.quantity(each.line.quantity, each.line.unit)),
            Column(words.text("Unit price"), lambda each: words.figure(each.line.unit_price)),
        ]
    if any(each.line.discount for each in lines):
        found.append(Column(words.text("Discount"), lambda each: _discount(each, words)))
    if taxed(document):
        name = tax_name(document.seller.address.country, words)
        found.append(Column(name, lambda each: words.percent(each.line.tax_rate)))
    return [*found, Column(words.text("Amount"), lambda each: words.figure(printed(each, document)))]


def _discount(priced: PricedLine, words: Writing) -> str:
    return f"−{words.percent(priced.line.discount)}" if priced.line.discount else ""


def taxed(document: InvoiceDocument) -> bool:
    """Say whether any tax is charged."""
    return any(each.line.tax_rate != NO_TAX for each in document.lines)


def printed(priced: PricedLine, document: InvoiceDocument) -> Money:
    """Return the amount that stands at the line: with the tax where prices have it in them."""
    return priced.gross if document.tax_behavior is TaxBehavior.INCLUSIVE else priced.net


def table(document: InvoiceDocument, words: Writing) -> dict[str, Any]:
    """Return the line table; each row has what the lines up to it come to, for the page's edge."""
    shown = columns(document, words)
    running, rows = zero(document.net.currency), []
    for priced in document.lines:
        running += printed(priced, document)
        rows.append({"cells": [column.cell(priced) for column in shown], "running": words.money(running)})
    heads = [{"label": column.label, "wide": column.wide} for column in shown]
    return {"columns": heads, "rows": rows}


def sums(document: InvoiceDocument, words: Writing) -> list[dict[str, str]]:
    """Return label, value and weight of every sum below the lines, down to what is left to pay."""
    rows = [*_before_total(document, words)]
    if document.document is DocumentKind.CREDIT_NOTE:
        return [*rows, _sum(words.text("Total credited"), words.money(document.total), "strong")]
    if document.deductions:
        rows.append(_sum(words.text("Total before deductions"), words.money(document.gross), "plain"))
        taken = sum((each.amount for each in document.deductions), start=zero(document.total.currency))
        rows.append(_sum(_taken_off(document, words), f"−{words.money(taken)}", "plain"))
    rows.append(_sum(words.text("Total"), words.money(document.total), "strong"))
    if document.paid.amount and document.paid != document.total:
        rows.append(_sum(words.text("Paid so far"), f"−{words.money(document.paid)}", "plain"))
        rows.append(_sum(words.text("Left to pay"), words.money(document.balance), "strong"))
    return rows


def _before_total(document: InvoiceDocument, words: Writing) -> list[dict[str, str]]:
    if not taxed(document):
        return []
    if document.tax_behavior is TaxBehavior.INCLUSIVE:
        return [_sum(label, words.money(tax), "soft") for label, tax in _taxes(document, words, inside=True)]
    subtotal = _sum(words.text("Subtotal"), words.money(document.net), "plain")
    return [subtotal, *(_sum(label, words.money(tax), "plain") for label, tax in _taxes(document, words))]


def _taxes(document: InvoiceDocument, words: Writing, *, inside: bool = False) -> list[tuple[str, Money]]:
    name = tax_name(document.seller.address.country, words)
    pattern = words.text("Including {tax} {rate}") if inside else words.text("{tax} {rate}")
    return [(pattern.format(tax=name, rate=words.percent(each.rate)), each.tax) for each in document.rates if each.rate]


def _sum(label: str, value: str, weight: str) -> dict[str, str]:
    return {"label": label, "value": value, "weight": weight}


def rates(document: InvoiceDocument, words: Writing) -> dict[str, Any] | None:
    """Return the taxes by rate, where there are several."""
    if len(document.rates) < 2:  # noqa: PLR2004 - one rate is told by the sums
        return None
    name = tax_name(document.seller.address.country, words)
    return {
        "head": [name, words.text("Net"), words.text("Tax amount"), words.text("Gross")],
        "rows": [
            [
                words.percent(each.rate),
                words.figure(each.net),
                words.figure(each.tax),
                words.figure(each.net + each.tax),
            ]
            for each in document.rates
        ],
    }


def tax_note(document: InvoiceDocument, words: Writing) -> str:
    """Return why no tax is charged, where the law wants that said and the records tell it; else ""."""
    untaxed = next((category_of(each.rate, document) for each in document.rates if not each.rate), None)
    return words.text("Reverse charge: the recipient owes the tax") if untaxed and untaxed.code == "AE" else ""


def _taken_off(document: InvoiceDocument, words: Writing) -> str:
    credited = any(each.credit for each in document.deductions)
    return words.text("Already invoiced or credited") if credited else words.text("Already invoiced")


def deductions(document: InvoiceDocument, words: Writing) -> dict[str, Any] | None:
    """Return the earlier invoices that this one takes off, each with its tax."""
    if not document.deductions:
        return None
    head = [_taken_off(document, words), words.text("Date"), words.text("Tax amount"), words.text("Amount")]
    rows = [
        [
            deducted(each, words),
            words.day(each.issued_on),
            words.figure(each.tax),
            f"−{words.figure(each.amount)}",
        ]
        for each in document.deductions
    ]
    return {"head": head, "rows": rows}
