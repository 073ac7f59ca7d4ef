"""Calling other systems by the Standard Webhooks specification, and never one that is not on the public internet.

The address is resolved once, every answer is checked, and the connection goes to the address that was checked, with
the name kept for TLS and for the Host header: so a name that changes its mind in between leads nowhere. Redirects are
not followed, and neither the answer nor the time it takes is without a limit.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import ipaddress
import json
import random
import socket
import ssl
import threading
import time
from base64 import b64decode, b64encode
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from billing.watching import unwatched
from billing.webhooks import Call

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from billing.watching import Watch

    Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_SECONDS: Final = 15.0
_LARGEST_ANSWER: Final = 64 * 1024
_GONE: Final = 410
_OK: Final = range(200, 300)
# Seconds before the second try, the third, and so on: over a day, as the specification advises.
_DELAYS: Final = (5.0, 300.0, 1800.0, 7200.0, 18000.0, 36000.0, 36000.0)
_JITTER: Final = 0.2
_HIDDEN: Final = tuple(
    ipaddress.ip_network(each)
    for each in (
        "100.64.0.0/10",  # shared by carriers, and where some clouds keep their metadata
        "192.0.0.0/24",
        "198.18.0.0/15",
        "64:ff9b::/96",  # IPv4 within IPv6, which is looked into below
        "64:ff9b:1::/48",
        "2002::/16",
        "2001::/32",
    )
)


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a name; raises OSError."""
    return [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def is_public(text: str) -> bool:
    """Say whether an address is one of the public internet: no private, loopback, link-local or reserved one."""
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    hidden = any(address in network for network in _HIDDEN if network.version == address.version)
    return address.is_global and not address.is_multicast and not hidden


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
        parts = urlsplit(url)
        host, port = str(parts.hostname), parts.port or 443
        if parts.scheme != "https":
            return Call(taken=False, reason="only https is called", final=True)
        try:
            addresses = list(self.resolve(host, port))
        except OSError:
            return Call(taken=False, reason=f"{host} cannot be found")
        if not addresses or not all(map(self.allowed, addresses)):
            # One answer that is not public is enough: which of them a connection would take is a matter of luck.
            return Call(taken=False, reason=f"{host} is not on the public internet", final=True)
        content = json.dumps(body, separators=(",", ":")).encode()
        headers = _headers(key, content, secret, int(self.now()))
        target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        try:
            status = self._post(_Pinned(addresses[0], host, port, self.tls, self.seconds), target, content, headers)
        except (OSError, http.client.HTTPException) as error:
            return Call(taken=False, reason=_in_words(error))
        return _judged(status)

    def _post(self, connection: _Pinned, target: str, content: bytes, headers: Mapping[str, str]) -> int:
        # Each single wait has a limit; whoever answers a byte at a time is cut off by the clock.
        deadline = threading.Timer(self.seconds, connection.cut)
        deadline.start()
        try:
            connection.request("POST", target, body=content, headers=dict(headers))
            answer = connection.getresponse()
            _read_away(answer)
            return answer.status
        finally:
            deadline.cancel()
            connection.close()


class _Pinned(http.client.HTTPSConnection):
    """A connection to one address, for a name: TLS and the Host header have the name."""

    def __init__(self, address: str, host: str, port: int, tls: ssl.SSLContext, seconds: float) -> None:
        super().__init__(host, port, timeout=seconds, context=tls)
        self._address = address
        self._tls = tls

    def connect(self) -> None:
        """Connect to the address and to no other."""
        plain = socket.create_connection((self._address, self.port), self.timeout)
        self.sock = self._tls.wrap_socket(plain, server_hostname=self.host)

    def cut(self) -> None:
        """End the connection from another thread; whoever waits on it gets an error."""
        if self.sock is not None:
            with suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)


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
