"""`POST /slack/events` as an ASGI app: limits first, then Bolt in threads of its own.

Bolt is synchronous and reads a body before it checks the signature. So what is too large or has no well-formed
signature is refused before Bolt sees it, and a slow database holds up Slack's threads but never the event loop.
"""

from __future__ import annotations

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TYPE_CHECKING

import structlog
from slack_bolt import BoltRequest
from slack_bolt.adapter.starlette.handler import to_starlette_response
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from slack_bolt import App, BoltResponse
    from slack_bolt.oauth import OAuthFlow
    from starlette.requests import Request

    from bot.slack.config import SlackConfig

PATH = "/slack/events"

_THREADS = 16
_LARGEST_BODY = 1_000_000
_BAD = 400
_BROKEN = 500
_TIMESTAMP = re.compile(r"\d{1,12}")
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")
_log = structlog.get_logger(__name__)


def asgi_app(
    app: App, config: SlackConfig, flow: OAuthFlow | None = None, note: Callable[[str], None] = lambda _: None
) -> Starlette:
    """Return the app to mount; without a signing secret (Socket Mode) it has no route, so nobody is let in.

    `flow` installs Evie in further workspaces; `note` is told of what was refused or not stored.
    """
    if not config.signing_secret:
        return Starlette(routes=[])
    events = Route(PATH, _Events(app, note).take, methods=["POST"])
    return Starlette(routes=[events, *(_installing(flow) if flow else [])])


def _installing(flow: OAuthFlow) -> list[Route]:
    def page(handle: Callable[[BoltRequest], BoltResponse]) -> Callable[[Request], Awaitable[Response]]:
        async def shown(request: Request) -> Response:
            # The package asks Slack, which takes a while.
            return to_starlette_response(await run_in_threadpool(handle, _bolt_request(request)))

        return shown

    return [
        Route(flow.install_path, page(flow.handle_installation), methods=["GET"]),
        Route(flow.redirect_uri_path, page(flow.handle_callback), methods=["GET"]),
    ]


def _bolt_request(request: Request) -> BoltRequest:
    return BoltRequest(body="", query=request.url.query, headers=dict(request.headers))


class _Events:
    """The endpoint and its threads."""

    def __init__(self, app: App, note: Callable[[str], None]) -> None:
        self._app = app
        self._note = note
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="evie-slack")

    async def take(self, request: Request) -> Response:
        """Take one request of Slack's: 200 once it is stored, 401 unsigned, 413 too large, 503 to be repeated."""
        answer = await self._taken(request)
        if answer.status_code >= _BAD:
            self._note("not_stored" if answer.status_code >= _BROKEN else "refused")
        return answer

    async def _taken(self, request: Request) -> Response:
        if not _could_be_signed(request):
            return PlainTextResponse("This address is for Slack.", 401)
        body = await _limited_body(request)
        if body is None:
            return PlainTextResponse("That is too large.", 413)
        return await asyncio.get_running_loop().run_in_executor(
            self._threads, copy_context().run, self._dispatched, body, request
        )

    def _dispatched(self, body: bytes, request: Request) -> Response:
        try:
            bolt_request = BoltRequest(body=body.decode(), headers=dict(request.headers))
            return to_starlette_response(self._app.dispatch(bolt_request))
        except Exception as error:  # noqa: BLE001 - what a listener raises is answered within Bolt: this is the body's
            _log.info("slack_request_not_understood", error=type(error).__name__)
            return PlainTextResponse("That is no request of Slack's.", 400)


def _could_be_signed(request: Request) -> bool:
    timestamp = request.headers.get("x-slack-request-timestamp", "")
    signature = request.headers.get("x-slack-signature", "")
    return bool(_TIMESTAMP.fullmatch(timestamp) and _SIGNATURE.fullmatch(signature))


async def _limited_body(request: Request) -> bytes | None:
    """Return the body, or None as soon as it is larger than anything Slack sends."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LARGEST_BODY:
            return None
    return bytes(body)
