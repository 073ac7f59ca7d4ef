"""Calls to other systems: signed as the specification says, and never to a place that is not public."""

from __future__ import annotations

import datetime as dt
import http.server
import json
import socket
import ssl
import threading
import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, Self

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from integrations.webhooks import WebhookCaller, _Pinned, resolve, retry_delay, signature

HOST = "hooks.shop.example"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = {"type": "payment_succeeded", "timestamp": "2026-03-11T00:00:00+00:00", "data": {"invoice": "INV-1001"}}


@dataclass
class Elsewhere:
    """Another system: what it was sent, and how it answers."""

    port: int = 0
    status: int = 204
    location: str = ""
    content: bytes = b""
    drip: float = 0.0
    protocol: str = "HTTP/1.0"
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)


def _certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    crt, pem = folder / "shop.crt", folder / "shop.key"
    crt.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    pem.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
    )
    return crt, pem


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return _certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def elsewhere(papers: tuple[Path, Path]) -> Iterator[Elsewhere]:
    seen = Elsewhere()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.protocol_version = seen.protocol
            length = int(self.headers["Content-Length"])
            headers = {name.lower(): value for name, value in self.headers.items()}
            seen.got.append((self.path, headers, self.rfile.read(length)))
            self.send_response(seen.status)
            if seen.location:
                self.send_header("Location", seen.location)
            self.send_header("Content-Length", str(len(seen.content)))
            self.end_headers()
            for byte in seen.content if seen.drip else b"":
                time.sleep(seen.drip)
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
            if not seen.drip:
                self.wfile.write(seen.content)

        def log_message(self, *_args: Any) -> None:
            """Keep quiet."""

    class Quiet(http.server.ThreadingHTTPServer):
        def handle_error(self, *_args: Any) -> None:
            """Whoever is cut off is not news."""

    server = Quiet(("127.0.0.1", 0), Handler)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(*papers)
    server.socket = tls.wrap_socket(server.socket, server_side=True)
    seen.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield seen
    server.shutdown()
    server.server_close()
    thread.join()


def caller(papers: tuple[Path, Path], **changes: Any) -> WebhookCaller:
    """Return one that finds the name on this machine, and may call it."""
    how: dict[str, Any] = {
        "resolve": lambda _host, _port: ["127.0.0.1"],
        "allowed": lambda address: address == "127.0.0.1",
        "now": lambda: 1_614_265_330.0,
        "tls": ssl.create_default_context(cafile=str(papers[0])),
        "seconds": 5.0,
    }
    return WebhookCaller(**how | changes)


def test_a_message_has_the_headers_of_the_specification_and_its_signature_fits(
    elsewhere: Elsewhere, papers: tuple[Path, Path]
) -> None:
    call = caller(papers)(f"https://{HOST}:{elsewhere.port}/paid?a=1", "ws:1", BODY, SECRET)

    assert (call.taken, call.reason) == (True, "answered 204")
    [(path, headers, body)] = elsewhere.got
    assert path == "/paid?a=1"
    assert json.loads(body) == BODY
    assert headers["host"] == f"{HOST}:{elsewhere.port}"
    assert headers["webhook-timestamp"] == "1614265330"
    assert headers["webhook-signature"] == signature(SECRET, headers["webhook-id"], 1_614_265_330, body)


def test_the_signature_is_that_of_the_specifications_own_example() -> None:
    found = signature(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, b'{"test": 2432232314}')
    assert found == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert len(b64decode(found.removeprefix("v1,"))) == 32


def test_the_same_message_has_the_same_id_and_another_has_another(
    elsewhere: Elsewhere, papers: tuple[Path, Path]
) -> None:
    url = f"https://{HOST}:{elsewhere.port}/"
    for key in ("ws:1", "ws:1", "ws:2"):
        caller(papers)(url, key, BODY, SECRET)
    first, again, other = (headers["webhook-id"] for _, headers, _ in elsewhere.got)
    assert first == again != other


