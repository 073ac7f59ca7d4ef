"""What is shown changes with the records: a front notes what it shows, and whoever changes a record says so here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billing.queues import OutboxKind, OutboxMessage
from billing.screens import EVERYTHING, REFRESHED

if TYPE_CHECKING:
    from datetime import datetime

    from billing.ports import Transaction


def automated(tx: Transaction, run: str, position: int, state: str, *, now: datetime) -> None:
    """Have the pages drawn again that show what automations do: a step has come into another state."""
    changed(tx, EVERYTHING, f"{run}:{position}:{state}", now=now)


def changed(tx: Transaction, about: str, key: str, *, now: datetime) -> None:
    """Have what is shown about the record drawn again, where anything is; once for each `key`."""
    if tx.screens.about(about, EVERYTHING, since=now - REFRESHED):
        tx.send(
            OutboxMessage(
                workspace_id=tx.workspace_id,
                key=f"refresh:{key}",
                kind=OutboxKind.REFRESH,
                lane="screens",
                payload={"about": about},
                created_at=now,
            ),
        )
