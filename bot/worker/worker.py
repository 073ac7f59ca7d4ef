"""The worker's threads: they take due rows one at a time, are woken by new work at once, and by a tick otherwise."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Protocol

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from billing.errors import BillingError, UnknownRecord, WaitsForPerson
from billing.queues import Ignored, OutboxMessage
from bot.watching.watcher import Watcher

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from billing.ports import Store
    from billing.queues import Claim, InboxEvent

_log = structlog.get_logger(__name__)
_LEASE_SECONDS: Final = 120.0
_MOST_ATTEMPTS: Final = 10
# With the longest delay between them, three days: as long as Stripe itself goes on telling us of an event.
_MOST_ATTEMPTS_WHILE_AWAY: Final = 900
# And a month, where a person has to mend something and may be away.
_MOST_ATTEMPTS_UNTIL_MENDED: Final = 9000
_LONGEST_DELAY_SECONDS: Final = 300.0


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
    """What the worker does: handle an inbox row (False: there was nothing to do) and deliver an outbox row.

    `give_up` is told of an outbox row that was tried too often, and why.
    """

    handle: Callable[[InboxEvent], bool]
    deliver: Deliver
    schedules: Sequence[Schedule] = field(default_factory=tuple)
    give_up: Callable[[OutboxMessage, str], None] | None = None
    bell: Bell = field(default_factory=_Silence)


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
        self._wake = threading.Condition()
        self._calls = 0
        self._stopping = False
        self._threads: list[threading.Thread] = []
        self._scheduler: BackgroundScheduler | None = None

    def start(self) -> None:
        """Start the threads and the clockwork."""
        self._stopping = False
        self._threads = [
            threading.Thread(target=self._loop, name=f"evie-worker-{n}", daemon=True) for n in range(self._thread_count)
        ]
        for thread in self._threads:
            thread.start()
        self._bell.listen(self.nudge)
        # Missed ticks are not made up for: what is due is a query, so one look finds all of it.
        scheduler = BackgroundScheduler(
            timezone="UTC",
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": 60},
        )
        scheduler.add_job(self.nudge, "interval", seconds=self._tick_seconds, id="tick")
        for schedule in self._work.schedules:
            scheduler.add_job(self._look, "interval", [schedule], seconds=schedule.seconds, id=schedule.name)
            if schedule.at_start:
                scheduler.add_job(self._look, args=[schedule])
        scheduler.start()
        self._scheduler = scheduler
        _log.info("worker_started", threads=self._thread_count)

    def stop(self) -> None:
        """Let each thread finish the row it holds, then end; returns when they have, or after ten seconds."""
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=False)
            self._scheduler = None
        self._stopping = True
        with self._wake:
            self._wake.notify_all()
        for thread in self._threads:
            thread.join(timeout=10)
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
        """Do one due row of each queue; False where there was none."""
        # One of each: however much comes in, what was answered leaves.
        return any([self._one_in(), self._one_out()])

    def _loop(self) -> None:
        while not self._stopping:
            seen = self._calls
            try:
                busy = self.step()
            except Exception:  # noqa: BLE001 - the database may be away; the thread has to outlive that
                _log.exception("worker_step_failed")
                busy = False
            if busy:
                continue
            with self._wake:
                if self._calls == seen and not self._stopping:
                    self._wake.wait(timeout=self._tick_seconds * 5)

    def _one_in(self) -> bool:
        claim = self._store.claim_inbox(lease_seconds=_LEASE_SECONDS)
        if claim is None:
            return False
        self._pass_on()
        with self._watcher.row("inbox", claim) as row:
            try:
                handled = self._work.handle(claim.row)
            except Ignored as nothing:
                self._store.finish(claim, ignored=True, reason=str(nothing))
                row.outcome = "ignored"
            except Exception as error:  # noqa: BLE001 - whatever it is, the row stays
                row.outcome = self._put_back(claim, error)
            else:
                self._store.finish(claim, ignored=not handled)
                row.outcome = "done" if handled else "ignored"
        return True

    def _one_out(self) -> bool:
        claim = self._store.claim_outbox(lease_seconds=_LEASE_SECONDS)
        if claim is None:
            return False
        self._pass_on()
        with self._watcher.row("outbox", claim) as row:
            try:
                receipt = self._work.deliver(claim.row, again=claim.attempts > 1)
            except Exception as error:  # noqa: BLE001 - whatever it is, the row stays
                row.outcome = self._put_back(claim, error)
            else:
                self._store.finish(claim, receipt=receipt)
        return True

    def _put_back(self, claim: Claim[Any], error: Exception) -> str:
        """Let the row be tried again later, or park it where that cannot help; return which of them."""
        reason = f"{type(error).__name__}: {error}"[:500]
        if claim.attempts >= _most_attempts(error):
            _log.error("row_parked", row=claim.id, attempts=claim.attempts, error=type(error).__name__)
            if self._work.give_up is not None and isinstance(claim.row, OutboxMessage):
                self._work.give_up(claim.row, type(error).__name__)
            self._store.park(claim, error=reason)
            return "parked"
        grown = 2.0 ** min(claim.attempts - 1, _MOST_ATTEMPTS)
        delay = getattr(error, "retry_after", None) or min(grown, _LONGEST_DELAY_SECONDS)
        _log.warning("row_put_back", row=claim.id, attempts=claim.attempts, error=type(error).__name__, delay=delay)
        self._store.retry(claim, error=reason, delay_seconds=delay)
        return "put_back"

    def _look(self, schedule: Schedule) -> None:
        with self._watcher.schedule(schedule.name) as look:
            try:
                schedule.run()
            except Exception:  # noqa: BLE001 - the next look may succeed
                _log.exception("schedule_failed", schedule=schedule.name)
                look.outcome = "failed"
        self.nudge()


def _most_attempts(error: Exception) -> int:
    # An unknown record may be one that another process is about to write.
    if not isinstance(error, BillingError) or isinstance(error, UnknownRecord):
        return _MOST_ATTEMPTS
    if isinstance(error, WaitsForPerson):
        return _MOST_ATTEMPTS_UNTIL_MENDED
    return _MOST_ATTEMPTS_WHILE_AWAY if error.retryable else 1
