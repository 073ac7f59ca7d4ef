"""The daily digest: looked for in every workspace that has set one, by any number of workers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from billing.digesting import queue_digest

if TYPE_CHECKING:
    from billing.ports import Clock, Store

_log = structlog.get_logger(__name__)


def queue_all_digests(store: Store, clock: Clock) -> None:
    """Queue what is due, each workspace in a transaction of its own."""
    for workspace in store.directory.with_digests():
        with store.transaction(workspace.id) as tx:
            if queue_digest(tx, now=clock()):
                _log.info("digest_queued", workspace=workspace.id)
