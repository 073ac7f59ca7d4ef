"""Opening what a command works on: settings, files, the database with its newest tables, the workspace."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

import typer

from bot.cli.failures import CommandFailed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from billing.workspaces import Workspace
    from bot.application import Application
    from bot.settings import Settings
    from bot.standins import Place


def content_of(path: Path) -> bytes:
    """Return what is in the file; raises CommandFailed."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandFailed(f"{path} cannot be read: {error.strerror}.") from None


def write_text(path: Path, text: str) -> None:
    """Write a file that only its owner reads, for it holds clients' data; `-` is standard output."""
    if str(path) == "-":
        sys.stdout.write(text)
        return
    try:
        path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CommandFailed(f"{path} cannot be written: {error.strerror}.") from None


def instant(text: str) -> datetime:
    """Return the instant that an option names; raises BadParameter unless it is ISO 8601 with its offset."""
    message = f"“{text}” is not an instant such as 2026-03-11T10:00:00+10:00"
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(message) from None
    if moment.tzinfo is None:
        raise typer.BadParameter(message)
    return moment


@contextmanager
def opened(settings: Settings, place: Place | None = None) -> Iterator[Application]:
    """Open the application on the configured database for the length of the block.

    A SQLite file is brought to the newest tables; a PostgreSQL has to have them (raises BillingError), because
    other processes may be at work on it.
    """
    from bot.bootstrap import build

    application = build(settings, place)
    try:
        if settings.on_sqlite:
            application.store.migrate()
        else:
            application.store.require_current()
        yield application
    finally:
        application.close()


def workspace_of(application: Application) -> Workspace:
    """Return the database's workspace, made where there is none; raises UnknownRecord where there are several."""
    from bot.preparing import only_workspace as first_workspace
    from bot.speaking import only_workspace

    if not application.store.directory.workspaces():
        return first_workspace(application.store, application.services.clock)
    return only_workspace(application.store)
