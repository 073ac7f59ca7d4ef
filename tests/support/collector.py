"""A collector of OpenTelemetry's, as its exporters meet it: OTLP over HTTP, and what it was told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.support.serving import serving

_TRACES: Final = "/v1/traces"


@dataclass(frozen=True)
class Told:
    """A span; `parent` is "" for the one that a trace begins with."""

    trace: str
    id: str
    parent: str
    name: str
    facts: dict[str, str]
    failed: bool


@dataclass
class Collector:
    """Keeps what it is told."""

    url: str = ""
    spans: list[Told] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    status: int = 200

    def trace(self, correlation: str) -> list[Told]:
        return [span for span in self.spans if span.trace == correlation]

    async def take(self, request: Request) -> Response:
        told = ExportTraceServiceRequest.FromString(await request.body())
        self.headers.append(dict(request.headers))
        scopes = (scope for resource in told.resource_spans for scope in resource.scope_spans)
        self.spans += [_told(span) for scope in scopes for span in scope.spans]
        return Response(status_code=self.status)


def _told(span: Any) -> Told:
    facts = {pair.key: pair.value.string_value for pair in span.attributes}
    failed = span.status.code == 2
    return Told(span.trace_id.hex(), span.span_id.hex(), span.parent_span_id.hex(), span.name, facts, failed)


@contextmanager
def collecting() -> Iterator[Collector]:
    collector = Collector()
    with serving(Starlette(routes=[Route(_TRACES, collector.take, methods=["POST"])])) as url:
        collector.url = url
        yield collector
