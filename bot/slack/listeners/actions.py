"""Clicks on Evie's buttons."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bot.slack.elements import CONFIRM, COPY, DROP, FEEDBACK, MORE, TAKE
from bot.slack.incoming import ACTION, SAY_PREFIX, action

if TYPE_CHECKING:
    from slack_bolt import Ack, App

    from bot.slack.inbox import Inbox

_ANSWERED = re.compile(rf"{SAY_PREFIX}\d+|{CONFIRM}|{DROP}|{FEEDBACK}|{TAKE}|(?:{MORE}|{COPY})(?:_\d+)?")
_ONLY_OPENED = re.compile(r"evie_open_\d+")


def register(app: App, inbox: Inbox) -> None:
    """Listen to the buttons of cards."""

    @app.action(_ANSWERED)
    def clicked(ack: Ack, body: dict[str, Any]) -> None:
        address = action(body).address
        # Each click has a trigger of its own. Whether a second one still means something is the proposal's to say.
        inbox.put(ACTION, f"action:{address.team}:{body['trigger_id']}", address.conversation, body)
        ack()

    @app.action(_ONLY_OPENED)
    def opened(ack: Ack) -> None:
        """Slack reports clicks on links as well and wants an answer."""
        ack()
