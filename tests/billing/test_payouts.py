"""A payout is one line of the log, which says what was seen of it last."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from billing.errors import ProviderRefused
from billing.payment_log import LogFilter
from billing.payments import Payment, PaymentStatus, PaymentType, Payout
from billing.payouts import keep_payout, sync_payouts
from tests.support.records import aud
from tests.support.studio import Studio


def a_payout(studio: Studio) -> Payout:
    return Payout("acct_studio", "po_1", False, PaymentStatus.PROCESSING, aud(485_20), studio.now)  # noqa: FBT003 - livemode


def keep(studio: Studio, payout: Payout, now: datetime | None = None) -> bool:
    with studio.store.transaction(studio.id) as tx:
        return keep_payout(tx, payout, now=now or studio.now)


def line(studio: Studio) -> Payment:
    with studio.store.transaction(studio.id) as tx:
        (found,) = tx.payments.page(LogFilter(type=PaymentType.PAYOUT), limit=10)
    return found


def test_a_payout_that_is_seen_again_as_it_was_is_no_news(studio: Studio) -> None:
    payout = a_payout(studio)
    assert keep(studio, payout)
    studio.now += timedelta(days=1)
    assert not keep(studio, payout)


def test_an_older_look_never_takes_the_place_of_a_newer_one(studio: Studio) -> None:
    payout = a_payout(studio)
    paid = replace(payout, status=PaymentStatus.SUCCEEDED, fee=aud(0), net=aud(-485_20))
    asked_first, asked_last = studio.now, studio.now + timedelta(seconds=1)
    assert keep(studio, paid, asked_last)
    assert not keep(studio, payout, asked_first)
    assert line(studio).status is PaymentStatus.SUCCEEDED


def test_a_payout_that_was_paid_can_still_come_back(studio: Studio) -> None:
    paid = replace(a_payout(studio), status=PaymentStatus.SUCCEEDED)
    keep(studio, paid)
    studio.now += timedelta(days=3)
    assert keep(studio, replace(paid, status=PaymentStatus.FAILED, failure_message="No such account."))
    assert (line(studio).status, line(studio).failure_message) == (PaymentStatus.FAILED, "No such account.")


def test_a_payout_from_stripes_future_is_dated_now(studio: Studio) -> None:
    keep(studio, replace(a_payout(studio), occurred_at=studio.now + timedelta(seconds=3)))
    assert line(studio).occurred_at == studio.now


def test_a_sync_asks_from_a_month_before_the_account_was_connected(studio: Studio) -> None:
    studio.connect()
    old = replace(a_payout(studio), stripe_object_id="po_old", occurred_at=studio.now - timedelta(days=31))
    studio.stripe.paid_out = [a_payout(studio), old]
    with studio.store.transaction(studio.id) as tx:
        connection = tx.connections.active()
    assert connection is not None
    found = sync_payouts(lambda: studio.store.transaction(studio.id), studio.stripe, connection, now=studio.now)
    assert found == 1
    assert line(studio).stripe_id == "po_1"


def test_a_key_that_may_not_read_payouts_is_told_of_none(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(since: datetime) -> list[Payout]:
        raise ProviderRefused("This key may not read payouts.")

    studio.connect()
    monkeypatch.setattr(studio.stripe, "payouts", refuse)
    assert studio.done("sync_payment_status").text.startswith("Nothing new at Stripe")


def test_syncing_everything_asks_for_payouts_too(studio: Studio) -> None:
    studio.connect()
    studio.stripe.paid_out = [a_payout(studio)]
    studio.done("sync_payment_status")
    assert line(studio).stripe_id == "po_1"
