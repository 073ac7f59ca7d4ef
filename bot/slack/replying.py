"""Answers on their way out: each is an outbox row first, keyed by what it answers, so that it leaves once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from billing.queues import OutboxKind, OutboxMessage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from billing.ports import Clock, Store
    from billing.workspaces import Workspace
    from bot.assistant.reply import Reply
    from bot.slack.address import SlackAddress


@dataclass(frozen=True, slots=True)
class Replies:
    """Puts answers into the outbox."""

    store: Store
    clock: Clock

    def queue(
        self,
        workspace: Workspace,
        key: str,
        address: SlackAddress,
        reply: Reply,
        update: Mapping[str, Any] | None = None,
    ) -> bool:
        """Put a reply into the outbox; False where there was one of the same key, which stays."""
        payload = {"conversation": reply.conversation, "reply": reply.stored(), "address": address.stored()}
        message = OutboxMessage(
            workspace_id=workspace.id,
            key=key,
            kind=OutboxKind.REPLY,
            lane=reply.conversation,
            payload=payload | ({"update": dict(update)} if update else {}),
            created_at=self.clock(),
        )
        with self.store.transaction(workspace.id) as tx:
            return tx.send(message)
