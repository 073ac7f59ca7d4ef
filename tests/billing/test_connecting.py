"""Connecting Stripe: tickets work once, for a while, and for the workspace that they were made in."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from billing.connecting import TICKET_LIFETIME, StripeConnecting, open_ticket
from billing.errors import ConnectRefused
from billing.queues import OutboxKind
from billing.workspaces import Workspace
from bot.addresses import PublicAddresses
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
