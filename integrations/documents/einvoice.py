"""The invoice as data inside its PDF: Factur-X / ZUGFeRD, profile EN 16931, in the terms of that standard (BT-…, BG-…).

A wrong data set is worse than none, since machines book it unread. So there is none for a draft or a void document,
where the standard wants something that nobody told (an address, a tax number), where it is not known why no tax is
charged, and for a currency with three decimals, which the standard does not have.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, Final

from billing.documents import DocumentKind
from billing.invoices import InvoiceKind, InvoiceStatus
from billing.money import exponent
from integrations.documents.taxes import Category, category_of, vat_number

if TYPE_CHECKING:
    from billing.documents import Address, BankDetails, InvoiceDocument, Party, PricedLine, RateTotal
    from billing.money import Money

NAME: Final = "factur-x.xml"
_PROFILE: Final = "en16931"
_MOST_DECIMALS: Final = 2
_FINEST_PRICE: Final = 10
# UNTDID 1001: what kind of document it is.
_INVOICE, _PREPAYMENT, _CREDIT_NOTE = "380", "386", "381"
# UNTDID 4461: how it is paid.
_CREDIT_TRANSFER, _SEPA_TRANSFER, _ONLINE, _UNSAID = "30", "58", "68", "1"
# UNTDID 5189: a discount.
_DISCOUNT: Final = "95"
# UN/ECE Recommendation 20: what is counted. Whatever else people count is a piece.
_UNITS: Final = {
    "h": "HUR",
    "hr": "HUR",
    "hrs": "HUR",
    "hour": "HUR",
    "hours": "HUR",
    "day": "DAY",
    "days": "DAY",
    "week": "WEE",
    "weeks": "WEE",
    "month": "MON",
    "months": "MON",
    "year": "ANN",
    "years": "ANN",
    "km": "KMT",
    "kg": "KGM",
}
_PIECE: Final = "C62"
# What XML 1.0 cannot hold.
_FORBIDDEN: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def invoice_xml(document: InvoiceDocument) -> bytes | None:
    """Return the Cross Industry Invoice (CII D22B, UTF-8), None where there can be none."""
    if not is_complete(document):
        return None
    # The vendor's package takes a third of a second to import, and not every process prints.
    from facturx import generate_cii_xml

    xml = generate_cii_xml(_clean(_terms(document)), level=_PROFILE, check_xsd=False, check_schematron=False)
    assert isinstance(xml, bytes)  # noqa: S101 - the package says so, without types
    # Where nothing is known of a delivery, the package writes an element that the schema allows to be empty, not nil.
    return xml.replace(b'<ram:ApplicableHeaderTradeDelivery xsi:nil="true"/>', b"<ram:ApplicableHeaderTradeDelivery/>")


def is_complete(document: InvoiceDocument) -> bool:
    """Say whether everything that EN 16931 wants is known, and what is known fits into it."""
    issued = document.status not in {InvoiceStatus.DRAFT, InvoiceStatus.VOID}
    return issued and _parties_told(document) and _figures_fit(document)


def _parties_told(document: InvoiceDocument) -> bool:
    named = all(
        party.name.strip() and party.address.country and party.address.city
        for party in (document.seller, document.client)
    )
    return named and bool(document.seller.tax_number.strip())


def _figures_fit(document: InvoiceDocument) -> bool:
    written = exponent(document.total.currency) <= _MOST_DECIMALS and document.balance.amount >= 0
    lines = all(each.line.unit_price.amount >= 0 and each.line.text.strip() for each in document.lines)
    known = all(category_of(each.rate, document) is not None for each in document.rates)
    return written and lines and known and all(_adds_up(each) for each in document.rates)


def _adds_up(total: RateTotal) -> bool:
    """Say whether the tax is what the rate makes of the sum, but for one unit (BR-CO-17); roundings may add up."""
    return abs(total.net.percent(total.rate).decimal - total.tax.decimal) < 1


def _terms(document: InvoiceDocument) -> dict[str, Any]:
    return {
        "BT-1": document.number,
        "BT-2": document.issued_on,
        "BT-3": _type_code(document),
        "BT-5": document.total.currency,
        "BT-9": document.due_on,
        "BT-10": document.client.person,
        "BT-20": document.terms,
        "BT-83": document.number,
        **_payment(document),
        "BG-1": [{"BT-22": note} for note in _notes(document)],
        "BG-3": _earlier(document),
        "BG-4": _seller(document.seller),
        "BG-7": _buyer(document.client),
        "BG-23": [_breakdown(each, document) for each in document.rates],
        "BG-25": [_line(number, each, document) for number, each in enumerate(document.lines, 1)],
        **_sums(document),
    }


def _type_code(document: InvoiceDocument) -> str:
    if document.document is DocumentKind.CREDIT_NOTE:
        return _CREDIT_NOTE
    return _PREPAYMENT if document.kind is InvoiceKind.DEPOSIT else _INVOICE


def _sums(document: InvoiceDocument) -> dict[str, str]:
    """Return the totals. What was taken off or paid already counts as prepaid: there is no other term for it."""
    return {
        "BT-106": str(document.net),
        "BT-109": str(document.net),
        "BT-110": str(document.tax),
        "BT-112": str(document.gross),
        "BT-113": str(document.gross - document.balance),
        "BT-115": str(document.balance),
    }


def _payment(document: InvoiceDocument) -> dict[str, str]:
    bank = document.bank
    if bank and bank.iban:
        in_euro = document.total.currency == "EUR"
        means = {"BT-81": _SEPA_TRANSFER if in_euro else _CREDIT_TRANSFER}
        return means | {"BT-84": "".join(bank.iban.split()), "BT-85": bank.account_name, "BT-86": bank.bic}
    if bank and bank.lines:
        return {"BT-81": _UNSAID, "BT-82": _account(bank)}
    return {"BT-81": _ONLINE if document.pay_url else _UNSAID}


def _account(bank: BankDetails) -> str:
    return ", ".join(f"{label} {value}" for label, value in (("", bank.account_name), *bank.lines)).strip()


def _notes(document: InvoiceDocument) -> list[str]:
    taken = [
        f"{each.number}: {each.amount} {each.amount.currency}, of which tax {each.tax}" for each in document.deductions
    ]
    payer = f"Paid by {document.payer.name}" if document.payer else ""
    return [note for note in (document.title, document.note, payer, *taken) if note.strip()]


def _earlier(document: InvoiceDocument) -> list[dict[str, Any]]:
    taken = [{"BT-25": each.number, "BT-26": each.issued_on} for each in document.deductions]
    return [*taken, *({"BT-25": number} for number in (document.corrects, document.replaces) if number)]


def _seller(party: Party) -> dict[str, Any]:
    vat = vat_number(party)
    contact = {"name": party.person or party.name, "phone": party.phone, "email": party.email}
    # BR-CO-26: without a VAT number the seller is known by another one.
    number = {"vat_identifier": vat} if vat else {"tax_identifier": party.tax_number}
    known_by = {} if vat else {"identifiers": {None: party.tax_number}}
    return {**_party(party), **number, **known_by, "contacts": [contact]}


def _buyer(party: Party) -> dict[str, Any]:
    contact = {"name": party.person, "phone": party.phone, "email": party.email}
    return {
        **_party(party),
        "vat_identifier": vat_number(party),
        "contacts": [contact] if any(contact.values()) else [],
    }


def _party(party: Party) -> dict[str, Any]:
    mailbox = {"einvoicing_addr": party.email, "einvoicing_addr_schemeid": "EM"} if party.email else {}
    return {"name": party.name, **_address(party.address), **mailbox}


def _address(address: Address) -> dict[str, str]:
    first, second, *rest = (*address.street, "", "")
    return {
        "addr_l1": first,
        "addr_l2": second,
        "addr_l3": ", ".join(part for part in rest if part),
        "postcode": address.postcode,
        "city": address.city,
        "country_subdivision": address.region,
        "country_code": address.country,
    }


def _breakdown(total: RateTotal, document: InvoiceDocument) -> dict[str, str]:
    category = _category(total.rate, document)
    return {
        "BT-116": str(total.net),
        "BT-117": str(total.tax),
        "BT-118": category.code,
        "BT-119": _plain(total.rate),
        "BT-120": category.reason,
        "BT-121": category.reason_code,
    }


def _category(rate: Decimal, document: InvoiceDocument) -> Category:
    category = category_of(rate, document)
    assert category is not None  # noqa: S101 - `is_complete` has seen to it
    return category


def _line(number: int, priced: PricedLine, document: InvoiceDocument) -> dict[str, Any]:
    line = priced.line
    name, _, more = line.text.strip().partition("\n")
    price = _net_price(priced)
    return {
        "BT-126": str(number),
        "BT-153": name,
        "BT-154": more.strip(),
        "BT-129": _plain(line.quantity),
        "BT-130": _UNITS.get(line.unit.strip().lower(), _PIECE),
        "BT-146": _plain(price),
        "BT-131": str(priced.net),
        "BT-151": _category(line.tax_rate, document).code,
        "BT-152": _plain(line.tax_rate),
        "BG-27": _allowance(priced, price),
    }


def _net_price(priced: PricedLine) -> Decimal:
    """Return the price of one without tax, with as few decimals as give the line's amount again."""
    line, digits = priced.line, exponent(priced.net.currency)
    if priced.net == priced.gross or not line.discount:
        exact = priced.net.decimal / line.quantity if not line.discount else line.unit_price.decimal
    else:
        left = 1 - line.discount / 100
        exact = priced.net.decimal / line.quantity / left if left else line.unit_price.decimal
    for decimals in range(digits, _FINEST_PRICE):
        price = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
        if line.discount or _rounded(price * line.quantity, priced.net) == priced.net.decimal:
            return price
    return exact.quantize(Decimal(1).scaleb(-_FINEST_PRICE), ROUND_HALF_UP)


