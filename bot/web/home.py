"""`/`: for whoever wonders what answers here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.web.health import lateness, queue_health, silence
from bot.web.pages import render

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from bot.web.site import Site


def home(site: Site, _request: Request) -> Response:
    """Say what this is and whether it works, and in a demo where to look."""
    health = queue_health(site)
    return render(
        "home.html",
        health=health,
        trouble="" if health is None else lateness(health) or silence(health),
        mailbox=site.mailbox is not None,
        stripe_sandbox=site.stripe_sandbox is not None,
    )
