"""Payment links: one live link at a time, made of what the invoice says, and never left open by accident."""

from __future__ import annotations

from dataclasses import replace

import pytest

from billing.errors import ChangedMeanwhile, InvoiceClosed, LinkSwitchedOff, ProviderUnavailable, StripeNotConnected
from billing.invoices import InvoiceStatus
from billing.linking import LinkRequest, LiveLink, keep_live, make_link, recurs, switch_off
from billing.money import Money
from billing.payments import Interval, PaymentLink
from billing.queues import OutboxKind
from billing.workspaces import StripeConnection
from tests.support.records import a_link
from tests.support.studio import Studio

MONTHLY = Interval.MONTH


def make(studio: Studio, key: str = "k1", interval: Interval = Interval.ONE_TIME, count: int = 1) -> LiveLink:
    with studio.store.transaction(studio.id) as tx:
        connection = tx.connections.active()
    assert isinstance(connection, StripeConnection)
    wanted = LinkRequest("INV-1001", interval, count, key)
    return make_link(lambda: studio.store.transaction(studio.id), studio.stripe, connection, wanted, now=studio.now)


def links(studio: Studio) -> list[PaymentLink]:
    with studio.store.transaction(studio.id) as tx:
        return tx.links.of_invoice("INV-1001")


def change(studio: Studio, **fields: object) -> None:
    with studio.store.transaction(studio.id) as tx:
        tx.invoices.save(replace(tx.invoices.get("INV-1001"), **fields))  # type: ignore[arg-type] # fields by name


@pytest.fixture(autouse=True)
def _invoice(studio: Studio) -> None:
    studio.connect()
    studio.done("create_invoice", opportunity="OPP-1", amount="500")


def test_making_a_link_opens_a_draft(studio: Studio) -> None:
    live = make(studio)
    assert live.link.active
    assert live.link.url is not None
    assert studio.invoice("INV-1001").status == "open"


def test_asking_again_for_the_same_link_makes_no_second_one(studio: Studio) -> None:
    first, second = make(studio, "k1"), make(studio, "k2")
    assert second.existed
    assert second.link == first.link
    assert len(studio.stripe.made) == 1


def test_another_interval_replaces_the_link_and_switches_the_old_one_off(studio: Studio) -> None:
    old = make(studio, "k1").link
    new = make(studio, "k2", MONTHLY).link
    assert [link.active for link in links(studio)] == [False, True]
    assert new.revision == 2
    retired = studio.outbox(OutboxKind.RETIRE)
    assert [message.payload["stripe_payment_link_id"] for message in retired] == [old.stripe_payment_link_id]


def test_a_changed_invoice_gets_a_new_link(studio: Studio) -> None:
    make(studio, "k1")
    change(studio, total=Money(600_00, "AUD"))
    assert make(studio, "k2").link.money == Money(600_00, "AUD")


def test_a_try_that_died_after_stripe_answered_is_continued_with_the_same_link(studio: Studio) -> None:
    studio.stripe.before_making = [ProviderUnavailable("gone")]
    with pytest.raises(ProviderUnavailable):
        make(studio, "k1")
    assert [link.active for link in links(studio)] == [False]
    studio.stripe.before_making = []
    make(studio, "k1")
    assert [link.active for link in links(studio)] == [True]


def test_two_who_ask_for_the_same_link_at_once_get_one(studio: Studio) -> None:
    def another_asks() -> None:
        studio.stripe.before_making = []
        make(studio, "k1")

    studio.stripe.before_making = [another_asks]
    live = make(studio, "k1")
    assert live.existed
    assert [link.active for link in links(studio)] == [True]
    assert studio.outbox(OutboxKind.RETIRE) == []


def test_a_try_that_died_is_continued_with_what_the_invoice_says_by_then(studio: Studio) -> None:
    studio.stripe.before_making = [ProviderUnavailable("gone")]
    with pytest.raises(ProviderUnavailable):
        make(studio, "k1")
    studio.stripe.before_making = []
    change(studio, total=Money(600_00, "AUD"))
    assert make(studio, "k1").link.money == Money(600_00, "AUD")
    assert make(studio, "k2").existed


