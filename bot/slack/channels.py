"""From a channel's name to Slack's id, asked for only where nobody has told it yet."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.slack.errors import SlackRefused, slack_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from slack_sdk import WebClient
    from slack_sdk.web import SlackResponse

    from billing.ports import Store
    from billing.workspaces import Channel, Workspace

_PAGE = 200


class Channels:
    """Finds channels by name and keeps their ids."""

    def __init__(self, client_for: Callable[[Workspace], WebClient], store: Store) -> None:
        self._client_for = client_for
        self._store = store

    def id_of(self, workspace: Workspace, channel: Channel) -> str:
        """Return Slack's id of the channel; raises SlackRefused where Evie sees no such channel."""
        if channel.slack_channel_id:
            return channel.slack_channel_id
        wanted = channel.name.removeprefix("#").casefold()
        for name, slack_channel_id in self._listed(workspace):
            if name.casefold() == wanted:
                with self._store.transaction(workspace.id) as tx:
                    tx.people.save_channel(replace(channel, slack_channel_id=slack_channel_id))
                return slack_channel_id
        message = f"I see no channel {channel.name} in Slack. If it is private, invite me there first."
        raise SlackRefused(message, "channel_not_found")

    def name_of(self, workspace: Workspace, slack_channel_id: str) -> str | None:
        """Return the channel's name without its hash, or None where Slack does not say."""
        try:
            with slack_errors():
                answer = self._client_for(workspace).conversations_info(channel=slack_channel_id)
        except SlackRefused as error:
            if error.reason != "channel_not_found":
                raise
            return None
        return str(answer["channel"]["name"])

    def _listed(self, workspace: Workspace) -> Iterator[tuple[str, str]]:
        """Yield (name, id) of every channel that Evie can see."""
        client = self._client_for(workspace)
        for team in _teams(client, workspace):
            yield from _listed_in(client, team)


def _teams(client: WebClient, workspace: Workspace) -> Iterator[str | None]:
    """Yield the teams to ask for: none has to be named but where a whole organisation has installed Evie."""
    if not (workspace.slack_team_id or "").startswith("E"):
        yield None
        return
    for page in _pages(lambda cursor: client.auth_teams_list(limit=_PAGE, cursor=cursor)):
        yield from (str(team["id"]) for team in page["teams"])


def _listed_in(client: WebClient, team: str | None) -> Iterator[tuple[str, str]]:
    def listed(cursor: str) -> SlackResponse:
        return client.conversations_list(
            types="public_channel,private_channel",
            exclude_archived=True,
            limit=_PAGE,
            cursor=cursor,
            team_id=team,
        )

    for page in _pages(listed):
        yield from ((str(channel["name"]), str(channel["id"])) for channel in page["channels"])


def _pages(ask: Callable[[str], SlackResponse]) -> Iterator[SlackResponse]:
    """Yield every page of a listing, which is asked for by the cursor of the one before it."""
    cursor = ""
    while True:
        with slack_errors():
            page = ask(cursor)
        yield page
        cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
        if not cursor:
            return
