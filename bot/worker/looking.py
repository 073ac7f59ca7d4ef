"""Looks that take long: how often they are made, that they end with the worker, and the threads that they run in."""

from __future__ import annotations

import sys
import threading
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

from apscheduler.executors.base import BaseExecutor, run_job

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

T = TypeVar("T")


class Interrupted(Exception):
    """The worker has to end: what is left is looked at another time."""


@dataclass(frozen=True, slots=True)
class Pace:
    """When looks are made: not sooner than `every` after the last one, and none goes on once `ending` is set."""

    every: timedelta = timedelta()
    ending: threading.Event = field(default_factory=threading.Event)

    def through(self, things: Iterable[T]) -> Iterator[T]:
        """Yield the things one by one; raises Interrupted as soon as the worker has to end."""
        for thing in things:
            if self.ending.is_set():
                raise Interrupted
            yield thing


class DaemonThreads(BaseExecutor):  # type: ignore[misc] # APScheduler has no types
    """A thread for each look that is due, for which a process that ends does not wait longer than it wants to.

    A look may be waiting for another service; what it leaves undone is what a killed process would leave undone.
    """

    def __init__(self) -> None:
        super().__init__()
        self._threads: list[threading.Thread] = []

    def join(self, until: float) -> None:
        """Wait for the looks that are under way, at the longest until that time of the monotonic clock."""
        for thread in self._threads:
            thread.join(timeout=max(0.0, until - monotonic()))

    def _do_submit_job(self, job: Any, run_times: Any) -> None:  # noqa: ANN401 - APScheduler's
        thread = threading.Thread(target=self._run, args=(job, run_times), name=f"evie-{job.id}", daemon=True)
        self._threads = [one for one in self._threads if one.is_alive()] + [thread]
        thread.start()

    def _run(self, job: Any, run_times: Any) -> None:  # noqa: ANN401 - APScheduler's
        try:
            events = run_job(job, job._jobstore_alias, run_times, self._logger.name)  # noqa: SLF001 - its executors do
        except BaseException:  # noqa: BLE001 - what APScheduler's own executors do
            self._run_job_error(job.id, *sys.exc_info()[1:])
        else:
            self._run_job_success(job.id, events)
