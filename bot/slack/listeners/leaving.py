"""Evie was taken out of a workspace, or its token was revoked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.slack.incoming import LEFT, left

if TYPE_CHECKING:
    from slack_bolt import App

    from bot.slack.inbox import Inbox


def register(app: App, inbox: Inbox) -> None:
    """Listen to the end of an installation."""

    @app.event("app_uninstalled")
    def uninstalled(body: dict[str, Any]) -> None:
        _take(inbox, body)

    @app.event("tokens_revoked")
    def revoked(body: dict[str, Any]) -> None:
        # People's own tokens are revoked as well; Evie has none of them.
        if body["event"].get("tokens", {}).get("bot"):
            _take(inbox, body)


def _take(inbox: Inbox, body: dict[str, Any]) -> None:
    address = left(body).address
    inbox.put(LEFT, f"left:{address.team}:{body['event_id']}", f"slack:{address.team}", body)
