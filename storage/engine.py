"""Engines: SQLite so that a commit is on the disk and writers wait for each other, and PostgreSQL."""

from __future__ import annotations

from functools import cache
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.exc import DBAPIError, InterfaceError, InvalidatePoolError, OperationalError
from sqlalchemy.pool import QueuePool

from billing.errors import StoreUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Dialect, FromClause
    from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext
    from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

CONNECTIONS: Final = 20
_BEGIN: Final = "sqlite_begin"
_LEFT: Final = "left_at"
_UNSEEN_SECONDS: Final = 1.0
# Of disks without a head to move, and tables that lie in memory. The server's own guess is four times as much: it would
# rather read and sort a whole backlog than walk along an index to the first row of it.
_PLANNED: Final = "SET random_page_cost = 1"


class Unavailable(StoreUnavailable, OperationalError):
    """What the database refused for a reason of its own: it is away, busy, full, or had to undo a transaction."""


class _Hinting(SQLiteCompiler):
    """SQLAlchemy passes hints of `Select.with_hint` on to the databases that it knows to take any; SQLite does."""

    def get_from_hint_text(self, table: FromClause, text: str | None) -> str | None:  # noqa: ARG002 - SQLAlchemy's
        """Return what follows a table's name, such as `INDEXED BY ix`."""
        return text


def database_engine(database_url: str, *, busy_seconds: float, connections: int = CONNECTIONS) -> Engine:
    """Return the engine of `sqlite:///file` or `postgresql+psycopg://…`; nothing is opened yet.

    `busy_seconds` is how long a SQLite transaction waits for another writer, `connections` how many to PostgreSQL are
    open at most. Parameters are kept out of error messages, which end up in logs.
    """
    if database_url.startswith("sqlite"):
        engine = create_engine(database_url, hide_parameters=True, connect_args={"timeout": busy_seconds})
        event.listen(engine, "handle_error", _told)
        return _on_sqlite(engine, "journal_mode=WAL", "synchronous=FULL")
    from storage.postgresql import PlainCursor

    plainly = {"cursor_factory": PlainCursor}
    engine = create_engine(
        database_url, hide_parameters=True, pool_size=connections, max_overflow=0, connect_args=plainly
    )
    event.listen(engine, "handle_error", _told)
    event.listen(engine, "connect", _opened)
    event.listen(engine, "checkin", _left)
    event.listen(engine, "checkout", _looking_after(engine.dialect))
    return engine


def memory_engine() -> Engine:
    """Return the engine of a private SQLite database that lives in this process until the engine is disposed of.

    Its pool has one connection, for the database is that connection: threads take turns.
    """
    first, compiled = _memory_family()

    def open_memory() -> DBAPIConnection:
        return first.dialect.connect(":memory:", check_same_thread=False)

    pool = QueuePool(open_memory, pool_size=1, max_overflow=0, timeout=10, dialect=first.dialect)
    options = {"compiled_cache": compiled}
    return _on_sqlite(Engine(pool, first.dialect, first.url, hide_parameters=True, execution_options=options))


@cache
def _memory_family() -> tuple[Engine, dict[Any, Any]]:
    """Return what all engines in memory share: a dialect that has met the library, and the compiled statements.

    A dry run makes a database for every conversation, and compiling its statements anew would be most of the work.
    """
    first = create_engine("sqlite://")
    first.connect().close()
    first.dispose()
    return first, {}


def writing(engine: Engine) -> Engine:
    """Return the engine for transactions that write.

    On SQLite they take the write lock at once: a transaction that first reads and then writes could otherwise
    find that somebody else wrote in between, which no waiting mends.
    """
    return engine.execution_options(**{_BEGIN: "BEGIN IMMEDIATE"})


def committing(engine: Engine) -> Engine:
    """Return the engine for single statements that are transactions by themselves."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(**{_BEGIN: ""})
    return engine.execution_options(isolation_level="AUTOCOMMIT")


def _told(context: ExceptionContext) -> Exception | None:
    """Return the error as what others are to take it for; None where it is one of ours."""
    error, lost = context.sqlalchemy_exception, context.is_disconnect
    if isinstance(error, OperationalError | InterfaceError) or (lost and isinstance(error, DBAPIError)):
        reason = context.original_exception
        return Unavailable(error.statement, None, reason, hide_parameters=True, connection_invalidated=lost)
    return None


def _opened(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute(_PLANNED)
    cursor.close()
    # Or the next rollback would take it back.
    connection.commit()


def _left(_connection: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
    entry.info[_LEFT] = monotonic()


def _looking_after(dialect: Dialect) -> Callable[[DBAPIConnection, ConnectionPoolEntry, PoolProxiedConnection], None]:
    """Return what asks whether a connection still stands that was not used for a while.

    Each asking is a journey to the server. What breaks within that while is found out by its use, and is put back or
    asked for again like any other failure.
    """

    def look_after(connection: DBAPIConnection, entry: ConnectionPoolEntry, _proxy: PoolProxiedConnection) -> None:
        now = monotonic()
        if now - entry.info.get(_LEFT, now) < _UNSEEN_SECONDS:
            return
        try:
            dialect.do_ping(connection)
        except dialect.loaded_dbapi.Error as error:
            # The pool opens a new one, and throws away all that are as old.
            raise InvalidatePoolError from error

    return look_after


def _on_sqlite(engine: Engine, *pragmas: str) -> Engine:
    def connected(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        # The driver would begin transactions by its own rules, not before a SELECT and never at once.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("foreign_keys=ON", *pragmas):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    engine.dialect.statement_compiler = _Hinting
    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    options: Any = connection.get_execution_options()
    begin = options.get(_BEGIN, "BEGIN")
    if begin:
        connection.exec_driver_sql(begin)
