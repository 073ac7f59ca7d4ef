"""Forms: asked for by a button, a command or a shortcut, searched in while somebody types, and sent off.

A form is opened after the acknowledgement, in a thread of its own, because Slack's window for it closes in seconds and
no worker is asked. It changes nothing; what is sent off becomes a row like anything else.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bot.slack.commanding import SHORTCUTS
from bot.slack.modals.asked import read_asked
from bot.slack.modals.fields import CHOOSE, DECIDED
from bot.slack.modals.views import CALLBACK

if TYPE_CHECKING:
    from slack_bolt import Ack, App

    from bot.slack.modals.room import FormRoom

_BUTTON = re.compile(r"evie_form_\d+")


def register(app: App, room: FormRoom) -> None:
    """Listen to all that has to do with forms, but for the command that opens one."""

    def opened(body: dict[str, Any]) -> None:
        room.opener.open(read_asked(body))

    app.action(_BUTTON)(ack=_taken, lazy=[opened])
    for shortcut in SHORTCUTS:
        app.shortcut(shortcut.callback_id)(ack=_taken, lazy=[opened])

    def decided(body: dict[str, Any]) -> None:
        room.redraws.draw(body)

    app.action(re.compile(rf"{DECIDED}[a-z_]+"))(ack=_taken, lazy=[decided])

    @app.view_submission(re.compile(rf"{CALLBACK}[a-z_]+"))
    def sent_off(ack: Ack, body: dict[str, Any]) -> None:
        ack(**room.submits.take(body))

    @app.options(re.compile(rf"{CHOOSE}[a-z]+"))
    def typed(ack: Ack, body: dict[str, Any]) -> None:
        ack(options=room.options(body))


def _taken(ack: Ack) -> None:
    ack()
