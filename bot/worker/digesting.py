"""The daily digest: looked for in every workspace that has set one, by any number of workers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from billing.digesting import queue_digest
from bot.each_workspace import in_each

if TYPE_CHECKING:
    from billing.ports import Clock, Store, Transaction

_log = structlog.get_logger(__name__)


def queue_all_digests(store: Store, clock: Clock) -> None:
    """Queue what is due, each workspace in a transaction of its own."""

    def queue(tx: Transaction) -> None:
        if queue_digest(tx, now=clock()):
            _log.info("digest_queued", workspace=tx.workspace_id)

    everywhere = [workspace.id for workspace in store.directory.with_digests()]
    in_each(store, everywhere, queue, failing="digest_not_looked_for")
