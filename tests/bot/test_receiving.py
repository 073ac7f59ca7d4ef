"""Events that come in at the same time share a commit, and each of them is answered for itself."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from billing.queues import InboxEvent, Source
from bot.receiving import Reception
from storage import SqlStore, tables

NOW = datetime(2026, 3, 11, tzinfo=UTC)


def event(key: str, body: bytes = b"{}") -> InboxEvent:
    return InboxEvent(Source.STRIPE, key, "invoice.paid", key, body, NOW)


@dataclass
class Watched:
    """The real store, with the size of each commit noted and some keys that the database chokes on."""

    store: SqlStore
    commits: list[int] = field(default_factory=list)
    poison: frozenset[str] = frozenset()

    def receive_all(self, events: Sequence[InboxEvent]) -> list[bool]:
        self.commits.append(len(events))
        if self.poison & {one.key for one in events}:
            raise RuntimeError("the database chokes")
        return self.store.receive_all(events)


def together(watched: Watched, events: Sequence[InboxEvent]) -> list[bool | BaseException]:
    async def all_at_once() -> list[bool | BaseException]:
        reception = Reception(watched)  # type: ignore[arg-type] # the one method of a store that it uses
        return await asyncio.gather(*(reception.receive(one) for one in events), return_exceptions=True)

    return asyncio.run(all_at_once())


def stored(store: SqlStore) -> int:
    with store.engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(tables.inbox)).scalar_one()


def test_those_who_come_while_one_is_written_share_the_next_commit(any_store: SqlStore) -> None:
    watched = Watched(any_store)
    assert together(watched, [event(f"e{number}") for number in range(50)]) == [True] * 50
    assert len(watched.commits) <= 2
    assert stored(any_store) == 50


def test_of_copies_at_the_same_time_one_is_new(any_store: SqlStore) -> None:
    any_store.receive(event("old"))
    found = together(Watched(any_store), [event("old"), event("twice"), event("twice"), event("once")])
    assert found == [False, True, False, True]
    assert stored(any_store) == 3


def test_what_is_wrong_with_one_does_not_keep_the_others_out(any_store: SqlStore) -> None:
    watched = Watched(any_store, poison=frozenset({"bad"}))
    good_before, bad, good_after = together(watched, [event("a"), event("bad"), event("b")])
    assert (good_before, good_after) == (True, True)
    assert isinstance(bad, RuntimeError)
    assert stored(any_store) == 2


def test_who_goes_away_while_waiting_leaves_the_others_their_answers(any_store: SqlStore) -> None:
    async def one_leaves() -> bool:
        reception = Reception(any_store)
        leaving = asyncio.create_task(reception.receive(event("leaving")))
        staying = asyncio.create_task(reception.receive(event("staying")))
        await asyncio.sleep(0)
        leaving.cancel()
        return await staying

    assert asyncio.run(one_leaves())


def test_after_a_failure_the_next_event_is_taken(any_store: SqlStore) -> None:
    async def two() -> bool:
        watched = Watched(any_store, poison=frozenset({"bad"}))
        reception = Reception(watched)  # type: ignore[arg-type] # the one method of a store that it uses
        with pytest.raises(RuntimeError):
            await reception.receive(event("bad"))
        return await reception.receive(event("good"))

    assert asyncio.run(two())


def test_several_writers_lose_nothing_and_tell_each_the_truth(any_store: SqlStore) -> None:
    async def all_at_once() -> list[bool]:
        reception = Reception(any_store, writers=4)
        return await asyncio.gather(*(reception.receive(event(f"e{number % 60}")) for number in range(80)))

    assert sum(asyncio.run(all_at_once())) == 60
    assert stored(any_store) == 60
