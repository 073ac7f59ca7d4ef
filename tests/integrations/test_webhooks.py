"""Calls to other systems: signed as the specification says, and never to a place that is not public."""

from __future__ import annotations

import datetime as dt
import http.server
import json
import ssl
import threading
import time
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from integrations.webhooks import WebhookCaller, is_public, resolve, retry_delay, signature

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


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.100.100.200",
        "0.0.0.0",  # noqa: S104 - refused
        "192.0.0.192",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fd00:ec2::254",
        "::ffff:169.254.169.254",
        "::ffff:10.0.0.1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
        "2001:0:7f00:1::",
        "ff02::1",
    ],
)
def test_no_address_that_is_not_of_the_public_internet_is_called(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "1.1.1.1", "2606:4700:4700::1111", "::ffff:1.1.1.1"])
def test_public_addresses_may_be_called(address: str) -> None:
    assert is_public(address)


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


def test_whoever_answers_a_byte_at_a_time_is_cut_off(elsewhere: Elsewhere, papers: tuple[Path, Path]) -> None:
    elsewhere.content, elsewhere.drip = b"x" * 200, 0.05
    began = time.monotonic()
    caller(papers, seconds=0.5)(f"https://{HOST}:{elsewhere.port}/", "ws:1", BODY, SECRET)
    assert time.monotonic() - began < 5


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
