"""When there is no page, or it broke: what a person reads then, and what a machine gets."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final

import structlog
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response

from bot.web.headers import harden
from bot.web.pages import Notice, notice
from skills.cards import Tone

if TYPE_CHECKING:
    from starlette.requests import Request

_log = structlog.get_logger(__name__)

_WORDS: Final = {
    404: Notice("Nothing to see here", "This address leads nowhere. Check that the link was copied whole."),
    405: Notice("That does not work here", "This page can be read, but nothing can be sent to it."),
    413: Notice("That is too much", "What was sent is larger than anything this address takes."),
}
_OTHER: Final = Notice("That did not work", "The request could not be understood. Go back and try again.")
# Who calls these reads no pages.
_MACHINES: Final = ("/stripe/webhook", "/slack/events", "/healthz", "/readyz", "/metrics")


def refused(request: Request, error: Exception) -> Response:
    """Answer a request that no route takes, or that a route turned away."""
    assert isinstance(error, HTTPException)  # noqa: S101 - what this handler is registered for
    words = _WORDS.get(error.status_code, _OTHER)
    return _answer(request, words, error.status_code, dict(error.headers or {}))


def crashed(request: Request, error: Exception, *, https: bool) -> Response:
    """Answer where our own code failed: the person gets a reference, the log what happened."""
    reference = secrets.token_hex(4)
    # The path may hold a client's token: the name of the route says as much.
    route = getattr(request.scope.get("route"), "path", "")
    _log.error("page_failed", reference=reference, route=route, exc_info=error)
    words = Notice(
        "Something went wrong on our side",
        f"Please try again in a minute. If it keeps happening, mention the reference {reference}.",
        Tone.BAD,
    )
    response = _answer(request, words, 500, {})
    # This handler stands outside of all middleware.
    harden(response.headers, https=https)
    return response


def _answer(request: Request, words: Notice, status: int, headers: dict[str, str]) -> Response:
    if request.url.path.startswith(_MACHINES):
        return PlainTextResponse(f"{words.title}. {words.text}", status, headers)
    return notice(words, status=status, headers=headers)
