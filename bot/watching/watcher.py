"""The one place where work is watched: each piece of it becomes a log line, a number and a span, under one id.

What is said here never names a person or quotes what one wrote: kinds, keys, statuses and durations are enough to
find out what happened, and a log is read by more people than the books.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import structlog

from billing.correlation import following
from billing.watching import OK, Call
from bot.watching.meters import Meters
from bot.watching.spans import NoSpans, Side

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from billing.queues import Claim
    from bot.assistant.reply import Reply
    from bot.watching.spans import Spans

_log = structlog.get_logger(__name__)
_MILLION: Final = 1_000_000
MODEL: Final = "model"
_UNTRACED: Final = NoSpans()


@dataclass(slots=True)
class Row:
    """A row of a queue that is being worked on, and what becomes of it."""

    outcome: str = "done"


@dataclass(frozen=True, slots=True)
class Prices:
    """Dollars for a million tokens read and written."""

    read: float
    written: float

    def of(self, amounts: dict[str, int]) -> float:
        """Return what these tokens cost."""
        return (amounts.get("input", 0) * self.read + amounts.get("output", 0) * self.written) / _MILLION


class Watcher:
    """Watches one process."""

    def __init__(self, spans: Spans | None = None, prices: Prices | None = None) -> None:
        self.meters = Meters()
        self._spans = spans or NoSpans()
        self._prices = prices

    def close(self) -> None:
        """Hand over what was not handed over yet."""
        self._spans.close()

    @contextmanager
    def request(self, method: str, *, traced: bool = True) -> Iterator[dict[str, str]]:
        """Watch a request to us; what it is found to be (`route`, `status`) is put into the dictionary."""
        spans = self._spans if traced else _UNTRACED
        found: dict[str, str] = {"route": "none", "status": "500"}
        with following("") as correlation:
            span = spans.span(method, Side.SERVER, {"correlation": correlation}, begins=True)
            started = time.perf_counter()
            with span as timed:
                try:
                    yield found
                finally:
                    failed = found["status"].startswith("5")
                    timed.name(f"{method} {found['route']}")
                    timed.say({"http.route": found["route"], "http.status": found["status"]}, failed=failed)
                    self.meters.requests.labels(method, found["route"], found["status"]).inc()
                    self.meters.request_seconds.labels(found["route"]).observe(time.perf_counter() - started)

    def event(self, source: str, outcome: str, **facts: str) -> None:
        """Note an event that came in: accepted, duplicate, refused or not_stored."""
        self.meters.events.labels(source, outcome).inc()
        # Of what is handled there is a line anyway, and whoever sends events waits for this one.
        _log.debug("event_received", source=source, outcome=outcome, **facts)

    @contextmanager
    def row(self, queue: str, claim: Claim[Any]) -> Iterator[Row]:
        """Watch the handling of a claimed row, under the id of what it follows from."""
        row, started, kind = Row(), time.perf_counter(), str(claim.row.kind)
        facts = {"queue": queue, "kind": kind, "key": str(claim.row.key)}
        with (
            following(claim.correlation) as correlation,
            self._spans.span(f"{queue} {kind}", Side.CONSUMER, facts | {"correlation": correlation}) as span,
        ):
            yield row
            seconds = time.perf_counter() - started
            label = kind if queue == "outbox" else str(claim.row.source)
            self.meters.row_seconds.labels(queue, label, row.outcome).observe(seconds)
            self.meters.row_wait.labels(queue).observe(claim.waited)
            span.say({"outcome": row.outcome}, failed=row.outcome in {"put_back", "parked"})
            _log.info(
                "row_finished",
                row=claim.id,
                outcome=row.outcome,
                attempts=claim.tries,
                seconds=round(seconds, 4),
                **facts,
            )

    @contextmanager
    def call(self, service: str, operation: str) -> Iterator[Call]:
        """Watch a call to another service (`billing.watching.Watch`)."""
        call, started = Call(), time.perf_counter()
        with self._spans.span(f"{service} {operation}", Side.CLIENT, {"peer.service": service}) as span:
            try:
                yield call
            except BaseException:
                call.result = "failed" if call.result == OK else call.result
                raise
            finally:
                seconds = time.perf_counter() - started
                self._count(service, operation, call, seconds)
                span.say({"result": call.result} | call.facts, failed=not _went_well(call.result))
                _log.info(
                    "call",
                    service=service,
                    operation=operation,
                    result=call.result,
                    seconds=round(seconds, 4),
                    **call.facts,
                    **call.amounts,
                )

    def _count(self, service: str, operation: str, call: Call, seconds: float) -> None:
        self.meters.call_seconds.labels(service, operation, call.result).observe(seconds)
        if service != MODEL:
            return
        for direction, tokens in call.amounts.items():
            self.meters.tokens.labels(direction).inc(tokens)
        if self._prices is not None:
            self.meters.cost.inc(self._prices.of(call.amounts))

    @contextmanager
    def answer(self, front: str, *, begins: bool = False) -> Iterator[list[Reply]]:
        """Watch the answer to somebody, with which its story `begins` at a desk; the reply is put into the list."""
        replies: list[Reply] = []
        started = time.perf_counter()
        with self._spans.span("answer", Side.INTERNAL, {"front": front}, begins=begins) as span:
            yield replies
            seconds = time.perf_counter() - started
            for reply in replies:
                outcome = outcome_of(reply)
                self.meters.answers.labels(front, reply.route, outcome).inc()
                self.meters.answer_seconds.labels(reply.route).observe(seconds)
                skills = ",".join(call.skill for call in reply.calls)
                span.say({"route": reply.route, "outcome": outcome, "skills": skills})
                _log.info(
                    "answered",
                    front=front,
                    route=reply.route,
                    outcome=outcome,
                    skills=skills,
                    seconds=round(seconds, 4),
                )

    @contextmanager
    def schedule(self, name: str) -> Iterator[Row]:
        """Watch a look at what is due, as the beginning of whatever it brings about."""
        look, started = Row(), time.perf_counter()
        with following(""), self._spans.span(f"schedule {name}", Side.INTERNAL, {}, begins=True) as span:
            yield look
            self.meters.looks.labels(name, look.outcome).observe(time.perf_counter() - started)
            span.say({"outcome": look.outcome}, failed=look.outcome != "done")


def outcome_of(reply: Reply) -> str:
    """Return in one word how a request ended: the worst of its calls, else what the words are."""
    statuses = {call.status for call in reply.calls}
    for status in ("failed", "refused", "needs_confirmation", "done"):
        if status in statuses:
            return status
    if reply.error:
        return "failed"
    return "asked_back" if reply.clarify else "declined" if reply.declined else "said"


def _went_well(result: str) -> bool:
    return result == OK or result.startswith(("2", "3"))
