"""What Slack sends to Evie: events, commands and clicks, as its Events API and its interactivity write them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

Json = dict[str, Any]

TEAM: Final = "T0STUDIO"
BOT: Final = "U0EVIE"


@dataclass
class Sending:
    """The part of a fake Slack that speaks. `url` is where its response URLs lead."""

    url: str = ""
    _clock: int = 1_773_187_200
    _events: int = 0

    def next_ts(self) -> str:
        self._clock += 1
        return f"{self._clock}.000100"

    def event(self, event: Json, **envelope: Any) -> Json:
        """Return an event as Slack's Events API wraps it."""
        self._events += 1
        return {
            "token": "an-old-verification-token",
            "team_id": TEAM,
            "api_app_id": "A0EVIE",
            "type": "event_callback",
            "event_id": f"Ev{self._events:08}",
            "event_time": self._clock,
            "authorizations": [{"enterprise_id": None, "team_id": TEAM, "user_id": BOT, "is_bot": True}],
            "event": event,
        } | envelope

    def message(self, text: str, *, channel: str = "D1", **changes: Any) -> Json:
        """Return a `message` event; in a channel, Slack also sends it as `app_mention` if it names Evie."""
        kind = "im" if channel.startswith("D") else "channel"
        ts = self.next_ts()
        said = {"type": "message", "user": "U1", "channel": channel, "text": text, "ts": ts, "event_ts": ts}
        return self.event(said | {"channel_type": kind} | changes)

    def command(self, text: str, *, user: str = "U1", channel: str = "C1", name: str = "/evie") -> Json:
        """Return a slash command's form."""
        self._events += 1
        return {
            "token": "an-old-verification-token",
            "team_id": TEAM,
            "channel_id": channel,
            "user_id": user,
            "command": name,
            "text": text,
            "response_url": f"{self.url}/response/{self._events}",
            "trigger_id": f"{self._events}.{TEAM}.command",
        }

    def click(self, action_id: str, value: str, card: Json, *, user: str = "U1") -> Json:
        """Return a click on a button of a message that Evie posted (or showed to one person only)."""
        self._events += 1
        ephemeral = "message_ts" in card
        container = {"type": "message", "channel_id": card["channel"], "is_ephemeral": ephemeral}
        payload = {
            "type": "block_actions",
            "token": "an-old-verification-token",
            "team": {"id": TEAM},
            "user": {"id": user, "team_id": TEAM},
            "channel": {"id": card["channel"]},
            "container": container | {"message_ts": card.get("ts") or card["message_ts"]},
            "trigger_id": f"{self._events}.{TEAM}.click",
            "response_url": f"{self.url}/response/{self._events}",
            "actions": [{"type": "button", "action_id": action_id, "value": value, "block_id": "b1"}],
        }
        return payload if ephemeral else payload | {"message": card}
