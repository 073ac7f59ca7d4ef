"""Invoices as documents: what stands on them, what they take off, and what was given back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from billing.crediting import credit, credit_document_of
from billing.documenting import document_of
from billing.documents import DocumentKind, InvoiceDocument
from billing.lines import Line, TaxBehavior, TaxRounding
from billing.money import Money
from billing.parties import Address, BankDetails
from billing.payments import Payment, PaymentStatus, PaymentType
from billing.totals import totals
from tests.support.studio import Studio

TEN = Decimal(10)


def set_up(studio: Studio, **fields: Any) -> None:
    with studio.store.transaction(studio.id) as tx:
        tx.business.save(replace(tx.business.get(), **fields))


def bill(studio: Studio, **said: Any) -> str:
    made = studio.done("create_invoice", **{"opportunity": "OPP-1"} | said)
    return str(made.result["number"])


def document(studio: Studio, number: str, **said: Any) -> InvoiceDocument:
    with studio.store.transaction(studio.id) as tx:
        return document_of(tx, number, **said)


def sent(studio: Studio, **said: Any) -> str:
    number = bill(studio, **said)
    studio.done("send_invoice", invoice=number)
    return number


def pay(studio: Studio, number: str) -> None:
    studio.done("record_payment", invoice=number)


def test_an_amount_is_one_line_with_the_usual_tax_in_it(studio: Studio) -> None:
    set_up(studio, tax_rate=TEN, tax_behavior=TaxBehavior.EXCLUSIVE)
    found = document(studio, bill(studio, amount="550", description="Painted sign"), pay_url="https://pay.example/1")
    assert [(line.line.text, str(line.net), str(line.tax), str(line.gross)) for line in found.lines] == [
        ("Painted sign", "500.00", "50.00", "550.00")
    ]
    assert (found.tax_behavior, str(found.total), found.number) == (TaxBehavior.INCLUSIVE, "550.00", "INV-1001")
    assert (found.title, found.client.name, found.client.person) == (
        "Bluebird shop sign",
        "Bluebird Cafe",
        "Tess Blue",
    )
    assert (found.seller.name, found.payer, found.locale, found.pay_url) == (
        "Lantern Studio",
        None,
        "en_AU",
        "https://pay.example/1",
    )


def test_what_cannot_be_paid_any_more_has_no_address_to_pay_it_at(studio: Studio) -> None:
    number = sent(studio, amount="100")
    pay(studio, number)
    assert document(studio, number, pay_url="https://pay.example/1").pay_url is None


def test_a_final_invoice_takes_off_what_was_issued_and_stands(studio: Studio) -> None:
    set_up(studio, tax_rate=TEN, series="RE-{n}")
    deposit = sent(studio, kind="deposit", amount="3300")
    progress = sent(studio, kind="progress", amount="1100")
    sent(studio, amount="100")
    void = sent(studio, kind="progress", amount="50")
    studio.done("void_invoice", invoice=void)
    bill(studio, kind="progress", amount="500")
    sent(studio, kind="deposit", amount="9", currency="EUR")
    final = bill(studio, kind="final")
    found = document(studio, final)
    assert [(each.number, each.kind, str(each.amount), str(each.tax)) for each in found.deductions] == [
        ("RE-1", "deposit", "3300.00", "300.00"),
        ("RE-2", "progress", "1100.00", "100.00"),
    ]
    assert (str(found.gross), str(found.total)) == ("9400.00", "5000.00")
    assert {studio.invoice(number).client_number for number in (deposit, progress)} == {"RE-1", "RE-2"}


def test_what_an_open_final_invoice_takes_off_stays_whatever_becomes_of_it(studio: Studio) -> None:
    deposit = sent(studio, kind="deposit", amount="3000")
    final = sent(studio, kind="final")
    studio.done("void_invoice", invoice=deposit)
    found = document(studio, final)
    assert ([each.number for each in found.deductions], str(found.gross)) == ([deposit], "10000.00")


def test_what_was_given_back_of_a_deposit_is_not_taken_off(studio: Studio) -> None:
    deposit = sent(studio, kind="deposit", amount="3000")
    pay(studio, deposit)
    studio.done("refund_payment", invoice=deposit, amount="1000")
    found = document(studio, bill(studio, kind="final"))
    assert [str(each.amount) for each in found.deductions] == ["2000.00"]
    assert found.gross - found.deductions[0].amount == found.total


def test_what_was_issued_stays_as_it_was_and_what_was_not_known_is_filled_in(studio: Studio) -> None:
    set_up(studio, legal_name="Lantern One", terms="Soon", tax_rate=TEN)
    number = sent(studio, amount="110")
    home = Address(("1 Pier",), "Hobart", country="AU")
    set_up(
        studio,
        legal_name="Lantern Two",
        address=home,
        terms="Later",
        footer="Foot",
        tax_rate=Decimal(20),
        bank=BankDetails(iban="DE89370400440532013000"),
    )
    with studio.store.transaction(studio.id) as tx:
        payer = tx.contacts.get("CON-2")
        tx.contacts.save(replace(tx.contacts.get("CON-1"), address=home, locale="de_DE", payer=payer.number))
    found = document(studio, number)
    assert (found.seller.name, found.seller.address, found.client.address) == ("Lantern Two", home, home)
    assert (found.terms, found.footer, found.bank is not None) == ("Soon", "Foot", True)
    assert (found.payer, found.locale, str(found.tax)) == (None, "en_AU", "10.00")
    second = sent(studio, amount="1")
    set_up(studio, legal_name="Lantern Three")
    with studio.store.transaction(studio.id) as tx:
        tx.contacts.save(replace(tx.contacts.get("CON-1"), company="Bluebird Bar", payer=None))
    again = document(studio, second)
    assert again.payer is None
    assert (again.seller.name, again.client.name, again.locale) == ("Lantern Two", "Bluebird Cafe", "de_DE")


def test_an_invoice_without_a_client_names_the_deal(studio: Studio) -> None:
    with studio.store.transaction(studio.id) as tx:
        tx.opportunities.save(replace(tx.opportunities.get("OPP-1"), contact=None))
    assert document(studio, bill(studio, amount="1")).client.name == "Bluebird shop sign"


def test_an_invoice_is_dated_and_due_from_the_day_it_is_opened(studio: Studio) -> None:
    number = bill(studio, amount="100", due="2026-03-12")
    studio.now += timedelta(days=3)
    studio.done("send_invoice", invoice=number)
    invoice = studio.invoice(number)
    assert (invoice.issued_on, invoice.due_on) == (date(2026, 3, 14), date(2026, 3, 14))


def test_a_replaced_invoice_and_the_other_name_each_other_as_the_client_knows_them(studio: Studio) -> None:
    set_up(studio, series="RE-{n}")
    old = sent(studio, amount="100")
    new = str(studio.done("update_invoice", invoice=old, amount="200").result["number"])
    studio.done("send_invoice", invoice=new)
    assert (document(studio, old).replaced_by, document(studio, new).replaces) == ("RE-2", "RE-1")


# Credit notes


def test_a_refund_gives_a_credit_note_with_a_number_of_the_series(studio: Studio) -> None:
    set_up(studio, series="RE-{n}", tax_rate=TEN)
    number = sent(studio, amount="1100")
    pay(studio, number)
    studio.done("refund_payment", invoice=number, amount="550")
    sent(studio, amount="5")
    with studio.store.transaction(studio.id) as tx:
        (note,) = tx.credit_notes.list(invoice=number)
        found = credit_document_of(tx, note.number)
    assert (note.number, found.number, found.corrects, found.document) == (
        "CRN-1",
        "RE-2",
        "RE-1",
        DocumentKind.CREDIT_NOTE,
    )
    assert (str(found.net), str(found.tax), str(found.total), str(found.balance)) == (
        "500.00",
        "50.00",
        "550.00",
        "0.00",
    )
    assert (found.bank, found.pay_url, found.terms) == (None, None, "")
    assert studio.invoice("INV-1002").document_number == "RE-3"


def test_giving_all_of_it_back_gives_back_its_very_tax_at_every_rate(studio: Studio) -> None:
    number = sent(studio, amount="1")
    lines = (
        Line("A", Money(33_33, "AUD"), Decimal("1.5"), tax_rate=Decimal(7)),
        Line("B", Money(9_99, "AUD"), tax_rate=Decimal(19)),
        Line("C", Money(0, "AUD"), tax_rate=Decimal("5.5")),
    )
    whole = totals(lines, TaxBehavior.EXCLUSIVE, TaxRounding.DOCUMENT)
    with studio.store.transaction(studio.id) as tx:
        invoice = tx.invoices.get(number)
        tx.invoices.save(
            replace(invoice, lines=lines, tax_behavior=TaxBehavior.EXCLUSIVE, deductions=(), total=whole.gross)
        )
    pay(studio, number)
    studio.done("refund_payment", invoice=number)
    with studio.store.transaction(studio.id) as tx:
        found = credit_document_of(tx, "CRN-1")
    assert [(rate.rate, rate.net, rate.tax) for rate in found.rates] == [
        (rate.rate, rate.net, rate.tax) for rate in whole.rates if rate.net.amount
    ]
    assert (found.net, found.tax, found.gross) == (whole.net, whole.tax, whole.gross)


def _refund(studio: Studio, number: str, **changes: Any) -> Payment:
    (charge,) = studio.payments(number)
    fields: dict[str, Any] = {
        "id": "pay_refund",
        "type": PaymentType.REFUND,
        "stripe_object_id": "re_1",
        "status": PaymentStatus.SUCCEEDED,
        "reverses": charge.stripe_object_id,
    }
    return replace(charge, **fields | changes)


def test_a_refund_that_fails_later_makes_its_credit_note_void(studio: Studio) -> None:
    number = sent(studio, amount="100")
    pay(studio, number)
    refund = _refund(studio, number)
    failed = replace(refund, status=PaymentStatus.FAILED)
    with studio.store.transaction(studio.id) as tx:
        note = credit(tx, refund, now=studio.now)
        assert credit(tx, refund, now=studio.now) == note
        ended = credit(tx, failed, now=studio.now)
        assert credit(tx, failed, now=studio.now + timedelta(days=1)) == ended
    assert ended is not None
    assert (ended.void_at, ended.number) == (studio.now, "CRN-1")


@pytest.mark.parametrize(
    "changes",
    [
        {"status": PaymentStatus.PROCESSING},
        {"status": PaymentStatus.FAILED},
        {"type": PaymentType.DISPUTE},
        {"invoice": None},
        {"money": Money(100, "EUR")},
    ],
)
def test_what_is_no_refund_of_the_invoice_has_no_credit_note(studio: Studio, changes: dict[str, Any]) -> None:
    number = sent(studio, amount="100")
    pay(studio, number)
    line = _refund(studio, number, **changes)
    with studio.store.transaction(studio.id) as tx:
        assert credit(tx, line, now=studio.now) is None
