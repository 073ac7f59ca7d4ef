"""Receipts: one mail for each movement of money, where the workspace wants them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from billing.mail import MailTemplate
from billing.payments import PaymentStatus, PaymentType, Reversal
from billing.queues import OutboxKind
from billing.settling import settle, settle_reversal
from tests.support.records import aud
from tests.support.studio import Studio


@pytest.fixture(autouse=True)
def _invoice(studio: Studio) -> None:
    studio.done("create_invoice", opportunity="OPP-1", amount="500")


def pay(studio: Studio, minor: int = 500_00, **changes: object) -> None:
    with studio.store.transaction(studio.id) as tx:
        settle(tx, studio.settlement("INV-1001", minor, **changes), now=studio.now)


def receipts(studio: Studio) -> list[str]:
    return [str(row.payload["template"]) for row in studio.outbox(OutboxKind.MAIL)]


def test_money_that_came_is_confirmed_once_however_often_it_is_told(studio: Studio) -> None:
    pay(studio)
    pay(studio)
    (mail,) = studio.outbox(OutboxKind.MAIL)
    (line,) = studio.payments("INV-1001")
    assert (mail.payload["template"], mail.payload["to"]) == ("receipt", ["tess@bluebird.example"])
    assert mail.payload["movement"] == line.id
    assert receipts(studio) == []


def test_each_part_has_its_receipt(studio: Studio) -> None:
    pay(studio, 200_00)
    pay(studio, 300_00, stripe_object_id="pi_2")
    assert receipts(studio) == [MailTemplate.RECEIPT, MailTemplate.RECEIPT]


@pytest.mark.parametrize("status", [PaymentStatus.PROCESSING, PaymentStatus.FAILED])
def test_what_has_not_arrived_has_no_receipt(studio: Studio, status: PaymentStatus) -> None:
    pay(studio, status=status)
    assert receipts(studio) == []


def test_what_was_given_back_is_confirmed_and_a_dispute_is_not(studio: Studio) -> None:
    pay(studio)
    studio.outbox()
    (charge,) = studio.payments("INV-1001")
    for object_id, kind, status in (
        ("re_1", PaymentType.REFUND, PaymentStatus.PROCESSING),
        ("re_1", PaymentType.REFUND, PaymentStatus.SUCCEEDED),
        ("dp_1", PaymentType.DISPUTE, PaymentStatus.LOST),
    ):
        studio.now += timedelta(seconds=1)
        reversal = Reversal(object_id, kind, status, aud(100_00), studio.now)
        with studio.store.transaction(studio.id) as tx:
            settle_reversal(tx, charge, reversal, now=studio.now)
    assert receipts(studio) == [MailTemplate.REFUND]


def test_what_a_reconciliation_finds_days_later_is_no_news(studio: Studio) -> None:
    pay(studio, occurred_at=studio.now - timedelta(days=4))
    assert receipts(studio) == []


def test_a_workspace_that_wants_no_receipts_sends_none(studio: Studio) -> None:
    with studio.store.transaction(studio.id) as tx:
        tx.people.save_workspace(replace(tx.people.workspace(), receipts=False))
    pay(studio)
    assert receipts(studio) == []


def test_without_an_address_there_is_no_receipt_and_the_payment_counts(studio: Studio) -> None:
    with studio.store.transaction(studio.id) as tx:
        tx.contacts.save(replace(tx.contacts.get("CON-1"), email=None))
    pay(studio)
    assert receipts(studio) == []
    assert studio.invoice("INV-1001").status == "paid"