def test_a_link_for_an_invoice_that_was_changed_meanwhile_is_switched_off_and_not_handed_out(studio: Studio) -> None:
    studio.stripe.before_making = [lambda: change(studio, total=Money(600_00, "AUD"))]
    with pytest.raises(ChangedMeanwhile):
        make(studio, "k1")
    assert [link.active for link in links(studio)] == [False]
    assert len(studio.outbox(OutboxKind.RETIRE)) == 1
    studio.stripe.before_making = []
    assert make(studio, "k1").link.money == Money(600_00, "AUD")


def test_a_link_that_was_ended_while_a_second_one_waited_for_it_stays_ended(studio: Studio) -> None:
    def another_makes_it_and_a_person_ends_it() -> None:
        studio.stripe.before_making = []
        make(studio, "k1")
        switch(studio)

    studio.stripe.before_making = [another_makes_it_and_a_person_ends_it]
    with pytest.raises(ChangedMeanwhile):
        make(studio, "k1")
    assert [(link.active, link.switched_off_at) for link in links(studio)] == [(False, studio.now)]


def test_the_same_request_after_its_link_was_ended_gets_another_one(studio: Studio) -> None:
    ended = make(studio, "k1").link
    switch(studio)
    assert make(studio, "k1").link.stripe_payment_link_id != ended.stripe_payment_link_id


def test_what_was_tried_in_vain_changes_nothing_for_a_client(studio: Studio) -> None:
    once = make(studio, "k1").link
    studio.stripe.before_making = [ProviderUnavailable("gone")]
    with pytest.raises(ProviderUnavailable):
        make(studio, "k2", MONTHLY)
    assert keep(studio).link == once
    switch(studio)
    with pytest.raises(ProviderUnavailable):
        make(studio, "k3")
    with pytest.raises(LinkSwitchedOff):
        keep(studio)


def keep(studio: Studio) -> LiveLink:
    return keep_live(
        lambda: studio.store.transaction(studio.id), studio.stripe, "INV-1001", request_key="pay", now=studio.now
    )


def test_a_client_who_is_to_pay_finds_a_live_link_as_often_as_the_last_one_charged(studio: Studio) -> None:
    assert keep(studio).link.interval is Interval.ONE_TIME
    monthly = make(studio, "k2", MONTHLY).link
    assert keep(studio).link == monthly
    change(studio, total=Money(600_00, "AUD"))
    renewed = keep(studio).link
    assert (renewed.interval, renewed.money, renewed.revision) == (MONTHLY, Money(600_00, "AUD"), 3)


def test_without_stripe_there_is_no_live_link(studio: Studio) -> None:
    studio.done("disconnect_stripe")
    with pytest.raises(StripeNotConnected):
        keep(studio)


def test_a_link_for_an_invoice_that_was_paid_meanwhile_is_switched_off_at_once(studio: Studio) -> None:
    studio.stripe.before_making = [lambda: change(studio, status=InvoiceStatus.PAID)]
    with pytest.raises(InvoiceClosed):
        make(studio)
    assert [link.active for link in links(studio)] == [False]
    assert len(studio.outbox(OutboxKind.RETIRE)) == 1


@pytest.mark.parametrize("status", [InvoiceStatus.PAID, InvoiceStatus.VOID, InvoiceStatus.REFUNDED])
def test_an_invoice_that_is_closed_gets_no_link(studio: Studio, status: InvoiceStatus) -> None:
    change(studio, status=status)
    with pytest.raises(InvoiceClosed, match=str(status)):
        make(studio)
    assert studio.stripe.made == []


