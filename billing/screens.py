"""What stands on people's screens: a card about an invoice, a page about the business. It changes with the records.

A front notes what it shows (`Transaction.screens`); whoever changes a record says so here, in the same transaction.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from billing.queues import OutboxKind, OutboxMessage

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from billing.ports import Transaction

# What is older has scrolled away; whoever opens it again asks again.
REFRESHED: Final = timedelta(days=30)
EVERYTHING: Final = ""


@dataclass(frozen=True, slots=True)
class Screen:
    """Something that is shown. `place` is the front's own name of where, `about` the record's number or EVERYTHING.

    `content` is what the front needs to draw it again.
    """

    workspace_id: str
    place: str
    about: str
    shown_at: datetime
    content: Mapping[str, Any] = field(default_factory=dict)


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
