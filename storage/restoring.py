"""After a restore: what was waiting when the back-up was made may have been done since, and nobody wrote that down.

So nothing of it is done blindly. What Slack shows is looked for there before it is posted; what would reach a client,
another system or Stripe, and what people asked for, is set aside for a person to decide; the calendar begins now.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, func, select, update

from billing.queues import OutboxKind, RowState, Source
from storage import tables
from storage.turns import Writer

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Engine, Table

REASON: Final = "Restored: it was waiting when the back-up was made, and may have been done since."
# Made from the records, and looked for before it is posted.
_SHOWN: Final = (
    OutboxKind.NOTIFY,
    OutboxKind.REPLY,
    OutboxKind.SAY,
    OutboxKind.ASK,
    OutboxKind.HANDOVER,
    OutboxKind.DIGEST,
)
_OUTWARD: Final = (OutboxKind.MAIL, OutboxKind.ACTION, OutboxKind.WEBHOOK)


@dataclass(frozen=True, slots=True)
class Settled:
    """What was done after a restore: rows set aside, posts that are looked for, and the newest invoice's number."""

    set_aside: int
    looked_for: int
    newest_invoices: tuple[str, ...]


def settle(engine: Engine, now: datetime) -> Settled:
    """Make sure that a database that was just restored does nothing twice; before any process works on it."""
    outbox, inbox = tables.outbox.c, tables.inbox.c
    with Writer(engine, None).begin() as connection:
        # Slack's buttons and words were acted upon; Stripe's events are only hints, and are asked for again.
        asked = _set_aside(connection, tables.inbox, and_(inbox.source == Source.SLACK, inbox.due_at <= now))
        outward = _set_aside(connection, tables.outbox, and_(outbox.kind.in_(_OUTWARD), outbox.due_at <= now))
        shown = and_(outbox.state == RowState.WAITING, outbox.kind.in_(_SHOWN), outbox.due_at <= now)
        again = update(tables.outbox).where(shown).values(attempts=outbox.attempts + 1, leased_until=None)
        looked_for = connection.execute(again).rowcount
        _begin_now(connection, now)
        newest = connection.execute(_newest_invoices()).scalars().all()
    return Settled(asked + outward, looked_for, tuple(newest))


def _set_aside(connection: Connection, queue: Table, which: ColumnElement[bool]) -> int:
    values: dict[str, Any] = {"state": RowState.PARKED, "leased_until": None, "last_error": REASON}
    waiting = queue.c.state == RowState.WAITING
    return connection.execute(update(queue).where(waiting, which).values(values)).rowcount


def _begin_now(connection: Connection, now: datetime) -> None:
    """Let reminders and digests that were due before now be: they left from the database that is lost."""
    schedules, news = tables.reminder_schedules, tables.news_settings
    connection.execute(update(schedules).values(since=now))
    connection.execute(update(news).where(news.c.digest_channel.is_not(None)).values(digest_set_at=now))


def _newest_invoices() -> Any:  # noqa: ANN401 - a query
    """Return the query for each workspace's newest invoice: the next one gets the number after it."""
    invoices = tables.invoices.c
    last = select(invoices.workspace_id, func.max(invoices.ordinal).label("last")).group_by(invoices.workspace_id)
    newest = last.subquery()
    return (
        select(invoices.number)
        .join(newest, and_(newest.c.workspace_id == invoices.workspace_id, newest.c.last == invoices.ordinal))
        .order_by(invoices.workspace_id)
    )
