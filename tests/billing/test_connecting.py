"""Connecting Stripe: tickets work once, for a while, and for the workspace that they were made in."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import pytest

from billing.connecting import TICKET_LIFETIME, StripeConnecting, connect_own, open_ticket
from billing.errors import ConnectRefused, ProviderUnavailable
from billing.ports import Directory
from billing.queues import OutboxKind
from billing.workspaces import ConnectRequest, NotificationRoute, Workspace
from bot.addresses import PublicAddresses
from tests.support.gateway import Account
from tests.support.studio import Studio


@pytest.fixture
def connecting(studio: Studio) -> StripeConnecting:
    return StripeConnecting(studio.store, studio.stripe, PublicAddresses("https://evie.example"), studio.clock)


def ticket(studio: Studio, workspace_id: str | None = None) -> str:
    with studio.store.transaction(workspace_id or studio.id) as tx:
        return open_ticket(tx, member="Admin", conversation="c1", now=studio.now)


def state_of(url: str) -> str:
    return parse_qs(urlsplit(url).query)["state"][0]


def back(connecting: StripeConnecting, token: str, code: str | None = "good", error: str | None = None) -> Any:
    """Come back from Stripe, in the browser that opened the ticket."""
    return connecting.finish(state_of(connecting.begin(token)), code, error, opened=token)


def test_an_approved_ticket_connects_and_tells_the_conversation(studio: Studio, connecting: StripeConnecting) -> None:
    connection = back(connecting, ticket(studio))
    assert connection.stripe_account_id == "acct_studio"
    with studio.store.transaction(studio.id) as tx:
        assert tx.connections.active() == connection
    said = studio.outbox(OutboxKind.SAY)[0].payload
    assert said["conversation"] == "c1"
    assert said["text"] == "Stripe is connected: Studio Pty Ltd (test mode). You can make payment links now."


def test_a_ticket_that_a_program_looked_at_first_still_works(studio: Studio, connecting: StripeConnecting) -> None:
    token = ticket(studio)
    assert connecting.begin(token) == connecting.begin(token)
    assert back(connecting, token).stripe_account_id == "acct_studio"


def test_a_ticket_that_connected_opens_no_more(studio: Studio, connecting: StripeConnecting) -> None:
    token = ticket(studio)
    back(connecting, token)
    with pytest.raises(ConnectRefused, match="used already"):
        connecting.begin(token)


def test_a_replayed_answer_of_stripes_is_refused(studio: Studio, connecting: StripeConnecting) -> None:
    token = ticket(studio)
    state = state_of(connecting.begin(token))
    connecting.finish(state, "good", None, opened=token)
    with pytest.raises(ConnectRefused, match="used already"):
        connecting.finish(state, "good", None, opened=token)


@pytest.mark.parametrize("opened", ["", "made-up", "\ud800"])
def test_a_stolen_state_is_worth_nothing_in_another_browser(
    studio: Studio, connecting: StripeConnecting, opened: str
) -> None:
    token = ticket(studio)
    state = state_of(connecting.begin(token))
    with pytest.raises(ConnectRefused, match="another browser"):
        connecting.finish(state, "good", None, opened=opened)
    # It was not used up by the thief.
    assert connecting.finish(state, "good", None, opened=token).stripe_account_id == "acct_studio"


def test_the_state_of_one_ticket_is_not_that_of_another(studio: Studio, connecting: StripeConnecting) -> None:
    mine, yours = ticket(studio), ticket(studio)
    connecting.begin(yours)
    with pytest.raises(ConnectRefused, match="another browser"):
        connecting.finish(state_of(connecting.begin(mine)), "good", None, opened=yours)


def test_a_stale_state_is_refused(studio: Studio, connecting: StripeConnecting) -> None:
    token = ticket(studio)
    state = state_of(connecting.begin(token))
    studio.now += TICKET_LIFETIME
    with pytest.raises(ConnectRefused, match="expired"):
        connecting.finish(state, "good", None, opened=token)


def test_the_address_of_stripes_page_does_not_give_the_ticket_away(
    studio: Studio, connecting: StripeConnecting
) -> None:
    token = ticket(studio)
    assert token not in connecting.begin(token)


def outcomes(*steps: Callable[[], object]) -> list[str]:
    """Take the steps at once and return how they ended."""

    def ended(step: Callable[[], object]) -> str:
        try:
            step()
        except ConnectRefused:
            return "refused"
        return "taken"

    with ThreadPoolExecutor(len(steps)) as pool:
        return sorted(pool.map(ended, steps))


@dataclass
class Together:
    """A directory that answers only when all have asked, so that each sees the ticket as it was."""

    directory: Directory
    all_asked: threading.Barrier

    def __getattr__(self, name: str) -> Any:
        return getattr(self.directory, name)

    def connect_request(self, **which: str) -> ConnectRequest | None:
        found = self.directory.connect_request(**which)
        self.all_asked.wait(20)
        return found


def test_two_who_open_a_ticket_at_once_are_led_to_the_same_page(studio: Studio, connecting: StripeConnecting) -> None:
    token = ticket(studio)
    studio.store.directory = cast("Directory", Together(studio.store.directory, threading.Barrier(2)))
    assert outcomes(*[lambda: connecting.begin(token)] * 2) == ["taken", "taken"]


def test_of_two_who_bring_a_state_back_at_once_one_connects(studio: Studio, connecting: StripeConnecting) -> None:
    token = ticket(studio)
    state = state_of(connecting.begin(token))
    studio.store.directory = cast("Directory", Together(studio.store.directory, threading.Barrier(2)))
    assert outcomes(*[lambda: connecting.finish(state, "good", None, opened=token)] * 2) == ["refused", "taken"]


def test_a_second_ticket_does_not_put_another_account_in_the_place_of_the_connected_one(
    studio: Studio, connecting: StripeConnecting
) -> None:
    first, second = ticket(studio), ticket(studio)
    connecting.begin(second)
    back(connecting, first)
    studio.stripe.account = Account("acct_other", business_name="Other Pty Ltd")
    with pytest.raises(ConnectRefused, match="Studio Pty Ltd is connected already"):
        back(connecting, second)
    with studio.store.transaction(studio.id) as tx:
        active = tx.connections.active()
    assert active is not None
    assert active.stripe_account_id == "acct_studio"
    assert studio.stripe.deauthorized == ["acct_other"]


def test_an_expired_ticket_is_refused(studio: Studio, connecting: StripeConnecting) -> None:
    token = ticket(studio)
    studio.now += TICKET_LIFETIME + timedelta(seconds=1)
    with pytest.raises(ConnectRefused, match="expired"):
        connecting.begin(token)


@pytest.mark.parametrize("forged", ["", "nonsense", "\ud800"])
def test_a_forged_token_or_state_is_refused(connecting: StripeConnecting, forged: str) -> None:
    with pytest.raises(ConnectRefused):
        connecting.begin(forged)
    with pytest.raises(ConnectRefused):
        connecting.finish(forged, "good", None, opened=forged)


def test_a_denial_changes_nothing_and_uses_the_ticket_up(studio: Studio, connecting: StripeConnecting) -> None:
    token = ticket(studio)
    with pytest.raises(ConnectRefused, match="declined"):
        back(connecting, token, None, "access_denied")
    with pytest.raises(ConnectRefused, match="used already"):
        back(connecting, token)
    with studio.store.transaction(studio.id) as tx:
        assert tx.connections.active() is None


def test_an_account_of_another_workspace_is_refused(studio: Studio, connecting: StripeConnecting) -> None:
    back(connecting, ticket(studio))
    studio.store.directory.add_workspace(
        Workspace("ws_other", "Other", "AUD", "AU", "en_AU", "Australia/Brisbane", studio.now),
    )
    with pytest.raises(ConnectRefused, match="another workspace"):
        back(connecting, ticket(studio, "ws_other"))
    # The other workspace's access is left alone.
    assert studio.stripe.deauthorized == []


def test_an_account_that_another_workspace_connects_a_moment_earlier_is_refused(
    studio: Studio, connecting: StripeConnecting
) -> None:
    other = Workspace("ws_other", "Other", "AUD", "AU", "en_AU", "Australia/Brisbane", studio.now)
    studio.store.directory.add_workspace(other)
    back(connecting, ticket(studio))
    directory = cast("Any", studio.store.directory)
    directory.stripe_connection = lambda *_, **__: None
    with pytest.raises(ConnectRefused, match="another workspace"):
        back(connecting, ticket(studio, "ws_other"))


def test_the_same_account_can_be_connected_again_after_disconnecting(
    studio: Studio, connecting: StripeConnecting
) -> None:
    back(connecting, ticket(studio))
    studio.done("disconnect_stripe")
    studio.now += timedelta(hours=1)
    back(connecting, ticket(studio))
    assert studio.stripe.deauthorized == ["acct_studio"]
    with studio.store.transaction(studio.id) as tx:
        active = tx.connections.active()
    assert active is not None
    assert active.connected_at == studio.now


# Ending it


def ends(studio: Studio) -> list[str]:
    return [str(message.payload["text"]) for message in studio.outbox(OutboxKind.SAY)]


@pytest.fixture
def channel(studio: Studio) -> None:
    studio.connect()
    with studio.store.transaction(studio.id) as tx:
        for event in ("payment_succeeded", "payment_failed"):
            tx.people.set_route(NotificationRoute(studio.id, event, "#billing"))


@pytest.mark.usefixtures("channel")
def test_disconnecting_is_told_in_the_channel_once(studio: Studio) -> None:
    assert studio.done("disconnect_stripe").text.startswith("Stripe is disconnected: Studio Pty Ltd.")
    assert "any more" in studio.done("disconnect_stripe").text
    assert studio.stripe.deauthorized == ["acct_studio"]
    (said,) = ends(studio)
    assert said.startswith("Admin disconnected Stripe (Studio Pty Ltd). Clients cannot pay online until")


@pytest.mark.usefixtures("channel")
def test_a_disconnection_that_stripe_does_not_take_leaves_all_as_it_was(studio: Studio) -> None:
    def away() -> None:
        raise ProviderUnavailable("Stripe did not answer properly.")

    studio.stripe.before_deauthorizing = [away]
    assert studio.run("disconnect_stripe").status == "failed"
    with studio.store.transaction(studio.id) as tx:
        active = tx.connections.active()
    assert active is not None
    assert active.disconnected_at is None
    assert ends(studio) == []


def test_what_was_connected_in_the_meantime_is_left_alone(studio: Studio) -> None:
    studio.connect()

    def elsewhere() -> None:
        with studio.store.transaction(studio.id) as tx:
            connect_own(tx, Account("acct_own"), by="STRIPE_API_KEY", now=studio.now)
        raise ProviderUnavailable("Stripe did not answer properly.")

    studio.stripe.before_deauthorizing = [elsewhere]
    assert studio.run("disconnect_stripe").status == "failed"
    with studio.store.transaction(studio.id) as tx:
        active = tx.connections.active()
        assert {one.stripe_account_id for one in tx.connections.known()} == {"acct_own", "acct_studio"}
    assert active is not None
    assert active.stripe_account_id == "acct_own"


# The installation's own key


def test_in_direct_mode_the_own_account_is_connected_without_a_page(studio: Studio) -> None:
    studio.stripe.direct = True
    said = studio.done("connect_stripe")
    assert said.text == "Stripe is connected: Studio Pty Ltd (test mode). You can make payment links now."
    assert "Studio Pty Ltd" in studio.done("connect_stripe").text
    with studio.store.transaction(studio.id) as tx:
        active = tx.connections.active()
    assert active is not None
    assert (active.direct, active.connected_by) == (True, "Admin")


def test_the_own_account_with_real_money_is_connected_without_a_word_of_tests(studio: Studio) -> None:
    studio.stripe.direct = True
    studio.stripe.account = Account(livemode=True)
    assert "test mode" not in studio.done("connect_stripe").text
