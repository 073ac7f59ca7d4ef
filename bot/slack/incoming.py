"""What Slack sent, read into the few things that can be done with it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from billing.conversations import SkillCall
from bot.slack.address import SlackAddress
from bot.slack.commanding import is_shared, sentence
from bot.slack.elements import CONFIRM, COPY, FEEDBACK, HELPED, HELPED_NOT, MORE, TAKE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Body = dict[str, Any]

MESSAGE = "message"
COMMAND = "command"
ACTION = "action"
HOME = "home"
LEFT = "left"
PERSON = "person"
FORM = "form"

SAY_PREFIX = "evie_say_"

_LEADING_MENTION = re.compile(r"\s*<@([UW][A-Z0-9]+)")


@dataclass(frozen=True, slots=True)
class Said:
    """A person said something, at `address`. `aside` is where a word meant for that person alone goes.

    `marked_up` says that the text is in Slack's markup (`<@U1>`, `&amp;`), which a button's sentence is not. `to_evie`
    is False where she only takes part in the thread, and nobody named her.
    """

    address: SlackAddress
    aside: SlackAddress
    text: str
    bot_user: str | None = None
    marked_up: bool = True
    by_command: bool = False
    with_files: bool = False
    to_evie: bool = True


@dataclass(frozen=True, slots=True)
class Pressed:
    """A person pressed a button of a proposal's card; `card` is that message as Slack has it, empty if ephemeral."""

    address: SlackAddress
    aside: SlackAddress
    proposal: str
    confirm: bool
    card: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Clicked:
    """A person pressed a button that neither says something nor decides a proposal; `value` is what it is about.

    With `more` that is how a list goes on, with `copy` a text to take along, otherwise the number of a request for a
    person. `card` is the message as
    Slack has it, empty where only one person sees it and on a home.
    """

    address: SlackAddress
    aside: SlackAddress
    value: str
    more: bool = False
    copy: bool = False
    card: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judged:
    """A person said whether an answer helped them; `message` is that answer's ts."""

    address: SlackAddress
    aside: SlackAddress
    verdict: str
    message: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A person opened the direct message with Evie, or her `home`."""

    address: SlackAddress
    home: bool = False


@dataclass(frozen=True, slots=True)
class Left:
    """Evie was taken out of a team (or a whole organisation), or its token was revoked, at `at` (Unix seconds)."""

    address: SlackAddress
    at: int


@dataclass(frozen=True, slots=True)
class Changed:
    """A person became a guest, was deactivated, or is a full member again."""

    address: SlackAddress


@dataclass(frozen=True, slots=True)
class SentOff:
    """A person sent off a form: the calls that it was read as, and whether it showed exactly what they do.

    `channels` are Slack's ids of channels by the names that stand in for theirs.
    """

    address: SlackAddress
    aside: SlackAddress
    calls: tuple[SkillCall, ...]
    confirmed: bool
    channels: Mapping[str, str] = field(default_factory=dict)


Incoming = Said | Pressed | Clicked | Judged | Opened | Left | Changed | SentOff


def read_incoming(kind: str, body: Body) -> Incoming:
    """Return what an inbox row of that kind and body means."""
    readers: dict[str, Callable[[Body], Incoming]] = {
        MESSAGE: message,
        COMMAND: command,
        ACTION: action,
        HOME: opened,
        LEFT: left,
        PERSON: changed,
        FORM: sent_off,
    }
    return readers[kind](body)


def message(body: Body) -> Said:
    """Read a `message` or `app_mention` event. Each thread is a conversation; a message outside of one starts it."""
    event = body["event"]
    address = SlackAddress(team_of(body), event["channel"], event["user"], event.get("thread_ts") or event["ts"])
    return Said(
        address=address,
        aside=aside_of(address, event.get("thread_ts")),
        text=event.get("text") or "",
        bot_user=_bot_user(body),
        with_files=bool(event.get("files")),
        to_evie=_is_to_evie(body),
    )


def command(body: Body) -> Said:
    """Read a slash command. A private word goes to the person even where the answer is for the channel."""
    words = body.get("text") or ""
    aside = SlackAddress(
        team=team_of(body),
        channel=body["channel_id"],
        user=body["user_id"],
        private=True,
        response_url=body.get("response_url"),
    )
    return Said(
        address=replace(aside, private=not is_shared(words)),
        aside=aside,
        text=sentence(body["command"], words),
        by_command=True,
    )


def action(body: Body) -> Said | Pressed | Clicked | Judged:
    """Read a click on a button."""
    card: Body = body.get("message") or {}
    container: Body = body.get("container") or {}
    pressed: Body = body["actions"][0]
    hidden = container.get("type") != "view" and (bool(container.get("is_ephemeral")) or not card)
    address = SlackAddress(
        team=team_of(body),
        # A click in App Home is answered by direct message, which Slack lets be named by the person.
        channel=(body.get("channel") or body["user"])["id"],
        user=body["user"]["id"],
        thread_ts=container.get("thread_ts") if hidden else card.get("thread_ts") or card.get("ts"),
        private=hidden,
        response_url=body.get("response_url") if hidden else None,
    )
    aside = aside_of(address, address.thread_ts if hidden else card.get("thread_ts"))
    if pressed["action_id"].startswith(SAY_PREFIX):
        return Said(address=address, aside=aside, text=pressed["value"], marked_up=False)
    if pressed["action_id"] == FEEDBACK:
        verdict = HELPED if pressed["value"] == HELPED else HELPED_NOT
        return Judged(address, aside, verdict, str(card.get("ts", "")))
    more, copy = (pressed["action_id"].startswith(kind) for kind in (MORE, COPY))
    if more or copy or pressed["action_id"] == TAKE:
        return Clicked(address, aside, pressed["value"], more, copy, {} if hidden else card)
    return Pressed(
        address=address,
        aside=aside,
        proposal=pressed["value"],
        confirm=pressed["action_id"] == CONFIRM,
        card={} if hidden else card,
    )


def opened(body: Body) -> Opened:
    """Read an `app_home_opened` event."""
    event = body["event"]
    return Opened(SlackAddress(team_of(body), event["channel"], event["user"]), home=event.get("tab") == "home")


def left(body: Body) -> Left:
    """Read an `app_uninstalled` or `tokens_revoked` event."""
    return Left(SlackAddress(team_of(body), "", ""), int(body["event_time"]))


def changed(body: Body) -> Changed:
    """Read a `user_change` event."""
    return Changed(SlackAddress(team_of(body), "", body["event"]["user"]["id"]))


def sent_off(body: Body) -> SentOff:
    """Read a form, as it was stored when it was sent off."""
    address = SlackAddress.restored(body["address"])
    calls = tuple(SkillCall(call["skill"], call["arguments"]) for call in body["calls"])
    aside = aside_of(address, address.thread_ts)
    return SentOff(address, aside, calls, body["confirmed"], body["channels"])


def _bot_user(body: Body) -> str | None:
    """Return Evie's own user id: Slack says it; where it does not, a mention starts with it."""
    bots = [str(entry["user_id"]) for entry in body.get("authorizations", []) if entry.get("is_bot")]
    if bots or body["event"]["type"] != "app_mention":
        return bots[0] if bots else None
    mention = _LEADING_MENTION.match(body["event"].get("text") or "")
    return mention[1] if mention else None


