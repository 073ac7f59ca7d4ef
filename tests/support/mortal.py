"""An installation whose processes die at chosen steps, and come back as a supervisor would have them."""

from __future__ import annotations

import http.client
import os
import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.error import URLError

import httpx2
from sqlalchemy import create_engine, update

from billing.queues import RowState
from storage import tables
from tests.support.slack_requests import send
from tests.support.walking import PATIENCE, Evie, Running, is_quiet
from tests.support.walking_stripe import deliver

Json = dict[str, Any]
T = TypeVar("T")

_LOOK_EVERY_SECONDS: Final = 0.02
_LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)
_UNREACHABLE: Final = (URLError, OSError, http.client.HTTPException, httpx2.TransportError)


class MortalEvie(Evie):
    """Evie with fault points. One thread works in each process, so that steps come in one order.

    `taken` are the events that Stripe or Slack were told had been taken: the inbox has to have them whatever happens.
    """

    def __init__(self, folder: Path, database_url: str | None = None, **settings: str) -> None:
        self.points = folder / "fault-points"
        self.points.mkdir()
        self.deaths: list[str] = []
        self.taken: list[str] = []
        self.beside = 0
        super().__init__(
            folder, database_url, **{"EVIE_FAULTS": str(self.points), "EVIE_WORKER_THREADS": "1"} | settings
        )

    def be_there(self) -> None:
        """Start what does not run: one process that does it all, or a web process and so many workers `beside` it."""
        if self._running:
            return
        self._start("serve", "--port", str(self.port), *(["--web-only"] if self.beside else []))
        for _ in range(self.beside):
            self._start("worker")
        self.until(self._answers, "the web pages", patience=2 * PATIENCE)

    def stop(self) -> None:
        """Press Ctrl-C in each process; all have to end in good order, whatever their logs tell of the faults."""
        self.stop_by(signal.SIGINT)

    def stop_by(self, number: signal.Signals) -> None:
        """Send each process a signal, after which all have to end in good order."""
        for process in self._running:
            os.kill(process.pid, number)
        ending, self._running = self._running, []
        ends = [(process.end(), process.last_words) for process in ending]
        wrong = [(status, words) for status, words in ends if status != 0]
        assert not wrong, wrong

    def has_started(self) -> bool:
        """Say whether every process is at work: until then, a signal ends it as it ends any other program."""
        return all(map(_is_there, self._running))

    # Death and what comes after it.

    def arm(self, step: int) -> None:
        """Let the process die that takes the step of that number, counted from now; 0 lets none."""
        (self.points / "steps-left").write_text(str(step))

    def set_clock(self, ahead: int) -> None:
        """Set the clock of every process so many seconds ahead of the right time, or behind it."""
        (self.points / "clock-ahead").write_text(str(ahead))

    @property
    def tape(self) -> list[str]:
        """The steps that were taken so far."""
        tape = self.points / "tape"
        return tape.read_text().splitlines() if tape.exists() else []

    def mourn(self) -> None:
        """Note who died, look that nothing promised is lost, let their leases run out, and start them again."""
        died = [process for process in self._running if process.was_killed]
        if not died:
            return
        self.deaths.append(next(step for step in reversed(self.tape) if step.endswith("(died)")))
        assert self.lost() == []
        for process in died:
            self._running.remove(process)
            arguments = process.arguments[process.arguments.index("bot") + 1 :]
            if arguments[0] == "worker" or "--web-only" not in arguments:
                self.let_leases_run_out()
            self._start(*arguments)

    def lost(self) -> list[str]:
        """Return the events that were said to be taken and are not in the inbox."""
        kept = {row["key"].rpartition(":")[2] for row in self.rows("inbox")}
        return [key for key in self.taken if key not in kept]

    def let_leases_run_out(self) -> None:
        """Let pass the two minutes after which what a dead worker held is anybody's."""
        engine = create_engine(self.database_url)
        try:
            with engine.begin() as connection:
                for table in (tables.inbox, tables.outbox):
                    held = (table.c.state == RowState.WAITING, table.c.leased_until.is_not(None))
                    connection.execute(update(table).where(*held).values(leased_until=_LONG_AGO))
                connection.execute(update(tables.duties).values(taken_until=None))
        finally:
            engine.dispose()

    # Waiting, while processes may die.

    def until(self, look: Callable[[], T], what: str, *, patience: float = PATIENCE) -> T:
        """Return what `look` finds as soon as it finds something; who dies in the meantime is started again."""
        end = time.monotonic() + patience
        while not (found := self._looked(look)):
            self.mourn()
            assert time.monotonic() < end, f"waited {patience:.0f} s for {what}; {self.deaths[-1:]} {self.logs}"
            time.sleep(_LOOK_EVERY_SECONDS)
        return found

    def _looked(self, look: Callable[[], T]) -> T | None:
        try:
            return look()
        except _UNREACHABLE:
            return None

    def until_over(self, *, patience: float = 2 * PATIENCE) -> None:
        """Wait until nothing is left to do, with every process alive."""

        def over() -> bool:
            there = all(_is_there(process) for process in self._running)
            return there and is_quiet(self.url)

        self.until(over, "everything to be done", patience=patience)

    def readiness(self) -> tuple[int, Json]:
        """Return what the web process says of itself."""
        answer = httpx2.get(f"{self.url}/readyz", trust_env=False, timeout=60)
        return answer.status_code, answer.json()

    def is_ready(self) -> bool:
        return self.readiness()[0] == 200

    def is_unready(self) -> bool:
        return self.readiness()[0] == 503

    def pids(self) -> list[int]:
        """Return the processes that run, the web process first."""
        return [process.pid for process in self._running if not process.ended]

    # What others send, as often as it takes.

    def stripe_tells(self, body: bytes, event_id: str) -> None:
        """Deliver an event as Stripe does: again and again until it is taken."""
        self.until(lambda: deliver(self.url, body) == 200, f"Stripe's {event_id} to be taken")
        self.taken.append(event_id)

    def slack_tells(self, payload: Json) -> None:
        """Deliver what Slack sends, an event again and again until it is taken."""
        self.until(lambda: send(self.url, payload) == 200, "what Slack sent to be taken")
        self.taken.append(payload["event"]["ts"] if "event" in payload else payload["trigger_id"])


def _is_there(process: Running) -> bool:
    """Say whether a process has started and goes on; a web process answers for itself."""
    return not process.ended and ("worker" not in process.arguments or "worker_started" in process.log)
