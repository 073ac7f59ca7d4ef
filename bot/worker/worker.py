"""The worker's threads: they take due rows, are woken by new work at once, and by a tick otherwise."""

from __future__ import annotations

import threading
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, Protocol

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from bot.watching.watcher import Watcher
from bot.worker.arriving import Arriving
from bot.worker.looking import DaemonThreads, Interrupted
from bot.worker.setbacks import Setbacks
from bot.worker.settling import LEASE_SECONDS, Settling

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from billing.ports import Store
    from billing.ports.changes import Handled
    from billing.queues import InboxEvent, OutboxMessage

_log = structlog.get_logger(__name__)
# So many rows come in for one that leaves, unless what leaves has waited for long.
_IN_FOR_ONE_OUT: Final = 32
_IN_FOR_ONE_LATE: Final = 4
_LATE_SECONDS: Final = 30.0
# A supervisor gives ten. Looks end by themselves, but for one that waits for somebody else's answer.
_STOP_SECONDS: Final = 8.0
_STOP_LOOKS_SECONDS: Final = 3.0


@dataclass(frozen=True, slots=True)
class Schedule:
    """Something that is looked at every `seconds`; looking twice must do nothing twice.

    `at_start`: also as soon as the worker starts, for what may have waited while nobody was there.
    """

    name: str
    seconds: int
    run: Callable[[], None]
    at_start: bool = False


class Deliver(Protocol):
    """Delivers an outbox row and returns its receipt."""

    def __call__(self, message: OutboxMessage, *, again: bool) -> Mapping[str, Any]:
        """Deliver; `again` says that an earlier try may have arrived."""


class Bell(Protocol):
    """Tells the processes of one installation that there is work. A ring may be lost."""

    def ring(self) -> None:
        """Let the others know; returns at once."""

    def listen(self, heard: Callable[[], None]) -> None:
        """Have `heard` called whenever somebody rings."""


class _Silence:
    def ring(self) -> None:
        pass

    def listen(self, heard: Callable[[], None]) -> None:
        pass


@dataclass(frozen=True, slots=True)
class Work:
    """What the worker does: handle an inbox row, wholly or up to a change, and deliver an outbox row.

    `together` is entered with the inbox rows that are handled one after the other in its block.
    `give_up` is told of an outbox row that was tried too often, and why; `ending` is set once the worker has to end.
    """

    handle: Callable[[InboxEvent], Handled]
    deliver: Deliver
    schedules: Sequence[Schedule] = field(default_factory=tuple)
    give_up: Callable[[OutboxMessage, str], None] | None = None
    bell: Bell = field(default_factory=_Silence)
    ending: threading.Event = field(default_factory=threading.Event)
    together: Callable[[Sequence[InboxEvent]], AbstractContextManager[object]] = nullcontext


