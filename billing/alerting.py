"""Trouble that the chat itself cannot carry, such as that Evie was taken out of Slack: the business is told by mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billing.queues import OutboxKind, OutboxMessage

if TYPE_CHECKING:
    from datetime import datetime

    from billing.ports import Transaction


def alert(tx: Transaction, key: str, *, subject: str, text: str, now: datetime) -> bool:
    """Queue a mail to the business's own address; False where the trouble of that key was told of before."""
    return tx.send(
        OutboxMessage(
            workspace_id=tx.workspace_id,
            key=f"alert:{key}",
            kind=OutboxKind.ALERT,
            lane="",
            payload={"subject": subject, "text": text},
            created_at=now,
        ),
    )