@pytest.mark.parametrize(("status", "final"), [(500, False), (404, False), (301, False), (307, False), (410, True)])
def test_any_other_answer_is_no_success_and_a_redirect_is_not_followed(
    elsewhere: Elsewhere, papers: tuple[Path, Path], *, status: int, final: bool
) -> None:
    elsewhere.status, elsewhere.location = status, f"https://{HOST}:{elsewhere.port}/elsewhere"
    call = caller(papers)(f"https://{HOST}:{elsewhere.port}/", "ws:1", BODY, SECRET)
    assert (call.taken, call.final) == (False, final)
    assert len(elsewhere.got) == 1


def test_what_a_name_is_said_to_be_is_asked_once_and_that_address_is_called(
    elsewhere: Elsewhere, papers: tuple[Path, Path]
) -> None:
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    asked = []

    def changing_its_mind(host: str, _port: int) -> list[str]:
        asked.append(host)
        return next(answers)

    call = caller(papers, resolve=changing_its_mind)(f"https://{HOST}:{elsewhere.port}/", "ws:1", BODY, SECRET)
    assert call.taken
    assert asked == [HOST]
    again = caller(papers, resolve=changing_its_mind)(f"https://{HOST}:{elsewhere.port}/", "ws:1", BODY, SECRET)
    assert (again.taken, again.final, again.reason) == (False, True, f"{HOST} is not on the public internet")
    assert len(elsewhere.got) == 1


def test_one_address_that_is_not_public_among_others_is_enough_to_refuse(
    elsewhere: Elsewhere, papers: tuple[Path, Path]
) -> None:
    mixed = caller(papers, resolve=lambda _host, _port: ["127.0.0.1", "169.254.169.254"])
    assert mixed(f"https://{HOST}:{elsewhere.port}/", "ws:1", BODY, SECRET).final
    nowhere = caller(papers, resolve=lambda _host, _port: [])
    assert nowhere(f"https://{HOST}:{elsewhere.port}/", "ws:1", BODY, SECRET).final
    assert elsewhere.got == []


def test_a_name_of_this_machine_is_refused_with_the_real_resolver(papers: tuple[Path, Path]) -> None:
    call = WebhookCaller()("https://localhost/", "ws:1", BODY, SECRET)
    assert (call.taken, call.final) == (False, True)
    assert resolve("127.0.0.1", 443) == ["127.0.0.1"]


def test_what_is_not_there_is_tried_again(elsewhere: Elsewhere, papers: tuple[Path, Path]) -> None:
    def lost(_host: str, _port: int) -> list[str]:
        raise OSError

    unknown = caller(papers, resolve=lost)(f"https://{HOST}/", "ws:1", BODY, SECRET)
    assert (unknown.taken, unknown.final, unknown.reason) == (False, False, f"{HOST} cannot be found")
    closed = caller(papers)(f"https://{HOST}:9/", "ws:1", BODY, SECRET)
    assert (closed.final, closed.reason) == (False, "could not be reached")


def test_a_certificate_of_somebody_else_is_not_accepted(elsewhere: Elsewhere, papers: tuple[Path, Path]) -> None:
    stranger = caller(papers)(f"https://other.example:{elsewhere.port}/", "ws:1", BODY, SECRET)
    assert stranger.reason == "its certificate was not accepted"
    assert elsewhere.got == []


def test_only_https_is_called(papers: tuple[Path, Path]) -> None:
    call = caller(papers)(f"http://{HOST}/", "ws:1", BODY, SECRET)
    assert (call.taken, call.final) == (False, True)


@pytest.mark.parametrize("protocol", ["HTTP/1.0", "HTTP/1.1"])
def test_whoever_answers_a_byte_at_a_time_is_cut_off(
    elsewhere: Elsewhere, papers: tuple[Path, Path], protocol: str
) -> None:
    elsewhere.status, elsewhere.content, elsewhere.drip, elsewhere.protocol = 200, b"x" * 4000, 0.05, protocol
    began = time.monotonic()
    caller(papers, seconds=0.5)(f"https://{HOST}:{elsewhere.port}/", "ws:1", BODY, SECRET)
    assert time.monotonic() - began < 30  # the whole answer would take 200 seconds


