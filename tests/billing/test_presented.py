"""Money that its payer saw in another currency: booked as asked for, and shown beside it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from billing.automations import Trigger
from billing.connecting import looked, rename
from billing.link_keeping import is_stranded
from billing.money import Money
from billing.settling import settle
from skills.notices import notice_card
from skills.presenting import payment_row, view
from tests.support.records import a_link
from tests.support.studio import Studio


@pytest.fixture(autouse=True)
def _paid(studio: Studio) -> None:
    studio.connect()
    studio.done("create_invoice", opportunity="OPP-1", amount="500")
    with studio.store.transaction(studio.id) as tx:
        settle(tx, studio.settlement("INV-1001", 500_00, presented=Money(295_00, "EUR")), now=studio.now)


def test_what_was_shown_to_the_payer_is_told_and_counts_for_nothing(studio: Studio) -> None:
    (line,) = studio.payments("INV-1001")
    formats = studio.context().formats
    assert (line.money, line.presented) == (Money(500_00, "AUD"), Money(295_00, "EUR"))
    assert studio.invoice("INV-1001").paid == Money(500_00, "AUD")
    assert "paid as €295.00" in payment_row(line, formats).detail
    with studio.store.transaction(studio.id) as tx:
        card = notice_card(Trigger.PAYMENT_SUCCEEDED, view(tx, "INV-1001"), line, formats)
    assert {field.label: field.value for field in card.fields}["Paid as"] == "€295.00"


def test_a_connection_learns_its_name_and_until_when_it_was_asked_and_an_ended_one_learns_nothing(
    studio: Studio,
) -> None:
    with studio.store.transaction(studio.id) as tx:
        before = tx.connections.active()
        assert before is not None
        rename(tx, before, "Lantern & Co")
        looked(tx, before, studio.now)
        after = tx.connections.active()
    assert after == replace(before, business_name="Lantern & Co", reconciled_at=studio.now)
    studio.done("disconnect_stripe")
    with studio.store.transaction(studio.id) as tx:
        rename(tx, before, "Another name")
        assert tx.connections.active() is None


def test_a_link_that_was_never_made_at_stripe_is_on_no_account(studio: Studio) -> None:
    with studio.store.transaction(studio.id) as tx:
        assert not is_stranded(tx, a_link(stripe_payment_link_id=None))
