"""The composition root: the only place that names concrete classes and decides which of them stand in for what."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from bot.application import Application
from bot.assistant.assistant import Assistant, Parts
from bot.assistant.forms import Forms
from bot.assistant.parser import Parser
from bot.composition.pages import site
from bot.composition.pieces import Pieces, model_route, slack_parts, stripe_config, watcher_of
from bot.composition.working import work
from bot.exchange import load_workspace
from bot.sealing import Sealer
from bot.standins import (
    Place,
    connect_sandbox,
    local_mailbox,
    local_stripe,
    sandbox_config,
    throw_away_stripe,
)
from bot.watching.answers import WatchedAnswers
from bot.worker.outlets import Hooks
from bot.worker.worker import Worker
from integrations.stripe_connect import StripeGateways
from integrations.webhooks import WebhookCaller, retry_delay
from skills.registry import EVERY_SKILL, SKILLS
from skills.runner import Runner
from storage import SqlStore, memory_store, open_store

if TYPE_CHECKING:
    from billing.ports import Clock
    from bot.settings import Settings


def utc_now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


def build(settings: Settings, place: Place | None = None, set_clock: Clock | None = None) -> Application:
    """Put an application together from the settings. Nothing is called over the network yet.

    Everything goes by `set_clock` where one is given; left out, leases go by a time that no clock changes.
    """
    place = place or Place()
    with ExitStack() as opening:
        store, clock = _opened(settings, set_clock)
        opening.callback(store.close)
        watcher = watcher_of(settings)
        opening.callback(watcher.close)
        sandbox = local_stripe(settings, place, clock, opening)
        stripe = sandbox_config(sandbox, place) if sandbox else stripe_config(settings)
        gateways = StripeGateways(replace(stripe, watch=watcher.call))
        mailbox = local_mailbox(settings, place, opening)
        sealer = Sealer(settings.evie_secret_key)
        slack = slack_parts(settings, place, store, clock, sealer=sealer, watcher=watcher)
        hooks = Hooks(WebhookCaller(watch=watcher.call), sealer.open, retry_delay)
        pieces = Pieces(settings, place, clock, store, gateways, sandbox, mailbox, slack, sealer, hooks, watcher)
        return _assemble(pieces, opening.pop_all())


def dry_run(data: Any, now: datetime, settings: Settings) -> Application:  # noqa: ANN401 - JSON of the import format
    """Return an application over a throw-away copy of the workspace in `data`, with the clock standing at `now`.

    The database is in memory, Stripe is the sandbox in this process, and no worker runs: nothing leaves it.
    Raises BillingError where `data` is refused.
    """
    from integrations.sandbox.stripe.in_process import in_process_config

    def clock() -> datetime:
        return now.astimezone(UTC)

    with ExitStack() as opening:
        store = memory_store(clock)
        opening.callback(store.close)
        sandbox = throw_away_stripe(clock, opening)
        gateways = StripeGateways(in_process_config(sandbox))
        workspace = load_workspace(store, data, clock())
        connect_sandbox(store, sandbox, workspace, clock)
        pieces = Pieces(settings, Place(), clock, store, gateways, None, None, None, Sealer())
        return _assemble(pieces, opening.pop_all())


def migrate(settings: Settings) -> None:
    """Bring the configured database to the newest tables; raises BillingError, which says what to do."""
    store, _ = _opened(settings)
    try:
        store.migrate()
    finally:
        store.close()


def _opened(settings: Settings, set_clock: Clock | None = None) -> tuple[SqlStore, Clock]:
    """Return the configured database and the clock, both with fault points where a test asks for them."""
    points, clock = None, set_clock or utc_now
    if settings.evie_faults is not None:
        from bot.faults import FaultPoints

        points = FaultPoints(settings.evie_faults)
        points.listen()
        clock = points.clock(clock)
    store = open_store(
        settings.database_url,
        clock,
        connections=settings.evie_database_connections,
        steady_leases=set_clock is None,
    )
    if points is not None:
        from storage.watching import watch

        watch(store.engine, points.step)
    return store, clock


def _assemble(pieces: Pieces, opened: ExitStack) -> Application:
    services = pieces.services
    model = model_route(pieces.settings, opened, pieces.watcher)
    runner = Runner(EVERY_SKILL)
    parts = Parts(SKILLS, runner, _parser(), services, pieces.formats_for, model)
    assistant = WatchedAnswers(Assistant(parts), pieces.watcher)
    worker = Worker(
        pieces.store,
        work(pieces, services, assistant),
        threads=pieces.settings.evie_worker_threads,
        watcher=pieces.watcher,
    )
    slack = pieces.slack
    forms = Forms(SKILLS, runner, _parser(), services, pieces.formats_for, model)
    slack_app = slack.app(worker.call, forms) if slack else None
    return Application(
        settings=pieces.settings,
        base_url=pieces.base_url,
        store=pieces.store,
        services=services,
        assistant=assistant,
        worker=worker,
        site=site(pieces, services, worker, slack_app),
        opened=opened,
        gateways=pieces.gateways,
        mailer=pieces.mailer,
        parser=_parser(),
        model=model,
        slack=slack,
        slack_app=slack_app,
        mailbox=pieces.mailbox,
        calendar=pieces.calendar,
    )


@cache
def _parser() -> Parser:
    # It keeps nothing between messages, and every copy of a dry run would otherwise derive the same grammar anew.
    return Parser(SKILLS)
