"""What a monitor counts: requests by route and status, what the watcher saw, and how the queues are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector
from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client.metrics_core import Metric
    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from billing.ports import Store
    from bot.watching.watcher import Watcher


class Metrics:
    """The page that Prometheus reads: what this process saw, and what the database says of all of them."""

    def __init__(self, store: Store, watcher: Watcher) -> None:
        self._seen = watcher.meters.registry
        self._asked = CollectorRegistry()
        self._asked.register(_Database(store))

    def page(self, _request: Request) -> Response:
        """Return everything in Prometheus's text format."""
        text = generate_latest(self._seen) + generate_latest(self._asked)
        return Response(text, headers={"content-type": CONTENT_TYPE_LATEST})


class Watching:
    """ASGI middleware that has each request watched under its route, not its path: a path may hold a token."""

    def __init__(self, app: ASGIApp, *, watcher: Watcher) -> None:
        self._app = app
        self._watcher = watcher

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and tell what comes back; 500 where nothing does."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with self._watcher.request(_method(scope), traced=scope["path"] not in _MONITORED) as found:

            async def told(message: Message) -> None:
                if message["type"] == "http.response.start":
                    found["status"] = str(message["status"])
                await send(message)

            try:
                await self._app(scope, receive, told)
            finally:
                found["route"] = _route(scope)


# As the front that asks for it audits it.
_FEEDBACK = "feedback"
# They are asked for all day long.
_MONITORED = frozenset({"/healthz", "/readyz", "/metrics"})
_METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})


def _method(scope: Scope) -> str:
    # A method may be any word: a label with endless values would fill the memory.
    method: str = scope["method"]
    return method if method in _METHODS else "other"


def _route(scope: Scope) -> str:
    return getattr(scope.get("route"), "path", "none")


class _Database(Collector):
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
        yield _by("queue", "evie_due_rows", "Rows that wait to be handled.", health.due_inbox, health.due_outbox)
        parked = health.parked_inbox, health.parked_outbox
        yield _by("queue", "evie_parked_rows", "Rows that wait for a person: see `evie retry`.", *parked)
        yield _connections(*self._store.connections())
        opinions = CounterMetricFamily(
            "evie_answer_feedback", "What people said of the model's answers.", labels=["verdict"]
        )
        for verdict, count in sorted(verdicts.items()):
            opinions.add_metric([verdict], count)
        yield opinions


def _by(label: str, name: str, text: str, inbox: int, outbox: int) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, text, labels=[label])
    family.add_metric(["inbox"], inbox)
    family.add_metric(["outbox"], outbox)
    return family


def _connections(used: int, idle: int) -> GaugeMetricFamily:
    family = GaugeMetricFamily("evie_database_connections", "This process's connections.", labels=["state"])
    family.add_metric(["used"], used)
    family.add_metric(["idle"], idle)
    return family
