"""Somebody became a guest, was deactivated, or is a full member again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bot.slack.incoming import PERSON, changed

if TYPE_CHECKING:
    from slack_bolt import App

    from bot.slack.inbox import Inbox

_NOT_FULL: Final = ("deleted", "is_restricted", "is_ultra_restricted", "is_stranger")


def register(app: App, inbox: Inbox) -> None:
    """Listen to what becomes of people."""

    @app.event("user_change")
    def became(body: dict[str, Any]) -> None:
        # Slack tells of every new status and picture as well; only who comes or goes is of interest.
        address, user = changed(body).address, body["event"]["user"]
        stands, is_full = inbox.stands(address), not any(user.get(flag) for flag in _NOT_FULL)
        if stands is not None and stands is not is_full:
            key = f"person:{address.team}:{body['event_id']}"
            inbox.put(PERSON, key, f"person:{address.team}:{address.user}", body)
