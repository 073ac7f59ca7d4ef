"""The parts that others are put together from: the store, Stripe, mail, Slack, and what seals secrets."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache, partial
from importlib.metadata import version
from typing import TYPE_CHECKING

from bot.addresses import PublicAddresses
from bot.assistant.model.config import ModelConfig
from bot.assistant.model.route import ModelRoute
from bot.formats import WorkspaceFormats
from bot.settings import SettingsError
from bot.slack.config import SlackConfig
from bot.slack.parts import SlackParts, Surroundings
from bot.watching.spans import NoSpans
from bot.watching.watcher import Prices, Watcher
from integrations.documents.printer import TypstPrinter
from integrations.mail.smtp import SmtpMailer
from integrations.public_holidays import PublicHolidays
from integrations.stripe_account import StripeConfig
from skills.catalogs import Catalogs
from skills.context import Booking, Services

if TYPE_CHECKING:
    from contextlib import ExitStack

    from billing.ports import Clock, Formats
    from billing.workspaces import Workspace
    from bot.sealing import Sealer
    from bot.settings import Settings
    from bot.standins import Place
    from bot.watching.spans import Spans
    from bot.worker.outlets import Hooks
    from integrations.sandbox.mailbox import LocalMailbox
    from integrations.sandbox.stripe.sandbox import SandboxStripe
    from integrations.stripe_connect import StripeGateways
    from storage import SqlStore


@dataclass(frozen=True, slots=True)
class Pieces:
    """What one application is made of. `sandbox` and `mailbox` stand in for Stripe and for mail, or are None."""

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
    watcher: Watcher = field(default_factory=Watcher)
    catalogs: Catalogs = field(default_factory=Catalogs)

    @property
    def base_url(self) -> str:
        """The public address."""
        return self.settings.base_url(self.place.port)

    def formats_for(self, workspace: Workspace) -> Formats:
        """Return how money and dates are written there."""
        return WorkspaceFormats(workspace, self.clock)

    @property
    def services(self) -> Services:
        """What every skill shares."""
        addresses = PublicAddresses(self.base_url, None if self.settings.is_private else self.sealer.seal)
        return Services(
            self.store,
            self.gateways,
            addresses,
            self.clock,
            printer=_printer(),
            seal=self.sealer.seal,
            booking=self._booking,
            catalogs=self.catalogs,
        )

    @property
    def _booking(self) -> Booking | None:
        url = self.settings.evie_booking_url
        return Booking(url, self.settings.evie_booking_text) if url else None

    @property
    def printer(self) -> TypstPrinter:
        """What makes PDFs, and pictures of charts."""
        return _printer()

    @property
    def calendar(self) -> PublicHolidays:
        """On which days a country works."""
        return PublicHolidays()

    @property
    def mailer(self) -> SmtpMailer:
        """What sends mail: by the configured server, or into the local mailbox."""
        url = self.settings.smtp_url or (self.mailbox.smtp_url if self.mailbox else "smtp://127.0.0.1:1")
        return SmtpMailer(url, self.settings.evie_mail_from, clock=self.clock, watch=self.watcher.call)


@cache
def _printer() -> TypstPrinter:
    # It keeps its fonts and its compiler warm, which every application of the process may share.
    return TypstPrinter()


def watcher_of(settings: Settings) -> Watcher:
    """Return what watches the process."""
    prices = settings.openai_prices
    return Watcher(_spans(settings), Prices(*prices) if prices else None)


def _spans(settings: Settings) -> Spans:
    endpoint = settings.otel_exporter_otlp_endpoint
    if endpoint is None:
        return NoSpans()
    try:
        # Not installed where it is not wanted, and most of the time of a start where it is.
        from bot.watching.tracing import OtlpSpans
    except ModuleNotFoundError as error:
        message = "OTEL_EXPORTER_OTLP_ENDPOINT is set, but evie[tracing] is not installed. Install it, or take it away."
        raise SettingsError(message) from error
    headers = dict(pair.split("=", 1) for pair in settings.otel_exporter_otlp_headers)
    return OtlpSpans(endpoint, headers, version("evie"))


def slack_parts(  # noqa: PLR0913 - what Slack's room stands on
    settings: Settings, place: Place, store: SqlStore, clock: Clock, *, sealer: Sealer, watcher: Watcher
) -> SlackParts | None:
    """Return how Slack is reached; None where it is not set up."""
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
        watch=watcher.call,
    )
    links = PublicAddresses(settings.base_url(place.port))
    note = partial(watcher.event, "slack")
    formats_for = partial(WorkspaceFormats, clock=clock)
    return SlackParts.of(Surroundings(config, store, clock, sealer, links, formats_for, note))


def model_route(settings: Settings, opened: ExitStack, watcher: Watcher) -> ModelRoute | None:
    """Return the model; None where there is no key for one."""
    if settings.openai_api_key is None:
        return None
    route = ModelRoute(
        ModelConfig(
            api_key=settings.openai_api_key,
            base_url=settings.openai_base_url,
            model=settings.openai_model,
            daily_tokens=settings.evie_model_daily_tokens,
        ),
        watch=watcher.call,
    )
    opened.callback(route.close)
    return route


def stripe_config(settings: Settings) -> StripeConfig:
    """Return how Stripe itself is reached."""
    return StripeConfig(
        # Without a key nothing is asked of Stripe: connecting says what has to be set first.
        api_key=settings.stripe_api_key or "sk_test_not_set",
        client_id=settings.stripe_client_id,
        direct=settings.stripe_api_key is not None and settings.stripe_client_id is None,
        api_base=settings.stripe_api_base,
        connect_base=settings.stripe_connect_base,
    )
