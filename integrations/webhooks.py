"""Calling other systems by the Standard Webhooks specification, and never one that is not on the public internet.

The address is resolved once, every answer is checked, and the connection goes to the address that was checked, with
the name kept for TLS and for the Host header: so a name that changes its mind in between leads nowhere. Redirects are
not followed, and neither the answer nor the time it takes is without a limit.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import random
import socket
import ssl
import threading
import time
from base64 import b64decode, b64encode
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from billing.watching import unwatched
from billing.webhooks import Call
from integrations.addresses import is_public

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from billing.watching import Watch

_SECONDS: Final = 15.0
_LARGEST_ANSWER: Final = 64 * 1024
_GONE: Final = 410
_OK: Final = range(200, 300)
# Seconds before the second try, the third, and so on: over a day, as the specification advises.
_DELAYS: Final = (5.0, 300.0, 1800.0, 7200.0, 18000.0, 36000.0, 36000.0)
_JITTER: Final = 0.2


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a name; raises OSError."""
    return [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def retry_delay(tries: int) -> float | None:
    """Return how many seconds to wait after so many tries, with jitter; None where there have been enough."""
    if tries > len(_DELAYS):
        return None
    return _DELAYS[tries - 1] * random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311 - to spread tries, not to hide


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """Return the `webhook-signature` of a message: `v1,` and the HMAC-SHA256 over id, timestamp and body."""
    key = b64decode(secret.removeprefix("whsec_"))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return f"v1,{b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()}"


@dataclass(frozen=True, slots=True)
class WebhookCaller:
    """Posts signed messages. `resolve` and `allowed` are how a name is looked up and which addresses may be called."""

    resolve: Callable[[str, int], Sequence[str]] = resolve
    allowed: Callable[[str], bool] = is_public
    now: Callable[[], float] = time.time
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    seconds: float = _SECONDS
    watch: Watch = unwatched

    def __call__(self, url: str, key: str, body: Mapping[str, Any], secret: str) -> Call:
        """Post the body once; the same key has the same `webhook-id`. Never raises for what the other side does."""
        with self.watch("webhook", "POST") as watched:
            call = self._called(url, key, body, secret)
            watched.result = "ok" if call.taken else "not_taken"
            return call

    def _called(self, url: str, key: str, body: Mapping[str, Any], secret: str) -> Call:
        until = time.monotonic() + self.seconds
        parts = urlsplit(url)
        host, port = str(parts.hostname), parts.port or 443
        if parts.scheme != "https":
            return Call(taken=False, reason="only https is called", final=True)
        try:
            addresses = self._addresses(host, port)
        except (OSError, UnicodeError):  # a name that is none cannot be written for the resolver
            return Call(taken=False, reason=f"{host} cannot be found")
        if not addresses or not all(map(self.allowed, addresses)):
            # One answer that is not public is enough: which of them a connection would take is a matter of luck.
            return Call(taken=False, reason=f"{host} is not on the public internet", final=True)
        content = json.dumps(body, separators=(",", ":")).encode()
        headers = _headers(key, content, secret, int(self.now()))
        target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        try:
            return _judged(_post(_Pinned(addresses[0], host, port, self.tls, until), target, content, headers))
        except (OSError, http.client.HTTPException) as error:
            return Call(taken=False, reason=_in_words(error))

    def _addresses(self, host: str, port: int) -> Sequence[str]:
        """Look a name up; raises what that raises, and TimeoutError where it takes longer than a call may.

        It cannot be ended from outside: what is late is left to end by itself, and heard no more.
        """
        found: Future[Sequence[str]] = Future()

        def look_up() -> None:
            try:
                found.set_result(self.resolve(host, port))
            except Exception as error:  # noqa: BLE001 - raised where it is waited for
                found.set_exception(error)

        threading.Thread(target=look_up, daemon=True).start()
        return found.result(self.seconds)


def _post(connection: _Pinned, target: str, content: bytes, headers: Mapping[str, str]) -> int:
    """Post and return the status; raises OSError and HTTPException, TimeoutError where the time was over first."""
    # Each single wait has a limit; whoever answers a byte at a time is cut off by the clock.
    clock = threading.Timer(connection.left(), connection.cut)
    clock.start()
    try:
        connection.request("POST", target, body=content, headers=dict(headers))
        answer = connection.getresponse()
        _read_away(answer)
    except (OSError, http.client.HTTPException) as error:
        if connection.over:
            raise TimeoutError from error
        raise
    else:
        return answer.status
    finally:
        clock.cancel()
        connection.close()


class _Pinned(http.client.HTTPSConnection):
    """Connects to one address, for a name, which TLS and the Host header have. `until` is by the monotonic clock."""

    def __init__(self, address: str, host: str, port: int, tls: ssl.SSLContext, until: float) -> None:
        super().__init__(host, port, context=tls)
        self.over = False
        self._address = address
        self._tls = tls
        self._until = until
        # `sock` is taken away as soon as an answer has begun that ends the connection, and its rest is still read.
        self._line: socket.socket | None = None

    def left(self) -> float:
        """Return the seconds that are left; never none, which would mean not to wait at all."""
        return max(self._until - time.monotonic(), 0.001)

    def connect(self) -> None:
        """Connect to the address and to no other; raises TimeoutError where that has taken too long."""
        plain = socket.create_connection((self._address, self.port), self.left())
        self.sock = self._held(self._tls.wrap_socket(plain, server_hostname=self.host, do_handshake_on_connect=False))
        self.sock.do_handshake()

    def _held(self, line: ssl.SSLSocket) -> ssl.SSLSocket:
        """Hold what `cut` will end. Where it came before there was anything to end, end it here."""
        self._line = line
        if self.over:
            line.close()
            raise TimeoutError
        return line

    def cut(self) -> None:
        """End the connection from another thread: an error for whoever waits on it, or has yet to connect."""
        self.over = True
        if self._line is not None:
            with suppress(OSError):
                # Not SSLSocket's own, which also takes TLS away under whoever is just about to use it.
                socket.socket.shutdown(self._line, socket.SHUT_RDWR)


def _headers(key: str, content: bytes, secret: str, timestamp: int) -> dict[str, str]:
    message_id = f"msg_{hashlib.sha256(key.encode()).hexdigest()[:32]}"
    return {
        "Content-Type": "application/json",
        "User-Agent": "Evie-Webhooks/1",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(secret, message_id, timestamp, content),
    }


def _read_away(answer: http.client.HTTPResponse) -> None:
    """Read some of the answer, which says nothing to us: not more than a limit."""
    left = _LARGEST_ANSWER
    while left > 0:
        part = answer.read1(min(left, 8192))
        if not part:
            return
        left -= len(part)


def _judged(status: int) -> Call:
    if status in _OK:
        return Call(taken=True, reason=f"answered {status}")
    if status == _GONE:
        return Call(taken=False, reason="answered 410: it wants no more messages", final=True)
    return Call(taken=False, reason=f"answered {status}")


def _in_words(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "did not answer in time"
    if isinstance(error, ssl.SSLError):
        return "its certificate was not accepted"
    return "could not be reached"
