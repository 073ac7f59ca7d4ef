"""Who opens a form or sends one off, in which workspace: looked at each time, whatever was shown before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from billing.conversations import Actor
from billing.errors import NotAllowed
from bot.slack.members import Stranger

if TYPE_CHECKING:
    from billing.ports import Store
    from billing.workspaces import Workspace
    from bot.slack.address import SlackAddress
    from bot.slack.members import Members


@dataclass(frozen=True, slots=True)
class People:
    """The workspaces and their people."""

    store: Store
    members: Members

    def workspace(self, address: SlackAddress) -> Workspace | None:
        """Return the workspace of a team, None where Evie is not installed in it."""
        return self.store.directory.by_slack_team(address.team)

    def actor(self, workspace: Workspace, address: SlackAddress) -> Actor:
        """Return the person as one who acts; raises NotAllowed for a stranger, ProviderUnavailable."""
        member = self.members.of(workspace, address.user)
        if isinstance(member, Stranger):
            raise NotAllowed(member.sentence)
        return Actor(workspace.id, member.name, member.role, "slack")
