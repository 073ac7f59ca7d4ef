"""The load: signed events over keep-alive connections, from a process of its own, so that it shares no lock.

Run as `python -m benchmarks.load.driver PORT SECRET CONCURRENCY EVENTS PREFIX`; prints a JSON object. Every twentieth
event is one that was sent before.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import statistics
import sys
import time
from hashlib import sha256
from itertools import count

_REPEATED = 20
_PADDING = "x" * 2500


def request(number: int, prefix: str, secret: bytes, port: int) -> bytes:
    """Return a whole HTTP request with an event of about 3 KB, signed now."""
    if number % _REPEATED == _REPEATED - 1:
        number -= 1
    body = json.dumps(
        {
            "id": f"evt_{prefix}{number}",
            "object": "event",
            "type": "charge.updated",
            "created": int(time.time()),
            "livemode": False,
            "account": "acct_load",
            "data": {"object": {"id": f"ch_{prefix}{number}", "object": "charge", "description": _PADDING}},
        },
    ).encode()
    stamp = str(int(time.time()))
    signature = hmac.new(secret, stamp.encode() + b"." + body, sha256).hexdigest()
    head = (
        f"POST /stripe/webhook HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        f"Stripe-Signature: t={stamp},v1={signature}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def connection(port: int, requests: list[bytes], numbers: count[int], seconds: list[float]) -> int:
    """Send what is left, one after the other, and return how many were not answered with 200."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    refused = 0
    while (number := next(numbers)) < len(requests):
        begun = time.perf_counter()
        writer.write(requests[number])
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        await reader.readexactly(length)
        seconds.append(time.perf_counter() - begun)
        refused += not head.startswith(b"HTTP/1.1 200")
    writer.close()
    return refused


async def drive(port: int, secret: bytes, concurrency: int, events: int, prefix: str) -> dict[str, float]:
    """Return events a second, the median and the 99th percentile in milliseconds, and how many were refused."""
    requests = [request(number, prefix, secret, port) for number in range(events)]
    numbers, seconds = count(), list[float]()
    begun = time.perf_counter()
    refused = await asyncio.gather(*(connection(port, requests, numbers, seconds) for _ in range(concurrency)))
    taken = time.perf_counter() - begun
    return {
        "per_second": events / taken,
        "p50_ms": statistics.median(seconds) * 1000,
        "p99_ms": statistics.quantiles(seconds, n=100)[98] * 1000,
        "refused": sum(refused),
    }


def main(port: str, secret: str, concurrency: str, events: str, prefix: str) -> None:
    """Drive once and print the figures."""
    print(json.dumps(asyncio.run(drive(int(port), secret.encode(), int(concurrency), int(events), prefix))))


if __name__ == "__main__":
    main(*sys.argv[1:])
