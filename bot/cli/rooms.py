"""Where a request is made: on the configured database, or in a copy of a workspace for each conversation."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Protocol, Self

from bot.speaking import Speaker, only_workspace, speaker

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from billing.workspaces import Workspace
    from bot.application import Application
    from bot.settings import Settings


class Room(Protocol):
    """A place to speak in."""

    def speaker(self, conversation: str, name: str | None) -> Speaker:
        """Return the member of that name (default: the first admin) for a conversation; raises UnknownRecord."""

    def settle(self) -> None:
        """Send what the last request has put into the outbox."""


class LiveRoom:
    """The configured database."""

    def __init__(self, application: Application, workspace: Workspace) -> None:
        self._application = application
        self._workspace = workspace

    def speaker(self, conversation: str, name: str | None) -> Speaker:  # noqa: ARG002 - all are in one room
        """Return the member of that name."""
        return speaker(self._application.store, self._application.assistant, self._workspace, name)

    def settle(self) -> None:
        """Send what is due: a worker may be running elsewhere, or not."""
        self._application.worker.drain()


class DryRoom:
    """A copy of a workspace for every conversation, made when it begins and thrown away with the room."""

    def __init__(self, data: object, now: datetime, settings: Settings) -> None:
        self._data = data
        self._now = now
        self._settings = settings
        self._copies: dict[str, Application] = {}
        self._opened = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    def speaker(self, conversation: str, name: str | None) -> Speaker:
        """Return the member of that name in the conversation's own copy."""
        copy = self._copies.get(conversation)
        if copy is None:
            copy = self._opened.enter_context(_copy(self._data, self._now, self._settings))
            self._copies[conversation] = copy
        return _in(copy, name)

    def settle(self) -> None:
        """Leave everything where it is: nothing goes out of a copy."""


@contextmanager
def rehearsal(data: object, now: datetime, settings: Settings, name: str) -> Iterator[Speaker]:
    """Open a copy for one conversation of one member, thrown away at the end of the block."""
    with _copy(data, now, settings) as application:
        yield _in(application, name)


@contextmanager
def _copy(data: object, now: datetime, settings: Settings) -> Iterator[Application]:
    from bot.bootstrap import dry_run

    application = dry_run(data, now, settings)
    try:
        yield application
    finally:
        application.close()


def _in(application: Application, name: str | None) -> Speaker:
    return speaker(application.store, application.assistant, only_workspace(application.store), name)
