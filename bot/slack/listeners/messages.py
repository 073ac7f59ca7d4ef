"""Direct messages, mentions, and what is said in threads where Evie takes part.

One message can arrive three times: as `message`, as `app_mention` and as Slack's repetition of either. The key is
the message itself (team, channel, ts), so it becomes one row. What else is said in channels, or to somebody else in
such a thread, is not for Evie and is not stored.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.slack.incoming import MESSAGE, is_for_somebody_else, message

if TYPE_CHECKING:
    from slack_bolt import App

    from bot.slack.inbox import Inbox

# A message with a file is a message; every other subtype is an edit, a deletion or Slack talking about itself.
_SPOKEN = frozenset({None, "file_share", "thread_broadcast"})


def register(app: App, inbox: Inbox) -> None:
    """Listen to messages and mentions."""

    @app.event("app_mention")
    def mentioned(body: dict[str, Any]) -> None:
        if _is_said_by_a_person(body["event"]):
            _take(inbox, body)

    @app.event("message")
    def said(body: dict[str, Any]) -> None:
        event = body["event"]
        if _is_said_by_a_person(event) and (event["channel"].startswith("D") or _in_a_known_thread(inbox, body)):
            _take(inbox, body)


def _is_said_by_a_person(event: dict[str, Any]) -> bool:
    return (
        event.get("subtype") in _SPOKEN
        and bool(event.get("user"))
        and "bot_id" not in event
        and "edited" not in event
        and "hidden" not in event
    )


def _in_a_known_thread(inbox: Inbox, body: dict[str, Any]) -> bool:
    if "thread_ts" not in body["event"] or is_for_somebody_else(body):
        return False
    return inbox.takes_part(message(body).address)


def _take(inbox: Inbox, body: dict[str, Any]) -> None:
    address = message(body).address
    inbox.put(MESSAGE, f"{address.team}:{address.channel}:{body['event']['ts']}", address.conversation, body)
