"""Stripe is reached over connections that stay open; what does not answer is said in the package's words."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import stripe

from integrations.stripe_http import StripeHTTPClient


class Answering(BaseHTTPRequestHandler):
    """Answers with what was asked, on a connection that it keeps, unless it is told to close or to say nothing."""

    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        super().setup()
        self.server.connections += 1  # type: ignore[attr-defined] # set below

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/silence":
            self.close_connection = True
            return
        said = f"{self.command} {self.path} {self.headers.get('Stripe-Account')} ".encode() + body
        self.send_response(402 if self.path == "/refused" else 200)
        self.send_header("Content-Length", str(len(said)))
        self.send_header("Request-Id", "req_1")
        self.end_headers()
        self.wfile.write(said)
        # It does not say so, as a server that is restarted does not.
        self.close_connection = self.path == "/last"

    do_GET = do_POST  # noqa: N815 - the base class's name

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    server.daemon_threads = True
    server.connections = 0  # type: ignore[attr-defined] # what the handler counts
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@contextmanager
def client(timeout: float = 5.0) -> Iterator[StripeHTTPClient]:
    made = StripeHTTPClient(timeout)
    yield made
    made.close()


def url(server: ThreadingHTTPServer, path: str, scheme: str = "http") -> str:
    return f"{scheme}://127.0.0.1:{server.server_address[1]}{path}"


def test_body_status_and_headers_are_what_was_answered(server: ThreadingHTTPServer) -> None:
    with client() as stripes:
        body, status, headers = stripes.request("post", url(server, "/refused"), {"Stripe-Account": "acct_1"}, "a=ü")
    assert body.decode() == "POST /refused acct_1 a=ü"
    assert (status, headers["request-id"]) == (402, "req_1")


def test_a_connection_is_used_again_and_a_closed_one_is_opened_anew(server: ThreadingHTTPServer) -> None:
    with client() as stripes:
        for _ in range(3):
            assert stripes.request("get", url(server, "/a"), {})[1] == 200
        assert server.connections == 1  # type: ignore[attr-defined] # counted by the handler
        stripes.request("get", url(server, "/last"), {})
        assert stripes.request("get", url(server, "/a"), {})[1] == 200
    assert server.connections == 2  # type: ignore[attr-defined] # as above


def test_what_is_not_answered_may_be_tried_again(server: ThreadingHTTPServer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf, client(timeout=0.1) as stripes:
        silent = f"http://127.0.0.1:{deaf.getsockname()[1]}/"
        for address in (url(server, "/silence"), silent, "http://127.0.0.1:1/"):
            with pytest.raises(stripe.APIConnectionError) as caught:
                stripes.request("get", address, {})
            assert caught.value.should_retry


def test_a_server_that_cannot_show_who_it_is_is_not_asked_again(server: ThreadingHTTPServer) -> None:
    with client() as stripes, pytest.raises(stripe.APIConnectionError) as caught:
        stripes.request("get", url(server, "/a", "https"), {})
    assert not caught.value.should_retry


@pytest.mark.parametrize(("bypass", "path"), [("", "http://stripe.example/v1"), ("127.0.0.1", "/v1")])
def test_the_systems_proxy_is_gone_through_but_for_what_it_leaves_out(
    server: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch, bypass: str, path: str
) -> None:
    monkeypatch.setenv("http_proxy", url(server, ""))
    monkeypatch.setenv("no_proxy", bypass)
    asked = url(server, "/v1") if bypass else "http://stripe.example/v1"
    with client() as stripes:
        body, _, _ = stripes.request("get", asked, {})
    assert body.decode() == f"GET {path} None "
