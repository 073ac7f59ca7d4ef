"""What a monitor counts: requests by route and status, and how old the oldest work is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector
from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client.metrics_core import Metric
    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from billing.ports import Store


class Metrics:
    """A registry of its own, so that two applications in one process do not share their counts."""

    def __init__(self, store: Store) -> None:
        self.registry = CollectorRegistry()
        self.registry.register(_Queues(store))
        self.requests = Counter(
            "evie_http_requests",
            "Requests by route and status.",
            ["method", "route", "status"],
            registry=self.registry,
        )

    def page(self, _request: Request) -> Response:
        """Return everything in Prometheus's text format."""
        return Response(generate_latest(self.registry), headers={"content-type": CONTENT_TYPE_LATEST})


class Counting:
    """ASGI middleware that counts each answer under its route, not its path: a path may hold a token."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self._app = app
        self._requests = metrics.requests

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and count what comes back; 500 where nothing does."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500

        async def counted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, counted)
        finally:
            self._requests.labels(_method(scope), _route(scope), status).inc()


# As the front that asks for it audits it.
_FEEDBACK = "feedback"
_METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})


def _method(scope: Scope) -> str:
    # A method may be any word: a label with endless values would fill the memory.
    method: str = scope["method"]
    return method if method in _METHODS else "other"


def _route(scope: Scope) -> str:
    return getattr(scope.get("route"), "path", "none")


class _Queues(Collector):
    """Asks the database at each scrape; where it does not answer, only `evie_database_up` is reported."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def collect(self) -> Iterator[Metric]:
        try:
            health, verdicts = self._store.health(), self._store.endings(_FEEDBACK)
        except Exception:  # noqa: BLE001 - whatever the database's reason is, that is what is reported
            yield GaugeMetricFamily("evie_database_up", "Whether the database answers.", 0)
            return
        yield GaugeMetricFamily("evie_database_up", "Whether the database answers.", 1)
        yield GaugeMetricFamily(
            "evie_inbox_oldest_seconds",
            "How long the oldest event has waited to be handled.",
            health.oldest_inbox_seconds,
        )
        yield GaugeMetricFamily(
            "evie_outbox_oldest_seconds",
            "How long the oldest message has been due.",
            health.oldest_outbox_seconds,
        )
        yield GaugeMetricFamily("evie_parked_rows", "Rows that wait for a person.", health.parked)
        opinions = CounterMetricFamily(
            "evie_answer_feedback", "What people said of the model's answers.", labels=["verdict"]
        )
        for verdict, count in sorted(verdicts.items()):
            opinions.add_metric([verdict], count)
        yield opinions
