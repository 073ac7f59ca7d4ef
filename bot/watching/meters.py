"""The numbers of one process that a monitor reads: what came in, what became of it, whom it called, what it cost."""

from __future__ import annotations

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, PlatformCollector, ProcessCollector

# From what a parser takes to what a model, or a mail server in trouble, takes.
_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
# How long work lay there: a webhook's wake-up, a tick, a back-off, an outage.
_WAITS: Final = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0)


class Meters:
    """A registry of its own, so that two applications in one process do not share their counts."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        count, time = self._counter, self._histogram
        self.requests = count("evie_http_requests", "Requests by route and status.", "method", "route", "status")
        self.request_seconds = time("evie_http_request_seconds", "How long a request took.", "route")
        outcomes = "What came in: accepted, duplicate, refused (badly signed) or not_stored."
        self.events = count("evie_events", outcomes, "source", "outcome")
        handled = "How long handling an inbox row or delivering an outbox row took."
        self.row_seconds = time("evie_row_seconds", handled, "queue", "kind", "outcome")
        waited = "How long a row had been due when it was taken."
        self.row_wait = time("evie_row_wait_seconds", waited, "queue", buckets=_WAITS)
        called = "How long a call to a service took."
        self.call_seconds = time("evie_call_seconds", called, "service", "operation", "result")
        asked = "What people asked: by front, by who understood it (rules or model), and how it ended."
        self.answers = count("evie_answers", asked, "front", "route", "outcome")
        self.answer_seconds = time("evie_answer_seconds", "How long an answer took.", "route")
        self.tokens = count("evie_model_tokens", "Tokens that the model read and wrote.", "direction")
        self.cost = count("evie_model_cost_dollars", "What they cost, where OPENAI_PRICES is set.")
        looked = "How long a look at what is due took."
        self.looks = time("evie_schedule_seconds", looked, "schedule", "outcome")

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(name, text, labels, registry=self.registry)

    def _histogram(self, name: str, text: str, *labels: str, buckets: tuple[float, ...] = _SECONDS) -> Histogram:
        return Histogram(name, text, labels, buckets=buckets, registry=self.registry)
