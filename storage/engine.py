"""Engines: SQLite so that a commit is on the disk and writers wait for each other, and PostgreSQL."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.pool import QueuePool

if TYPE_CHECKING:
    from sqlalchemy import FromClause
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

_BEGIN: Final = "sqlite_begin"


class _Hinting(SQLiteCompiler):
    """SQLAlchemy passes hints of `Select.with_hint` on to the databases that it knows to take any; SQLite does."""

    def get_from_hint_text(self, table: FromClause, text: str | None) -> str | None:  # noqa: ARG002 - SQLAlchemy's
        """Return what follows a table's name, such as `INDEXED BY ix`."""
        return text


def database_engine(database_url: str, *, busy_seconds: float) -> Engine:
    """Return the engine of `sqlite:///file` or `postgresql+psycopg://…`; nothing is opened yet.

    `busy_seconds` is how long a SQLite transaction waits for another writer. Parameters are kept out of error
    messages, which end up in logs.
    """
    if database_url.startswith("sqlite"):
        engine = create_engine(database_url, hide_parameters=True, connect_args={"timeout": busy_seconds})
        return _on_sqlite(engine, "journal_mode=WAL", "synchronous=FULL")
    return create_engine(database_url, hide_parameters=True, pool_pre_ping=True)


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
    connection.exec_driver_sql(options.get(_BEGIN, "BEGIN"))
