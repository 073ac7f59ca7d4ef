"""Numbered records: their numbers, what is unique about them, and that they come back as they were."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from billing.automations import Trigger
from billing.errors import DuplicateRecord, UnknownRecord
from billing.invoices import InvoiceStatus
from billing.opportunities import Stage
from storage import SqlStore
from tests.support.books import a_contact, add_books, add_workspace, an_automation
from tests.support.records import NOW, WORKSPACE, an_invoice, an_opportunity, aud


class Crash(Exception):
    pass


def test_each_kind_is_numbered_from_its_own_first_number(any_store: SqlStore) -> None:
    add_workspace(any_store)
    with any_store.transaction(WORKSPACE) as tx:
        first = [records.next_number() for records in (tx.invoices, tx.opportunities, tx.contacts, tx.automations)]
        second = tx.invoices.next_number()

    assert first == ["INV-1001", "OPP-1", "CON-1", "AUT-1"]
    assert second == "INV-1002"


def test_a_number_of_a_transaction_that_failed_is_given_again(any_store: SqlStore) -> None:
    add_workspace(any_store)
    with suppress(Crash), any_store.transaction(WORKSPACE) as tx:
        tx.invoices.next_number()
        raise Crash

    with any_store.transaction(WORKSPACE) as tx:
        assert tx.invoices.next_number() == "INV-1001"


@pytest.mark.parametrize(
    ("brought", "following"),
    [
        (["INV-1007"], "INV-1008"),
        (["INV-1007", "INV-1003"], "INV-1008"),
        (["INV-5"], "INV-6"),
        (["2024/77"], "INV-1001"),
        (["INV-99999999999999999999"], "INV-1001"),
    ],
)
def test_numbers_go_on_after_those_brought_along(any_store: SqlStore, brought: list[str], following: str) -> None:
    add_books(any_store)
    with any_store.transaction(WORKSPACE) as tx:
        tx.opportunities.add(an_opportunity(number="OPP-2"))
    add_workspace(any_store, "ws_import")
    with any_store.transaction("ws_import") as tx:
        tx.opportunities.add(an_opportunity(workspace_id="ws_import", contact=None))
        for number in brought:
            tx.invoices.add(an_invoice(workspace_id="ws_import", number=number, token=number, contact=None))

        assert tx.invoices.next_number() == following


def test_a_list_counts_its_numbers_and_does_not_spell_them(any_store: SqlStore) -> None:
    add_workspace(any_store)
    numbers = ["CON-10", "CON-9", "CON-100", "CON-1"]
    with any_store.transaction(WORKSPACE) as tx:
        for number in numbers:
            tx.contacts.add(a_contact(number=number))

        assert [contact.number for contact in tx.contacts.list()] == ["CON-1", "CON-9", "CON-10", "CON-100"]


def test_every_field_of_an_invoice_comes_back_as_it_was_stored(any_store: SqlStore) -> None:
    add_books(any_store)
    stored = an_invoice(
        number="INV-2",
        total=aud(10**15),
        paid=aud(1),
        status=InvoiceStatus.SENT,
        token="t2",
        description="Half of “the sign” — 中文",
        sent_at=NOW,
        request_key="said:1",
    )
    with any_store.transaction(WORKSPACE) as tx:
        tx.invoices.add(stored)
    with any_store.transaction(WORKSPACE) as tx:
        found = tx.invoices.get("INV-2")

    assert found == stored
    assert isinstance(found.status, InvoiceStatus)


def test_every_field_of_an_automation_comes_back_as_it_was_stored(any_store: SqlStore) -> None:
    add_workspace(any_store)
    rich, plain = an_automation(), an_automation(number="AUT-2", actions=(), active=False)
    with any_store.transaction(WORKSPACE) as tx:
        tx.automations.add(rich)
        tx.automations.add(plain)

        assert tx.automations.list() == [rich, plain]
        assert tx.automations.list(trigger=Trigger.PAYMENT_SUCCEEDED, active=False) == [plain]


def test_a_deal_may_have_no_value(any_store: SqlStore) -> None:
    add_workspace(any_store)
    priceless = an_opportunity(contact=None, value=None)
    priced = an_opportunity(contact=None, number="OPP-2", value=aud(0))
    with any_store.transaction(WORKSPACE) as tx:
        tx.opportunities.add(priceless)
        tx.opportunities.add(priced)

        assert tx.opportunities.list(value=None) == [priceless]
        assert tx.opportunities.list(value=aud(0)) == [priced]


def test_a_list_is_narrowed_by_the_fields_given(any_store: SqlStore) -> None:
    add_books(any_store)
    with any_store.transaction(WORKSPACE) as tx:
        tx.invoices.add(an_invoice(number="INV-2", token="t2", status=InvoiceStatus.VOID))

        assert [i.number for i in tx.invoices.list(status=InvoiceStatus.VOID, opportunity="OPP-1")] == ["INV-2"]
        assert [i.number for i in tx.invoices.list(status="draft")] == ["INV-1001"]
        assert tx.invoices.list(opportunity="OPP-2") == []
        assert len(tx.invoices.list(sent_at=None)) == 2


def test_what_a_repeated_call_made_is_found_by_its_key(any_store: SqlStore) -> None:
    add_workspace(any_store)
    with any_store.transaction(WORKSPACE) as tx:
        tx.contacts.add(a_contact(request_key="said:1"))
        tx.automations.add(an_automation(request_key="said:2"))

        assert tx.contacts.by_request("said:1") == a_contact(request_key="said:1")
        assert tx.automations.by_request("said:2") == an_automation(request_key="said:2")
        assert tx.contacts.by_request("said:2") is None


@pytest.mark.parametrize("changes", [{"number": "CON-1"}, {"request_key": "said:1"}])
def test_a_taken_number_request_key_is_refused_and_the_transaction_goes_on(
    any_store: SqlStore, changes: dict[str, Any]
) -> None:
    add_workspace(any_store)
    with any_store.transaction(WORKSPACE) as tx:
        tx.contacts.add(a_contact(request_key="said:1"))
        with pytest.raises(DuplicateRecord):
            tx.contacts.add(replace(a_contact(number="CON-2"), **changes))
        tx.contacts.add(a_contact(number="CON-3"))

    with any_store.transaction(WORKSPACE) as tx:
        assert [contact.number for contact in tx.contacts.list()] == ["CON-1", "CON-3"]


def test_an_invoice_of_a_deal_that_does_not_exist_is_no_duplicate_but_a_fault(any_store: SqlStore) -> None:
    add_workspace(any_store)
    with pytest.raises(Exception, match=r"(?i)foreign key"), any_store.transaction(WORKSPACE) as tx:
        tx.invoices.add(an_invoice(contact=None))


def test_saving_writes_every_field_and_nothing_else(any_store: SqlStore) -> None:
    add_books(any_store)
    with any_store.transaction(WORKSPACE) as tx:
        tx.opportunities.add(an_opportunity(number="OPP-2"))
        won = replace(tx.opportunities.get("OPP-1", lock=True), stage=Stage.WON, value=None)
        tx.opportunities.save(won)

    with any_store.transaction(WORKSPACE) as tx:
        assert tx.opportunities.list() == [won, an_opportunity(number="OPP-2")]


def test_a_record_that_is_not_there_is_unknown(any_store: SqlStore) -> None:
    add_workspace(any_store)
    with any_store.transaction(WORKSPACE) as tx:
        assert tx.invoices.find("INV-9") is None
        with pytest.raises(UnknownRecord, match="INV-9"):
            tx.invoices.get("INV-9")
        with pytest.raises(UnknownRecord, match="OPP-1"):
            tx.opportunities.save(an_opportunity())