class SlowLine:
    """Another system that takes the connection and then says nothing, or begins an answer a byte at a time."""

    def __init__(self, tls: ssl.SSLContext | None) -> None:
        self._tls = tls
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._listening.settimeout(30)
        self.port = self._listening.getsockname()[1]
        self.ended = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._thread.join()
        self._listening.close()

    def _serve(self) -> None:
        line, _ = self._listening.accept()
        line.settimeout(30)
        with suppress(OSError):
            if self._tls is not None:
                line = self._tls.wrap_socket(line, server_side=True)
                line.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
                while True:
                    line.sendall(b"a")
                    time.sleep(0.02)
            while line.recv(4096):
                """Hear the beginning of TLS, and answer nothing."""
        line.close()
        self.ended.set()


def test_whoever_takes_the_connection_and_never_ends_the_handshake_is_cut_off(papers: tuple[Path, Path]) -> None:
    with SlowLine(None) as slow:
        call = caller(papers, seconds=0.3)(f"https://{HOST}:{slow.port}/", "ws:1", BODY, SECRET)
        assert slow.ended.wait(20)
    assert (call.taken, call.final, call.reason) == (False, False, "did not answer in time")


def test_whoever_is_slow_with_a_header_is_cut_off_too(papers: tuple[Path, Path]) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(*papers)
    began = time.monotonic()
    with SlowLine(tls) as slow:
        caller(papers, seconds=0.3)(f"https://{HOST}:{slow.port}/", "ws:1", BODY, SECRET)
        assert slow.ended.wait(20)
    assert time.monotonic() - began < 20


def test_a_limit_that_is_over_before_there_is_a_connection_ends_it_as_soon_as_there_is_one(
    papers: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(*papers)
    over, connect, cut = threading.Event(), socket.create_connection, _Pinned.cut

    def cut_and_say_so(connection: _Pinned) -> None:
        cut(connection)
        over.set()

    def connected_late(*to: Any) -> socket.socket:
        line = connect(*to)
        assert over.wait(20)
        return line

    monkeypatch.setattr(socket, "create_connection", connected_late)
    monkeypatch.setattr(_Pinned, "cut", cut_and_say_so)
    with SlowLine(tls) as slow:
        call = caller(papers, seconds=0.1)(f"https://{HOST}:{slow.port}/", "ws:1", BODY, SECRET)
        assert slow.ended.wait(20)
    assert (call.taken, call.final, call.reason) == (False, False, "did not answer in time")


def test_a_name_that_nobody_finds_in_time_is_given_up(papers: tuple[Path, Path]) -> None:
    found = threading.Event()

    def late(_host: str, _port: int) -> list[str]:
        found.wait(30)
        return ["127.0.0.1"]

    began = time.monotonic()
    call = caller(papers, resolve=late, seconds=0.1)(f"https://{HOST}/", "ws:1", BODY, SECRET)
    found.set()
    assert time.monotonic() - began < 20
    assert (call.taken, call.final, call.reason) == (False, False, f"{HOST} cannot be found")


def test_a_name_that_cannot_be_one_is_not_found(papers: tuple[Path, Path]) -> None:
    call = caller(papers, resolve=resolve)(f"https://{'x' * 70}.example/", "ws:1", BODY, SECRET)
    assert (call.taken, call.reason) == (False, f"{'x' * 70}.example cannot be found")


def test_a_long_answer_is_not_read_to_its_end(elsewhere: Elsewhere, papers: tuple[Path, Path]) -> None:
    elsewhere.status, elsewhere.content = 200, b"x" * 5_000_000
    assert caller(papers)(f"https://{HOST}:{elsewhere.port}/", "ws:1", BODY, SECRET).taken


def test_tries_are_spread_over_a_day_with_jitter_and_end() -> None:
    delays = []
    tries = 1
    while (delay := retry_delay(tries)) is not None:
        delays.append(delay)
        tries += 1
    assert 20 * 3600 < sum(delays) < 36 * 3600
    assert all(later > earlier for earlier, later in pairwise(delays[:6]))
    assert len({retry_delay(3) for _ in range(5)}) > 1
