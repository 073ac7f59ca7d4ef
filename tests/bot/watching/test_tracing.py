"""Traces: one for each cause, whole although different processes tell its parts, and none where none is wanted."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing

import pytest

from billing.correlation import current, following
from billing.queues import Claim
from bot.composition.pieces import watcher_of
from bot.settings import SettingsError, load
from bot.watching.tracing import OtlpSpans
from bot.watching.watcher import Watcher
from tests.support.books import an_event
from tests.support.collector import Collector, collecting


def watcher(collector: Collector) -> Watcher:
    return Watcher(OtlpSpans(collector.url, {"x-key": "k"}, "1"))


def test_what_two_processes_do_for_one_cause_is_one_trace_that_hangs_together() -> None:
    with collecting() as collector:
        with closing(watcher(collector)) as web, web.request("POST") as found:
            correlation = current()
            found |= {"route": "/stripe/webhook", "status": "200"}
        with (
            closing(watcher(collector)) as worker,
            worker.row("inbox", Claim(1, an_event(), 1, correlation)),
            worker.call("stripe", "GET /v1/checkout/sessions/:id") as call,
        ):
            call.facts["stripe_request"] = "req_1"
            call.result = "500"
    named = {span.name.partition(" ")[0]: span for span in collector.trace(correlation)}
    root, asked, row = named["POST"], named["stripe"], named["inbox"]
    assert (root.parent, row.parent, asked.parent) == ("", root.id, row.id)
    assert (root.name, root.facts["http.status"]) == ("POST /stripe/webhook", "200")
    assert (asked.facts["stripe_request"], asked.failed, row.failed) == ("req_1", True, False)
    assert collector.headers[0]["x-key"] == "k"


def test_what_begins_at_a_desk_or_by_the_clock_begins_a_trace_of_its_own() -> None:
    with collecting() as collector, closing(watcher(collector)) as desk:
        with following(""), desk.answer("terminal", begins=True):
            pass
        with desk.schedule("due") as look:
            look.outcome = "failed"
        with desk.request("GET", traced=False):
            pass
        with desk.row("inbox", Claim(1, an_event(), 1, "of an earlier form")):
            pass
        desk.close()
        names = {span.name: span for span in collector.spans}
        assert names.keys() == {"answer", "schedule due", "inbox checkout.session.completed"}
        assert {span.parent for span in names.values()} == {""}
        assert len({span.trace for span in names.values()}) == 3
        assert names["schedule due"].failed


def test_a_collector_that_is_away_is_nobodys_concern() -> None:
    away = Watcher(OtlpSpans("http://127.0.0.1:9", {}, "1"))
    with closing(away), away.request("GET") as found:
        found["status"] = "200"
    counted = {"method": "GET", "route": "none", "status": "200"}
    assert away.meters.registry.get_sample_value("evie_http_requests_total", counted) == 1


def test_where_no_endpoint_is_set_nothing_of_it_is_imported() -> None:
    program = "import sys, bot.bootstrap, bot.cli.serving, bot.web.app; print('opentelemetry' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout == "False\n"


def test_an_endpoint_without_the_package_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "bot.watching.tracing", raising=False)
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    with pytest.raises(SettingsError, match=r"evie\[tracing\] is not installed"):
        watcher_of(load(otel_exporter_otlp_endpoint="http://127.0.0.1:4318"))


def test_an_endpoint_traces_with_its_headers() -> None:
    with collecting() as collector:
        settings = load(otel_exporter_otlp_endpoint=collector.url, otel_exporter_otlp_headers="a=1,b=x=y")
        with closing(watcher_of(settings)) as made, made.schedule("due"):
            pass
    assert {"a": "1", "b": "x=y"}.items() <= collector.headers[0].items()


def test_headers_are_pairs() -> None:
    with pytest.raises(SettingsError, match="OTEL_EXPORTER_OTLP_HEADERS has to be name=value pairs"):
        load(otel_exporter_otlp_headers="secret")