def _is_to_evie(body: Body) -> bool:
    event, bot_user = body["event"], _bot_user(body)
    named = bot_user is not None and f"<@{bot_user}" in (event.get("text") or "")
    return named or event["type"] == "app_mention" or event["channel"].startswith("D")


def is_for_somebody_else(body: Body) -> bool:
    """Say whether a message in a thread of colleagues begins with another's name, or is nothing but a file."""
    event = body["event"]
    mention = _LEADING_MENTION.match(event.get("text") or "")
    if mention:
        return mention[1] != _bot_user(body)
    return not (event.get("text") or "").strip()


def team_of(body: Body) -> str:
    """Return the team, or the whole organisation, that Evie is installed in.

    In a shared channel an event's own team may be another. Commands say "true" where clicks say true.
    """
    for entry in body.get("authorizations", []):
        whole = entry.get("is_enterprise_install") and entry.get("enterprise_id")
        if whole or entry.get("team_id"):
            return str(whole or entry["team_id"])
    if str(body.get("is_enterprise_install", "")).lower() == "true":
        return str(body.get("enterprise_id") or body["enterprise"]["id"])
    team: Body = body.get("team") or {}
    return str(body.get("team_id") or team.get("id") or body["user"]["team_id"])


def aside_of(address: SlackAddress, thread_ts: str | None) -> SlackAddress:
    """Return the place for a private word: Slack shows one in a thread only where the thread exists already."""
    if address.private or address.channel.startswith(("D", address.user)):
        return address
    return replace(address, private=True, thread_ts=thread_ts)
