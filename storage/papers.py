"""How the parts of an invoice's paper are kept as JSON: lines, deductions, addresses, and who stands at its head."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from billing.invoices import Deduction, InvoiceKind
from billing.letterheads import Letterhead
from billing.lines import Line, TaxRounding
from billing.money import Money
from billing.parties import Address, BankDetails, Party

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def dump_address(address: Address) -> dict[str, Any]:
    """Return the address by the names of its parts."""
    return {
        "street": list(address.street),
        "city": address.city,
        "region": address.region,
        "postcode": address.postcode,
        "country": address.country,
    }


def load_address(document: Mapping[str, Any]) -> Address:
    """Return the address of dump_address; `{}` is one of which nothing is known."""
    return Address(**{**document, "street": tuple(document.get("street", ()))})


def dump_bank(bank: BankDetails) -> dict[str, Any]:
    """Return the bank details by name, lines as pairs."""
    return {
        "account_name": bank.account_name,
        "iban": bank.iban,
        "bic": bank.bic,
        "lines": [list(line) for line in bank.lines],
    }


def load_bank(document: Mapping[str, Any]) -> BankDetails:
    """Return the bank details of dump_bank."""
    return BankDetails(**{**document, "lines": tuple((label, value) for label, value in document["lines"])})


def dump_lines(lines: Iterable[Line]) -> list[dict[str, Any]]:
    """Return the lines by name, numbers as decimal strings, the price as `[minor units, currency]`."""
    return [
        {
            "text": line.text,
            "unit_price": _money(line.unit_price),
            "quantity": str(line.quantity),
            "unit": line.unit,
            "discount": str(line.discount),
            "tax_rate": str(line.tax_rate),
        }
        for line in lines
    ]


def load_lines(document: list[dict[str, Any]]) -> tuple[Line, ...]:
    """Return the lines of dump_lines."""
    return tuple(
        Line(
            text=item["text"],
            unit_price=Money(*item["unit_price"]),
            quantity=Decimal(item["quantity"]),
            unit=item["unit"],
            discount=Decimal(item["discount"]),
            tax_rate=Decimal(item["tax_rate"]),
        )
        for item in document
    )


def dump_deductions(deductions: Iterable[Deduction]) -> list[dict[str, Any]]:
    """Return the deductions by name, money as `[minor units, currency]`."""
    return [
        {
            "number": each.number,
            "kind": each.kind.value,
            "issued_on": each.issued_on.isoformat(),
            "amount": _money(each.amount),
            "tax": _money(each.tax),
            "credit": each.credit,
        }
        for each in deductions
    ]


def load_deductions(document: list[dict[str, Any]]) -> tuple[Deduction, ...]:
    """Return the deductions of dump_deductions."""
    return tuple(
        Deduction(
            number=item["number"],
            kind=InvoiceKind(item["kind"]),
            issued_on=date.fromisoformat(item["issued_on"]),
            amount=Money(*item["amount"]),
            tax=Money(*item["tax"]),
            credit=item["credit"],
        )
        for item in document
    )


def dump_letterhead(head: Letterhead) -> dict[str, Any]:
    """Return the letterhead by name."""
    return {
        "seller": _dump_party(head.seller),
        "client": _dump_party(head.client),
        "payer": _dump_party(head.payer) if head.payer else None,
        "bank": dump_bank(head.bank) if head.bank else None,
        "terms": head.terms,
        "footer": head.footer,
        "locale": head.locale,
        "tax_rate": str(head.tax_rate),
        "tax_rounding": head.tax_rounding.value,
    }


def load_letterhead(document: Mapping[str, Any]) -> Letterhead:
    """Return the letterhead of dump_letterhead."""
    return Letterhead(
        seller=_load_party(document["seller"]),
        client=_load_party(document["client"]),
        payer=_load_party(document["payer"]) if document["payer"] else None,
        bank=load_bank(document["bank"]) if document["bank"] else None,
        terms=document["terms"],
        footer=document["footer"],
        locale=document["locale"],
        tax_rate=Decimal(document["tax_rate"]),
        tax_rounding=TaxRounding(document["tax_rounding"]),
    )


def _dump_party(party: Party) -> dict[str, Any]:
    return {
        "name": party.name,
        "address": dump_address(party.address),
        "person": party.person,
        "email": party.email,
        "phone": party.phone,
        "tax_label": party.tax_label,
        "tax_number": party.tax_number,
    }


def _load_party(document: Mapping[str, Any]) -> Party:
    return Party(**{**document, "address": load_address(document["address"])})


def _money(money: Money) -> list[int | str]:
    return [money.amount, money.currency]
