"""The composition root: the only place that names concrete classes and decides which of them stand in for what."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from billing.connecting import StripeConnecting
from billing.linking import keep_live
from billing.queues import Source
from bot.addresses import PublicAddresses
from bot.application import Application
from bot.assistant.assistant import Assistant, Parts
from bot.assistant.model.config import ModelConfig
from bot.assistant.model.route import ModelRoute
from bot.assistant.parser import Parser
from bot.exchange import load_workspace
from bot.formats import WorkspaceFormats
from bot.preparing import announce_all_due
from bot.receiving import Reception
from bot.sealing import Sealer
from bot.slack.config import SlackConfig
from bot.slack.parts import SlackParts
from bot.standins import (
    Place,
    connect_sandbox,
    local_mailbox,
    local_stripe,
    sandbox_config,
    throw_away_stripe,
)
from bot.web.pages import notice_page
from bot.web.site import Site
from bot.worker.clockwork import forget_old_evaluations, run_all_scheduled
from bot.worker.fronts import LocalFront
from bot.worker.inbox import Inbox
from bot.worker.outbox import Outbox
from bot.worker.outlets import Hooks, Outlets
from bot.worker.reconciling import Reconciler
from bot.worker.reminding import Reminding
from bot.worker.stripe_inbox import StripeInbox
from bot.worker.worker import Schedule, Work, Worker
from integrations.documents.printer import TypstPrinter
from integrations.mail.smtp import SmtpMailer
from integrations.public_holidays import PublicHolidays
from integrations.sandbox.stripe.asgi import asgi_app as sandbox_asgi_app
from integrations.sandbox.stripe.in_process import in_process_config
from integrations.stripe_account import StripeConfig
from integrations.stripe_connect import StripeGateways
from integrations.stripe_events import BadEvent, BadSignature, verify
from integrations.stripe_events import parse as parse_event
from integrations.webhooks import WebhookCaller, retry_delay
from skills.context import Services
from skills.registry import SKILLS
from skills.runner import Runner
from storage import memory_store, open_store

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_bolt import App

    from billing.money import Money
    from billing.ports import Clock, Formats
    from billing.queues import InboxEvent
    from billing.workspaces import Workspace
    from bot.settings import Settings
    from integrations.sandbox.mailbox import LocalMailbox
    from integrations.sandbox.stripe.sandbox import SandboxStripe
    from storage import SqlStore

_DUE_EVERY_SECONDS: Final = 600
_REMIND_EVERY_SECONDS: Final = 60
_SCHEDULED_EVERY_SECONDS: Final = 15
_FORGET_EVERY_SECONDS: Final = 3600
_PAY_KEY_SECONDS: Final = 300
_POLL_SECONDS: Final = 60
_RECONCILE_SECONDS: Final = 3600


def utc_now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


def build(settings: Settings, place: Place | None = None, clock: Clock = utc_now) -> Application:
    """Put an application together from the settings. Nothing is called over the network yet."""
    place = place or Place()
    with ExitStack() as opening:
        store = open_store(settings.database_url, clock)
        opening.callback(store.close)
        sandbox = local_stripe(settings, place, clock, opening)
        gateways = StripeGateways(sandbox_config(sandbox, place) if sandbox else _stripe_config(settings))
        mailbox = local_mailbox(settings, place, opening)
        slack = _slack(settings, store, clock)
        sealer = Sealer(settings.evie_secret_key)
        hooks = Hooks(WebhookCaller(), sealer.open, retry_delay)
        pieces = _Pieces(settings, place, clock, store, gateways, sandbox, mailbox, slack, sealer, hooks)
        return _assemble(pieces, opening.pop_all())


def dry_run(data: Any, now: datetime, settings: Settings) -> Application:  # noqa: ANN401 - JSON of the import format
    """Return an application over a throw-away copy of the workspace in `data`, with the clock standing at `now`.

    The database is in memory, Stripe is the sandbox in this process, and no worker runs: nothing leaves it.
    Raises BillingError where `data` is refused.
    """

    def clock() -> datetime:
        return now.astimezone(UTC)

    with ExitStack() as opening:
        store = memory_store(clock)
        opening.callback(store.close)
        sandbox = throw_away_stripe(clock, opening)
        gateways = StripeGateways(in_process_config(sandbox))
        workspace = load_workspace(store, data, clock())
        connect_sandbox(store, sandbox, workspace, clock)
        pieces = _Pieces(settings, Place(), clock, store, gateways, None, None, None, Sealer())
        return _assemble(pieces, opening.pop_all())


def migrate(settings: Settings) -> None:
    """Bring the configured database to the newest tables; raises BillingError, which says what to do."""
    store = open_store(settings.database_url, utc_now)
    try:
        store.migrate()
    finally:
        store.close()


@dataclass(frozen=True, slots=True)
class _Pieces:
    settings: Settings
    place: Place
    clock: Clock
    store: SqlStore
    gateways: StripeGateways
    sandbox: SandboxStripe | None
    mailbox: LocalMailbox | None
    slack: SlackParts | None
    sealer: Sealer
    hooks: Hooks | None = None

    @property
    def base_url(self) -> str:
        return self.settings.base_url(self.place.port)

    def formats_for(self, workspace: Workspace) -> Formats:
        return WorkspaceFormats(workspace, self.clock)

    @property
    def services(self) -> Services:
        addresses = PublicAddresses(self.base_url)
        return Services(self.store, self.gateways, addresses, self.clock, printer=_printer(), seal=self.sealer.seal)


def _assemble(pieces: _Pieces, opened: ExitStack) -> Application:
    services = pieces.services
    model = _model(pieces.settings, opened)
    assistant = Assistant(
        Parts(
            skills=SKILLS,
            runner=Runner(SKILLS),
            parser=_parser(),
            services=services,
            formats_for=pieces.formats_for,
            model=model,
        ),
    )
    worker = Worker(pieces.store, _work(pieces, services, assistant))
    slack = pieces.slack
    slack_app = slack.app(worker.nudge) if slack else None
    return Application(
        settings=pieces.settings,
        base_url=pieces.base_url,
        store=pieces.store,
        services=services,
        assistant=assistant,
        worker=worker,
        site=_site(pieces, services, worker, slack_app),
        opened=opened,
        gateways=pieces.gateways,
        mailer=_mailer(pieces),
        model=model,
        slack=slack,
        slack_app=slack_app,
        mailbox=pieces.mailbox,
    )


@cache
def _printer() -> TypstPrinter:
    # It keeps its fonts and its compiler warm, which every application of the process may share.
    return TypstPrinter()


@cache
def _parser() -> Parser:
    # It keeps nothing between messages, and every copy of a dry run would otherwise derive the same grammar anew.
    return Parser(SKILLS)


def _work(pieces: _Pieces, services: Services, assistant: Assistant) -> Work:
    store, clock = pieces.store, pieces.clock
    stripe = StripeInbox(store, parse_event, pieces.gateways, _own_account(pieces), clock)
    handlers: dict[Source, Callable[[InboxEvent], bool]] = {Source.STRIPE: stripe.handle}
    if pieces.slack is not None:
        handlers[Source.SLACK] = pieces.slack.events(assistant, pieces.formats_for).handle
    outlets = Outlets(
        store=store,
        gateways=pieces.gateways,
        mailer=_mailer(pieces),
        links=services.links,
        clock=clock,
        formats_for=pieces.formats_for,
        local=LocalFront(),
        slack=pieces.slack.front if pieces.slack else None,
        printer=services.printer,
        hooks=pieces.hooks,
    )
    due = Schedule("due", _DUE_EVERY_SECONDS, lambda: announce_all_due(store, clock))
    reconciler = Reconciler(store, pieces.gateways.past_events, parse_event, clock)
    reconcile = Schedule("reconcile", _reconcile_every(pieces.settings), reconciler.run)
    scheduled = Schedule("scheduled", _SCHEDULED_EVERY_SECONDS, lambda: run_all_scheduled(store, clock))
    forget = Schedule("forget", _FORGET_EVERY_SECONDS, lambda: forget_old_evaluations(store, clock))
    outbox = Outbox(outlets)
    reminding = Reminding(store, PublicHolidays(), pieces.formats_for, clock)
    remind = Schedule("remind", _REMIND_EVERY_SECONDS, reminding.run)
    schedules = (due, remind, reconcile, scheduled, forget)
    return Work(Inbox(handlers).handle, outbox.deliver, schedules, outbox.give_up)


def _reconcile_every(settings: Settings) -> int:
    """Return the seconds between two looks: few where no webhook of Stripe's can reach us."""
    unreachable = not settings.stripe_is_local and (settings.is_private or not settings.stripe_webhook_secret)
    return _POLL_SECONDS if unreachable else _RECONCILE_SECONDS


