"""What somebody finds when they open the direct message with Evie: sentences that fit how things stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from billing.roles import Role
from bot.slack.prompts import prompts

if TYPE_CHECKING:
    from billing.ports import Clock, Store
    from billing.workspaces import Workspace
    from bot.slack.prompts import Prompt


@dataclass(frozen=True, slots=True)
class Greeter:
    """Chooses the sentences."""

    store: Store
    clock: Clock

    def prompts(self, workspace: Workspace, slack_user_id: str) -> list[Prompt]:
        """Return up to four sentences for somebody; who is not known yet may only look."""
        with self.store.transaction(workspace.id) as tx:
            members = {member.slack_user_id: member.role for member in tx.people.members()}
            connected = tx.connections.active() is not None
            late = bool(tx.reports.overdue(workspace.day_of(self.clock())))
        role = members.get(slack_user_id, Role.VIEWER)
        return prompts(connect=not connected and role.allows(Role.ADMIN), remind=late and role.allows(Role.EDITOR))
