"""The look-ups that find out which workspace something belongs to: the only queries that do not name one."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select, tuple_

from storage import tables
from storage.mappers import CONNECT_REQUEST, CONNECTION, PAGE_TICKET, PORTAL_LINK, WORKSPACE
from storage.rows import refusing_duplicates

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import BindParameter, Column, Engine, Select

    from billing.pages import PageTicket
    from billing.portals import PortalLink
    from billing.workspaces import ConnectRequest, StripeConnection, Workspace
    from storage.turns import Writer


class SqlDirectory:
    """Which workspace it is (`billing.ports.Directory`)."""

    def __init__(self, reader: Engine, writer: Writer) -> None:
        self._reader = reader
        self._writer = writer

    def workspaces(self) -> list[Workspace]:
        """Return all workspaces, oldest first."""
        columns = tables.workspaces.c
        query = select(tables.workspaces).order_by(columns.created_at, columns.id)
        with self._reader.connect() as connection:
            return [WORKSPACE.record(row) for row in connection.execute(query).mappings()]

    def with_scheduled(self, until: datetime) -> list[str]:
        """Return the ids of the workspaces that have an active scheduled automation which is due by then."""
        columns = tables.automations.c
        query = (
            select(columns.workspace_id)
            .where(columns.next_at <= until, columns.active.is_(True), columns.deleted_at.is_(None))
            .distinct()
            .order_by(columns.workspace_id)
        )
        with self._reader.connect() as connection:
            return list(connection.execute(query).scalars())

    def with_reminders(self) -> list[Workspace]:
        """Return the workspaces whose clients are reminded by a schedule, oldest first."""
        columns, schedules = tables.workspaces.c, tables.reminder_schedules
        reminding = select(tables.workspaces).join(schedules).where(schedules.c.active)
        query = reminding.order_by(columns.created_at, columns.id)
        with self._reader.connect() as connection:
            return [WORKSPACE.record(row) for row in connection.execute(query).mappings()]

    def with_digests(self) -> list[Workspace]:
        """Return the workspaces that get a daily digest, oldest first."""
        columns, settings = tables.workspaces.c, tables.news_settings
        digesting = select(tables.workspaces).join(settings).where(settings.c.digest_channel.is_not(None))
        query = digesting.order_by(columns.created_at, columns.id)
        with self._reader.connect() as connection:
            return [WORKSPACE.record(row) for row in connection.execute(query).mappings()]

    def add_workspace(self, workspace: Workspace) -> None:
        """Insert a workspace; raises DuplicateRecord if its id or its Slack team is taken."""
        with self._writer.begin() as connection, refusing_duplicates(connection):
            connection.execute(tables.workspaces.insert().values(WORKSPACE.row(workspace)))

    def by_slack_team(self, slack_team_id: str) -> Workspace | None:
        """Return the workspace bound to that Slack team."""
        query = select(tables.workspaces).where(tables.workspaces.c.slack_team_id == slack_team_id)
        with self._reader.connect() as connection:
            row = connection.execute(query).mappings().first()
        return None if row is None else WORKSPACE.record(row)

    def stripe_connection(self, stripe_account_id: str, *, livemode: bool) -> StripeConnection | None:
        """Return the active connection, of whatever workspace, that the account is."""
        return self.stripe_connections([(stripe_account_id, livemode)]).get((stripe_account_id, livemode))

    def stripe_connections(self, accounts: Collection[tuple[str, bool]]) -> dict[tuple[str, bool], StripeConnection]:
        """Return the active connections, of whatever workspaces, that accounts are: ids, and whether in live mode."""
        with self._reader.connect() as connection:
            rows = connection.execute(_connected(), {"accounts": sorted(accounts)}).mappings().all()
        found = map(CONNECTION.record, rows)
        return {(one.stripe_account_id, one.livemode): one for one in found}

    def by_pay_token(self, token: str) -> tuple[str, str] | None:
        """Return (workspace id, invoice number)."""
        columns = tables.invoices.c
        return self._owner(columns.token, token, columns.workspace_id, columns.number)

    def portal_link(self, token_hash: str) -> PortalLink | None:
        """Return the address of a portal by its token's SHA-256 (hex), whether it still opens it or not."""
        query = select(tables.portal_links).where(tables.portal_links.c.token_hash == token_hash)
        with self._reader.connect() as connection:
            row = connection.execute(query).mappings().first()
        return None if row is None else PORTAL_LINK.record(row)

    def connect_request(self, *, token_hash: str = "", state_hash: str = "") -> ConnectRequest | None:
        """Return the connect ticket by its token's or its state's SHA-256 (hex)."""
        columns = tables.connect_requests.c
        wanted = columns.token_hash == token_hash if token_hash else columns.state_hash == state_hash
        with self._reader.connect() as connection:
            row = connection.execute(select(tables.connect_requests).where(wanted)).mappings().first()
        return None if row is None else CONNECT_REQUEST.record(row)

    def page_ticket(self, *, token_hash: str = "", session_hash: str = "") -> PageTicket | None:
        """Return the ticket to a page by its token's or its session's SHA-256 (hex)."""
        columns = tables.page_tickets.c
        wanted = columns.token_hash == token_hash if token_hash else columns.session_hash == session_hash
        with self._reader.connect() as connection:
            row = connection.execute(select(tables.page_tickets).where(wanted)).mappings().first()
        return None if row is None else PAGE_TICKET.record(row)

    def _owner(
        self, secret: Column[str], value: str, workspace: Column[str], number: Column[str]
    ) -> tuple[str, str] | None:
        with self._reader.connect() as connection:
            row = connection.execute(select(workspace, number).where(secret == value)).first()
        return None if row is None else (row[0], row[1])


@cache
def _connected() -> Select[Any]:
    """Return what finds the active connections of accounts: asked again and again, so put together once."""
    columns = tables.stripe_connections.c
    wanted: BindParameter[Any] = bindparam("accounts", expanding=True)
    account = tuple_(columns.stripe_account_id, columns.livemode)
    return select(tables.stripe_connections).where(account.in_(wanted), columns.disconnected_at.is_(None))
