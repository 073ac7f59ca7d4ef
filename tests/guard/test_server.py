"""What comes over the wire: two lengths, two framings, heads without an end and bodies that never arrive."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

import pytest

from bot.cli.web import listen, serving_in_background, web_server
from bot.web.app import create_app
from tests.support.site import StudioSite

_HEAD: Final = b"POST /stripe/webhook HTTP/1.1\r\nHost: evie.example\r\n"
SMUGGLED: Final = b"GET /metrics HTTP/1.1\r\nHost: evie.example\r\n\r\n"
REFUSED: Final = {
    "two lengths": _HEAD + b"Content-Length: 4\r\nContent-Length: 60\r\n\r\nabcd" + SMUGGLED,
    "two lengths in one line": _HEAD + b"Content-Length: 4, 60\r\n\r\nabcd" + SMUGGLED,
    "a length and chunks": _HEAD + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "chunks under another name": _HEAD + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "chunks twice": _HEAD + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "a length below nothing": _HEAD + b"Content-Length: -1\r\n\r\n" + SMUGGLED,
    "a length with a sign": _HEAD + b"Content-Length: +4\r\n\r\nabcd" + SMUGGLED,
    "a length of five thousand digits": _HEAD + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n",
    "a size of a chunk that is none": _HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
    "a space before the colon": _HEAD + b"Content-Length : 4\r\n\r\nabcd",
    "a folded header": _HEAD + b"X-A: 1\r\n 2: 3\r\nContent-Length: x\r\n\r\n",
    "a bare line feed in a header": _HEAD + b"X-A: 1\rContent-Length: 4\r\n\r\nabcd",
    "a NUL in a header": _HEAD + b"X-A: a\x00b\r\n\r\n",
    "no HTTP at all": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 60 + b"\r\n\r\n",
    "a head without an end": _HEAD + b"X-Long: " + b"a" * 200_000,
    "two hosts": b"GET / HTTP/1.1\r\nHost: a.example\r\nHost: b.example\r\n\r\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
}


@pytest.fixture
def address(studio_site: StudioSite) -> Iterator[tuple[str, int]]:
    """The real server with its real limits, over the studio's pages."""
    studio_site.changes["patience_seconds"] = 0.5
    with listen("127.0.0.1", 0) as listener, serving_in_background(create_app(studio_site.site()), listener):
        yield "127.0.0.1", listener.getsockname()[1]


def exchange(address: tuple[str, int], request: bytes) -> bytes:
    """Send the bytes as they are, and return all that comes back until the server hangs up or is silent."""
    with socket.create_connection(address, timeout=3) as connection:
        answer = b""
        try:
            connection.sendall(request)
            while piece := connection.recv(65536):
                answer += piece
        except (TimeoutError, ConnectionError):
            pass
    return answer


def statuses(answer: bytes) -> list[int]:
    return [int(found) for found in re.findall(rb"^HTTP/1\.1 (\d{3}) ", answer, re.MULTILINE)]


@pytest.mark.parametrize("case", REFUSED)
def test_what_two_servers_could_read_in_two_ways_is_refused_and_nothing_behind_it_is_read(
    address: tuple[str, int], studio_site: StudioSite, case: str
) -> None:
    found = statuses(exchange(address, REFUSED[case]))
    assert len(found) == 1, f"{case}: {found}"
    assert 400 <= found[0] < 500
    assert studio_site.inbox() == []
    assert statuses(exchange(address, b"GET /healthz HTTP/1.1\r\nHost: e\r\nConnection: close\r\n\r\n")) == [200]


def test_a_body_that_never_arrives_is_given_up(address: tuple[str, int]) -> None:
    started = time.monotonic()
    answer = exchange(address, _HEAD + b"Content-Length: 100\r\n\r\n{")
    assert statuses(answer) == [408]
    assert b"connection: close" in answer
    assert time.monotonic() - started < 3


def test_forty_who_send_nothing_hold_nobody_up(address: tuple[str, int]) -> None:
    idle = [socket.create_connection(address, timeout=5) for _ in range(40)]
    try:
        for connection in idle:
            connection.sendall(_HEAD)
        started = time.monotonic()
        assert statuses(exchange(address, b"GET /healthz HTTP/1.1\r\nHost: e\r\nConnection: close\r\n\r\n")) == [200]
        assert time.monotonic() - started < 2
    finally:
        for connection in idle:
            connection.close()


def test_the_servers_limits_are_set(studio_site: StudioSite) -> None:
    config = web_server(studio_site.app()).config
    assert config.limit_concurrency
    assert config.timeout_keep_alive <= 10
    assert config.h11_max_incomplete_event_size == 64 * 1024
    assert not config.server_header
    assert urlsplit(studio_site.site().settings_base_url).scheme == "https"
