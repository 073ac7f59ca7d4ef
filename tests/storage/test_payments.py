"""Payment links and the payment log: one live link an invoice, one line a Stripe object."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from billing.errors import DuplicateRecord, UnknownRecord
from billing.payments import Interval, PaymentStatus, PaymentType
from storage import SqlStore
from tests.support.books import a_payment, add_books
from tests.support.records import NOW, WORKSPACE, a_link


def test_an_invoice_has_one_live_link_and_its_history(any_store: SqlStore) -> None:
    add_books(any_store)
    first = a_link(livemode=True)
    second = a_link(id="link_2", revision=2, interval=Interval.MONTH, url=None, stripe_payment_link_id=None)
    with any_store.transaction(WORKSPACE) as tx:
        tx.links.add(first)
        with pytest.raises(DuplicateRecord):
            tx.links.add(second)
        ended = tx.links.save(replace(first, active=False))
        tx.links.add(second)

    with any_store.transaction(WORKSPACE) as tx:
        assert tx.links.active("INV-1001") == second
        assert tx.links.all_active() == [second]
        assert tx.links.of_invoice("INV-1001") == [ended, second]
        assert tx.links.active("INV-1002") is None


def test_an_ended_link_cannot_be_revived_beside_a_live_one(any_store: SqlStore) -> None:
    add_books(any_store)
    with any_store.transaction(WORKSPACE) as tx:
        tx.links.add(a_link(active=False))
        tx.links.add(a_link(id="link_2", revision=2))
        with pytest.raises(DuplicateRecord):
            tx.links.save(a_link())


def test_saving_what_was_never_added_is_refused(any_store: SqlStore) -> None:
    add_books(any_store)
    with any_store.transaction(WORKSPACE) as tx:
        with pytest.raises(UnknownRecord):
            tx.links.save(a_link())
        with pytest.raises(UnknownRecord):
            tx.payments.save(a_payment())


def test_a_stripe_object_is_counted_once_an_account(any_store: SqlStore) -> None:
    add_books(any_store)
    with any_store.transaction(WORKSPACE) as tx:
        tx.payments.add(a_payment())
        with pytest.raises(DuplicateRecord):
            tx.payments.add(a_payment(id="pay_2"))
        elsewhere = tx.payments.add(a_payment(id="pay_3", stripe_account_id="acct_2"))

        assert tx.payments.by_object("acct_1", "pi_1") == a_payment()
        assert tx.payments.by_object("acct_2", "pi_1") == elsewhere
        assert tx.payments.by_object("acct_3", "pi_1") is None


def test_a_line_of_the_log_can_be_completed(any_store: SqlStore) -> None:
    add_books(any_store)
    processing = a_payment(status=PaymentStatus.PROCESSING, invoice=None, contact=None)
    with any_store.transaction(WORKSPACE) as tx:
        tx.payments.add(processing)
        tx.payments.save(a_payment())

        assert tx.payments.of_invoice("INV-1001") == [a_payment()]


def test_the_log_is_read_newest_first_within_its_bounds(any_store: SqlStore) -> None:
    add_books(any_store)
    lines = [
        a_payment(id=f"pay_{day}", stripe_object_id=f"pi_{day}", occurred_at=NOW + timedelta(days=day))
        for day in (2, 0, 1)
    ]
    lines.append(a_payment(id="refund", stripe_object_id="re_1", type=PaymentType.REFUND, contact=None))
    with any_store.transaction(WORKSPACE) as tx:
        for line in lines:
            tx.payments.add(line)

        def ids(**filters: object) -> list[str]:
            return [line.id for line in tx.payments.list(**filters)]  # type: ignore[arg-type] # any filter

        assert ids() == ["pay_2", "pay_1", "refund", "pay_0"]
        assert ids(limit=1) == ["pay_2"]
        assert ids(start=NOW + timedelta(days=1), end=NOW + timedelta(days=2)) == ["pay_1"]
        assert ids(type="refund") == ["refund"]
        assert ids(contact="CON-1", invoice="INV-1001", end=NOW + timedelta(seconds=1)) == ["pay_0"]
        assert [line.id for line in tx.payments.of_invoice("INV-1001")] == ["pay_0", "refund", "pay_1", "pay_2"]
