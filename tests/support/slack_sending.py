"""What Slack sends to Evie: events, commands and clicks, as its Events API and its interactivity write them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

Json = dict[str, Any]

TEAM: Final = "T0STUDIO"
BOT: Final = "U0EVIE"


def _state(element: Json, value: Any) -> Json:
    """Return the state of an input; None is what it was shown with."""
    match element["type"]:
        case "plain_text_input":
            return {"type": element["type"], "value": element.get("initial_value") if value is None else value or None}
        case "datepicker":
            shown = element.get("initial_date") if value is None else value
            return {"type": element["type"], "selected_date": shown or None}
        case "multi_static_select":
            shown = element.get("initial_options", []) if value is None else [_option(one) for one in value]
            return {"type": element["type"], "selected_options": shown}
        case "conversations_select":
            shown = element.get("initial_conversation") if value is None else value
            return {"type": element["type"], "selected_conversation": shown or None}
    chosen = element.get("initial_option") if value is None else _option(value) if value else None
    return {"type": element["type"], "selected_option": chosen}


def _filled(view: Json, values: Json) -> Json:
    """Return the state of a modal's fields with these values by block; what is not among them is as it was shown."""
    state = {
        block["block_id"]: {block["element"]["action_id"]: _state(block["element"], values.get(block["block_id"]))}
        for block in view["blocks"]
        if block["type"] == "input"
    }
    assert values.keys() <= state.keys(), f"{values.keys() - state.keys()} are no fields of {view['callback_id']}"
    return state


def _option(value: str) -> Json:
    return {"text": {"type": "plain_text", "text": value}, "value": value}


@dataclass
class Sending:
    """The part of a fake Slack that speaks. `url` is where its response URLs lead.

    `now` is the time in seconds since 1970: messages are younger than that.
    """

    url: str = ""
    now: Callable[[], float] = lambda: 0.0
    _clock: int = 1_773_187_200
    _events: int = 0

    def next_ts(self) -> str:
        self._clock = max(self._clock + 1, int(self.now()))
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

    def shortcut(self, callback_id: str, *, user: str = "U1") -> Json:
        """Return a global shortcut."""
        return self._interaction("shortcut", user) | {"callback_id": callback_id, "action_ts": self.next_ts()}

    def message_shortcut(self, callback_id: str, message: Json, *, user: str = "U1", channel: str = "C1") -> Json:
        """Return a shortcut in the menu of a message, which anybody may have posted."""
        return self._interaction("message_action", user) | {
            "callback_id": callback_id,
            "channel": {"id": channel, "name": "billing"},
            "message_ts": message["ts"],
            "message": {"type": "message"} | message,
            "response_url": f"{self.url}/response/{self._events}",
        }

    def typing(self, view: Json, action_id: str, typed: str, *, user: str = "U1") -> Json:
        """Return what Slack asks for while somebody types into a field that is searched."""
        return self._interaction("block_suggestion", user) | {
            "action_id": action_id,
            "block_id": "b1",
            "value": typed,
            "view": view,
            "container": {"type": "view", "view_id": view["id"]},
        }

    def submission(self, view: Json, values: Json, *, user: str = "U1") -> Json:
        """Return what Slack sends of a modal with these values by block; what is not among them is as it was shown."""
        return self._interaction("view_submission", user) | {
            "view": view | {"state": {"values": _filled(view, values)}},
            "response_urls": [],
        }

    def choosing(self, view: Json, field: str, values: Json, *, user: str = "U1") -> Json:
        """Return what Slack sends at once when somebody chooses something in a field that other fields depend on."""
        block = next(one for one in view["blocks"] if one.get("block_id") == field)
        assert block["dispatch_action"]
        state = _filled(view, values)
        ((action_id, chosen),) = state[field].items()
        return self._interaction("block_actions", user) | {
            "view": view | {"state": {"values": state}},
            "container": {"type": "view", "view_id": view["id"]},
            "actions": [chosen | {"block_id": field, "action_id": action_id}],
        }

    def _interaction(self, kind: str, user: str) -> Json:
        self._events += 1
        return {
            "type": kind,
            "token": "an-old-verification-token",
            "team": {"id": TEAM, "domain": "studio"},
            "user": {"id": user, "username": "someone", "team_id": TEAM},
            "api_app_id": "A0EVIE",
            "is_enterprise_install": False,
            "enterprise": None,
            "trigger_id": f"{self._events}.{TEAM}.{kind}",
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
