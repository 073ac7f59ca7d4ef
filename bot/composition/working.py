"""The worker put together: what handles events, what delivers messages, and what is done by the clock."""

from __future__ import annotations

import threading
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Final

from billing.queues import Source
from bot.preparing import announce_all_due
from bot.worker.clockwork import forget_old_evaluations, lapse_questions, run_all_scheduled
from bot.worker.digesting import queue_all_digests
from bot.worker.fronts import LocalFront
from bot.worker.inbox import Inbox
from bot.worker.looking import Pace
from bot.worker.nightly import Nightly
from bot.worker.outbox import Outbox
from bot.worker.outlets import Outlets
from bot.worker.reconciling import Reconciler
from bot.worker.reminding import Reminding
from bot.worker.stripe_inbox import StripeInbox
from bot.worker.worker import Schedule, Work
from integrations.stripe_events import parse as parse_event

if TYPE_CHECKING:
    from collections.abc import Callable

    from billing.ports.changes import Handled
    from billing.queues import InboxEvent
    from bot.assistant.requests import Answers
    from bot.composition.pieces import Pieces
    from bot.settings import Settings
    from skills.context import Services

_DUE_EVERY_SECONDS: Final = 600
_REMIND_EVERY_SECONDS: Final = 60
_SCHEDULED_EVERY_SECONDS: Final = 15
_FORGET_EVERY_SECONDS: Final = 3600
_LAPSE_EVERY_SECONDS: Final = 900
_DIGEST_EVERY_SECONDS: Final = 60
_POLL_SECONDS: Final = 60
_RECONCILE_SECONDS: Final = 3600
_MOST_RECONCILE_TICK_SECONDS: Final = 120
_NIGHTLY_LOOK_SECONDS: Final = 900


def work(pieces: Pieces, services: Services, assistant: Answers) -> Work:
    """Return everything that the worker does."""
    outbox = Outbox(_outlets(pieces, services))
    inbox = _inbox(pieces, assistant)
    ending = threading.Event()
    return Work(
        handle=inbox.handle,
        deliver=outbox.deliver,
        schedules=_schedules(pieces, ending),
        give_up=outbox.give_up,
        bell=pieces.store.bell,
        ending=ending,
        together=inbox.together,
    )


def _inbox(pieces: Pieces, assistant: Answers) -> Inbox:
    stripe = StripeInbox(pieces.store, parse_event, pieces.gateways, _own_account(pieces), pieces.clock)
    handlers: dict[Source, Callable[[InboxEvent], Handled]] = {Source.STRIPE: stripe.handle}
    if pieces.slack is not None:
        handlers[Source.SLACK] = pieces.slack.events(assistant).handle
    # Of what is said in Slack, each is handled by itself.
    return Inbox(handlers, stripe.together)


def _outlets(pieces: Pieces, services: Services) -> Outlets:
    return Outlets(
        store=pieces.store,
        gateways=pieces.gateways,
        mailer=pieces.mailer,
        links=services.links,
        clock=pieces.clock,
        formats_for=pieces.formats_for,
        local=LocalFront(),
        slack=pieces.slack.front if pieces.slack else None,
        printer=services.printer,
        hooks=pieces.hooks,
    )


def _schedules(pieces: Pieces, ending: threading.Event) -> tuple[Schedule, ...]:
    store, clock = pieces.store, pieces.clock
    reminding = Reminding(store, pieces.calendar, pieces.formats_for, clock)
    every = _reconcile_every(pieces.settings)
    tick = min(every, _MOST_RECONCILE_TICK_SECONDS)
    # A tick may come a little early.
    pace = Pace(timedelta(seconds=every - tick / 2), ending)
    reconciler = Reconciler(store, pieces.gateways.past_events, parse_event, clock, pace)
    nightly = Nightly(store, pieces.gateways, clock, Pace(ending=ending))
    return (
        Schedule("due", _DUE_EVERY_SECONDS, lambda: announce_all_due(store, clock)),
        Schedule("remind", _REMIND_EVERY_SECONDS, reminding.run, at_start=True),
        Schedule("reconcile", tick, reconciler.run, at_start=True),
        Schedule("nightly", _NIGHTLY_LOOK_SECONDS, nightly.run),
        Schedule("scheduled", _SCHEDULED_EVERY_SECONDS, lambda: run_all_scheduled(store, clock), at_start=True),
        Schedule("digest", _DIGEST_EVERY_SECONDS, lambda: queue_all_digests(store, clock)),
        Schedule("lapse", _LAPSE_EVERY_SECONDS, lambda: lapse_questions(store, clock)),
        Schedule("forget", _FORGET_EVERY_SECONDS, lambda: forget_old_evaluations(store, clock)),
    )


def _reconcile_every(settings: Settings) -> int:
    """Return the seconds between two looks: few where no webhook of Stripe's can reach us."""
    unreachable = not settings.stripe_is_local and (settings.is_private or not settings.stripe_webhook_secret)
    return _POLL_SECONDS if unreachable else _RECONCILE_SECONDS


def _own_account(pieces: Pieces) -> Callable[[], str | None]:
    """Return what finds the account of a key of our own: only in direct mode are its events any workspace's."""

    @cache
    def account() -> str | None:
        if pieces.settings.stripe_is_local or pieces.settings.stripe_client_id is not None:
            return None
        return pieces.gateways.own_account().stripe_account_id

    return account
