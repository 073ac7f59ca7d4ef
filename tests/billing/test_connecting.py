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

from billing.connecting import TICKET_LIFETIME, StripeConnecting, open_ticket
from billing.errors import ConnectRefused
from billing.ports import Directory
from billing.queues import OutboxKind
from billing.workspaces import ConnectRequest, Workspace
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


def test_an_approved_ticket_connects_and_tells_the_conversation(studio: Studio, connecting: StripeConnecting) -> None:
    state = state_of(connecting.begin(ticket(studio)))
    connection = connecting.finish(state, "good", None)
    assert connection.stripe_account_id == "acct_studio"
    with studio.store.transaction(studio.id) as tx:
        assert tx.connections.active() == connection
    said = studio.outbox(OutboxKind.SAY)[0].payload
    assert said["conversation"] == "c1"
    assert said["text"] == "Stripe is connected: Studio Pty Ltd (test mode). You can make payment links now."


def test_a_ticket_opens_once(studio: Studio, connecting: StripeConnecting) -> None:
    token = ticket(studio)
    connecting.begin(token)
    with pytest.raises(ConnectRefused, match="used already"):
        connecting.begin(token)


def test_a_state_comes_back_once(studio: Studio, connecting: StripeConnecting) -> None:
    state = state_of(connecting.begin(ticket(studio)))
    connecting.finish(state, "good", None)
    with pytest.raises(ConnectRefused, match="used already"):
        connecting.finish(state, "good", None)


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


def test_of_two_who_open_a_ticket_at_once_one_gets_in(studio: Studio, connecting: StripeConnecting) -> None:
    token = ticket(studio)
    studio.store.directory = cast("Directory", Together(studio.store.directory, threading.Barrier(2)))
    assert outcomes(*[lambda: connecting.begin(token)] * 2) == ["refused", "taken"]


def test_of_two_who_bring_a_state_back_at_once_one_connects(studio: Studio, connecting: StripeConnecting) -> None:
    state = state_of(connecting.begin(ticket(studio)))
    studio.store.directory = cast("Directory", Together(studio.store.directory, threading.Barrier(2)))
    assert outcomes(*[lambda: connecting.finish(state, "good", None)] * 2) == ["refused", "taken"]


def test_a_second_ticket_does_not_put_another_account_in_the_place_of_the_connected_one(
    studio: Studio, connecting: StripeConnecting
) -> None:
    first, second = (state_of(connecting.begin(ticket(studio))) for _ in range(2))
    connecting.finish(first, "good", None)
    studio.stripe.account = Account("acct_other", business_name="Other Pty Ltd")
    with pytest.raises(ConnectRefused, match="Studio Pty Ltd is connected already"):
        connecting.finish(second, "good", None)
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
        connecting.finish(forged, "good", None)


def test_a_denial_changes_nothing_and_uses_the_ticket_up(studio: Studio, connecting: StripeConnecting) -> None:
    state = state_of(connecting.begin(ticket(studio)))
    with pytest.raises(ConnectRefused, match="declined"):
        connecting.finish(state, None, "access_denied")
    with pytest.raises(ConnectRefused, match="used already"):
        connecting.finish(state, "good", None)
    with studio.store.transaction(studio.id) as tx:
        assert tx.connections.active() is None


def test_an_account_of_another_workspace_is_refused(studio: Studio, connecting: StripeConnecting) -> None:
    connecting.finish(state_of(connecting.begin(ticket(studio))), "good", None)
    studio.store.directory.add_workspace(
        Workspace("ws_other", "Other", "AUD", "AU", "en_AU", "Australia/Brisbane", studio.now),
    )
    state = state_of(connecting.begin(ticket(studio, "ws_other")))
    with pytest.raises(ConnectRefused, match="another workspace"):
        connecting.finish(state, "good", None)


def test_the_same_account_can_be_connected_again_after_disconnecting(
    studio: Studio, connecting: StripeConnecting
) -> None:
    connecting.finish(state_of(connecting.begin(ticket(studio))), "good", None)
    studio.done("disconnect_stripe")
    studio.now += timedelta(hours=1)
    connecting.finish(state_of(connecting.begin(ticket(studio))), "good", None)
    assert studio.stripe.deauthorized == ["acct_studio"]
    with studio.store.transaction(studio.id) as tx:
        active = tx.connections.active()
    assert active is not None
    assert active.connected_at == studio.now
