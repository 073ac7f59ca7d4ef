"""What has to be true before the first request: a workspace, its Slack team, its own Stripe account.

Each step is idempotent, so every process may take them at its start.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

from billing.connecting import connect_own, was_disconnected
from billing.roles import Role
from billing.scheduling import announce_due
from billing.workspaces import Member, Workspace
from bot.each_workspace import in_each

if TYPE_CHECKING:
    from billing.ports import Clock, ConnectedAccount, Store, Transaction

_FIRST_MEMBER = "Owner"


def only_workspace(store: Store, clock: Clock) -> Workspace:
    """Return the first workspace, made where there is none; its owner is an admin until there are others."""
    existing = store.directory.workspaces()
    if existing:
        return existing[0]
    workspace = Workspace(
        id=f"ws_{secrets.token_hex(8)}",
        name="My business",
        currency="USD",
        country="US",
        locale="en_US",
        timezone="UTC",
        created_at=clock(),
    )
    store.directory.add_workspace(workspace)
    with store.transaction(workspace.id) as tx:
        tx.people.save_member(Member(workspace.id, _FIRST_MEMBER, Role.ADMIN))
    return workspace


def bind_slack_team(store: Store, clock: Clock, team: str, team_name: str) -> None:
    """Bind the only workspace to the Slack team that the bot token is of; one that is bound already stays as it is."""
    if store.directory.by_slack_team(team) is not None:
        return
    workspace = only_workspace(store, clock)
    unnamed = workspace.name == "My business" and team_name
    with store.transaction(workspace.id) as tx:
        tx.people.save_workspace(
            replace(workspace, slack_team_id=team, name=team_name if unnamed else workspace.name),
        )


def let_news_go(store: Store, team: str) -> None:
    """Let what waits for somebody to mend the token or a channel be tried now: they may be mended by this restart."""
    workspace = store.directory.by_slack_team(team)
    if workspace is not None:
        store.unfinished.let_go(workspace.id)


def connect_directly(store: Store, clock: Clock, account: ConnectedAccount) -> None:
    """Make the account of our own key the only workspace's, unless it is so already or an admin disconnected it."""
    workspace = only_workspace(store, clock)
    with store.transaction(workspace.id) as tx:
        active = tx.connections.active()
        # An account has one id for both modes: a live key in the place of a test key is another connection.
        wanted = (account.stripe_account_id, account.livemode, True)
        if active is not None and (active.stripe_account_id, active.livemode, active.direct) == wanted:
            return
        if not was_disconnected(tx, account):
            connect_own(tx, account, by="STRIPE_API_KEY", now=clock())


def announce_all_due(store: Store, clock: Clock) -> None:
    """Look in every workspace for what is due or has become overdue, by its own calendar."""
    now = clock()

    def announce(tx: Transaction) -> None:
        announce_due(tx, now=now, today=tx.people.workspace().day_of(now))

    everywhere = [workspace.id for workspace in store.directory.workspaces()]
    in_each(store, everywhere, announce, failing="due_invoices_not_looked_for")
