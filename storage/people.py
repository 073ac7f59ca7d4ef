"""The workspace itself, its members, channels and routes, and its Stripe accounts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import delete

from billing.errors import UnknownRecord
from storage import mappers, tables
from storage.rows import Rows

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from billing.workspaces import (
        Channel,
        ConnectRequest,
        Member,
        NotificationRoute,
        SlackInstallation,
        StripeConnection,
        Workspace,
    )


class SqlPeople:
    """Members, channels and where news goes, in one workspace (`billing.ports.People`)."""

    def __init__(self, connection: Connection, workspace_id: str) -> None:
        # Within one transaction it changes by this very object alone, and is asked for again and again.
        self._workspace: Workspace | None = None
        self._workspaces = Rows(connection, mappers.WORKSPACE, workspace_id)
        self._members = Rows(connection, mappers.MEMBER, workspace_id)
        self._channels = Rows(connection, mappers.CHANNEL, workspace_id)
        self._routes = Rows(connection, mappers.ROUTE, workspace_id)

    def workspace(self) -> Workspace:
        """Return the workspace itself; raises UnknownRecord."""
        self._workspace = self._workspace or self._workspaces.known()
        if self._workspace is None:
            message = "This workspace is not on record. Import it or set it up first."
            raise UnknownRecord(message)
        return self._workspace

    def save_workspace(self, workspace: Workspace) -> None:
        """Write the workspace's fields, inserting a new one; raises DuplicateRecord if its Slack team is another's."""
        self._workspaces.put(workspace)
        self._workspace = None

    def members(self, *, lock: bool = False) -> list[Member]:
        """Return all members by name, locked until the end of the transaction if asked."""
        return self._members.many(order=[self._members.columns.name], lock=lock)

    def save_member(self, member: Member) -> None:
        """Insert or update by name; raises DuplicateRecord if another member is that Slack user."""
        self._members.put(member)

    def channels(self) -> list[Channel]:
        """Return all known channels by name."""
        return self._channels.alike("name")

    def save_channel(self, channel: Channel) -> None:
        """Insert or update by name."""
        self._channels.put(channel)

    def routes(self) -> list[NotificationRoute]:
        """Return where news of each event goes."""
        return self._routes.alike("event")

    def set_route(self, route: NotificationRoute) -> None:
        """Set the channel of one event."""
        self._routes.put(route)

    def drop_route(self, event: str) -> None:
        """Let no channel hear of the event any more."""
        columns = self._routes.columns
        mine = columns.workspace_id == self._routes.workspace_id
        self._routes.connection.execute(delete(tables.notification_routes).where(mine, columns.event == event))


class SqlInstallations:
    """Where in Slack the workspace has Evie (`billing.ports.Installations`)."""

    def __init__(self, connection: Connection, workspace_id: str) -> None:
        self._rows = Rows(connection, mappers.INSTALLATION, workspace_id)

    def current(self, *, lock: bool = False) -> SlackInstallation | None:
        """Return the newest installation, ended or not, locked until the end of the transaction if asked."""
        columns = self._rows.columns
        found = self._rows.many(order=[columns.installed_at.desc(), columns.slack_team_id], limit=1, lock=lock)
        return found[0] if found else None

    def save(self, installation: SlackInstallation) -> None:
        """Insert, or write all fields of the one of that team."""
        self._rows.put(installation)


class SqlConnections:
    """The workspace's Stripe accounts, now and before (`billing.ports.Connections`)."""

    def __init__(self, connection: Connection, workspace_id: str) -> None:
        self._rows = Rows(connection, mappers.CONNECTION, workspace_id)
        self._requests = Rows(connection, mappers.CONNECT_REQUEST, workspace_id)

    def active(self) -> StripeConnection | None:
        """Return the account in use."""
        return self._rows.one(self._rows.columns.disconnected_at.is_(None))

    def known(self) -> list[StripeConnection]:
        """Return every account that was ever connected, the newest first."""
        return self._rows.many(order=[self._rows.columns.connected_at.desc()])

    def add(self, connection: StripeConnection) -> None:
        """Insert and end the one before; raises DuplicateRecord if another workspace uses the account."""
        before = self.active()
        if before is not None:
            self._rows.write(replace(before, disconnected_at=connection.connected_at))
        self._rows.put(connection)

    def save(self, connection: StripeConnection) -> None:
        """Write the fields of an account that is on record."""
        self._rows.put(connection)

    def end(self, stripe_account_id: str, at: datetime) -> bool:
        """Mark as disconnected; False if it was not active."""
        active = self.active()
        if active is None or active.stripe_account_id != stripe_account_id:
            return False
        return self._rows.write(replace(active, disconnected_at=at))

    def add_request(self, request: ConnectRequest) -> None:
        """Store a connect ticket; raises DuplicateRecord."""
        self._requests.add(request)

    def request(self, token_hash: str) -> ConnectRequest | None:
        """Return the ticket of that token, locked until the end of the transaction."""
        return self._requests.one(self._requests.columns.token_hash == token_hash, lock=True)

    def save_request(self, request: ConnectRequest) -> None:
        """Write a ticket's fields; raises UnknownRecord."""
        if not self._requests.write(request):
            message = "That connect link is not on record. Ask for a new one."
            raise UnknownRecord(message)
