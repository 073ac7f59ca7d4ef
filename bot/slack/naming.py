"""How the people and channels of one workspace are called, for reading what is said there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billing.workspaces import Channel

if TYPE_CHECKING:
    from billing.ports import Store
    from billing.workspaces import Workspace
    from bot.slack.channels import Channels
    from bot.slack.members import Members


class KnownNames:
    """Our own records alone, where there is no time to ask Slack (implements `bot.slack.texts.Names`)."""

    def __init__(self, workspace: Workspace, store: Store) -> None:
        self._workspace = workspace
        self._store = store

    def person(self, slack_user_id: str) -> str | None:
        """Return the person's name, if they are known."""
        with self._store.transaction(self._workspace.id) as tx:
            return next((one.name for one in tx.people.members() if one.slack_user_id == slack_user_id), None)

    def channel(self, slack_channel_id: str) -> str | None:
        """Return the channel's name without its hash, if it is known."""
        with self._store.transaction(self._workspace.id) as tx:
            known = (one.name for one in tx.people.channels() if one.slack_channel_id == slack_channel_id)
            return next((name.removeprefix("#") for name in known), None)


class SlackNames:
    """Our own records first, then Slack (implements `bot.slack.texts.Names`)."""

    def __init__(self, workspace: Workspace, store: Store, members: Members, channels: Channels) -> None:
        self._workspace = workspace
        self._store = store
        self._members = members
        self._channels = channels

    def person(self, slack_user_id: str) -> str | None:
        """Return the person's name; a colleague who is mentioned becomes known, so that a role can be given."""
        return self._members.of(self._workspace, slack_user_id).name

    def channel(self, slack_channel_id: str) -> str | None:
        """Return the channel's name without its hash."""
        known = KnownNames(self._workspace, self._store).channel(slack_channel_id)
        return known or self._channels.name_of(self._workspace, slack_channel_id)

    def keep_channel(self, slack_channel_id: str) -> str:
        """Keep a channel by its Slack id, and return its name."""
        name = self.channel(slack_channel_id) or slack_channel_id.lower()
        channel = Channel(self._workspace.id, f"#{name}", slack_channel_id)
        with self._store.transaction(self._workspace.id) as tx:
            tx.people.save_channel(channel)
        return channel.name
