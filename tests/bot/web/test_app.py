"""What holds for every address: its headers, its errors, its methods, and what is there only where it belongs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from starlette.responses import PlainTextResponse
from structlog.testing import capture_logs

from billing.invoices import InvoiceStatus
from bot.web import assets
from bot.web.headers import PAGE_POLICY
from storage import SqlStore

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from tests.support.site import StudioSite

PAGES = ["/", "/pay/pay-inv-1001", "/portal/portal-1", "/stripe/connect", "/stripe/callback", "/mailbox", "/nowhere"]


class Recorder:
    """An ASGI application that answers with the path that it was asked for."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse(f"{scope['method']} {scope['path']}")(scope, receive, send)


@pytest.fixture
def paid(studio_site: StudioSite) -> StudioSite:
    studio_site.add("INV-1001", status=InvoiceStatus.PAID)
    return studio_site


@pytest.mark.parametrize("path", PAGES)
def test_every_page_forbids_what_it_does_not_need(paid: StudioSite, path: str) -> None:
    with paid.client() as client:
        headers = client.get(path).headers
    assert headers["content-security-policy"] == PAGE_POLICY
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-robots-tag"] == "noindex, nofollow, noarchive"
    assert headers["cache-control"] == "no-store"
    assert headers["strict-transport-security"] == "max-age=31536000"


@pytest.mark.parametrize("path", PAGES)
def test_no_page_has_a_script_a_style_of_its_own_or_anything_from_elsewhere(paid: StudioSite, path: str) -> None:
    with paid.client() as client:
        text = client.get(path).text
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=|javascript:", text)
    loaded = re.findall(r"(?:src|<link[^>]*href)=\"([^\"]+)", text)
    assert loaded
    assert all(place.startswith("/static/") for place in loaded)
    assert re.search(r"<title>[^<]+</title>", text)
    assert '<html lang="en">' in text
    assert text.count("<h1>") == 1


def test_without_https_browsers_are_not_told_to_insist_on_it(studio_site: StudioSite) -> None:
    studio_site.changes["settings_base_url"] = "http://localhost:8000"
    with studio_site.client() as client:
        assert "strict-transport-security" not in client.get("/").headers


@pytest.mark.parametrize("path", [*PAGES, "/healthz", "/readyz", "/metrics", "/static/evie.css"])
def test_head_answers_as_get_does_but_for_the_body(paid: StudioSite, path: str) -> None:
    with paid.client() as client:
        got, head = client.get(path), client.head(path)
    assert head.content == b""
    if not path.startswith("/stripe/"):
        assert head.status_code == got.status_code


@pytest.mark.parametrize("path", ["/", "/portal/x", "/stripe/connect", "/mailbox", "/static/evie.css"])
def test_a_page_takes_nothing_and_says_so_on_a_page(studio_site: StudioSite, path: str) -> None:
    with studio_site.client() as client:
        answer = client.post(path, content=b"x")
    assert answer.status_code == 405
    assert answer.headers["allow"] in {"GET, HEAD", "HEAD, GET"}
    assert "nothing can be sent to it" in answer.text


def test_what_breaks_gives_the_person_a_reference_and_the_log_the_reason(paid: StudioSite) -> None:
    def breaks(_workspace: Any) -> Any:
        raise RuntimeError("the password is swordfish")

    paid.changes["formats_for"] = breaks
    with capture_logs() as logs, paid.client() as client:
        answer = client.get("/pay/pay-inv-1001")
    assert answer.status_code == 500
    assert "swordfish" not in answer.text
    (entry,) = [entry for entry in logs if entry["event"] == "page_failed"]
    assert entry["reference"] in answer.text
    assert entry["route"] == "/pay/{token}"
    assert isinstance(entry["exc_info"], RuntimeError)
    assert answer.headers["content-security-policy"] == PAGE_POLICY
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["strict-transport-security"]


@pytest.mark.parametrize("path", ["/healthz/x", "/pay", "/pay/", "/pay/a/b", "/portal/portal-1/", "/mailbox/", "/.env"])
def test_an_address_that_is_nearly_right_is_unknown_and_redirects_nowhere(studio_site: StudioSite, path: str) -> None:
    with studio_site.client() as client:
        assert client.get(path).status_code == 404


def test_the_stylesheet_may_be_kept_for_as_long_as_it_is_the_same(studio_site: StudioSite) -> None:
    with studio_site.client() as client:
        (address,) = re.findall(r'<link rel="stylesheet" href="([^"]+)"', client.get("/").text)
        answer = client.get(address)
        assert answer.headers["content-type"] == "text/css; charset=utf-8"
        assert "immutable" in answer.headers["cache-control"]
        assert "immutable" not in client.get("/static/evie.css").headers["cache-control"]
        assert client.get(assets.address("evie.svg")).headers["content-type"] == "image/svg+xml"
        assert client.get("/static/pages.py").status_code == 404
        assert client.get("/static/..%2fapp.py").status_code == 404


