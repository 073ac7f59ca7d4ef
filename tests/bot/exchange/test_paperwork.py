"""What stands on paper travels whole, and what could not be printed is refused with its place."""

from __future__ import annotations

import base64
import copy
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from billing.crediting import credit_document_of
from billing.documenting import document_of
from billing.ports import Store
from bot.exchange import DocumentRefused, dump_workspace, load_workspace
from storage import memory_store
from tests.support.workspaces import NOW, SMALL

LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'
BUSINESS: dict[str, Any] = {
    "legal_name": "Lantern Row Pty Ltd",
    "address": {"street": ["4 Tin Lane"], "city": "Hobart", "region": "TAS", "postcode": "7000", "country": "AU"},
    "email": "hello@lantern.example",
    "phone": "+61 3 5550 0100",
    "tax_label": "ABN",
    "tax_number": "00 000 000 000",
    "bank": {"account_name": "Lantern Row", "lines": {"BSB": "000-000", "Account": "000 000"}},
    "terms": "Within 14 days, please.",
    "footer": "Thank you\nfor your trust",
    "tax_rate": "10",
    "tax_behavior": "exclusive",
    "tax_rounding": "line",
    "series": "LR-{n:04}",
    "next_number": 41,
    "logo": base64.b64encode(LOGO).decode(),
}
LINES = [
    {"text": "Days", "unit_price": "900.00", "quantity": "2.5", "unit": "day", "discount": "10"},
    {"text": "Books", "unit_price": "100.00", "tax_rate": "0"},
]


@pytest.fixture
def other_store() -> Iterator[Store]:
    made = memory_store(lambda: NOW)
    yield made
    made.close()


def papers() -> dict[str, Any]:
    """The small workspace with everything on paper."""
    data = copy.deepcopy(SMALL)
    data["business"] = copy.deepcopy(BUSINESS)
    data["contacts"][0] |= {
        "address": {"street": ["Pier 1"], "city": "Kiel", "country": "DE"},
        "tax_label": "USt-IdNr.",
        "tax_number": "DE000000000",
        "locale": "de_DE",
        "payer": "CON-2",
    }
    data["invoices"] += [
        {
            "number": "INV-4",
            "opportunity": "OPP-1",
            "kind": "final",
            "lines": copy.deepcopy(LINES),
            "issued": "2026-03-09",
            "due": "2026-03-31",
            "status": "sent",
            "note": "Thank you",
            "document_number": "LR-0040",
            "deductions": [
                {"number": "LR-0039", "kind": "deposit", "issued": "2026-02-01", "amount": "1000.00", "tax": "90.91"}
            ],
            "replaces": "INV-5",
        },
        {
            "number": "INV-5",
            "opportunity": "OPP-1",
            "amount": "5.00",
            "due": "2026-03-31",
            "status": "void",
            "replaced_by": "INV-4",
        },
    ]
    data["payments"] = [
        {
            "type": kind,
            "status": "succeeded",
            "amount": "90000",
            "currency": "JPY",
            "occurred_at": "2026-03-02T00:00:00+00:00",
            "invoice": "INV-3",
            "stripe_object_id": object_id,
        }
        | ({"reverses": "pi_1"} if kind == "refund" else {})
        for kind, object_id in (("charge", "pi_1"), ("refund", "re_1"))
    ]
    data["invoices"][2]["status"] = "refunded"
    data["credit_notes"] = [
        {
            "number": "CRN-1",
            "invoice": "INV-3",
            "amount": "90000",
            "issued": "2026-03-03",
            "payment": "re_1",
            "document_number": "LR-0038",
        },
        {"number": "CRN-2", "invoice": "INV-2", "amount": "1.00", "issued": "2026-03-03"},
    ]
    return data


def wrong(place: list[str | int], value: object) -> dict[str, Any]:
    """Those papers with another value at one place."""
    data = papers()
    inner: Any = data
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    return data


