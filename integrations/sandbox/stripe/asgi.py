"""The sandbox over HTTP, as an application that stands alone or is mounted under a path."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response as HttpResponse
from starlette.routing import Route

from integrations.sandbox.stripe.http import Request
from integrations.sandbox.stripe.mishaps import NoAnswer

if TYPE_CHECKING:
    from starlette.requests import Request as HttpRequest
    from starlette.types import Receive, Scope, Send

    from integrations.sandbox.stripe.sandbox import SandboxStripe

_LARGEST_BODY: Final = 1 << 20


def asgi_app(sandbox: SandboxStripe) -> Starlette:
    """Return the application. Under a prefix, the sandbox's `base_url` has to end in it."""

    async def serve(request: HttpRequest) -> HttpResponse:
        body = await _body(request)
        if body is None:
            return HttpResponse("The request is too large.", status_code=413)
        try:
            answer = await run_in_threadpool(sandbox.handle, _request(request, body))
        except NoAnswer:
            return _CutOff()
        return HttpResponse(answer.body, status_code=answer.status, headers=answer.headers)

    return Starlette(routes=[Route("/{path:path}", serve, methods=["GET", "POST", "DELETE"])])


class _CutOff(HttpResponse):
    """No answer: the server closes a connection over which less comes than was announced."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Announce a body and send none."""
        del scope, receive
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1")]})


def _request(request: HttpRequest, body: bytes) -> Request:
    return Request(
        method=request.method,
        path=f"/{request.path_params['path']}",
        query=request.url.query,
        headers=dict(request.headers),
        body=body,
    )


async def _body(request: HttpRequest) -> bytes | None:
    """Return the body, or None for one larger than anything that Stripe is sent."""
    received = b""
    async for chunk in request.stream():
        received += chunk
        if len(received) > _LARGEST_BODY:
            return None
    return received
