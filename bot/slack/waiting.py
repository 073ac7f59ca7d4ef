"""News that waits for somebody to mend a channel: it stays in the outbox, and the admins are told once a day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from billing.queues import OutboxKind, OutboxMessage
from billing.roles import Role

if TYPE_CHECKING:
    from billing.ports import Store
    from billing.workspaces import Channel, Workspace
    from bot.slack.errors import SlackRefused

# What a person can put right, after which the post goes through: the channel, the invitation, the installation.
MENDABLE: Final = frozenset(
    "account_inactive channel_not_found invalid_auth is_archived missing_scope not_authed not_in_channel "
    "restricted_action restricted_action_read_only_channel token_expired token_revoked".split(),
)
UNTIL_MENDED_SECONDS: Final = 300.0


def tell_admins(store: Store, workspace: Workspace, channel: Channel, error: SlackRefused) -> None:
    """Tell each admin directly, once a day, that news waits for a channel."""
    text = f"News for {channel.name} is waiting. {error.user_message} Nothing is lost: it follows by itself then."
    with store.transaction(workspace.id) as tx:
        now = tx.now()
        reason = f"{channel.name}:{error.reason}:{workspace.day_of(now)}"
        for member in tx.people.members():
            if member.role.allows(Role.ADMIN) and member.slack_user_id:
                tx.send(
                    OutboxMessage(
                        workspace_id=workspace.id,
                        key=f"waiting:{reason}:{member.name}",
                        kind=OutboxKind.SAY,
                        lane=f"member:{member.name}",
                        payload={"member": member.name, "text": text},
                        created_at=now,
                    ),
                )
