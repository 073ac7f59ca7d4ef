"""Traces for OpenTelemetry: all spans of one cause, in whichever process, are one trace, whose id is the correlation.

So nothing but that id has to be kept with a row for its handling, days later and elsewhere, to be found beside the
request that brought it. This module is imported only where an endpoint is set.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.trace import (
    NonRecordingSpan,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    get_current_span,
    set_span_in_context,
    use_span,
)

from billing.correlation import current

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from opentelemetry.trace import Span as Recorded

    from bot.watching.spans import Side, Span

_TRACE: Final = re.compile(r"[0-9a-f]{32}")
# Of the correlation, for the span that everything else hangs on.
_ROOT_DIGITS: Final = 16
# An exit must not wait for a collector that is away.
_EXPORT_SECONDS: Final = 3
_ROOT: Final[ContextVar[int]] = ContextVar("evie_root_span", default=0)


class _Ids(RandomIdGenerator):
    """A trace is called as what it follows; its first span can be found by whoever knows that."""

    def generate_trace_id(self) -> int:
        followed = current()
        return int(followed, 16) if _TRACE.fullmatch(followed) else super().generate_trace_id()

    def generate_span_id(self) -> int:
        return _ROOT.get() or super().generate_span_id()


class _Timed:
    def __init__(self, span: Recorded) -> None:
        self._span = span

    def name(self, name: str) -> None:
        """Call it by what it was found to be."""
        self._span.update_name(name)

    def say(self, facts: Mapping[str, str], *, failed: bool = False) -> None:
        """Add what is known of it by now, and whether it went wrong."""
        self._span.set_attributes(dict(facts))
        if failed:
            self._span.set_status(Status(StatusCode.ERROR))


class OtlpSpans:
    """Sends spans to a collector by OTLP over HTTP, in the background. `close` sends what is left."""

    def __init__(self, endpoint: str, headers: Mapping[str, str], version: str) -> None:
        resource = Resource.create({"service.name": "evie", "service.version": version})
        self._provider = TracerProvider(resource=resource, id_generator=_Ids(), shutdown_on_exit=False)
        exporter = OTLPSpanExporter(f"{endpoint}/v1/traces", headers=dict(headers), timeout=_EXPORT_SECONDS)
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("evie")

    @contextmanager
    def span(self, name: str, side: Side, facts: Mapping[str, str], *, begins: bool = False) -> Iterator[Span]:
        """Time the block as a part of the trace that is followed; one that `begins` it is what the others hang on."""
        kind, root = SpanKind[side.name], _root()
        if begins and root:
            token = _ROOT.set(root)
            try:
                span = self._tracer.start_span(name, Context(), kind, dict(facts))
            finally:
                _ROOT.reset(token)
        else:
            span = self._tracer.start_span(name, _parent(root), kind, dict(facts))
        with use_span(span, end_on_exit=True, record_exception=False):
            yield _Timed(span)

    def close(self) -> None:
        """Send what was not sent yet."""
        self._provider.shutdown()


def _root() -> int:
    followed = current()
    return int(followed[:_ROOT_DIGITS], 16) if _TRACE.fullmatch(followed) else 0


def _parent(root: int) -> Context | None:
    """Return where a span belongs: to the one that is open here, else to the one with which its trace began."""
    followed, here = current(), get_current_span().get_span_context()
    if not root or (here.is_valid and here.trace_id == int(followed, 16)):
        return None
    began = SpanContext(int(followed, 16), root, is_remote=True, trace_flags=TraceFlags(TraceFlags.SAMPLED))
    return set_span_in_context(NonRecordingSpan(began))
