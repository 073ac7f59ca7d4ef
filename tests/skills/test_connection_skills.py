"""Connecting Stripe, and the channel that hears of payments."""

from __future__ import annotations

from dataclasses import replace

import pytest

from billing.errors import StripeNotConnected
from skills.registry import SKILLS
from tests.support.studio import Studio


def test_stripe_is_not_connected_at_first_and_the_card_leads_on(studio: Studio) -> None:
    status = studio.done("connection_status")
    assert status.text.startswith("Not yet.")
    assert status.card is not None
    assert status.card.buttons[0].say == "connect stripe"


def test_connect_stripe_gives_a_link_for_once(studio: Studio) -> None:
    first, second = studio.done("connect_stripe"), studio.done("connect_stripe")
    assert first.result["url"].startswith("https://evie.example/stripe/connect?token=")
    assert first.result["url"] != second.result["url"]


def test_a_connected_account_is_named(studio: Studio) -> None:
    studio.connect()
    status = studio.done("connection_status")
    assert status.text == "Yes, Stripe is connected to Studio Pty Ltd (test mode)."
    assert "connected already" in studio.done("connect_stripe").text


def test_disconnecting_ends_the_access_at_stripe_too(studio: Studio) -> None:
    studio.connect()
    preview = SKILLS["disconnect_stripe"].preview
    assert preview is not None
    assert "loses access to Studio Pty Ltd" in preview(studio.context()).text
    studio.done("disconnect_stripe")
    assert studio.stripe.deauthorized == ["acct_studio"]
    assert studio.done("connection_status").result == {"stripe": None}


def test_a_direct_key_is_not_deauthorized(studio: Studio) -> None:
    studio.connect()
    with studio.store.transaction(studio.id) as tx:
        active = tx.connections.active()
        assert active is not None
        tx.connections.add(replace(active, stripe_account_id="acct_own", direct=True))
    studio.done("disconnect_stripe")
    assert studio.stripe.deauthorized == []


def test_there_is_nothing_to_disconnect_at_first(studio: Studio) -> None:
    preview = SKILLS["disconnect_stripe"].preview
    assert preview is not None
    with pytest.raises(StripeNotConnected, match="not connected yet"):
        preview(studio.context())


def test_news_goes_to_the_channel_that_was_set(studio: Studio) -> None:
    assert studio.done("set_notification_channel", channel="#Ops").text == "Done: #ops now hears of payments."
    with studio.store.transaction(studio.id) as tx:
        assert {route.channel for route in tx.people.routes()} == {"#ops"}
        assert "#ops" in {channel.name for channel in tx.people.channels()}


def test_a_channel_can_hear_of_some_events_only(studio: Studio) -> None:
    events = ["payment_failed", "dispute_opened"]
    text = studio.done("set_notification_channel", channel="#billing", events=events).text
    assert text == "Done: #billing now hears of payments that failed and disputes."
    with studio.store.transaction(studio.id) as tx:
        assert {route.event for route in tx.people.routes()} == set(events)


@pytest.mark.parametrize("channel", ["billing", "#a b", "#", "#<!here>"])
def test_what_is_no_channel_is_refused(studio: Studio, channel: str) -> None:
    assert studio.run("set_notification_channel", channel=channel).status == "failed"
