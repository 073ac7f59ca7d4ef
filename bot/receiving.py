"""Events on their way into the inbox: what a row of Stripe's is, and how rows that come at once share a commit."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Protocol

from billing.correlation import begun
from billing.queues import InboxEvent, Source

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from typing import TypeAlias

    from billing.ports import Store

    _Waiting: TypeAlias = tuple[InboxEvent, asyncio.Future[bool]]

# Below the number of parameters that SQLite takes in a statement, and above what is ever waiting at once.
_MOST_IN_A_COMMIT: Final = 200


class StripeEvent(Protocol):
    """An event of Stripe. `account` is the connected account, None for the key's own."""

    @property
    def id(self) -> str:
        """Stripe's event id, unique in its account."""

    @property
    def type(self) -> str:
        """Stripe's event type."""

    @property
    def account(self) -> str | None:
        """The connected account that the event is of."""

    @property
    def livemode(self) -> bool:
        """Whether it is about real money."""

    @property
    def created(self) -> datetime:
        """When it happened, in whole seconds."""

    @property
    def object_id(self) -> str:
        """The object that the event is about, "" where it has none."""


def stripe_row(event: StripeEvent, body: bytes, now: datetime) -> InboxEvent:
    """Return the row of an event; those about one object are handled one after the other."""
    return InboxEvent(
        source=Source.STRIPE,
        key=f"{event.account or ''}:{event.id}",
        kind=event.type,
        lane=event.object_id,
        body=body,
        received_at=now,
        correlation=begun(),
    )


class Reception:
    """Group commit: while one transaction is written, those who come meanwhile gather for the next.

    A commit costs a wait for the disk, which many can share; nobody is answered before the disk has their row. A thread
    writes for as long as somebody waits, and goes on to the next without asking the event loop. There are as many as
    `writers`: one for a database that has one writer at a time, more where commits wait for the disk side by side.
    """

    def __init__(self, store: Store, writers: int = 1) -> None:
        self._store = store
        self._writers = writers
        self._guard = threading.Lock()
        self._waiting: list[_Waiting] = []
        self._writing = 0
        self._threads = ThreadPoolExecutor(writers, thread_name_prefix="evie-inbox")

    async def receive(self, event: InboxEvent) -> bool:
        """Store an inbox row, durable on return; False if it was there already; raises what the database does."""
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        with self._guard:
            self._waiting.append((event, answer))
            begin = self._writing < self._writers
            self._writing += begin
        if begin:
            self._threads.submit(self._write)
        return await answer

    def _write(self) -> None:
        while batch := self._next():
            self._write_together(batch)

    def _next(self) -> list[_Waiting]:
        with self._guard:
            batch, self._waiting = self._waiting[:_MOST_IN_A_COMMIT], self._waiting[_MOST_IN_A_COMMIT:]
            self._writing -= not batch
        return batch

    def _write_together(self, batch: Sequence[_Waiting]) -> None:
        try:
            found: Sequence[bool | Exception] = self._store.receive_all([event for event, _ in batch])
        except Exception as error:  # noqa: BLE001 - whoever waits is told
            if len(batch) > 1:
                # What is wrong with one must not keep the others out.
                for each in batch:
                    self._write_together([each])
                return
            found = [error]
        # A closed loop has nobody left who waits.
        with suppress(RuntimeError):
            batch[0][1].get_loop().call_soon_threadsafe(_tell, batch, found)


def _tell(batch: Sequence[_Waiting], found: Sequence[bool | Exception]) -> None:
    for (_, answer), said in zip(batch, found, strict=True):
        # Whoever went away in the meantime waits for no answer.
        if answer.done():
            continue
        if isinstance(said, Exception):
            answer.set_exception(said)
        else:
            answer.set_result(said)
