"""What one workspace has set about where its news goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from billing.news import DealRoute, NewsSettings


class NewsRecords(Protocol):
    """The settings of news, and the channels of single deals."""

    def settings(self) -> NewsSettings:
        """Return what is set; where nothing is, settings without anything."""

    def save_settings(self, settings: NewsSettings) -> None:
        """Write what is set."""

    def deal_route(self, opportunity: str) -> DealRoute | None:
        """Return where news about the opportunity goes, None where it goes where all news goes."""

    def deal_routes(self) -> list[DealRoute]:
        """Return all of them, by opportunity."""

    def set_deal_route(self, route: DealRoute) -> None:
        """Insert, or change the channel of the opportunity's."""

    def drop_deal_route(self, opportunity: str) -> bool:
        """Let news about the opportunity go where all news goes; say whether it did not."""
