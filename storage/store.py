"""The store: transactions by workspace, the queues, and the directory, on one engine."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, cast

from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from billing.correlation import following
from billing.ports.changes import LeaseLost
from billing.queues import Delivered, InboxEvent, OutboxMessage, QueueHealth, RowState, Source
from storage import mappers, tables
from storage.arrivals import Arrivals
from storage.bells import Bell, NoBell
from storage.directory import SqlDirectory
from storage.engine import CONNECTIONS, committing, database_engine, memory_engine
from storage.expecting import read_ahead
from storage.leases import LeaseTime, steady_time
from storage.queues import Queue
from storage.sealed import SqlSealed
from storage.sequences import Numbers
from storage.transaction import SqlTransaction
from storage.turns import Turns, Writer
from storage.unfinished import SqlUnfinished

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Engine, QueuePool, RowMapping

    from billing.ports import Clock, Directory, Transaction
    from billing.ports.changes import Ending
    from billing.ports.store import UnfinishedRows
    from billing.queues import Claim

# Slack's events take the time of a model, so each is for a thread of its own.
_INBOX: Final = Queue(mappers.INBOX, ["source", "lane"], tables.inbox.c.source == Source.STRIPE)
_OUTBOX: Final = Queue(mappers.OUTBOX, ["workspace_id", "lane"])
_DELIVERIES: Final = "deliveries"


def open_store(
    database_url: str,
    clock: Clock,
    *,
    busy_seconds: float = 10.0,
    connections: int = CONNECTIONS,
    steady_leases: bool = False,
) -> SqlStore:
    """Return the store of `sqlite:///file` or `postgresql+psycopg://…`, whose schema is `storage.schema`'s affair.

    `busy_seconds` is how long a transaction on SQLite waits for another writer, `connections` how many to PostgreSQL
    are open at most. With `steady_leases` leases go by a time of their own, whatever becomes of the clock.
    """
    turns = Turns(busy_seconds) if database_url.startswith("sqlite") else None
    engine = database_engine(database_url, busy_seconds=busy_seconds, connections=connections)
    return SqlStore(engine, clock, turns, steady_leases=steady_leases)


def memory_store(clock: Clock) -> SqlStore:
    """Return a store of its own in this process's memory, empty and complete: for dry runs and tests.

    Its transactions take turns, so one must not be opened inside another.
    """
    engine = memory_engine()
    with engine.begin() as connection:
        tables.METADATA.create_all(connection, checkfirst=False)
    return SqlStore(engine, clock)


class SqlStore:
    """The database (`billing.ports.Store`). Each call is a transaction; none may be opened inside another."""

    directory: Directory
    unfinished: UnfinishedRows

    def __init__(
        self, engine: Engine, clock: Clock, turns: Turns | None = None, *, steady_leases: bool = False
    ) -> None:
        self.engine = engine
        self.bell = NoBell() if engine.dialect.name == "sqlite" else Bell(engine)
        self._lease_time = steady_time(engine.dialect) if steady_leases else LeaseTime(clock)
        self._writer = Writer(engine, turns)
        self._arrivals = Arrivals(engine.dialect, self._writer)
        # Each question is one statement: a transaction around it would be two more journeys to the database.
        self._reader = committing(engine)
        # Whether the last event could not be stored: a database that can be read may still take nothing in.
        self._refused = False
        self._clock = clock
        self.directory = SqlDirectory(self._reader, self._writer)
        self.unfinished = SqlUnfinished(engine, self._writer, clock)
        self.sealed = SqlSealed(engine, self._writer)

    def migrate(self) -> None:
        """Bring the database to the newest tables; raises SchemaError, which says what to do."""
        from storage.schema import upgrade

        upgrade(self.engine)

    def require_current(self) -> None:
        """Raise SchemaError, which says what to do, unless the database has the newest tables."""
        from storage.schema import require_current

        require_current(self.engine)

    def close(self) -> None:
        """Close all connections; a store in memory is gone after it."""
        self.bell.close()
        self.engine.dispose()

    @contextmanager
    def transaction(self, workspace_id: str) -> Iterator[Transaction]:
        """Open a transaction; it commits when its block ends well and rolls back when it raises."""
        with self._writer.begin() as connection:
            transaction = SqlTransaction(connection, workspace_id, self._clock)
            yield transaction
            SqlTransaction.finish(connection, [transaction])

    def receive(self, event: InboxEvent) -> bool:
        """Store an inbox row, durable on return; False if it was there already."""
        return self.receive_all([event])[0]

    def receive_all(self, events: Sequence[InboxEvent]) -> list[bool]:
        """Store inbox rows in one transaction, all durable on return; say of each whether it is new."""
        try:
            added = self._arrivals.add(events)
        except DBAPIError:
            self._refused = True
            raise
        self._refused = False
        return added

    def claim_inbox(self, *, lease_seconds: float) -> Claim[InboxEvent] | None:
        """Take the oldest due inbox row that nobody holds and whose lane is free."""
        return next(iter(self.claim_events(lease_seconds=lease_seconds, most=1)), None)

    def claim_events(self, *, lease_seconds: float, most: int) -> list[Claim[InboxEvent]]:
        """Take the oldest due inbox row as `claim_inbox` does; of Stripe's, up to so many."""
        lease = timedelta(seconds=lease_seconds)
        with self._writer.statement() as connection:
            return _INBOX.claim(connection, self._clock(), lease, self._lease_time, most=most)

    def claim_outbox(self, *, lease_seconds: float) -> Claim[OutboxMessage] | None:
        """Take the oldest due outbox row that nobody holds and whose lane is free."""
        lease = timedelta(seconds=lease_seconds)
        with self._writer.statement() as connection:
            return next(iter(_OUTBOX.claim(connection, self._clock(), lease, self._lease_time)), None)

    def conclude(self, endings: Sequence[Ending]) -> list[bool]:
        """Make changes and end the inbox rows that led to them, in one transaction; say of each whether it was one.

        Raises LeaseLost, and what a change raises; then nothing is written.
        """
        said: dict[int, bool] = {}
        with self._writer.begin() as connection:
            opened: dict[str, SqlTransaction] = {}
            # In one order everywhere: of two workers one waits for the other, and never each for the other.
            ordered = sorted(endings, key=lambda ending: (ending.change.workspace_id, ending.claim.id))
            if len(ordered) > 1:
                read_ahead(connection, [ending.change for ending in ordered])
            for ending in ordered:
                workspace_id, claim = ending.change.workspace_id, ending.claim
                transaction = opened.get(workspace_id) or SqlTransaction(connection, workspace_id, self._clock)
                opened[workspace_id] = transaction
                with following(ending.correlation):
                    said[claim.id] = ending.change.make(transaction)
            for ignored in (False, True):
                ended = [ending.claim for ending in ordered if said[ending.claim.id] is not ignored]
                if not _INBOX.close_all(connection, ended, **self._done(ignored=ignored)):
                    raise LeaseLost
            SqlTransaction.finish(connection, opened.values())
        return [said[ending.claim.id] for ending in endings]

    def _done(self, *, ignored: bool) -> dict[str, Any]:
        return {"state": RowState.IGNORED if ignored else RowState.DONE, "done_at": self._clock()}

    def finish(
        self, claim: Claim[Any], *, ignored: bool = False, reason: str = "", receipt: Mapping[str, Any] | None = None
    ) -> None:
        """Mark a claimed row as done (or ignored, and why); a delivery gets the next place in its workspace's feed."""
        done = self._done(ignored=ignored)
        if reason:
            done["last_error"] = reason
        if not isinstance(claim.row, OutboxMessage):
            with self._writer.statement() as connection:
                _INBOX.close(connection, claim, **done)
            return
        done["receipt"] = dict(receipt or {})
        with self._writer.begin() as connection:
            if not ignored:
                done["delivery"] = Numbers(connection, claim.row.workspace_id, _DELIVERIES).next()
            _OUTBOX.close(connection, claim, **done)

    def retry(self, claim: Claim[Any], *, error: str, delay_seconds: float) -> None:
        """Let a claimed row be taken again after the delay."""
        again = self._clock() + timedelta(seconds=delay_seconds)
        with self._writer.statement() as connection:
            _queue_of(claim).close(connection, claim, next_attempt_at=again, last_error=error)

    def park(self, claim: Claim[Any], *, error: str) -> None:
        """Take a claimed row out of the queue for a person to look at; its lane goes on."""
        with self._writer.statement() as connection:
            _queue_of(claim).close(connection, claim, state=RowState.PARKED, last_error=error)

    def delivered(self, workspace_id: str, *, after: int, kinds: Sequence[str]) -> list[Delivered]:
        """Return deliveries of these kinds with id > after, oldest first."""
        columns = tables.outbox.c
        query = (
            select(tables.outbox)
            .where(columns.workspace_id == workspace_id, columns.delivery > after, columns.kind.in_(kinds))
            .order_by(columns.delivery)
        )
        with self._reader.connect() as connection:
            return [_delivered(row) for row in connection.execute(query).mappings()]

    def lately_delivered(self, workspace_id: str, lane: str, *, limit: int) -> list[Delivered]:
        """Return the lane's newest deliveries, newest first."""
        columns = tables.outbox.c
        query = (
            select(tables.outbox)
            .where(columns.workspace_id == workspace_id, columns.lane == lane, columns.delivery.is_not(None))
            .order_by(columns.delivery.desc())
            .limit(limit)
        )
        with self._reader.connect() as connection:
            return [_delivered(row) for row in connection.execute(query).mappings()]

    def last_delivered(self, workspace_id: str) -> int:
        """Return the id of the workspace's newest delivery, 0 if there is none."""
        columns = tables.outbox.c
        query = select(func.coalesce(func.max(columns.delivery), 0)).where(columns.workspace_id == workspace_id)
        with self._reader.connect() as connection:
            newest: int = connection.execute(query).scalar_one()
        return newest

    def endings(self, skill: str) -> dict[str, int]:
        """Return how many audited calls of a skill ended in which status, over all workspaces."""
        columns = tables.audit_entries.c
        query = select(columns.status, func.count()).where(columns.skill == skill).group_by(columns.status)
        with self._reader.connect() as connection:
            return {row.status: row[1] for row in connection.execute(query)}

    def connections(self) -> tuple[int, int]:
        """Return how many of this process's connections are in use, and how many wait to be."""
        pool = cast("QueuePool", self.engine.pool)
        return pool.checkedout(), pool.checkedin()

    def health(self) -> QueueHealth:
        """Return how the queues are; raises what the database does, where it does not answer or takes nothing in."""
        if self._refused:
            self._prove_writable()
        with self._reader.connect() as connection:
            # What an event leads to is written with its end, so nothing is missed on its way from one to the other.
            inbox, outbox = _INBOX.oldest_due(connection), _OUTBOX.oldest_due(connection)
            # Only now: what came in while somebody looked is not taken for something of later.
            now = self._clock()
            return QueueHealth(
                oldest_inbox_seconds=_seconds_since(inbox, now),
                oldest_outbox_seconds=_seconds_since(outbox, now),
                parked_inbox=_INBOX.parked(connection),
                parked_outbox=_OUTBOX.parked(connection),
                due_inbox=_INBOX.due(connection, now),
                due_outbox=_OUTBOX.due(connection, now),
                held_up=_OUTBOX.held_up(connection),
            )

    def _prove_writable(self) -> None:
        """Write what stands there already, down to the disk; raises what the database does."""
        from storage.schema import VERSION_TABLE

        with self._writer.begin() as connection:
            connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = version_num"))  # noqa: S608 - our own name
        self._refused = False


def _queue_of(claim: Claim[Any]) -> Queue[Any]:
    return _OUTBOX if isinstance(claim.row, OutboxMessage) else _INBOX


def _delivered(row: RowMapping) -> Delivered:
    return Delivered(row["delivery"], mappers.OUTBOX.record(row), row["done_at"], row["receipt"])


def _seconds_since(due: datetime | None, now: datetime) -> float:
    """Return for how long it has been due; 0.0 where nothing is, or not yet."""
    return 0.0 if due is None else max(0.0, (now - due).total_seconds())
