"""What comes in is written a few events at a time: one that fails keeps no other, and none is written twice."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

import pytest

from billing.errors import ProviderUnavailable
from billing.ports import Transaction
from billing.ports.changes import Change
from billing.queues import Ignored, InboxEvent, OutboxKind, OutboxMessage, Source
from bot.worker import arriving
from bot.worker.settling import LEASE_SECONDS
from bot.worker.worker import Work, Worker
from storage import SqlStore
from tests.support.studio import Studio


@dataclass
class Notes:
    """Turns every event into a message of its key. What is set for a key is raised: when asked, or when written."""

    studio: Studio
    asking: dict[str, Exception] = field(default_factory=dict)
    writing: dict[str, Exception] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    written_together: list[list[str]] = field(default_factory=list)
    meanwhile: list[InboxEvent] = field(default_factory=list)
    _last: object = None

    def handle(self, row: InboxEvent) -> Change:
        self.asked.append(row.key)
        if row.key in self.asking:
            raise self.asking[row.key]
        return Change(self.studio.id, partial(self._write, row.key))

    def _write(self, key: str, tx: Transaction) -> bool:
        if tx is not self._last:
            self.written_together.append([])
            self._last = tx
        self.written_together[-1].append(key)
        if key in self.writing:
            raise self.writing[key]
        return tx.send(OutboxMessage(self.studio.id, key, OutboxKind.SAY, "", {"text": key}, self.studio.now))


@pytest.fixture
def notes(studio: Studio) -> Notes:
    return Notes(studio)


@pytest.fixture
def worker(studio: Studio, notes: Notes) -> Worker:
    return Worker(studio.store, Work(notes.handle, lambda _message, *, again: {}))


def receive(studio: Studio, count: int) -> list[str]:
    keys = [f"evt_{number}" for number in range(count)]
    studio.store.receive_all([InboxEvent(Source.STRIPE, key, "event", "", b"{}", studio.now) for key in keys])
    return keys


def said(studio: Studio) -> list[str]:
    return sorted(row.message.key for row in studio.store.delivered(studio.id, after=0, kinds=["say"]))


def test_the_more_there_is_the_more_is_written_together(studio: Studio, worker: Worker, notes: Notes) -> None:
    keys = receive(studio, 20)
    worker.drain()
    assert [len(together) for together in notes.written_together] == [1, 2, 4, 8, 5]
    assert said(studio) == sorted(keys)


def test_one_that_cannot_be_asked_for_is_tried_again_and_keeps_no_other(
    studio: Studio, worker: Worker, notes: Notes
) -> None:
    keys = receive(studio, 7)
    notes.asking["evt_4"] = ProviderUnavailable("busy")
    notes.asking["evt_5"] = Ignored("nobody's")
    worker.drain()
    assert said(studio) == sorted({*keys} - {"evt_4", "evt_5"})
    del notes.asking["evt_4"]
    studio.now += timedelta(minutes=5)
    worker.drain()
    assert said(studio) == sorted({*keys} - {"evt_5"})
    assert studio.store.health().due_inbox == 0


def test_one_that_cannot_be_written_is_tried_again_and_keeps_no_other(
    studio: Studio, worker: Worker, notes: Notes
) -> None:
    keys = receive(studio, 7)
    notes.writing["evt_4"] = RuntimeError("a bug")
    worker.drain()
    assert said(studio) == sorted({*keys} - {"evt_4"})
    del notes.writing["evt_4"]
    studio.now += timedelta(minutes=5)
    worker.drain()
    assert said(studio) == sorted(keys)


def test_what_a_late_worker_was_about_to_write_is_not_written_where_another_took_over(
    studio: Studio, notes: Notes
) -> None:
    receive(studio, 1)
    other = Worker(studio.store, Work(notes.handle, lambda _message, *, again: {}))

    def slowly(row: InboxEvent) -> Change:
        studio.now += timedelta(seconds=LEASE_SECONDS + 1)
        other.step()
        return notes.handle(row)

    Worker(studio.store, Work(slowly, lambda _message, *, again: {})).drain()
    assert notes.asked == ["evt_0", "evt_0"]
    assert said(studio) == ["evt_0"]
    assert studio.store.health().parked == studio.store.health().due_inbox == 0


@pytest.mark.parametrize("why", ["it takes long", "the worker ends"])
def test_what_was_not_begun_is_left_to_others(
    studio: Studio, worker: Worker, notes: Notes, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    keys = receive(studio, 7)
    worker.step()
    worker.step()
    if why == "it takes long":
        monkeypatch.setattr(arriving, "_LONG_SECONDS", -1.0)
    else:
        worker.stop()
    worker.step()
    assert notes.asked == keys[:4]
    assert isinstance(studio.store, SqlStore)
    assert [claim.row.key for claim in studio.store.claim_events(lease_seconds=60, most=8)] == keys[4:]
