"""A copy of a SQLite database while it is worked on, and a database made of such a copy where there is none."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import make_url

from storage.schema import NotOurDatabase, SchemaError

if TYPE_CHECKING:
    from collections.abc import Iterator

_BUSY_SECONDS = 30.0
_BESIDE = ("-wal", "-shm", "-journal")


class BackupRefused(SchemaError):
    """A back-up, or a restore, that cannot be made where it was asked for."""

    code = "backup_refused"


def sqlite_file(database_url: str) -> Path:
    """Return the file of a SQLite database; raises BackupRefused for another database."""
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise BackupRefused(
            "That is PostgreSQL, which has tools of its own: pg_dump and pg_restore (deploy/README.md)."
        )
    return Path(url.database)


def back_up(database_url: str, target: Path) -> None:
    """Write the database as it stands into a new file that only its owner reads; whoever writes to it goes on.

    The file is there once it is whole, checked and on the disk. Raises BackupRefused.
    """
    source = sqlite_file(database_url)
    if not source.exists():
        raise BackupRefused(f"There is no database {source} yet.")
    with _new_file(target) as part:
        _copy(source, part)


@contextmanager
def restored(source: Path, database_url: str) -> Iterator[str]:
    """Make a database of a back-up where there is none: yield the URL of the copy, which then takes its place.

    Whatever the block does to the copy is in the database when it appears; raises BackupRefused.
    """
    target = sqlite_file(database_url)
    _require_free(target)
    if not source.is_file():
        raise BackupRefused(f"There is no file {source}.")
    stale = [name for suffix in _BESIDE if (name := target.with_name(target.name + suffix)).exists()]
    if stale:
        raise BackupRefused(f"{stale[0]} is a part of the earlier database. Move it away together with that.")
    with _new_file(target) as part:
        _copy(source, part)
        yield f"sqlite:///{part}"


@contextmanager
def _new_file(target: Path) -> Iterator[Path]:
    """Yield a file beside the target that becomes it when the block ends well; nothing is ever written over."""
    _require_free(target)
    part = target.with_name(f"{target.name}.part")
    try:
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        yield part
        _flush(part)
        # Unlike a renaming, this fails where somebody else was faster.
        os.link(part, target)
        _flush(target.parent)
    except OSError as error:
        raise BackupRefused(f"{target} cannot be written: {error.strerror or error}.") from error
    finally:
        for name in (part, *(part.with_name(part.name + suffix) for suffix in _BESIDE)):
            name.unlink(missing_ok=True)


def _require_free(target: Path) -> None:
    if target.exists():
        raise BackupRefused(f"{target} is there already. Move it away, or name another file.")


def _copy(source: Path, target: Path) -> None:
    """Copy all of it in one step: with a write-ahead log, nobody has to wait for who reads."""
    try:
        with closing(sqlite3.connect(source, timeout=_BUSY_SECONDS)) as old, closing(sqlite3.connect(target)) as new:
            old.backup(new)
            (found,) = new.execute("PRAGMA integrity_check").fetchone()
    except sqlite3.DatabaseError as error:
        raise NotOurDatabase(f"{source} is no SQLite database, or a damaged one ({error}).") from error
    if found != "ok":
        raise NotOurDatabase(f"{source} is damaged: {found}")


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