def _site(pieces: _Pieces, services: Services, worker: Worker, slack_app: App | None) -> Site:
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
        receive=Reception(pieces.store).receive,
        nudge=worker.nudge,
        make_link_live=make_link_live,
        connect=StripeConnecting(pieces.store, pieces.gateways, services.links, pieces.clock),
        slack=pieces.slack.web(slack_app, pieces.base_url, notice_page) if slack_app and pieces.slack else None,
        stripe_sandbox=sandbox_asgi_app(sandbox) if sandbox else None,
        mailbox=pieces.mailbox if settings.is_private else None,
    )


def _mailer(pieces: _Pieces) -> SmtpMailer:
    url = pieces.settings.smtp_url or (pieces.mailbox.smtp_url if pieces.mailbox else "smtp://127.0.0.1:1")
    return SmtpMailer(url, pieces.settings.evie_mail_from, clock=pieces.clock)


def _slack(settings: Settings, store: SqlStore, clock: Clock) -> SlackParts | None:
    if not settings.slack_enabled:
        return None
    config = SlackConfig(
        bot_token=settings.slack_bot_token,
        signing_secret=settings.slack_signing_secret,
        app_token=settings.slack_app_token,
        client_id=settings.slack_client_id,
        client_secret=settings.slack_client_secret,
        api_base_url=settings.slack_api_base_url,
        admins=settings.evie_admins,
    )
    return SlackParts.of(config, store, clock, Sealer(settings.evie_secret_key))


def _model(settings: Settings, opened: ExitStack) -> ModelRoute | None:
    if settings.openai_api_key is None:
        return None
    route = ModelRoute(
        ModelConfig(
            api_key=settings.openai_api_key,
            base_url=settings.openai_base_url,
            model=settings.openai_model,
        ),
    )
    opened.callback(route.close)
    return route


def _own_account(pieces: _Pieces) -> Callable[[], str | None]:
    """Return what finds the account of a key of our own: only in direct mode are its events any workspace's."""

    @cache
    def account() -> str | None:
        if pieces.settings.stripe_is_local or pieces.settings.stripe_client_id is not None:
            return None
        return pieces.gateways.own_account().stripe_account_id

    return account


def _stripe_config(settings: Settings) -> StripeConfig:
    return StripeConfig(
        # Without a key nothing is asked of Stripe: connecting says what has to be set first.
        api_key=settings.stripe_api_key or "sk_test_not_set",
        client_id=settings.stripe_client_id,
        direct=settings.stripe_api_key is not None and settings.stripe_client_id is None,
        api_base=settings.stripe_api_base,
        connect_base=settings.stripe_connect_base,
    )
