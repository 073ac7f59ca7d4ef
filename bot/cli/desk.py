"""The database's only workspace, opened for one command: who gives it, and how money and dates are written there."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from billing.conversations import Actor
    from billing.ports import Formats, Transaction
    from billing.workspaces import Workspace


@dataclass(frozen=True, slots=True)
class Desk:
    """One transaction in the workspace; it commits at the end of the command."""

    tx: Transaction
    workspace: Workspace
    actor: Actor
    formats: Formats
    now: datetime


@contextmanager
def desk(name: str | None = None) -> Iterator[Desk]:
    """Open it for the member of that name, or for the first admin; raises BillingError."""
    from bot.cli.opening import opened
    from bot.settings import load
    from bot.speaking import only_workspace, speaker

    with opened(load()) as application:
        workspace = only_workspace(application.store)
        actor = speaker(application.store, application.assistant, workspace, name).actor
        with application.store.transaction(workspace.id) as tx:
            now = application.services.clock()
            yield Desk(tx, workspace, actor, application.formats_for(workspace), now)