def test_slack_gets_its_requests_under_their_whole_path(studio_site: StudioSite) -> None:
    studio_site.changes["slack"] = Recorder()
    with studio_site.client() as client:
        assert client.post("/slack/events", content=b"x").text == "POST /slack/events"
        assert client.get("/slack/install").text == "GET /slack/install"
        assert client.get("/slack/oauth_redirect?code=1").text == "GET /slack/oauth_redirect"
        assert client.get("/slack/events").status_code == 405
        assert client.get("/slack/other").status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/slack/events"),
        ("GET", "/slack/install"),
        ("GET", "/slack/oauth_redirect"),
        ("GET", "/sandbox/stripe/v1/account"),
        ("GET", "/mailbox"),
        ("GET", "/mailbox/1"),
        ("GET", "/mailbox/1/html"),
    ],
)
def test_what_this_installation_does_not_have_is_unknown(studio_site: StudioSite, method: str, path: str) -> None:
    studio_site.changes["mailbox"] = None
    with studio_site.client() as client:
        assert client.request(method, path).status_code == 404


def test_the_sandbox_is_reached_and_sets_its_own_policy(studio_site: StudioSite) -> None:
    async def sandbox(scope: Scope, receive: Receive, send: Send) -> None:
        response = PlainTextResponse("checkout", headers={"cache-control": "no-cache"})
        await response(scope, receive, send)

    studio_site.changes["stripe_sandbox"] = sandbox
    with studio_site.client() as client:
        answer = client.post("/sandbox/stripe/v1/payment_links")
    assert answer.text == "checkout"
    assert "content-security-policy" not in answer.headers
    assert answer.headers["cache-control"] == "no-cache"


def test_the_sandboxs_first_page_is_found_with_and_without_a_slash(studio_site: StudioSite) -> None:
    studio_site.changes["stripe_sandbox"] = PlainTextResponse("desk")
    with studio_site.client() as client:
        assert '<a href="/sandbox/stripe/">' in client.get("/").text
        assert client.get("/sandbox/stripe").headers["location"] == "/sandbox/stripe/"
        assert client.get("/sandbox/stripe/").text == "desk"


@pytest.mark.parametrize(
    ("mailbox", "sandbox", "said"),
    [
        (True, True, "This is a demo"),
        (True, False, "mail stays on this machine"),
        (False, True, "no real money moves"),
    ],
)
def test_the_first_page_says_how_it_is_and_what_is_not_real(
    studio_site: StudioSite, *, mailbox: bool, sandbox: bool, said: str
) -> None:
    studio_site.changes["mailbox"] = studio_site.mailbox if mailbox else None
    studio_site.changes["stripe_sandbox"] = Recorder() if sandbox else None
    with studio_site.client() as client:
        text = client.get("/").text
    assert "Everything is running." in text
    assert said in text
    assert ('href="/mailbox"' in text) is mailbox


def test_where_all_is_real_the_first_page_says_nothing_of_the_kind(studio_site: StudioSite) -> None:
    studio_site.changes["mailbox"] = None
    with studio_site.client() as client:
        text = client.get("/").text
    assert not re.search("demo|machine|no real money", text)


def test_the_first_page_says_what_is_wrong(studio_site: StudioSite) -> None:
    store = studio_site.studio.store
    assert isinstance(store, SqlStore)
    with studio_site.client() as client:
        with store.engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE outbox RENAME TO lost")
        answer = client.get("/")
    assert answer.status_code == 200
    assert "The database does not answer right now." in answer.text


def test_the_first_page_says_that_somebody_has_to_look(studio_site: StudioSite) -> None:
    store = studio_site.studio.store
    body = studio_site.event()
    with studio_site.client() as client:
        client.post("/stripe/webhook", content=body, headers=studio_site.signature(body))
        claim = store.claim_inbox(lease_seconds=60)
        assert claim is not None
        store.park(claim, error="odd")
        assert "1 message waits for somebody to look at." in client.get("/").text


def test_starting_and_stopping_the_process_starts_and_stops_what_runs_in_it(studio_site: StudioSite) -> None:
    happened: list[str] = []
    studio_site.changes["on_start"] = lambda: happened.append("start")
    studio_site.changes["on_stop"] = lambda: happened.append("stop")
    with studio_site.client() as client:
        assert client.get("/healthz").status_code == 200
        assert happened == ["start"]
    assert happened == ["start", "stop"]
