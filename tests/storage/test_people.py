"""The workspace, its people and channels, and which Stripe account is its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from billing.errors import DuplicateRecord, UnknownRecord
from billing.news import DealRoute, NewsSettings
from billing.roles import Role
from billing.workspaces import Channel, Member, NotificationRoute, SlackInstallation
from storage import SqlStore
from tests.support.books import a_connect_request, a_connection, a_hand_over, a_workspace, add_books, add_workspace
from tests.support.records import NOW, WORKSPACE

LATER = NOW + timedelta(days=3)


def owner(store: SqlStore, account: str, *, livemode: bool) -> str | None:
    found = store.directory.stripe_connection(account, livemode=livemode)
    return found.workspace_id if found else None


def test_the_workspace_is_read_and_written_in_its_own_transaction(any_store: SqlStore) -> None:
    add_workspace(any_store)
    moved = a_workspace(timezone="Europe/Oslo", slack_team_id="T1", payment_terms_days=30)
    with any_store.transaction(WORKSPACE) as tx:
        tx.people.save_workspace(moved)

        assert tx.people.workspace() == moved


def test_a_workspace_can_be_made_in_its_own_transaction(any_store: SqlStore) -> None:
    with any_store.transaction(WORKSPACE) as tx:
        with pytest.raises(UnknownRecord):
            tx.people.workspace()
        tx.people.save_workspace(a_workspace())
        tx.people.save_channel(Channel(WORKSPACE, "#billing"))

    assert any_store.directory.workspaces() == [a_workspace()]


def test_a_workspace_cannot_take_anothers_slack_team(any_store: SqlStore) -> None:
    any_store.directory.add_workspace(a_workspace(id="ws_other", slack_team_id="T1"))
    with any_store.transaction(WORKSPACE) as tx, pytest.raises(DuplicateRecord):
        tx.people.save_workspace(a_workspace(slack_team_id="T1"))

    assert [workspace.id for workspace in any_store.directory.workspaces()] == ["ws_other"]


def test_members_channels_and_routes_are_kept_by_name(any_store: SqlStore) -> None:
    add_workspace(any_store)
    with any_store.transaction(WORKSPACE) as tx:
        tx.people.save_member(Member(WORKSPACE, "Vi", Role.VIEWER))
        tx.people.save_member(Member(WORKSPACE, "Ada", Role.EDITOR))
        tx.people.save_member(Member(WORKSPACE, "Ada", Role.ADMIN, "U1"))
        tx.people.save_channel(Channel(WORKSPACE, "#ops"))
        tx.people.save_channel(Channel(WORKSPACE, "#billing"))
        tx.people.save_channel(Channel(WORKSPACE, "#billing", "C1"))
        tx.people.set_route(NotificationRoute(WORKSPACE, "payment_succeeded", "#ops"))
        tx.people.set_route(NotificationRoute(WORKSPACE, "payment_succeeded", "#billing"))

    with any_store.transaction(WORKSPACE) as tx:
        assert tx.people.members() == [
            Member(WORKSPACE, "Ada", Role.ADMIN, "U1"),
            Member(WORKSPACE, "Vi", Role.VIEWER),
        ]
        assert tx.people.channels() == [Channel(WORKSPACE, "#billing", "C1"), Channel(WORKSPACE, "#ops")]
        assert tx.people.routes() == [NotificationRoute(WORKSPACE, "payment_succeeded", "#billing")]


def test_where_news_goes_is_kept_beside_the_channels(any_store: SqlStore) -> None:
    add_books(any_store)
    with any_store.transaction(WORKSPACE) as tx:
        assert tx.news.settings() == NewsSettings(WORKSPACE)
        settings = NewsSettings(WORKSPACE, "#help", "#billing", 9, NOW)
        tx.news.save_settings(settings)
        tx.news.set_deal_route(DealRoute(WORKSPACE, "OPP-1", "#ops"))
        tx.news.set_deal_route(DealRoute(WORKSPACE, "OPP-1", "#acme"))
        asked = tx.hand_overs.add(a_hand_over(number=tx.hand_overs.next_number()))

    with any_store.transaction(WORKSPACE) as tx:
        assert tx.news.settings() == settings
        assert tx.news.deal_route("OPP-1") == DealRoute(WORKSPACE, "OPP-1", "#acme")
        assert tx.hand_overs.by_request("said:1") == tx.hand_overs.get("HLP-1") == asked
        assert tx.news.drop_deal_route("OPP-1")
        assert not tx.news.drop_deal_route("OPP-1")
        assert tx.news.deal_routes() == []


def test_a_slack_user_is_one_member_only(any_store: SqlStore) -> None:
    add_workspace(any_store)
    with any_store.transaction(WORKSPACE) as tx:
        tx.people.save_member(Member(WORKSPACE, "Ada", Role.ADMIN, "U1"))
        with pytest.raises(DuplicateRecord):
            tx.people.save_member(Member(WORKSPACE, "Impostor", Role.ADMIN, "U1"))

        assert [member.name for member in tx.people.members()] == ["Ada"]


def test_a_new_stripe_account_ends_the_one_before(any_store: SqlStore) -> None:
    add_workspace(any_store)
    with any_store.transaction(WORKSPACE) as tx:
        assert tx.connections.active() is None
        tx.connections.add(a_connection())
        tx.connections.add(a_connection(stripe_account_id="acct_2", livemode=True, connected_at=LATER))

        assert tx.connections.active() == a_connection(stripe_account_id="acct_2", livemode=True, connected_at=LATER)
    assert any_store.directory.stripe_connection("acct_1", livemode=False) is None
    assert owner(any_store, "acct_2", livemode=True) == WORKSPACE
    assert any_store.directory.stripe_connection("acct_2", livemode=False) is None


def test_an_account_connected_again_is_active_again(any_store: SqlStore) -> None:
    add_workspace(any_store)
    again = a_connection(connected_at=LATER, business_name="Lantern Row Pty Ltd")
    with any_store.transaction(WORKSPACE) as tx:
        tx.connections.add(a_connection())
        tx.connections.add(again)
        assert tx.connections.active() == again

        assert tx.connections.end("acct_1", LATER)
        assert tx.connections.active() is None
        assert not tx.connections.end("acct_1", LATER)

        tx.connections.add(again)
        assert tx.connections.active() == again


def test_only_the_account_in_use_can_be_ended(any_store: SqlStore) -> None:
    add_workspace(any_store)
    with any_store.transaction(WORKSPACE) as tx:
        tx.connections.add(a_connection())

        assert not tx.connections.end("acct_2", LATER)
        assert tx.connections.active() == a_connection()


def test_two_workspaces_cannot_use_one_stripe_account(any_store: SqlStore) -> None:
    add_workspace(any_store)
    add_workspace(any_store, "ws_other")
    with any_store.transaction(WORKSPACE) as tx:
        tx.connections.add(a_connection())
    with any_store.transaction("ws_other") as tx, pytest.raises(DuplicateRecord):
        tx.connections.add(a_connection(workspace_id="ws_other"))

    assert owner(any_store, "acct_1", livemode=False) == WORKSPACE


def test_a_connect_ticket_is_found_by_either_of_its_secrets(any_store: SqlStore) -> None:
    add_workspace(any_store)
    ticket = a_connect_request()
    opened = replace(ticket, state_hash="s" * 64)
    with any_store.transaction(WORKSPACE) as tx:
        tx.connections.add_request(ticket)
        with pytest.raises(DuplicateRecord):
            tx.connections.add_request(ticket)
    assert any_store.directory.connect_request(token_hash=ticket.token_hash) == ticket
    assert any_store.directory.connect_request(state_hash="s" * 64) is None

    with any_store.transaction(WORKSPACE) as tx:
        tx.connections.save_request(opened)
        with pytest.raises(UnknownRecord):
            tx.connections.save_request(replace(ticket, token_hash="x" * 64))
    assert any_store.directory.connect_request(state_hash="s" * 64) == opened
    assert any_store.directory.connect_request() is None


def test_a_slack_installation_is_kept_and_the_newest_one_counts(any_store: SqlStore) -> None:
    add_workspace(any_store)
    first = SlackInstallation(WORKSPACE, "T1", "sealed", "UEVIE", "chat:write", "U1", NOW)
    moved = replace(first, slack_team_id="T2", installed_at=LATER, expires_at=LATER, sealed_refresh_token="other")
    with any_store.transaction(WORKSPACE) as tx:
        assert tx.installations.current() is None
        tx.installations.save(first)
        tx.installations.save(moved)

    with any_store.transaction(WORKSPACE) as tx:
        tx.installations.save(replace(moved, ended_at=LATER))

        assert tx.installations.current(lock=True) == replace(moved, ended_at=LATER)
