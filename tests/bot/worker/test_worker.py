"""The worker's threads: what fails is kept, what is poison is set aside, and what is new is done at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from billing.errors import BadArgument, ProviderUnavailable, StoreUnavailable, UnknownRecord
from billing.queues import InboxEvent, OutboxKind, OutboxMessage, Source
from bot.worker.looking import Interrupted, Pace
from bot.worker.worker import Schedule, Work, Worker
from tests.support.studio import Studio


@dataclass
class Recorder:
    """Handles and delivers; an error that is set for a key is raised instead."""

    errors: dict[str, list[Exception]] = field(default_factory=dict)
    handled: list[str] = field(default_factory=list)
    delivered: list[tuple[str, bool]] = field(default_factory=list)
    seen: threading.Condition = field(default_factory=threading.Condition)
    nothing_to_do: bool = False

    def handle(self, row: InboxEvent) -> bool:
        self._note(self.handled, row.key, row.key)
        return not self.nothing_to_do

    def deliver(self, message: OutboxMessage, *, again: bool) -> Mapping[str, Any]:
        self._note(self.delivered, message.key, (message.key, again))
        return {"sent": message.key}

    def _note(self, notes: list[Any], key: str, note: object) -> None:
        with self.seen:
            notes.append(note)
            self.seen.notify_all()
        if self.errors.get(key):
            raise self.errors[key].pop(0)

    def expect(self, happened: Callable[[], bool]) -> None:
        with self.seen:
            assert self.seen.wait_for(happened, timeout=20), (self.handled, self.delivered)


@pytest.fixture
def work() -> Recorder:
    return Recorder()


@pytest.fixture
def worker(studio: Studio, work: Recorder) -> Iterator[Worker]:
    made = Worker(studio.store, Work(work.handle, work.deliver), threads=2, tick_seconds=0.05)
    yield made
    made.stop()


def receive(studio: Studio, key: str, lane: str = "") -> None:
    studio.store.receive(InboxEvent(Source.STRIPE, key, "event", lane, b"{}", studio.now))


def send(studio: Studio, key: str, lane: str = "") -> None:
    with studio.store.transaction(studio.id) as tx:
        tx.send(OutboxMessage(studio.id, key, OutboxKind.SAY, lane, {"text": key}, studio.now))


def test_draining_does_all_that_is_due(studio: Studio, worker: Worker, work: Recorder) -> None:
    receive(studio, "in")
    send(studio, "out")
    worker.drain()
    worker.drain()
    assert (work.handled, work.delivered) == (["in"], [("out", False)])


def test_the_receipt_is_kept_with_the_row(studio: Studio, worker: Worker) -> None:
    send(studio, "out")
    worker.drain()
    assert [row.receipt for row in studio.store.delivered(studio.id, after=0, kinds=["say"])] == [{"sent": "out"}]


def test_what_may_succeed_later_is_tried_again_with_growing_delays(
    studio: Studio, worker: Worker, work: Recorder
) -> None:
    work.errors["out"] = [ProviderUnavailable("busy"), ProviderUnavailable("busy")]
    send(studio, "out")
    for seconds in (0, 1, 2):
        studio.now += timedelta(seconds=seconds)
        worker.drain()
        worker.drain()
    assert work.delivered == [("out", False), ("out", True), ("out", True)]


def test_a_service_that_says_when_is_asked_then(studio: Studio, worker: Worker, work: Recorder) -> None:
    work.errors["out"] = [ProviderUnavailable("slow down", retry_after=30)]
    send(studio, "out")
    worker.drain()
    studio.now += timedelta(seconds=29)
    worker.drain()
    assert len(work.delivered) == 1
    studio.now += timedelta(seconds=1)
    worker.drain()
    assert len(work.delivered) == 2


def test_what_cannot_succeed_is_parked_and_its_lane_goes_on(studio: Studio, worker: Worker, work: Recorder) -> None:
    work.errors["bad"] = [BadArgument("no")]
    send(studio, "bad", "lane")
    send(studio, "good", "lane")
    worker.drain()
    assert work.delivered == [("bad", False), ("good", False)]
    assert studio.store.health().parked == 1


def test_an_event_of_a_record_that_is_not_there_yet_waits_for_it(
    studio: Studio, worker: Worker, work: Recorder
) -> None:
    work.errors["early"] = [UnknownRecord("no such invoice yet")]
    receive(studio, "early")
    worker.drain()
    studio.now += timedelta(seconds=2)
    worker.drain()
    assert work.handled == ["early", "early"]
    assert studio.store.health().parked == 0


def test_poison_is_parked_in_the_end_and_holds_nothing_up(studio: Studio, worker: Worker, work: Recorder) -> None:
    work.errors["poison"] = [RuntimeError("bug")] * 50
    receive(studio, "poison")
    receive(studio, "other")
    worker.drain()
    assert "other" in work.handled
    for _ in range(20):
        studio.now += timedelta(hours=1)
        worker.drain()
    assert work.handled.count("poison") == 10
    assert studio.store.health().parked == 1


def test_what_a_person_has_driven_again_is_tried_as_often_as_the_first_time(
    studio: Studio, worker: Worker, work: Recorder
) -> None:
    work.errors["out"] = [RuntimeError("bug")] * 19
    send(studio, "out")
    for _ in range(10):
        worker.drain()
        studio.now += timedelta(hours=1)
    (parked,) = studio.store.unfinished.parked()
    assert studio.store.unfinished.drive_again(parked)
    for _ in range(10):
        worker.drain()
        studio.now += timedelta(hours=1)
    assert work.delivered == [("out", False)] + [("out", True)] * 19
    assert studio.store.health().parked == 0


def test_a_service_that_is_away_for_a_day_costs_nothing_but_time(
    studio: Studio, worker: Worker, work: Recorder
) -> None:
    work.errors["out"] = [ProviderUnavailable("away")] * 24
    send(studio, "out")
    for _ in range(25):
        worker.drain()
        studio.now += timedelta(hours=1)
    assert len(studio.store.delivered(studio.id, after=0, kinds=["say"])) == 1
    assert studio.store.health().parked == 0


def test_a_database_that_breaks_off_again_and_again_costs_nothing_but_time(
    studio: Studio, worker: Worker, work: Recorder
) -> None:
    work.errors["in"] = [StoreUnavailable("cut off")] * 24
    receive(studio, "in")
    for _ in range(25):
        worker.drain()
        studio.now += timedelta(hours=1)
    assert len(work.handled) == 25
    assert studio.store.health().parked == 0


def test_what_comes_in_does_not_keep_what_goes_out_from_leaving(studio: Studio, worker: Worker, work: Recorder) -> None:
    for n in range(20):
        receive(studio, f"in-{n}")
    send(studio, "out")
    worker.step()
    worker.step()
    assert work.delivered == [("out", False)]


def test_what_is_nobodys_is_marked_as_ignored(studio: Studio, worker: Worker, work: Recorder) -> None:
    work.nothing_to_do = True
    receive(studio, "odd")
    worker.drain()
    worker.drain()
    assert work.handled == ["odd"]


def test_a_nudge_wakes_the_threads(studio: Studio, work: Recorder) -> None:
    # The clockwork ticks once an hour here: only the nudge can be what wakes them.
    worker = Worker(studio.store, Work(work.handle, work.deliver), threads=2, tick_seconds=3600)
    worker.start()
    try:
        receive(studio, "in")
        worker.nudge()
        work.expect(lambda: work.handled == ["in"])
    finally:
        worker.stop()


def test_the_tick_finds_what_nobody_nudged_for(studio: Studio, worker: Worker, work: Recorder) -> None:
    worker.start()
    send(studio, "out")
    work.expect(lambda: work.delivered == [("out", False)])


def test_two_workers_hand_each_row_out_once(studio: Studio, worker: Worker, work: Recorder) -> None:
    other = Worker(studio.store, Work(work.handle, work.deliver), threads=2, tick_seconds=0.05)
    for n in range(40):
        send(studio, f"out-{n}")
    worker.start()
    other.start()
    try:
        work.expect(lambda: len(work.delivered) >= 40)
    finally:
        other.stop()
        worker.stop()
    assert sorted(key for key, _ in work.delivered) == sorted(f"out-{n}" for n in range(40))


def test_a_row_that_a_dead_worker_held_is_taken_after_its_lease(studio: Studio, worker: Worker, work: Recorder) -> None:
    send(studio, "out")
    assert studio.store.claim_outbox(lease_seconds=60) is not None
    worker.drain()
    assert work.delivered == []
    studio.now += timedelta(seconds=61)
    worker.drain()
    assert work.delivered == [("out", True)]


def test_stopping_finishes_the_row_in_hand(studio: Studio) -> None:
    begun, go_on, ended = threading.Event(), threading.Event(), threading.Event()

    def deliver(message: OutboxMessage, *, again: bool) -> Mapping[str, Any]:
        begun.set()
        assert go_on.wait(20)
        ended.set()
        return {}

    worker = Worker(studio.store, Work(lambda _: True, deliver), threads=1, tick_seconds=0.05)
    send(studio, "out")
    worker.start()
    assert begun.wait(20)
    threading.Timer(0.2, go_on.set).start()
    worker.stop()
    assert ended.is_set()
    assert studio.store.claim_outbox(lease_seconds=60) is None


def test_a_schedule_that_fails_is_looked_at_again(studio: Studio) -> None:
    looks: list[int] = []
    twice = threading.Event()

    def look() -> None:
        looks.append(1)
        if len(looks) > 1:
            twice.set()
        raise RuntimeError("not now")

    def nothing(message: OutboxMessage, *, again: bool) -> Mapping[str, Any]:
        return {}

    worker = Worker(studio.store, Work(lambda _: True, nothing, (Schedule("look", 1, look),)), threads=1)
    worker.start()
    try:
        assert twice.wait(30)
    finally:
        worker.stop()


def test_a_worker_does_not_wait_long_for_a_look_that_hangs(studio: Studio, work: Recorder) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def look() -> None:
        begun.set()
        go_on.wait(20)

    schedules = (Schedule("look", 3600, look, at_start=True),)
    worker = Worker(studio.store, Work(work.handle, work.deliver, schedules), threads=1)
    worker.start()
    assert begun.wait(20)
    started = time.monotonic()
    worker.stop()
    assert time.monotonic() - started < 6
    looking = [
        thread for thread in threading.enumerate() if not thread.daemon and thread is not threading.main_thread()
    ]
    go_on.set()
    assert looking == []


def test_a_look_that_ends_with_its_worker_is_no_failure(studio: Studio, work: Recorder) -> None:
    begun, pace = threading.Event(), Pace()
    ended: list[str] = []

    def look() -> None:
        begun.set()
        try:
            for _ in pace.through(iter(int, 1)):
                pass
        except Interrupted:
            ended.append("interrupted")
            raise

    schedules = (Schedule("look", 3600, look, at_start=True),)
    worker = Worker(studio.store, Work(work.handle, work.deliver, schedules, ending=pace.ending), threads=1)
    with capture_logs() as logged:
        worker.start()
        assert begun.wait(20)
        worker.stop()
    assert ended == ["interrupted"]
    assert [line for line in logged if line["event"] == "schedule_failed"] == []
