"""Stripe and Slack wait for their answer until an event is durable: how long that takes on a SQLite file."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from billing.queues import InboxEvent, Source
from storage import open_store
from storage.schema import upgrade

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from storage import SqlStore

_BODY = b"x" * 4096


@contextmanager
def bench_receive_event() -> Iterator[Callable[[], bool]]:
    """Store an event of 4 KB, durably."""
    with _store() as store:
        numbers = count()
        yield lambda: store.receive(_event(next(numbers)))


@contextmanager
def bench_handle_event() -> Iterator[Callable[[], None]]:
    """Store an event, claim it and mark it as done."""
    with _store() as store:
        numbers = count()

        def handle() -> None:
            store.receive(_event(next(numbers)))
            claim = store.claim_inbox(lease_seconds=60)
            if claim is None:
                raise RuntimeError("the event that was stored a moment ago is not due")
            store.finish(claim)

        yield handle


def _event(number: int) -> InboxEvent:
    return InboxEvent(Source.STRIPE, f"evt_{number}", "invoice.paid", f"lane {number}", _BODY, _now())


def _now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def _store() -> Iterator[SqlStore]:
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'evie.db'}", _now)
        try:
            upgrade(store.engine)
            yield store
        finally:
            store.close()
