"""Bringing a database to the newest tables, and refusing one that is not ours or is ahead of this program."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import inspect, text
from sqlalchemy.exc import DatabaseError, OperationalError

from billing.errors import BillingError
from storage.engine import writing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic.config import Config
    from sqlalchemy import Connection, Engine

VERSION_TABLE: Final = "evie_schema"
# Any number does, so long as nobody else in the database takes the same lock.
_MIGRATION_LOCK: Final = 0x45766965
_NO_DATABASE: Final = frozenset({"SQLITE_NOTADB", "SQLITE_CORRUPT"})


class SchemaError(BillingError):
    """A database that this program cannot work with."""

    code = "database_unusable"


class NotOurDatabase(SchemaError):
    """Something else is in the database, or the file is no database."""


class DatabaseTooNew(SchemaError):
    """A newer version of this program has been at work in the database."""


class DatabaseBehind(SchemaError):
    """The database has to be migrated first."""


class DatabaseAway(SchemaError):
    """Nobody answers where the database should be, or its file cannot be opened."""

    retryable = True


def upgrade(engine: Engine) -> None:
    """Bring the database to the newest tables, in one transaction; one that has them is left alone.

    Raises NotOurDatabase or DatabaseTooNew. Several processes may do it at once: they wait for each other.
    """
    with _recognising(), writing(engine).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
        if _revision(connection) != revisions()[-1]:
            _migrate(connection)


def require_current(engine: Engine) -> None:
    """Raise NotOurDatabase, DatabaseTooNew or DatabaseBehind unless the database has the newest tables."""
    with _recognising(), engine.connect() as connection:
        revision = _revision(connection)
    if revision != revisions()[-1]:
        message = "The database is older than this program. Run “evie migrate” first."
        raise DatabaseBehind(message)


@contextmanager
def _recognising() -> Iterator[None]:
    try:
        yield
    except DatabaseError as error:
        if getattr(error.orig, "sqlite_errorname", None) not in _NO_DATABASE:
            if not isinstance(error, OperationalError):
                raise
            message = "The database cannot be opened. Check DATABASE_URL, and that the database runs."
            raise DatabaseAway(message) from error
        message = "DATABASE_URL names a file that is no SQLite database, or a damaged one. Name another, or a backup."
        raise NotOurDatabase(message) from error


@cache
def revisions() -> tuple[str, ...]:
    """Return the revisions that this program knows, the oldest first: the steps' files are named by them."""
    steps = (Path(__file__).parent / "migrations" / "versions").glob("r*_*.py")
    return tuple(sorted(step.name[1:].partition("_")[0] for step in steps))


def _migrate(connection: Connection) -> None:
    from alembic import command

    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _config() -> Config:
    # Most starts find the newest tables, and need not wait for alembic to be loaded.
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    return config


def _revision(connection: Connection) -> str | None:
    """Return the revision that the database is at, None for an empty one."""
    there = inspect(connection).get_table_names()
    version = text(f"SELECT version_num FROM {VERSION_TABLE}")  # noqa: S608 - our own name
    found: str | None = connection.execute(version).scalar() if VERSION_TABLE in there else None
    if found is None and there:
        message = "DATABASE_URL names a database that something else lives in. Give Evie an empty one."
        raise NotOurDatabase(message)
    if found is not None and found not in revisions():
        message = f"A newer Evie has used this database (its schema is “{found}”). Install that version."
        raise DatabaseTooNew(message)
    return found
