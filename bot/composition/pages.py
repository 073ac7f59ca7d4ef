"""The web pages put together: what they show, and what they may do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from billing.connecting import StripeConnecting
from billing.linking import keep_live
from bot.receiving import Reception
from bot.web.pages import notice_page
from bot.web.site import Pictures, Site
from integrations.stripe_events import BadEvent, BadSignature, verify

if TYPE_CHECKING:
    from slack_bolt import App
    from starlette.types import ASGIApp

    from billing.money import Money
    from bot.composition.pieces import Pieces
    from bot.worker.worker import Worker
    from integrations.sandbox.stripe.sandbox import SandboxStripe
    from skills.context import Services

_PAY_KEY_SECONDS: Final = 300
# PostgreSQL joins the commits of connections that wait at once; a few are enough for that.
_WRITERS: Final = 4


def site(pieces: Pieces, services: Services, worker: Worker, slack_app: App | None) -> Site:
    """Return what the routes reach."""
    settings, sandbox = pieces.settings, pieces.sandbox

    def make_link_live(workspace_id: str, number: str, part: Money | None = None) -> str:
        now = pieces.clock()
        what = f"{number}:{part}" if part else number
        live = keep_live(
            lambda: pieces.store.transaction(workspace_id),
            pieces.gateways,
            number,
            # Stripe repeats even a failure of its own for a day under one key: after a while it is asked anew.
            request_key=f"pay:{what}:{int(now.timestamp()) // _PAY_KEY_SECONDS}",
            now=now,
            part=part,
        )
        return str(live.link.url)

    return Site(
        services=services,
        formats_for=pieces.formats_for,
        settings_base_url=pieces.base_url,
        webhook_secrets=(sandbox.settings.webhook_secret,) if sandbox else settings.stripe_webhook_secret,
        verify=verify,
        bad_event=(BadEvent, BadSignature),
        receive=Reception(pieces.store, 1 if settings.on_sqlite else _WRITERS).receive,
        nudge=worker.call,
        make_link_live=make_link_live,
        connect=StripeConnecting(pieces.store, pieces.gateways, services.links, pieces.clock),
        slack=pieces.slack.web(slack_app, pieces.base_url, notice_page) if slack_app and pieces.slack else None,
        stripe_sandbox=_served(sandbox) if sandbox else None,
        pictures=Pictures(pieces.sealer.open, pieces.printer.chart),
        mailbox=pieces.mailbox if settings.is_private else None,
        watcher=pieces.watcher,
    )


def _served(sandbox: SandboxStripe) -> ASGIApp:
    from integrations.sandbox.stripe.asgi import asgi_app

    return asgi_app(sandbox)