def _rounded(amount: Decimal, like: Money) -> Decimal:
    return amount.quantize(Decimal(1).scaleb(-exponent(like.currency)), ROUND_HALF_UP)


def _allowance(priced: PricedLine, price: Decimal) -> list[dict[str, str]]:
    """Return the line's discount, as the difference between what its price and quantity make and what it comes to."""
    if not priced.line.discount:
        return []
    whole = _rounded(price * priced.line.quantity, priced.net)
    taken = whole - priced.net.decimal
    return [
        {
            "amount": _fixed(taken, priced.net),
            "base_amount": _fixed(whole, priced.net),
            "rate": _plain(priced.line.discount),
            "reason": "Discount",
            "reason_code": _DISCOUNT,
        },
    ]


def _fixed(amount: Decimal, like: Money) -> str:
    return f"{amount:.{exponent(like.currency)}f}"


def _plain(number: Decimal) -> str:
    """Return the number in digits, without zeros at its end."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _clean(value: Any) -> Any:  # noqa: ANN401 - the vendor's nested dictionaries
    """Return the same without what is empty and without signs that XML cannot hold."""
    if isinstance(value, str):
        return _FORBIDDEN.sub("", value)
    if isinstance(value, dict):
        return {key: _clean(each) for key, each in value.items() if each not in ("", [], {})}
    return [_clean(each) for each in value] if isinstance(value, list) else value
