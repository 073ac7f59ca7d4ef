"""The daily digest: when it is due. A row of that day's key goes out once, whoever looks and however often."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from billing.queues import OutboxKind, OutboxMessage

if TYPE_CHECKING:
    from billing.ports import Transaction


def queue_digest(tx: Transaction, *, now: datetime) -> bool:
    """Queue the digest of the day whose hour has come where the business is; False where it is not due, or was.

    A day on which the clocks change has one digest: the day is its key, and an hour that is left out is the next one.
    """
    settings = tx.news.settings()
    if settings.digest_channel is None or settings.digest_hour is None or settings.digest_set_at is None:
        return False
    workspace = tx.people.workspace()
    today = workspace.day_of(now)
    due_at = datetime.combine(today, time(settings.digest_hour), ZoneInfo(workspace.timezone))
    # An hour that had passed when it was set is not made up for.
    if not settings.digest_set_at <= due_at <= now:
        return False
    return tx.send(
        OutboxMessage(
            workspace_id=tx.workspace_id,
            key=f"digest:{today}",
            kind=OutboxKind.DIGEST,
            lane=f"channel:{settings.digest_channel}",
            payload={"on": today.isoformat(), "channel": settings.digest_channel},
            created_at=now,
        ),
    )
