"""How long a body may take to arrive: who sends a byte a minute holds nothing of ours for long."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


class _TooSlow(Exception):
    """The body is not there yet, and its time is over."""


class Patience:
    """ASGI middleware that answers 408 where a body is not whole after so many seconds, and closes the connection."""

    def __init__(self, app: ASGIApp, *, seconds: float) -> None:
        self._app = app
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, with a body that arrives in time or not at all."""
        if scope["type"] != "http" or scope["method"] in {"GET", "HEAD"}:
            await self._app(scope, receive, send)
            return
        ends = asyncio.get_running_loop().time() + self._seconds
        whole = False

        async def received() -> Message:
            nonlocal whole
            if whole:
                return await receive()
            try:
                async with asyncio.timeout_at(ends):
                    message = await receive()
            except TimeoutError:
                raise _TooSlow from None
            whole = not message.get("more_body", False)
            return message

        try:
            await self._app(scope, received, send)
        except _TooSlow:
            await PlainTextResponse("That took too long.", 408, {"connection": "close"})(scope, receive, send)
