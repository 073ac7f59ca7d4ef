"""Where a conversation lives in Slack, and its id: `slack:{team}:{channel}:{thread}`.

A slash command has no thread, so all that one person says by command in one channel is one conversation,
`slack:{team}:{channel}:{user}`. Its answers are for that person alone: an ephemeral message in the channel; where
the bot is not a member, the command's response URL; and when that has expired, a direct message.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class SlackAddress:
    """A place in Slack. `private` messages are seen by `user` only; `thread_ts` is the thread's first message."""

    team: str
    channel: str
    user: str
    thread_ts: str | None = None
    private: bool = False
    response_url: str | None = None

    @property
    def conversation(self) -> str:
        """The id of the conversation that is held here."""
        return conversation_id(self.team, self.channel, self.thread_ts or self.user)

    def stored(self) -> dict[str, Any]:
        """Return it as JSON, for a conversation's `address` or an outbox row."""
        return {name: value for name, value in asdict(self).items() if value}

    @staticmethod
    def restored(data: Mapping[str, Any]) -> SlackAddress:
        """Read what `stored` returned; raises TypeError for anything else."""
        return SlackAddress(**data)


def conversation_id(team: str, channel: str, thread: str) -> str:
    """Return the id of a conversation by its Slack ids."""
    return f"slack:{team}:{channel}:{thread}"
