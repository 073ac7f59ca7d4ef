"""What is not finished in the queues of all workspaces, for whoever looks after Evie, and driving it again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import select, update

from billing.queues import ROUND, HeldUp, OutboxMessage, RowState, Unfinished
from storage import mappers, tables
from storage.queues import BY_A_PERSON, held_up

if TYPE_CHECKING:
    from sqlalchemy import Engine, RowMapping, Table

    from billing.ports import Clock
    from storage.turns import Writer

_TABLES: Final = {"in": tables.inbox, "out": tables.outbox}


class SqlUnfinished:
    """Rows that wait and rows that are parked."""

    def __init__(self, reader: Engine, writer: Writer, clock: Clock) -> None:
        self._reader = reader
        self._writer = writer
        self._clock = clock

    def parked(self, *, most: int = 1000) -> list[Unfinished]:
        """Return what waits for a person, what came in first, and in either queue the oldest first."""
        with self._reader.connect() as connection:
            return [
                _unfinished(queue, row)
                for queue, table in _TABLES.items()
                for row in connection.execute(
                    select(table).where(table.c.state == RowState.PARKED).order_by(table.c.position).limit(most)
                ).mappings()
            ]

    def oldest(self) -> Unfinished | None:
        """Return the row that has been due for the longest time without being handled, None where none is."""
        found = []
        with self._reader.connect() as connection:
            for queue, table in _TABLES.items():
                due = select(table).where(table.c.state == RowState.WAITING, table.c.due_at <= self._clock())
                row = connection.execute(due.order_by(table.c.due_at, table.c.position).limit(1)).mappings().first()
                found += [] if row is None else [_unfinished(queue, row)]
        return min(found, key=lambda row: row.since, default=None)

    def held_up(self, workspace_id: str) -> HeldUp | None:
        """Return what of a workspace's messages cannot leave before a person has mended something, None for nothing."""
        columns = tables.outbox.c
        waiting = (
            select(columns.due_at, columns.last_error)
            .where(columns.workspace_id == workspace_id, held_up(tables.outbox))
            .order_by(columns.due_at, columns.position)
        )
        with self._reader.connect() as connection:
            rows = connection.execute(waiting).all()
        return HeldUp(len(rows), rows[0].due_at, rows[0].last_error.removeprefix(BY_A_PERSON)) if rows else None

    def let_go(self, workspace_id: str) -> int:
        """Let what of a workspace's messages waits for a person leave now; return how many that are."""
        columns = tables.outbox.c
        now = (
            update(tables.outbox)
            .where(columns.workspace_id == workspace_id, held_up(tables.outbox), columns.leased_until.is_(None))
            .values(next_attempt_at=self._clock())
        )
        with self._writer.begin() as connection:
            return connection.execute(now).rowcount

    def drive_again(self, row: Unfinished) -> bool:
        """Let a parked row be taken as if it were due now; False where it is not parked any more.

        It has all its tries before it again; its attempts go on being counted: whoever delivers it knows that it may
        have arrived before.
        """
        table, position = _place(row.id)
        now, attempts = self._clock(), table.c.attempts
        again = (
            update(table)
            .where(table.c.position == position, table.c.state == RowState.PARKED)
            .values(
                state=RowState.WAITING,
                due_at=now,
                next_attempt_at=now,
                leased_until=None,
                attempts=attempts - attempts % ROUND + ROUND,
            )
        )
        with self._writer.begin() as connection:
            return connection.execute(again).rowcount == 1


def _place(row_id: str) -> tuple[Table, int]:
    queue, _, position = row_id.partition("-")
    return _TABLES[queue], int(position)


def _unfinished(queue: str, row: RowMapping) -> Unfinished:
    message: OutboxMessage | None = mappers.OUTBOX.record(row) if queue == "out" else None
    return Unfinished(
        id=f"{queue}-{row['position']}",
        # Of an event the sender belongs to it: one type may be both Slack's and Stripe's.
        kind=str(row["kind"]) if message else f"{row['source']} {row['kind']}",
        state=row["state"],
        attempts=row["attempts"] % ROUND,
        since=row["due_at"],
        reason=row["last_error"],
        correlation=row["correlation"],
        workspace_id=message.workspace_id if message else "",
        message=message,
    )
