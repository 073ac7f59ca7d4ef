"""Numbers that clients see: without gaps, never twice, never for a draft."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from datetime import date

import pytest

from billing.errors import BadArgument
from billing.invoices import InvoiceStatus
from billing.numbering import checked_series, document_number, next_document_number
from billing.opening import opened
from billing.ports import Transaction
from storage import SqlStore
from tests.support.books import a_contact, add_workspace
from tests.support.records import NOW, WORKSPACE, an_invoice, an_opportunity
from tests.support.studio import Studio

DAY = date(2026, 3, 11)


class PowerCut(Exception):
    pass


def number_by(tx: Transaction, series: str) -> None:
    tx.business.save(replace(tx.business.get(), series=series))


def bill(studio: Studio, **said: str) -> str:
    made = studio.done("create_invoice", **{"opportunity": "OPP-1", "amount": "500"} | said)
    return str(made.result["number"])


def set_series(studio: Studio, series: str) -> None:
    with studio.store.transaction(studio.id) as tx:
        number_by(tx, series)


@pytest.mark.parametrize("series", ["RE-{n}", "2026-{n:04}", "{year}/{n:09}", "{n}-{year}", "A.B_{n}", "", "  "])
def test_a_series_is_a_pattern_with_a_place_for_the_number(series: str) -> None:
    assert checked_series(series) == series.strip()


@pytest.mark.parametrize(
    "series",
    ["RE", "{n}{n}", "RE-{n", "RE {n}", "-{n}", "{m}-{n}", "{n:4}", "{n:00}", "x" * 31 + "{n}", "{year}{year}{n}"],
)
def test_a_pattern_that_numbers_nothing_is_refused(series: str) -> None:
    with pytest.raises(BadArgument, match="cannot number invoices"):
        checked_series(series)


@pytest.mark.parametrize("series", ["INV-{n}", "inv{n}", "CRN-{n}"])
def test_a_series_cannot_look_like_evies_own_numbers(series: str) -> None:
    with pytest.raises(BadArgument, match="Evie's own numbers"):
        checked_series(series)


@pytest.mark.parametrize(
    ("series", "written"), [("RE-{n}", "RE-7"), ("2026-{n:04}", "2026-0007"), ("{year}/{n:02}", "2026/07")]
)
def test_a_number_is_written_as_the_pattern_says(series: str, written: str) -> None:
    assert document_number(series, 7, DAY) == written


def test_without_a_series_a_client_sees_evies_own_number(studio: Studio) -> None:
    number = bill(studio)
    studio.done("send_invoice", invoice=number)
    invoice = studio.invoice(number)
    assert (invoice.document_number, invoice.client_number) == (None, number)


def test_the_number_is_taken_when_the_invoice_is_opened_and_kept(studio: Studio) -> None:
    set_series(studio, "RE-{n}")
    studio.connect()
    first, second, third = bill(studio), bill(studio), bill(studio)
    studio.done("create_payment_link", invoice=second)
    studio.done("void_invoice", invoice=first)
    studio.done("send_invoice", invoice=third)
    studio.done("send_invoice", invoice=second)
    numbers = [studio.invoice(number).document_number for number in (first, second, third)]
    assert numbers == [None, "RE-1", "RE-2"]


def test_a_draft_that_is_paid_is_numbered_as_well(studio: Studio) -> None:
    set_series(studio, "RE-{n}")
    number = bill(studio)
    studio.done("record_payment", invoice=number, amount="100")
    assert studio.invoice(number).document_number is None
    studio.done("record_payment", invoice=number)
    assert (studio.invoice(number).status, studio.invoice(number).document_number) == ("paid", "RE-1")


def test_what_replaces_an_invoice_gets_a_number_of_its_own(studio: Studio) -> None:
    set_series(studio, "RE-{n}")
    number = bill(studio)
    studio.done("send_invoice", invoice=number)
    new = studio.done("update_invoice", invoice=number, amount="600").result["number"]
    assert studio.invoice(new).document_number is None
    studio.done("send_invoice", invoice=new)
    assert [studio.invoice(each).document_number for each in (number, new)] == ["RE-1", "RE-2"]


def test_a_number_of_a_transaction_that_fails_is_given_to_the_next(studio: Studio) -> None:
    set_series(studio, "RE-{n}")
    with suppress(PowerCut), studio.store.transaction(studio.id) as tx:
        assert next_document_number(tx, DAY) == "RE-1"
        raise PowerCut
    with studio.store.transaction(studio.id) as tx:
        assert next_document_number(tx, DAY) == "RE-1"


def test_a_series_that_names_the_year_starts_anew_with_it(studio: Studio) -> None:
    set_series(studio, "{year}-{n:03}")
    with studio.store.transaction(studio.id) as tx:
        numbers = [next_document_number(tx, day) for day in (DAY, DAY, date(2027, 1, 1), DAY)]
    assert numbers == ["2026-001", "2026-002", "2027-001", "2026-003"]


def test_a_wider_number_goes_on_counting(studio: Studio) -> None:
    with studio.store.transaction(studio.id) as tx:
        numbers = []
        for series in ("RE-{n}", "RE-{n:04}"):
            number_by(tx, series)
            numbers.append(next_document_number(tx, DAY))
    assert numbers == ["RE-1", "RE-0002"]


def test_a_number_that_another_series_gave_away_is_passed_over(studio: Studio) -> None:
    number = bill(studio)
    with studio.store.transaction(studio.id) as tx:
        tx.invoices.save(replace(tx.invoices.get(number), document_number="RE-1"))
        number_by(tx, "RE-{n}")
        assert next_document_number(tx, DAY) == "RE-2"


def test_an_open_invoice_is_not_opened_again(studio: Studio) -> None:
    set_series(studio, "RE-{n}")
    with studio.store.transaction(studio.id) as tx:
        invoice = an_invoice(status=InvoiceStatus.OPEN)
        assert opened(tx, invoice, now=studio.now) is invoice


def _fill(store: SqlStore, invoices: int) -> None:
    add_workspace(store)
    with store.transaction(WORKSPACE) as tx:
        number_by(tx, "RE-{n}")
        tx.contacts.add(a_contact())
        tx.opportunities.add(an_opportunity())
        for place in range(invoices):
            tx.invoices.add(an_invoice(number=f"INV-{place + 1}", token=f"token-{place}"))


def _open(transaction: Callable[[str], AbstractContextManager[Transaction]], number: str) -> None:
    """Open an invoice; every fifth one's transaction fails at the last moment, and it is tried again."""
    fails = int(number.removeprefix("INV-")) % 5 == 0
    for cut in (True, False) if fails else (False,):
        with suppress(PowerCut), transaction(WORKSPACE) as tx:
            invoice = tx.invoices.get(number, lock=True)
            tx.invoices.save(opened(tx, invoice, now=NOW).move(InvoiceStatus.OPEN))
            if cut:
                raise PowerCut


def test_many_that_open_at_once_leave_no_gap_and_take_none_twice(any_store: SqlStore) -> None:
    invoices = 40
    _fill(any_store, invoices)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda place: _open(any_store.transaction, f"INV-{place + 1}"), range(invoices)))
    with any_store.transaction(WORKSPACE) as tx:
        numbers = {invoice.document_number for invoice in tx.invoices.list()}
    assert numbers == {f"RE-{place + 1}" for place in range(invoices)}
