"""Direct messages: a person's id is enough to post to, but only their channel's id finds again what was posted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.slack.errors import SlackRefused, slack_errors

if TYPE_CHECKING:
    from slack_sdk import WebClient

_PEOPLE: Final = ("U", "W")


def is_direct(place: str) -> bool:
    """Return whether a place, a channel's or a person's id, is somebody's direct messages."""
    return place.startswith(("D", *_PEOPLE))


def reached(client: WebClient, place: str, *, again: bool) -> str:
    """Return the id of the channel that a place is: a person's direct messages are opened.

    Raises SlackRefused, ProviderUnavailable. `again` says that an earlier try may have arrived there.
    """
    if not place.startswith(_PEOPLE):
        return place
    try:
        with slack_errors():
            return str(client.conversations_open(users=place)["channel"]["id"])
    except SlackRefused as error:
        # Installed before the app asked for im:write: Slack takes a post there all the same, but finds none again.
        if again or error.reason != "missing_scope":
            raise
        return place
