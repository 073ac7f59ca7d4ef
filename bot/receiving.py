"""Events on their way into the inbox: what a row of Stripe's is, and how rows that come at once share a commit."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, Protocol

from billing.correlation import begun
from billing.queues import InboxEvent, Source

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from billing.ports import Store

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

    A commit costs a wait for the disk, which many can share; nobody is answered before the disk has their row. It
    belongs to one event loop; the thread is the one place where this process writes events.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[tuple[InboxEvent, asyncio.Future[bool]]] = []
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="evie-inbox")
        self._writing: asyncio.Task[None] | None = None

    async def receive(self, event: InboxEvent) -> bool:
        """Store an inbox row, durable on return; False if it was there already; raises what the database does."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[bool] = loop.create_future()
        self._waiting.append((event, answer))
        if self._writing is None:
            self._writing = loop.create_task(self._write())
        return await answer

    async def _write(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:_MOST_IN_A_COMMIT], self._waiting[_MOST_IN_A_COMMIT:]
                await self._write_together(batch)
        finally:
            self._writing = None

    async def _write_together(self, batch: Sequence[tuple[InboxEvent, asyncio.Future[bool]]]) -> None:
        loop = asyncio.get_running_loop()
        try:
            found = await loop.run_in_executor(self._thread, self._store.receive_all, [event for event, _ in batch])
        except Exception as error:  # noqa: BLE001 - whoever waits is told
            if len(batch) > 1:
                # What is wrong with one must not keep the others out.
                for each in batch:
                    await self._write_together([each])
            elif not batch[0][1].done():
                batch[0][1].set_exception(error)
            return
        for (_, answer), is_new in zip(batch, found, strict=True):
            # Whoever went away in the meantime waits for no answer.
            if not answer.done():
                answer.set_result(is_new)