def test_an_imported_invoice_reads_as_it_was_written(store: Store) -> None:
    workspace = load_workspace(store, papers(), NOW)
    with store.transaction(workspace.id) as tx:
        document, note = document_of(tx, "INV-4"), credit_document_of(tx, "CRN-1")
        business, counted = tx.business.get(), tx.business.next_number("LR-{n}")
    assert (document.number, document.seller.name, document.seller.tax_number) == (
        "LR-0040",
        "Lantern Row Pty Ltd",
        "00 000 000 000",
    )
    assert document.payer is not None
    assert (document.client.address.city, document.payer.name, document.locale) == ("Kiel", "Ben Ito", "de_DE")
    assert [str(line.gross) for line in document.lines] == ["2227.50", "100.00"]
    assert (str(document.gross), str(document.total)) == ("2327.50", "1327.50")
    assert (document.replaces, document.note, document.logo is not None) == ("INV-5", "Thank you", True)
    assert (business.series, business.tax_rate, counted) == ("LR-{n:04}", Decimal(10), 41)
    assert (note.number, note.corrects, str(note.total)) == ("LR-0038", "INV-3", "90000")


def test_paper_survives_the_journey(store: Store, other_store: Store) -> None:
    workspace = load_workspace(store, papers(), NOW)
    first = dump_workspace(store, workspace.id)
    copied = load_workspace(other_store, first, NOW + timedelta(days=9))
    assert dump_workspace(other_store, copied.id) == first
    assert first["business"] == BUSINESS


def test_what_was_issued_stays_as_it_was_when_the_business_moves(store: Store, other_store: Store) -> None:
    exported = dump_workspace(store, load_workspace(store, papers(), NOW).id)
    exported["business"]["legal_name"] = "Lantern Road"
    copied = load_workspace(other_store, exported, NOW)
    with other_store.transaction(copied.id) as tx:
        assert document_of(tx, "INV-4").seller.name == "Lantern Row Pty Ltd"
        assert document_of(tx, "INV-1").seller.name == "Lantern Road"


@pytest.mark.parametrize(
    ("place", "value", "path", "reason"),
    [
        (["business", "tax_rate"], "900", "business.tax_rate", "cannot be the tax rate"),
        (["business", "series"], "INV-{n}", "business.series", "would look like Evie's own numbers"),
        (["business", "bank", "iban"], "DE00123", "business.bank.iban", "is not an IBAN"),
        (["business", "logo"], "%%%", "business.logo", "base64"),
        (["business", "logo"], base64.b64encode(b"\x00" * 3 * 1024 * 1024).decode(), "business.logo", "1 MB"),
        (["business", "address", "country"], "Narnia", "business.address.country", ""),
        (["contacts", 0, "payer"], "CON-9", "contacts[0].payer", "CON-9 is not among the contacts."),
        (["invoices", 3, "lines", 0, "quantity"], "-1", "invoices[3].lines", "cannot be a quantity"),
        (["invoices", 3, "lines", 0, "tax_rate"], "900", "invoices[3].lines", "cannot be the tax rate"),
        (["invoices", 3, "lines"], [LINES[0]] * 2000, "invoices[3].lines", ""),
        (["invoices", 3, "amount"], "5.00", "invoices[3].amount", "the lines come to 1327.50 AUD"),
        (["invoices", 3, "due"], "2026-03-08", "invoices[3].due", "is before 2026-03-09, the day of the invoice."),
        (["invoices", 3, "replaces"], "INV-77", "invoices[3].replaces", "INV-77 is not among the invoices."),
        (["invoices", 3, "document_number"], "LR-0038", "credit_notes[0].document_number", "is there twice"),
        (["invoices", 4, "amount"], None, "invoices[4].amount", "has an amount or lines"),
        (["credit_notes", 0, "payment"], "re_9", "credit_notes[0].payment", "re_9 is not among the payments."),
    ],
)
def test_what_cannot_be_printed_is_refused_with_its_place(
    store: Store, place: list[str | int], value: object, path: str, reason: str
) -> None:
    with pytest.raises(DocumentRefused) as caught:
        load_workspace(store, wrong(place, value), NOW)
    assert caught.value.user_message.startswith(path)
    assert reason in caught.value.user_message
    assert store.directory.workspaces() == []
