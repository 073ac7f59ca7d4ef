"""Before the first request: a workspace, its Slack team, its own Stripe account; each step can be taken twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from billing.queues import OutboxKind, OutboxMessage
from billing.roles import Role
from bot.preparing import bind_slack_team, connect_directly, let_news_go, only_workspace
from storage import SqlStore, memory_store
from tests.support.gateway import Account

NOW = datetime(2026, 3, 11, tzinfo=UTC)


def clock() -> datetime:
    return NOW


@pytest.fixture
def empty() -> Iterator[SqlStore]:
    store = memory_store(clock)
    yield store
    store.close()


def test_an_empty_database_gets_one_workspace_with_an_admin(empty: SqlStore) -> None:
    first = only_workspace(empty, clock)
    assert only_workspace(empty, clock) == first
    with empty.transaction(first.id) as tx:
        assert [member.role for member in tx.people.members()] == [Role.ADMIN]


def test_the_token_s_team_is_bound_once(empty: SqlStore) -> None:
    for _ in range(2):
        bind_slack_team(empty, clock, "T1", "Lantern Studio")
    workspace = empty.directory.by_slack_team("T1")
    assert workspace is not None
    assert workspace.name == "Lantern Studio"
    assert len(empty.directory.workspaces()) == 1


def test_news_that_waited_for_a_token_or_a_channel_is_tried_at_the_start(empty: SqlStore) -> None:
    bind_slack_team(empty, clock, "T1", "Lantern Studio")
    workspace = only_workspace(empty, clock)
    with empty.transaction(workspace.id) as tx:
        tx.send(OutboxMessage(workspace.id, "paid", OutboxKind.SAY, "channel:#billing", {"text": "Paid."}, NOW))
    held = empty.claim_outbox(lease_seconds=60)
    assert held is not None
    empty.retry(held, error="WaitsForPerson: Slack does not accept my token any more.", delay_seconds=300)

    let_news_go(empty, "T0OTHER")
    assert empty.claim_outbox(lease_seconds=60) is None
    let_news_go(empty, "T1")
    again = empty.claim_outbox(lease_seconds=60)
    assert again is not None
    assert again.row.key == "paid"


def test_our_own_account_is_connected_and_a_new_one_takes_its_place(empty: SqlStore) -> None:
    for account in ("acct_1", "acct_1", "acct_2"):
        connect_directly(empty, clock, Account(account))
    with empty.transaction(only_workspace(empty, clock).id) as tx:
        active = tx.connections.active()
    assert active is not None
    assert (active.stripe_account_id, active.direct) == ("acct_2", True)


def test_a_live_key_takes_the_place_of_the_test_key_of_the_same_account(empty: SqlStore) -> None:
    for livemode in (False, True, True):
        connect_directly(empty, clock, Account("acct_1", livemode))
    with empty.transaction(only_workspace(empty, clock).id) as tx:
        active = tx.connections.active()
    assert active is not None
    assert active.livemode
    assert empty.directory.stripe_connection("acct_1", livemode=False) is None


def test_an_own_account_that_an_admin_disconnected_stays_so_at_the_next_start(empty: SqlStore) -> None:
    connect_directly(empty, clock, Account("acct_1"))
    workspace = only_workspace(empty, clock).id
    with empty.transaction(workspace) as tx:
        tx.connections.end("acct_1", clock())
    connect_directly(empty, clock, Account("acct_1"))
    with empty.transaction(workspace) as tx:
        assert tx.connections.active() is None
    # A key of another account is a decision of its own.
    connect_directly(empty, clock, Account("acct_2"))
    with empty.transaction(workspace) as tx:
        active = tx.connections.active()
    assert active is not None
    assert active.stripe_account_id == "acct_2"
