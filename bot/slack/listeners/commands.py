"""The slash commands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.slack.commanding import COMMANDS
from bot.slack.incoming import COMMAND, command

if TYPE_CHECKING:
    from slack_bolt import Ack, App

    from bot.slack.inbox import Inbox


def register(app: App, inbox: Inbox) -> None:
    """Listen to every command."""

    def typed(ack: Ack, body: dict[str, Any]) -> None:
        address = command(body).address
        # Slack gives a command no id of its own; its trigger is unique.
        inbox.put(COMMAND, f"command:{address.team}:{body['trigger_id']}", address.conversation, body)
        ack()

    for name in COMMANDS:
        app.command(name)(typed)
