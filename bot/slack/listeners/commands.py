"""The slash commands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.slack.commanding import COMMANDS, opens_form
from bot.slack.incoming import COMMAND, command
from bot.slack.modals.asked import read_asked

if TYPE_CHECKING:
    from slack_bolt import Ack, App

    from bot.slack.inbox import Inbox
    from bot.slack.modals.room import FormRoom


def register(app: App, inbox: Inbox, room: FormRoom) -> None:
    """Listen to every command. One that has a form opens it where nothing is said beside it."""

    def typed(ack: Ack, body: dict[str, Any]) -> None:
        if opens_form(body["command"], body.get("text") or ""):
            ack()
            return
        address = command(body).address
        # Slack gives a command no id of its own; its trigger is unique.
        inbox.put(COMMAND, f"command:{address.team}:{body['trigger_id']}", address.conversation, body)
        ack()

    def opened(body: dict[str, Any]) -> None:
        if opens_form(body["command"], body.get("text") or ""):
            room.opener.open(read_asked(body))

    for name in COMMANDS:
        app.command(name)(ack=typed, lazy=[opened])
