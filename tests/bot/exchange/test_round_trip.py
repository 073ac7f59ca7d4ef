"""A workspace goes in whole or not at all, and what comes out goes in again as the same workspace."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from billing.errors import DuplicateRecord
from billing.invoices import InvoiceStatus
from billing.linking import is_switched_off
from billing.money import Money
from billing.payments import Interval, PaymentMethod, PaymentStatus, PaymentType
from billing.portals import digest
from billing.ports import Store
from billing.recording import Received, record_payment
from billing.sharing import open_portal
from billing.workspaces import Workspace
from bot.exchange.dumping import dump_workspace
from bot.exchange.loading import load_workspace, not_kept, read_workspace
from bot.exchange.refusal import DocumentRefused
from storage.store import memory_store
from tests.support.workspaces import NOW, SMALL


@pytest.fixture
def store() -> Iterator[Store]:
    made = memory_store(lambda: NOW)
    yield made
    made.close()


@pytest.fixture
def other_store() -> Iterator[Store]:
    made = memory_store(lambda: NOW)
    yield made
    made.close()


def with_value(value: object, *path: str | int) -> dict[str, Any]:
    data = copy.deepcopy(SMALL)
    place: Any = data
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return data


def test_records_have_what_the_document_says(store: Store) -> None:
    workspace = load_workspace(store, SMALL, NOW)
    with store.transaction(workspace.id) as tx:
        deposit = tx.invoices.get("INV-1")
        portrait = tx.opportunities.get("OPP-2")
    assert (workspace.name, workspace.timezone) == ("Lantern Row", "Australia/Brisbane")
    assert (deposit.total, deposit.contact, deposit.due_on) == (Money(240_000, "AUD"), "CON-1", date(2026, 2, 10))
    assert portrait.value == Money(90_000, "JPY")


def test_the_next_numbers_go_on_after_the_imported_ones(store: Store) -> None:
    workspace = load_workspace(store, SMALL, NOW)
    with store.transaction(workspace.id) as tx:
        numbers = [records.next_number() for records in (tx.contacts, tx.opportunities, tx.automations)]
    assert numbers == ["CON-3", "OPP-3", "AUT-3"]


def test_a_payment_link_without_an_address_is_wanted_but_not_made(store: Store) -> None:
    workspace = load_workspace(store, SMALL, NOW)
    with store.transaction(workspace.id) as tx:
        link = tx.links.active("INV-2")
    assert link is not None
    assert (link.url, link.interval, link.money) == (None, Interval.ONE_TIME, Money(80_000, "AUD"))


def test_a_paid_invoice_has_its_payment_in_the_log(store: Store) -> None:
    workspace = load_workspace(store, SMALL, NOW)
    with store.transaction(workspace.id) as tx:
        invoice = tx.invoices.get("INV-3")
        (payment,) = tx.payments.of_invoice("INV-3")
    noon_of_the_due_day = datetime(2026, 3, 1, 2, tzinfo=UTC)
    assert (invoice.paid, invoice.paid_at) == (invoice.total, noon_of_the_due_day)
    assert (payment.type, payment.status, payment.money) == (
        PaymentType.CHARGE,
        PaymentStatus.SUCCEEDED,
        Money(90_000, "JPY"),
    )
    assert (payment.stripe_account_id, payment.stripe_object_id) == ("", "import:INV-3")


def test_a_payment_never_lies_in_the_future(store: Store) -> None:
    workspace = load_workspace(store, with_value("2026-12-24", "invoices", 2, "due"), NOW)
    with store.transaction(workspace.id) as tx:
        assert tx.invoices.get("INV-3").paid_at == NOW


def test_a_refunded_invoice_has_both_movements(store: Store) -> None:
    workspace = load_workspace(store, with_value("refunded", "invoices", 2, "status"), NOW)
    with store.transaction(workspace.id) as tx:
        kinds = {payment.type for payment in tx.payments.of_invoice("INV-3")}
    assert kinds == {PaymentType.CHARGE, PaymentType.REFUND}


def test_what_comes_out_goes_in_as_the_same_workspace(store: Store, other_store: Store) -> None:
    first = dump_workspace(store, load_workspace(store, SMALL, NOW).id)
    second = dump_workspace(other_store, load_workspace(other_store, first, datetime(2027, 1, 1, tzinfo=UTC)).id)
    assert second == first


def test_what_the_document_said_comes_out_again(store: Store) -> None:
    dumped = dump_workspace(store, load_workspace(store, SMALL, NOW).id)
    for section in ("members", "channels", "contacts", "opportunities"):
        for entry, exported in zip(SMALL[section], dumped[section], strict=True):
            assert entry.items() <= exported.items()
    assert dumped["notifications"] == SMALL["notifications"]


def test_history_survives_the_journey(store: Store, other_store: Store) -> None:
    workspace = load_workspace(store, SMALL, NOW)
    with store.transaction(workspace.id) as tx:
        link = tx.links.active("INV-2")
        assert link is not None
        made = replace(
            link,
            url="https://pay.example/1",
            stripe_payment_link_id="plink_1",
            stripe_account_id="acct_1",
            active=False,
        )
        tx.links.save(made)
        tx.links.add(replace(made, id="link_b", revision=2, active=True, interval=Interval.WEEK, interval_count=2))
        partly = replace(tx.invoices.get("INV-2"), paid=Money(100, "AUD"), description="Half\nof it", sent_at=NOW)
        tx.invoices.save(partly)
        head = partly.letterhead
        free = replace(tx.invoices.get("INV-1"), status=InvoiceStatus.PAID, paid_at=NOW, letterhead=head)
        tx.invoices.save(free)
    first = dump_workspace(store, workspace.id)
    copied = load_workspace(other_store, first, NOW)
    assert dump_workspace(other_store, copied.id) == first
    with other_store.transaction(copied.id) as tx:
        assert [link.revision for link in tx.links.of_invoice("INV-2")] == [1, 2]
        assert tx.invoices.get("INV-2").paid == Money(100, "AUD")
        assert tx.invoices.get("INV-1").paid == Money(0, "AUD")


def test_a_wrong_amount_refuses_everything(store: Store) -> None:
    with pytest.raises(DocumentRefused) as caught:
        load_workspace(store, with_value("12.345", "invoices", 0, "amount"), NOW)
    assert caught.value.path == ("invoices", 0, "amount")
    assert store.directory.workspaces() == []


def test_what_the_database_refuses_leaves_no_trace(store: Store) -> None:
    same_token = "t" * 24
    data = with_value(same_token, "invoices", 0, "pay_token")
    load_workspace(store, data, NOW)
    store.directory.add_workspace(workspace_of_another_team())
    second = copy.deepcopy(data)
    second["workspace"]["name"] = "Second"
    with pytest.raises(DuplicateRecord):
        load_workspace(store, second, NOW)
    assert {workspace.name for workspace in store.directory.workspaces()} == {"Lantern Row", "Another"}


def workspace_of_another_team(slack_team_id: str = "T2") -> Workspace:
    return Workspace("w2", "Another", "EUR", "DE", "de_DE", "Europe/Berlin", NOW, slack_team_id=slack_team_id)


def test_the_empty_workspace_of_a_first_start_is_filled_and_keeps_its_slack_team(store: Store) -> None:
    store.directory.add_workspace(workspace_of_another_team())
    filled = load_workspace(store, SMALL, NOW)
    assert store.directory.workspaces() == [filled]
    assert (filled.id, filled.name, filled.slack_team_id) == ("w2", "Lantern Row", "T2")


def test_an_import_never_mixes_with_records_that_are_there(store: Store) -> None:
    load_workspace(store, SMALL, NOW)
    with pytest.raises(DuplicateRecord, match="has records already"):
        load_workspace(store, SMALL, NOW)


def test_it_is_said_what_is_not_kept() -> None:
    assert not_kept(SMALL) == ("products and orders (2) were checked but not kept: Evie has no store skills yet.",)
    assert not_kept({"workspace": SMALL["workspace"]}) == ()


def test_a_file_is_refused_with_line_and_field() -> None:
    content = json.dumps(with_value("12.345", "invoices", 1, "amount"), indent=1)
    line = content[: content.index("12.345")].count("\n") + 1
    with pytest.raises(DocumentRefused, match=rf"^line {line}: invoices\[1\]\.amount: “12\.345” has more than 2"):
        read_workspace(content.encode(), NOW)


def test_a_file_that_is_fine_is_read() -> None:
    assert read_workspace(json.dumps(SMALL).encode(), NOW) == SMALL


def test_what_was_paid_in_part_is_in_the_log_so_that_the_rest_pays_it(store: Store) -> None:
    workspace = load_workspace(store, with_value("300", "invoices", 1, "paid"), NOW)
    with store.transaction(workspace.id) as tx:
        (payment,) = tx.payments.of_invoice("INV-2")
        record_payment(tx, Received("INV-2", "r1", method=PaymentMethod.CASH), now=NOW)
        invoice = tx.invoices.get("INV-2")
    assert (payment.money, invoice.status, invoice.paid) == (Money(300_00, "AUD"), "paid", Money(800_00, "AUD"))


def test_recorded_money_and_a_link_that_was_switched_off_survive_the_journey(store: Store, other_store: Store) -> None:
    workspace = load_workspace(store, SMALL, NOW)
    with store.transaction(workspace.id) as tx:
        record_payment(tx, Received("INV-2", "r1", "100", PaymentMethod.CHEQUE), now=NOW)
        tx.links.save(replace(tx.links.of_invoice("INV-2")[0], active=False, switched_off_at=NOW))
    again = load_workspace(other_store, dump_workspace(store, workspace.id), NOW)
    with other_store.transaction(again.id) as tx:
        assert [payment.method for payment in tx.payments.of_invoice("INV-2")] == ["cheque"]
        assert is_switched_off(tx, "INV-2")


def test_a_portals_address_opens_it_after_the_move_though_it_is_not_in_the_document(
    store: Store, other_store: Store
) -> None:
    data = with_value({"cc": ["books@elm.example"], "reminders_paused": True} | SMALL["contacts"][0], "contacts", 0)
    data["workspace"] |= {"receipts": False, "portal_days": 90, "least_part_percent": 20}
    workspace = load_workspace(store, data, NOW)
    with store.transaction(workspace.id) as tx:
        token = open_portal(tx, data["contacts"][0]["number"], now=NOW)
    document = dump_workspace(store, workspace.id)
    assert token not in json.dumps(document)
    moved = load_workspace(other_store, document, NOW)
    link = other_store.directory.portal_link(digest(token))
    assert link is not None
    assert (link.workspace_id, link.opens(NOW)) == (moved.id, True)
    assert (moved.receipts, moved.portal_days, moved.least_part_percent) == (False, 90, 20)
    with other_store.transaction(moved.id) as tx:
        client = tx.contacts.get(link.contact)
    assert (client.cc, client.reminders_paused) == (("books@elm.example",), True)
    assert dump_workspace(other_store, moved.id) == document


def test_a_portals_address_from_before_is_taken_over_as_a_digest(store: Store) -> None:
    token = "an-address-that-a-client-has"
    workspace = load_workspace(store, with_value(token, "contacts", 0, "portal_token"), NOW)
    link = store.directory.portal_link(digest(token))
    assert link is not None
    assert link.contact == SMALL["contacts"][0]["number"]
    assert token not in json.dumps(dump_workspace(store, workspace.id))
