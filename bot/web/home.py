"""`/`: for whoever wonders what answers here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.web.health import queue_health
from bot.web.pages import render

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from bot.web.site import Site


def home(site: Site, _request: Request) -> Response:
    """Say what this is and whether it works, and in a demo where to look."""
    return render(
        "home.html",
        health=queue_health(site),
        mailbox=site.mailbox is not None,
        stripe_sandbox=site.stripe_sandbox is not None,
    )
