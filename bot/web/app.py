"""The web process: one list of every route, and what surrounds them all."""

from __future__ import annotations

from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Final

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import RedirectResponse
from starlette.routing import Mount, Route

from bot.web import assets, connecting, errors, health, home, mailbox, opening, papers, payments, stopping
from bot.web.charts import chart
from bot.web.headers import Hardening
from bot.web.limiting import Limiting
from bot.web.metrics import Metrics, Watching
from bot.web.patience import Patience
from bot.web.pay import pay
from bot.web.portal import portal, receipt
from bot.web.report import report
from bot.web.splitting import LARGEST_FORM, pay_a_part
from bot.web.webhook import LARGEST_BODY, webhook

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.routing import BaseRoute
    from starlette.types import ASGIApp, Receive, Scope, Send

    from bot.web.site import Mailbox, Site

_SANDBOX: Final = "/sandbox/stripe"


def create_app(site: Site) -> Starlette:
    """Return the ASGI application that serves `site`."""
    metrics = Metrics(site.services.store, site.watcher)
    app = Starlette(
        routes=_routes(site, metrics),
        middleware=[
            Middleware(Hardening, https=site.https),
            Middleware(Watching, watcher=site.watcher),
            Middleware(Limiting, rate=site.rate),
            Middleware(Patience, seconds=site.patience_seconds),
        ],
        exception_handlers={HTTPException: errors.refused, Exception: partial(errors.crashed, https=site.https)},
        lifespan=partial(_lifespan, site),
    )
    # An address with a slash too many is unknown like any other; a redirect would repeat the caller's Host header.
    app.router.redirect_slashes = False
    return app


def create_monitor(site: Site) -> Starlette:
    """Return the ASGI application of a process that has no pages: only what a monitor reads."""
    return Starlette(routes=_monitored(site, Metrics(site.services.store, site.watcher)))


def _monitored(site: Site, metrics: Metrics) -> list[BaseRoute]:
    return [
        Route("/healthz", health.healthz),
        Route("/readyz", partial(health.readyz, site)),
        Route("/metrics", metrics.page),
    ]


@asynccontextmanager
async def _lifespan(site: Site, _app: Starlette) -> AsyncIterator[None]:
    await run_in_threadpool(site.on_start)
    try:
        yield
    finally:
        await run_in_threadpool(site.on_stop)


def _routes(site: Site, metrics: Metrics) -> list[BaseRoute]:
    return [
        # Asked for more often than all the others, which are looked at in their order.
        Route("/stripe/webhook", partial(webhook, site), methods=["POST"], max_body_size=LARGEST_BODY),
        Route("/", partial(home.home, site)),
        Route("/pay/{token}", partial(pay, site)),
        Route("/pay/{token}", partial(pay_a_part, site), methods=["POST"], max_body_size=LARGEST_FORM),
        Route("/portal/{token}", partial(portal, site)),
        Route("/portal/{token}/payments/{payment}", partial(receipt, site)),
        Route("/portal/{token}/credit-notes/{number}.pdf", partial(papers.credit_note, site)),
        Route("/portal/{token}/statement.pdf", partial(papers.statement, site)),
        Route("/invoices/{token}.pdf", partial(papers.invoice, site)),
        Route("/reminders/{token}/stop", partial(stopping.ask, site)),
        Route("/reminders/{token}/stop", partial(stopping.stop, site), methods=["POST"], max_body_size=LARGEST_FORM),
        Route("/stripe/connect", partial(connecting.begin, site)),
        Route("/stripe/callback", partial(connecting.finish, site)),
        Route("/open/{token}", partial(opening.ask, site)),
        Route("/open/{token}", partial(opening.enter, site), methods=["POST"], max_body_size=opening.LARGEST_FORM),
        Route("/payments", partial(payments.payments, site)),
        Route("/payments.csv", partial(payments.payments_csv, site)),
        Route("/charts/{sealed}.png", partial(chart, site)),
        Route("/report", partial(report, site)),
        *_monitored(site, metrics),
        Route("/static/{name}", assets.asset),
        *(_slack_routes(site.slack) if site.slack else []),
        *(_mailbox_routes(site.mailbox) if site.mailbox else []),
        *(_sandbox_routes(site.stripe_sandbox) if site.stripe_sandbox else []),
    ]


def _slack_routes(slack: ASGIApp) -> list[BaseRoute]:
    app = _Whole(slack)
    return [
        Route("/slack/events", app, methods=["POST"], max_body_size=LARGEST_BODY),
        Route("/slack/install", app, methods=["GET"]),
        Route("/slack/oauth_redirect", app, methods=["GET"]),
    ]


def _sandbox_routes(sandbox: ASGIApp) -> list[BaseRoute]:
    # Mounted, it answers below its address only, and that is what people are told.
    return [Route(_SANDBOX, RedirectResponse(f"{_SANDBOX}/")), Mount(_SANDBOX, sandbox)]


class _Whole:
    """An application behind some routes. Bolt compares whole paths, so it is not mounted under a shortened one."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)


def _mailbox_routes(box: Mailbox) -> list[BaseRoute]:
    return [
        Route("/mailbox", partial(mailbox.listing, box)),
        Route("/mailbox/{mail_id}", partial(mailbox.reader, box)),
        Route("/mailbox/{mail_id}/html", partial(mailbox.body, box)),
    ]