def test_a_wanted_link_that_was_never_made_has_nothing_to_switch_off(studio: Studio) -> None:
    with studio.store.transaction(studio.id) as tx:
        tx.links.add(
            a_link(
                workspace_id=studio.id,
                id="link_imported",
                interval=MONTHLY,
                fingerprint="",
                url=None,
                stripe_payment_link_id=None,
            ),
        )
    make(studio, "k1", MONTHLY)
    assert [link.active for link in links(studio)] == [False, True]
    assert studio.outbox(OutboxKind.RETIRE) == []


def switch(studio: Studio) -> None:
    with studio.store.transaction(studio.id) as tx:
        switch_off(tx, "INV-1001", now=studio.now)


def test_a_client_finds_no_link_once_a_person_has_switched_it_off(studio: Studio) -> None:
    make(studio)
    switch(studio)
    with pytest.raises(LinkSwitchedOff, match="INV-1001 is switched off"):
        keep(studio)
    assert len(studio.stripe.made) == 1
    make(studio, "k2")
    assert keep(studio).existed


def test_a_link_that_a_change_ended_is_made_anew_for_a_client(studio: Studio) -> None:
    make(studio)
    studio.done("update_invoice", invoice="INV-1001", amount="600")
    assert keep(studio).link.money == Money(600_00, "AUD")


def test_a_wanted_link_can_be_switched_off_before_it_was_ever_made(studio: Studio) -> None:
    with studio.store.transaction(studio.id) as tx:
        tx.links.add(a_link(workspace_id=studio.id, fingerprint="", url=None, stripe_payment_link_id=None))
    switch(studio)
    with pytest.raises(LinkSwitchedOff):
        keep(studio)


def test_a_part_that_was_paid_otherwise_makes_the_link_stale(studio: Studio) -> None:
    make(studio)
    change(studio, paid=Money(200_00, "AUD"))
    assert make(studio, "k2").link.money == Money(300_00, "AUD")


def part(studio: Studio, minor: int, key: str = "k1") -> LiveLink:
    return keep_live(
        lambda: studio.store.transaction(studio.id),
        studio.stripe,
        "INV-1001",
        request_key=key,
        now=studio.now,
        part=Money(minor, "AUD"),
    )


def test_a_part_is_charged_once_whatever_the_link_before_it_did(studio: Studio) -> None:
    make(studio, interval=MONTHLY)
    live = part(studio, 100_00, "k2")
    assert (live.link.money, live.link.interval) == (Money(100_00, "AUD"), Interval.ONE_TIME)
    assert part(studio, 100_00, "k3").existed


def test_a_part_and_the_whole_are_never_live_at_once(studio: Studio) -> None:
    make(studio)
    part(studio, 100_00, "k2")
    whole = make(studio, "k3")
    assert [link.money.amount for link in links(studio) if link.active] == [500_00]
    assert not whole.existed
    assert len(studio.outbox(OutboxKind.RETIRE)) == 2


def test_a_part_of_more_than_is_left_makes_no_link(studio: Studio) -> None:
    with pytest.raises(ChangedMeanwhile):
        part(studio, 500_01)
    assert studio.stripe.made == []


def test_a_part_of_what_was_paid_while_its_link_was_made_is_switched_off_and_not_handed_out(studio: Studio) -> None:
    studio.stripe.before_making.append(lambda: change(studio, paid=Money(450_00, "AUD")))
    with pytest.raises(ChangedMeanwhile):
        part(studio, 100_00)
    assert [link.active for link in links(studio)] == [False]
    assert len(studio.outbox(OutboxKind.RETIRE)) == 1


def test_only_a_link_that_charges_again_and_again_recurs(studio: Studio) -> None:
    with studio.store.transaction(studio.id) as tx:
        assert not recurs(tx, "INV-1001")
    make(studio)
    with studio.store.transaction(studio.id) as tx:
        assert not recurs(tx, "INV-1001")
    make(studio, "k2", MONTHLY)
    with studio.store.transaction(studio.id) as tx:
        assert recurs(tx, "INV-1001")
