"""`POST /stripe/webhook`: what Stripe tells us, stored before it is answered and before anybody looks into it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse, Response

from bot.receiving import stripe_row

if TYPE_CHECKING:
    from starlette.requests import Request

    from bot.web.site import Site

_log = structlog.get_logger(__name__)
# Stripe's largest events are far below: whatever is longer is not worth a signature check.
LARGEST_BODY: Final = 1024 * 1024
_SHORT: Final = 64 * 1024
_STRIPE: Final = "stripe"


async def webhook(site: Site, request: Request) -> Response:
    """Answer 200 once the event is durable, 400 for what is not Stripe's, 503 where it could not be stored."""
    try:
        body = await request.body()
    except ClientDisconnect:
        return PlainTextResponse("The body ended early.", 400)
    signature = request.headers.get("stripe-signature", "")
    now = site.services.clock()
    try:
        # A thread costs more than checking what Stripe usually sends; what is long would hold the others up.
        check = partial(site.verify, body, signature, site.webhook_secrets, now)
        event = check() if len(body) < _SHORT else await run_in_threadpool(check)
    except site.bad_event as error:
        _log.warning("webhook_refused", reason=type(error).__name__)
        site.watcher.event(_STRIPE, "refused")
        return PlainTextResponse("This is not an event that Stripe signed for us.", 400)
    try:
        new = await site.receive(stripe_row(event, body, now))
    except Exception:  # noqa: BLE001 - whatever the database's reason is, Stripe delivers again
        _log.exception("webhook_not_stored", event_id=event.id)
        site.watcher.event(_STRIPE, "not_stored")
        return PlainTextResponse("The event could not be stored. Please deliver it again.", 503)
    site.watcher.event(_STRIPE, "accepted" if new else "duplicate", key=event.id)
    site.nudge()
    return PlainTextResponse("ok")
