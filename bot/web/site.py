"""What the web pages need from the rest of the program, so that they can be served by anything that has it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from bot.watching.watcher import Watcher
from bot.web.limiting import Rate

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from datetime import datetime

    from starlette.types import ASGIApp

    from billing.money import Money
    from billing.ports import Formats
    from billing.queues import InboxEvent
    from billing.workspaces import StripeConnection, Workspace
    from bot.receiving import StripeEvent
    from skills.context import Services


class Mail(Protocol):
    """A mail in the local mailbox."""

    @property
    def id(self) -> str:
        """What `Mailbox.get` takes."""

    @property
    def sender(self) -> str:
        """The From header."""

    @property
    def to(self) -> str:
        """The To header."""

    @property
    def subject(self) -> str:
        """The subject."""

    @property
    def date(self) -> datetime | None:
        """When it was sent, where it says so."""

    @property
    def text(self) -> str:
        """The plain part, "" where there is none."""

    @property
    def html(self) -> str:
        """The HTML part, "" where there is none."""


class Mailbox(Protocol):
    """The mails that stayed on this machine."""

    def messages(self) -> Sequence[Mail]:
        """Return all mails, the newest first."""

    def get(self, mail_id: str) -> Mail | None:
        """Return the mail of that id, or None."""


class Connect(Protocol):
    """The two web steps of connecting a Stripe account."""

    def begin(self, token: str) -> str:
        """Return Stripe's consent page for a ticket; raises ConnectRefused."""

    def finish(self, state: str, code: str | None, error: str | None, *, opened: str) -> StripeConnection:
        """Make the account that Stripe sent back the workspace's; `opened` is the ticket this browser holds.

        Raises ConnectRefused.
        """


class MakeLinkLive(Protocol):
    """Makes sure that an invoice can be paid now."""

    def __call__(self, workspace_id: str, number: str, part: Money | None = None) -> str:
        """Return the URL of the invoice's live payment link, made where needed; raises BillingError.

        It asks for a `part` of what is left, or for all of it.
        """


class Open(Protocol):
    """Opens what this installation sealed."""

    def __call__(self, sealed: str, *, max_age_seconds: int | None = None) -> str:
        """Return what was sealed, not longer ago than that; raises BillingError for anything else."""


@dataclass(frozen=True, slots=True)
class Pictures:
    """How a chart whose data is sealed in an address becomes a PNG."""

    open: Open
    draw: Callable[[Mapping[str, Any]], bytes]


@dataclass(frozen=True, slots=True)
class Site:
    """Everything that the routes reach.

    `verify` takes a raw body, its signature header, the secrets and the time, and raises one of `bad_event` for what
    is not Stripe's. `receive` stores an event, durable when it returns; `nudge` wakes the worker. `rate` is how often
    clients' pages may be asked for, `patience_seconds` how long a body may take, and `watcher` sees every
    request. `slack`, `stripe_sandbox`, `mailbox` and
    `pictures` are None where this installation has none.
    """

    services: Services
    formats_for: Callable[[Workspace], Formats]
    settings_base_url: str
    webhook_secrets: tuple[str, ...]
    verify: Callable[[bytes, str, Sequence[str], datetime], StripeEvent]
    bad_event: tuple[type[Exception], ...]
    receive: Callable[[InboxEvent], Awaitable[bool]]
    nudge: Callable[[], None]
    make_link_live: MakeLinkLive
    connect: Connect
    slack: ASGIApp | None = None
    stripe_sandbox: ASGIApp | None = None
    mailbox: Mailbox | None = None
    pictures: Pictures | None = None
    rate: Rate = field(default_factory=Rate)
    patience_seconds: float = 20.0
    watcher: Watcher = field(default_factory=Watcher)
    on_start: Callable[[], None] = lambda: None
    on_stop: Callable[[], None] = lambda: None

    @property
    def https(self) -> bool:
        """Whether browsers reach this installation encrypted."""
        return self.settings_base_url.startswith("https://")
