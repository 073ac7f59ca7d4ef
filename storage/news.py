"""Where the news of a workspace goes, beside the channels of its events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete

from billing.news import NewsSettings
from storage import mappers, tables
from storage.rows import Rows

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from billing.news import DealRoute


class SqlNews:
    """The settings of one workspace's news (`billing.ports.NewsRecords`)."""

    def __init__(self, connection: Connection, workspace_id: str) -> None:
        self._settings = Rows(connection, mappers.NEWS_SETTINGS, workspace_id)
        self._routes = Rows(connection, mappers.DEAL_ROUTE, workspace_id)

    def settings(self) -> NewsSettings:
        """Return what is set; where nothing is, settings without anything."""
        return self._settings.one() or NewsSettings(self._settings.workspace_id)

    def save_settings(self, settings: NewsSettings) -> None:
        """Write what is set."""
        self._settings.put(settings)

    def deal_route(self, opportunity: str) -> DealRoute | None:
        """Return where news about the opportunity goes, None where it goes where all news goes."""
        return self._routes.known(opportunity=opportunity)

    def deal_routes(self) -> list[DealRoute]:
        """Return all of them, by opportunity."""
        return self._routes.many(order=[self._routes.columns.opportunity])

    def set_deal_route(self, route: DealRoute) -> None:
        """Insert, or change the channel of the opportunity's."""
        self._routes.put(route)

    def drop_deal_route(self, opportunity: str) -> bool:
        """Let news about the opportunity go where all news goes; say whether it did not."""
        columns = tables.deal_routes.c
        mine = columns.workspace_id == self._routes.workspace_id
        dropped = delete(tables.deal_routes).where(mine, columns.opportunity == opportunity)
        return self._routes.connection.execute(dropped).rowcount == 1
