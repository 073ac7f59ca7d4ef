"""Who asks for which form, from where: a command, a button or a shortcut."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.slack.address import SlackAddress
from bot.slack.incoming import action, aside_of, command, team_of

if TYPE_CHECKING:
    from collections.abc import Callable

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """A form that somebody wants, and where its answer goes; `aside` is for a word meant for that person alone.

    `about` is the number of a record; `text` a message that the form is filled in from, in Slack's markup.
    """

    form: str
    trigger: str
    address: SlackAddress
    aside: SlackAddress
    about: str = ""
    text: str = ""


def read_asked(body: Body) -> Asked:
    """Return what a command, a click or a shortcut asks for."""
    readers: dict[str, Callable[[Body], Asked]] = {
        "block_actions": _by_button,
        "shortcut": _by_shortcut,
        "message_action": _by_message,
    }
    return readers.get(str(body.get("type")), _by_command)(body)


def _by_command(body: Body) -> Asked:
    said = command(body)
    return Asked("create_invoice", body["trigger_id"], said.address, said.aside)


def _by_button(body: Body) -> Asked:
    clicked = action(body)
    form, _, about = str(body["actions"][0]["value"]).partition(" ")
    return Asked(form, body["trigger_id"], clicked.address, clicked.aside, about)


def _by_shortcut(body: Body) -> Asked:
    # It has no channel: the answer comes by direct message, which Slack lets be named by the person.
    address = SlackAddress(team_of(body), body["user"]["id"], body["user"]["id"])
    return Asked("create_invoice", body["trigger_id"], address, address)


def _by_message(body: Body) -> Asked:
    message = body["message"]
    address = SlackAddress(
        team=team_of(body),
        channel=body["channel"]["id"],
        user=body["user"]["id"],
        thread_ts=message.get("thread_ts") or message["ts"],
    )
    aside = aside_of(address, message.get("thread_ts"))
    return Asked("create_invoice", body["trigger_id"], address, aside, text=message.get("text") or "")
