"""The program as one object: what the commands start, ask and close."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.formats import WorkspaceFormats
from bot.preparing import bind_slack_team, connect_directly, let_news_go
from bot.web.app import create_app, create_monitor

if TYPE_CHECKING:
    from contextlib import ExitStack

    from slack_bolt import App
    from starlette.applications import Starlette

    from billing.ports import Formats
    from billing.workspaces import Workspace
    from bot.assistant.model.route import ModelRoute
    from bot.assistant.parser import Parser
    from bot.assistant.requests import Answers
    from bot.settings import Settings
    from bot.slack.parts import SlackParts
    from bot.web.site import Site
    from bot.worker.worker import Worker
    from integrations.mail.smtp import SmtpMailer
    from integrations.public_holidays import PublicHolidays
    from integrations.sandbox.mailbox import LocalMailbox
    from integrations.stripe_connect import StripeGateways
    from skills.context import Services
    from storage import SqlStore

# When who waits for the start has seen it.
_READ_AHEAD_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class Application:
    """Everything put together; `close` gives back what was opened."""

    settings: Settings
    base_url: str
    store: SqlStore
    services: Services
    assistant: Answers
    worker: Worker
    site: Site
    opened: ExitStack
    gateways: StripeGateways
    mailer: SmtpMailer
    calendar: PublicHolidays
    parser: Parser
    model: ModelRoute | None = None
    slack: SlackParts | None = None
    slack_app: App | None = None
    mailbox: LocalMailbox | None = None

    def formats_for(self, workspace: Workspace) -> Formats:
        """Return how money and dates are written there."""
        return WorkspaceFormats(workspace, self.services.clock)

    def web(self) -> Starlette:
        """Return the web application."""
        return create_app(self.site)

    def monitor(self) -> Starlette:
        """Return what a monitor reads of a process that has no pages."""
        return create_monitor(self.site)

    def prepare(self) -> None:
        """Bind what is known only by asking: the Slack team of the token, the account of a key of our own.

        Raises BillingError where a service refuses a setting or is not there.
        """
        if self.slack is not None and self.slack.config.bot_token:
            _, ask = next(self.slack.identities())
            who = ask()
            bind_slack_team(self.store, self.services.clock, who.team, who.team_name)
            let_news_go(self.store, who.team)
        if not self.settings.stripe_is_local and self.settings.stripe_client_id is None:
            connect_directly(self.store, self.services.clock, self.gateways.own_account())

    def listen(self) -> None:
        """Open the connection to Slack where Socket Mode is set; `close` ends it. Raises BillingError."""
        if self.slack is not None and self.slack_app is not None and self.slack.config.app_token:
            from bot.slack.socket_mode import start_socket_mode

            connection = start_socket_mode(self.slack_app, self.slack.config)
            self.opened.callback(connection.close)

    def read_ahead(self) -> None:
        """Have the parser prepare itself once the start is over, so that no message has to wait for that."""
        later = threading.Timer(_READ_AHEAD_SECONDS, self.parser.prepare)
        later.daemon = True
        later.start()
        self.opened.callback(later.cancel)

    def close(self) -> None:
        """Stop the worker and close what was opened; doing so twice is fine."""
        self.worker.stop()
        self.opened.close()
