"""The least that could be a Stripe: it answers each question about a payment with what it was given.

Run as `python -m benchmarks.load.stripe_stand_in PORT FILE`, where FILE is a payment intent as JSON whose id is
`pi_NUMBER`, with NUMBER and OWNER to be filled in: `pi_7_ws3` is asked for as number 7 of the workspace `ws3`.
"""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path
from typing import Final

_ASKED: Final = re.compile(rb"GET /v1/payment_intents/pi_(\w+?)_(\w+)[? ]")
_NOTHING: Final = b'{"object": "list", "data": [], "has_more": false, "url": "/v1/refunds"}'


class Answering(asyncio.Protocol):
    """One connection of a client that asks without a body."""

    def __init__(self, template: bytes) -> None:
        self._template = template
        self._heard = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep what answers go to."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - a stream's is one
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer each question whose head is there."""
        self._heard += data
        while b"\r\n\r\n" in self._heard:
            head, _, self._heard = self._heard.partition(b"\r\n\r\n")
            body = self._answer(head)
            lines = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            if self._transport is not None:
                self._transport.write(lines.encode() + body)

    def _answer(self, head: bytes) -> bytes:
        asked = _ASKED.match(head)
        if asked is None:
            return _NOTHING
        return self._template.replace(b"NUMBER", asked[1]).replace(b"OWNER", asked[2])


async def serve(port: int, template: bytes) -> None:
    """Answer until the process is ended."""
    server = await asyncio.get_running_loop().create_server(lambda: Answering(template), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2]).read_bytes()))
