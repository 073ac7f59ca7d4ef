"""How the people and channels of one workspace are called, for reading what is said there."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from billing.ports import Store
    from billing.workspaces import Workspace
    from bot.slack.channels import Channels
    from bot.slack.members import Members


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
        with self._store.transaction(self._workspace.id) as tx:
            known = [one.name for one in tx.people.channels() if one.slack_channel_id == slack_channel_id]
        return known[0].removeprefix("#") if known else self._channels.name_of(self._workspace, slack_channel_id)
