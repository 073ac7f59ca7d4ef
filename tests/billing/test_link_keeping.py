"""Links in step with Stripe: none is left live there by accident, none asked for twice, and a dead one is replaced."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from billing.errors import PaymentUnderWay, ProviderUnavailable
from billing.link_keeping import dead, end_leftovers, note
from billing.linking import LinkRequest, keep_live
from billing.payments import LinkAtStripe, PaymentLink, PaymentStatus
from billing.queues import OutboxKind
from billing.settling import settle
from billing.syncing import sync_invoice, worth_a_look
from billing.workspaces import StripeConnection
from tests.support.gateway import Account
from tests.support.records import a_link
from tests.support.studio import Studio


@pytest.fixture(autouse=True)
def _invoice(studio: Studio) -> None:
    studio.connect()
    studio.done("create_invoice", opportunity="OPP-1", amount="500")


def connection(studio: Studio) -> StripeConnection:
    with studio.store.transaction(studio.id) as tx:
        active = tx.connections.active()
    assert active is not None
    return active


def live(studio: Studio, key: str = "k1") -> PaymentLink:
    return keep_live(
        lambda: studio.store.transaction(studio.id), studio.stripe, "INV-1001", request_key=key, now=studio.now
    ).link


def links(studio: Studio) -> list[PaymentLink]:
    with studio.store.transaction(studio.id) as tx:
        return tx.links.of_invoice("INV-1001")


def leftovers(studio: Studio) -> int:
    return end_leftovers(lambda: studio.store.transaction(studio.id), studio.stripe, now=studio.now)


def told(studio: Studio, found: LinkAtStripe) -> bool:
    with studio.store.transaction(studio.id) as tx:
        return note(tx, found)


def debit(studio: Studio, status: PaymentStatus, **fields: object) -> None:
    with studio.store.transaction(studio.id) as tx:
        settle(tx, studio.settlement("INV-1001", 500_00, status=status, **fields), now=studio.now)
    studio.now += timedelta(hours=1)


def test_a_link_that_ended_at_stripe_ends_here_and_the_next_use_makes_another(studio: Studio) -> None:
    first = live(studio)
    assert told(studio, dead(first))
    assert not told(studio, dead(first))
    assert [link.active for link in links(studio)] == [False]
    assert live(studio, "k2").url != first.url


def test_word_of_a_link_that_lives_is_of_another_workspace_or_of_none_of_ours_changes_nothing(studio: Studio) -> None:
    first = live(studio)
    assert not told(studio, replace(dead(first), active=True))
    assert not told(studio, replace(dead(first), workspace_id="ws_other"))
    assert not told(studio, replace(dead(first), link="link_unknown"))
    assert not told(studio, replace(dead(first), stripe_payment_link_id="plink_another"))
    assert [link.active for link in links(studio)] == [True]


def test_what_ended_while_stripe_was_not_connected_is_switched_off_afterwards(studio: Studio) -> None:
    first = live(studio)
    studio.done("disconnect_stripe")
    studio.done("void_invoice", invoice="INV-1001")
    assert [message.kind for message in studio.outbox(OutboxKind.RETIRE)] == ["retire"]
    assert studio.stripe.switched_off == []
    studio.now += timedelta(days=1)
    studio.connect()
    assert leftovers(studio) == 1
    assert studio.stripe.switched_off == [first.stripe_payment_link_id]
    assert leftovers(studio) == 0


def test_a_live_link_and_one_that_is_in_the_making_or_not_on_record_are_left_alone(studio: Studio) -> None:
    kept = live(studio)
    made = replace(kept, id="link_making", stripe_payment_link_id="plink_making")
    studio.stripe.made += [made, replace(made, id="link_elsewhere", stripe_payment_link_id="plink_elsewhere")]
    with studio.store.transaction(studio.id) as tx:
        tx.links.add(replace(made, url=None, stripe_payment_link_id=None, stripe_account_id=None, active=False))
    assert leftovers(studio) == 0
    studio.now += timedelta(hours=2)
    assert leftovers(studio) == 1
    assert studio.stripe.switched_off == ["plink_making"]


def test_a_link_that_was_made_unheard_is_switched_off_before_another_is_made(studio: Studio) -> None:
    def away() -> None:
        raise ProviderUnavailable("Stripe did not answer properly.")

    studio.stripe.before_making = [away]
    with pytest.raises(ProviderUnavailable):
        live(studio)
    (lost,) = links(studio)
    studio.stripe.before_making = []
    # It was made after all, when nobody waited for the answer any more.
    studio.stripe.made.append(replace(lost, url="https://buy.example/lost", stripe_payment_link_id="plink_lost"))
    studio.stripe.made.append(a_link(id="link_of_another", stripe_payment_link_id="plink_of_another"))
    assert live(studio, "k2").active
    assert studio.stripe.switched_off == ["plink_lost"]


def test_a_second_link_of_one_request_does_not_stay_behind_the_first(studio: Studio) -> None:
    wanted = LinkRequest("INV-1001", a_link().interval, 1, "k1")

    def faster() -> None:
        studio.stripe.before_making = []
        live(studio, wanted.request_key)
        first = studio.stripe.made.pop()
        studio.stripe.made.append(replace(first, stripe_payment_link_id="plink_second", url="https://buy.example/2"))

    studio.stripe.before_making = [faster]
    live(studio, wanted.request_key)
    retired = [message.payload["stripe_payment_link_id"] for message in studio.outbox(OutboxKind.RETIRE)]
    assert retired == ["plink_second"]


def test_money_on_its_way_is_not_asked_for_again_until_it_failed(studio: Studio) -> None:
    first = live(studio)
    debit(studio, PaymentStatus.PROCESSING)
    told(studio, dead(first))
    with pytest.raises(PaymentUnderWay) as refused:
        live(studio, "k2")
    said = "A$500.00 for INV-1001 is on its way from the client's bank, so it is not asked for again now."
    assert refused.value.wording.in_words(studio.context().formats.money) == said
    debit(studio, PaymentStatus.FAILED)
    assert live(studio, "k3").id != first.id


def test_a_failed_debit_ends_the_link_it_used_up_even_if_nobody_heard_of_it_before(studio: Studio) -> None:
    first = live(studio)
    debit(studio, PaymentStatus.FAILED, used_up=first.id)
    assert [link.active for link in links(studio)] == [False]
    second = live(studio, "k2")
    # The same news of the first link's payment again leaves the second link alone.
    debit(studio, PaymentStatus.FAILED, used_up=first.id, stripe_object_id="pi_2")
    assert [link.active for link in links(studio)] == [False, True]
    assert second.id != first.id


def test_a_part_on_its_way_leaves_the_rest_payable(studio: Studio) -> None:
    with studio.store.transaction(studio.id) as tx:
        part = studio.settlement("INV-1001", 200_00, status=PaymentStatus.PROCESSING)
        settle(tx, part, now=studio.now)
    assert live(studio).active
    card = studio.done("show_invoice", invoice="INV-1001").card
    assert card is not None
    assert card.badge != "processing"
    assert "A$200.00 from a bank account" in {field.label: field.value for field in card.fields}["On its way"]


def test_processing_is_shown_on_the_card_and_in_lists(studio: Studio) -> None:
    live(studio)
    debit(studio, PaymentStatus.PROCESSING)
    shown = studio.done("show_invoice", invoice="INV-1001")
    assert shown.card is not None
    assert shown.card.badge == "processing"
    assert "processing" in shown.text
    listed = studio.done("list_invoices").card
    assert listed is not None
    assert " · processing · " in listed.rows[0].detail


def test_a_link_of_an_account_that_is_not_connected_any_more_is_shown_as_such_and_replaced(studio: Studio) -> None:
    first = live(studio)
    studio.done("disconnect_stripe")
    card = studio.done("show_invoice", invoice="INV-1001").card
    assert card is not None
    assert "no longer connected" in {field.label: field.value for field in card.fields}["Link's account"]
    studio.now += timedelta(days=1)
    with studio.store.transaction(studio.id) as tx:
        before = tx.connections.known()[0]
        tx.connections.add(
            replace(before, stripe_account_id="acct_new", connected_at=studio.now, disconnected_at=None),
        )
    studio.stripe.account = Account("acct_new")
    second = live(studio, "k2")
    assert (first.stripe_account_id, second.stripe_account_id) == ("acct_studio", "acct_new")
    card = studio.done("show_invoice", invoice="INV-1001").card
    assert card is not None
    assert "Link's account" not in {field.label for field in card.fields}


# What is asked of Stripe by night


def test_unpaid_late_and_recurring_invoices_are_worth_a_look_and_old_paid_ones_are_not(studio: Studio) -> None:
    live(studio)
    ours = connection(studio)

    def looked_at() -> list[str]:
        with studio.store.transaction(studio.id) as tx:
            return worth_a_look(tx, ours, now=studio.now)

    assert looked_at() == ["INV-1001"]
    debit(studio, PaymentStatus.SUCCEEDED)
    assert looked_at() == ["INV-1001"]
    studio.now += timedelta(days=200)
    assert looked_at() == []
    with studio.store.transaction(studio.id) as tx:
        assert worth_a_look(tx, replace(ours, livemode=True), now=studio.now) == []


def test_a_sync_says_what_changed_and_what_not(studio: Studio) -> None:
    live(studio)
    second = studio.done("create_invoice", opportunity="OPP-1", amount="80").result["number"]
    third = studio.done("create_invoice", opportunity="OPP-1", amount="90").result["number"]
    for number in (second, third):
        studio.done("create_payment_link", invoice=number)
    studio.stripe.settled["INV-1001"] = [studio.settlement("INV-1001", 500_00)]
    studio.stripe.settled[second] = [studio.settlement(second, 30_00, stripe_object_id="pi_2")]
    synced = studio.done("sync_payment_status")
    assert synced.text == (
        f"Stripe has news of INV-1001 (was open, is paid); {second} (A$30.00 paid, was A$0.00). "
        "Nothing new for 1 other."
    )
    assert synced.result == {"checked": ["INV-1001", second, third], "changed": ["INV-1001", second]}
    assert synced.card is not None
    assert [row.detail.split(" · ")[0] for row in synced.card.rows] == [
        "was open, is paid",
        "A$30.00 paid, was A$0.00",
        "nothing new",
    ]


def test_a_sync_learns_that_a_link_was_switched_off_in_the_dashboard(studio: Studio) -> None:
    first = live(studio)
    studio.stripe.switched_off.append(str(first.stripe_payment_link_id))
    assert studio.done("sync_payment_status", invoice="INV-1001").text == (
        "Stripe has news of INV-1001 (news of its payments or its link)."
    )
    synced = sync_invoice(
        lambda: studio.store.transaction(studio.id), studio.stripe, connection(studio), "INV-1001", now=studio.now
    )
    assert not synced.news
    assert [link.active for link in links(studio)] == [False]
