"""Whether this process lives, and whether it can do its work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import structlog
from starlette.responses import JSONResponse, PlainTextResponse, Response

if TYPE_CHECKING:
    from starlette.requests import Request

    from billing.queues import QueueHealth
    from bot.web.site import Site

_log = structlog.get_logger(__name__)
# Three times the longest pause between two tries: by then it is not the next try that mends it.
TOO_LONG_SECONDS: Final = 900


async def healthz(_request: Request) -> Response:
    """Answer as long as the process takes requests; asks nothing of anybody else."""
    return PlainTextResponse("ok")


def readyz(site: Site, _request: Request) -> Response:
    """Say how old the oldest unhandled rows are; 503 where one waits too long, or the database does not answer.

    Anybody may read it, so it names no row: `evie doctor` does.
    """
    health = queue_health(site)
    if health is None:
        return JSONResponse({"status": "unavailable", "reason": "The database does not answer."}, 503)
    figures = {
        "oldest_inbox_seconds": health.oldest_inbox_seconds,
        "oldest_outbox_seconds": health.oldest_outbox_seconds,
        "parked": health.parked,
        "held_up": health.held_up,
    }
    late = lateness(health)
    if late:
        return JSONResponse({"status": "late", "reason": late, **figures}, 503)
    held_up = {"reason": silence(health)} if health.held_up else {}
    return JSONResponse({"status": "ready", **held_up, **figures})


def silence(health: QueueHealth) -> str:
    """Return what waits for somebody to mend the chat (a channel, an invitation, an installation), "" for nothing."""
    if not health.held_up:
        return ""
    waits = "1 message for the chat waits" if health.held_up == 1 else f"{health.held_up} messages for the chat wait"
    return f"{waits} for somebody to mend it: “evie doctor” says what."


def lateness(health: QueueHealth) -> str:
    """Return what waits for too long, "" where nothing does."""
    waits = {"event": health.oldest_inbox_seconds, "message": health.oldest_outbox_seconds}
    late = [
        f"The oldest {what} has waited for {int(seconds // 60)} minutes."
        for what, seconds in waits.items()
        if seconds > TOO_LONG_SECONDS
    ]
    return " ".join([*late, *([silence(health)] if late and health.held_up else [])])


def queue_health(site: Site) -> QueueHealth | None:
    """Return how the queues are, None where the database does not answer."""
    try:
        return site.services.store.health()
    except Exception:  # noqa: BLE001 - this is the question whether the database works
        _log.exception("database_unavailable")
        return None
