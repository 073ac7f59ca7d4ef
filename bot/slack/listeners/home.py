"""Somebody opened the direct message with Evie, or her home."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.slack.incoming import HOME, opened

if TYPE_CHECKING:
    from slack_bolt import App

    from bot.slack.inbox import Inbox


_TABS = frozenset({"messages", "home"})


def register(app: App, inbox: Inbox) -> None:
    """Listen to Evie's tabs being opened."""

    @app.event("app_home_opened")
    def came(body: dict[str, Any]) -> None:
        event = body["event"]
        if event.get("tab") in _TABS:
            address = opened(body).address
            key = f"home:{address.team}:{address.user}:{body['event_id']}"
            inbox.put(HOME, key, address.conversation, body)
