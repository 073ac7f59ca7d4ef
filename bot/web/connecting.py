"""`/stripe/connect` and `/stripe/callback`: from the chat to Stripe's consent page and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.responses import RedirectResponse, Response

from billing.connecting import TICKET_LIFETIME, name_of
from billing.errors import BillingError
from bot.web.pages import Notice, notice
from skills.cards import Tone

if TYPE_CHECKING:
    from starlette.requests import Request

    from billing.workspaces import StripeConnection
    from bot.web.site import Site

_COOKIE: Final = "evie_connect"
_PATH: Final = "/stripe"


def begin(site: Site, request: Request) -> Response:
    """Send the person to Stripe, and let the browser hold the ticket until Stripe's answer comes back to it."""
    if request.method == "HEAD":
        return _looked_at()
    token = request.query_params.get("token", "")
    try:
        answer = RedirectResponse(site.connect.begin(token), 303)
    except BillingError as error:
        return _refused(error)
    seconds = int(TICKET_LIFETIME.total_seconds())
    answer.set_cookie(_COOKIE, token, max_age=seconds, path=_PATH, secure=site.https, httponly=True, samesite="lax")
    return answer


def finish(site: Site, request: Request) -> Response:
    """Take what Stripe sent back, and say what became of it."""
    if request.method == "HEAD":
        return _looked_at()
    query = request.query_params
    try:
        connection = site.connect.finish(
            query.get("state", ""),
            query.get("code"),
            query.get("error"),
            opened=request.cookies.get(_COOKIE, ""),
        )
    except BillingError as error:
        return _refused(error)
    return _connected(connection)


def _looked_at() -> Response:
    # A program that looks whether a link works must not use up what works once.
    return Response(media_type="text/html")


def _connected(connection: StripeConnection) -> Response:
    mode = "Live: payments are real" if connection.livemode else "Test: no real money moves"
    words = Notice(
        "Connected",
        "Stripe is connected. You can close this page and go on in the chat.",
        Tone.GOOD,
        facts=(("Business", name_of(connection)), ("Account", connection.stripe_account_id), ("Mode", mode)),
    )
    return notice(words)


def _refused(error: BillingError) -> Response:
    words = Notice("Stripe was not connected", error.user_message, Tone.WARNING)
    return notice(words, status=503 if error.retryable else 400)