class Worker:
    """Runs in threads of its own between `start` and `stop`; `drain` does all due work in the calling thread."""

    def __init__(
        self,
        store: Store,
        work: Work,
        *,
        threads: int = 4,
        tick_seconds: float = 1.0,
        watcher: Watcher | None = None,
    ) -> None:
        self._store = store
        self._bell = work.bell
        self._watcher = watcher or Watcher()
        self._work = work
        self._thread_count = threads
        self._tick_seconds = tick_seconds
        self._ending = work.ending
        self._settling = Settling(work.ending)
        self._setbacks = Setbacks(store, self._settling, work.give_up)
        self._arriving = Arriving(store, work, self._watcher, self._setbacks, self._pass_on)
        self._wake = threading.Condition()
        self._calls = 0
        self._threads: list[threading.Thread] = []
        self._looks = DaemonThreads()
        self._scheduler: BackgroundScheduler | None = None

    def start(self) -> None:
        """Start the threads and the clockwork."""
        self._ending.clear()
        self._threads = [
            threading.Thread(target=self._loop, name=f"evie-worker-{n}", daemon=True) for n in range(self._thread_count)
        ]
        for thread in self._threads:
            thread.start()
        self._bell.listen(self.nudge)
        self._looks = DaemonThreads()
        # Missed ticks are not made up for: what is due is a query, so one look finds all of it.
        scheduler = BackgroundScheduler(
            timezone="UTC",
            executors={"default": self._looks},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": 60},
        )
        scheduler.add_job(self.nudge, "interval", seconds=self._tick_seconds, id="tick")
        for schedule in self._work.schedules:
            first = {"next_run_time": datetime.now(UTC)} if schedule.at_start else {}
            scheduler.add_job(self._look, "interval", [schedule], seconds=schedule.seconds, id=schedule.name, **first)
        scheduler.start()
        self._scheduler = scheduler
        _log.info("worker_started", threads=self._thread_count)

    def stop(self) -> None:
        """Let each thread finish the row it holds, then end; returns when they have, or after eight seconds."""
        self._ending.set()
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=False)
            self._scheduler = None
        with self._wake:
            self._wake.notify_all()
        began = monotonic()
        self._looks.join(began + _STOP_LOOKS_SECONDS)
        for thread in self._threads:
            thread.join(timeout=max(0.0, began + _STOP_SECONDS - monotonic()))
        self._threads = []

    def nudge(self) -> None:
        """Wake a thread: there is something to do. Who finds something wakes the next."""
        with self._wake:
            self._calls += 1
            self._wake.notify()

    def call(self) -> None:
        """Wake a thread here, and one in every other process."""
        self.nudge()
        self._bell.ring()

    def _pass_on(self) -> None:
        """Wake one more thread where one waits; whoever looks at this moment finds by itself what there is."""
        with self._wake:
            self._wake.notify()

    def drain(self) -> None:
        """Do everything that is due, in this thread, until nothing is."""
        while self.step():
            pass

    def step(self) -> bool:
        """Do due rows of each queue; False where there was none."""
        # Some of each: however much comes in, what was answered leaves. Money is put down first.
        came = self._arriving.handle_some()
        return self._some_out(came) or bool(came)

    def _some_out(self, came: int) -> bool:
        """Let rows leave, in proportion to how many came in; False where there was none."""
        left, most = 0, 1 + came // _IN_FOR_ONE_OUT
        while left < most:
            waited = self._one_out()
            if waited is None:
                break
            left += 1
            if waited > _LATE_SECONDS:
                most = 1 + came // _IN_FOR_ONE_LATE
        return left > 0

    def _loop(self) -> None:
        while not self._ending.is_set():
            seen = self._calls
            try:
                busy = self.step()
            except Exception:  # noqa: BLE001 - the database may be away; the thread has to outlive that
                _log.exception("worker_step_failed")
                busy = False
            if busy:
                continue
            with self._wake:
                if self._calls == seen and not self._ending.is_set():
                    self._wake.wait(timeout=self._tick_seconds * 5)

    def _one_out(self) -> float | None:
        """Let a row leave, and return for how many seconds it had been due; None where there was none."""
        claim = self._store.claim_outbox(lease_seconds=LEASE_SECONDS)
        if claim is None:
            return None
        self._pass_on()
        with self._watcher.row("outbox", claim) as row:
            try:
                receipt = self._work.deliver(claim.row, again=self._setbacks.may_have_arrived(claim))
            except Exception as error:  # noqa: BLE001 - whatever it is, the row stays
                row.outcome = self._setbacks.put_back(claim, error)
            else:
                self._settling.write(partial(self._store.finish, claim, receipt=receipt))
        return claim.waited

    def _look(self, schedule: Schedule) -> None:
        with self._watcher.schedule(schedule.name) as look:
            try:
                schedule.run()
            except Interrupted:
                look.outcome = "interrupted"
            except Exception:  # noqa: BLE001 - the next look may succeed
                _log.exception("schedule_failed", schedule=schedule.name)
                look.outcome = "failed"
        self.nudge()
