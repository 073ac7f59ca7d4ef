"""What a skill is handed: who asks, the time, the store and the services. A skill reaches nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from billing.errors import StripeNotConnected
from skills.catalogs import Catalogs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager
    from datetime import date, datetime

    from billing.conversations import Actor
    from billing.ports import Clock, Formats, Gateways, Links, PaymentGateway, Printer, Store, Transaction
    from billing.workspaces import StripeConnection, Workspace
    from skills.cards import Card
    from skills.names import Catalog


@dataclass(frozen=True, slots=True)
class Booking:
    """Where a time with a person is booked; `text` says how long and where, such as `60 minutes, Google Meet, free`."""

    url: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Services:
    """What the composition root builds once and every skill shares. Without a `printer` there are no PDFs.

    `seal` encrypts a secret for the database. Without a `booking` no time with a person is offered. `catalogs` keeps
    the names of the store's records between messages.
    """

    store: Store
    gateways: Gateways
    links: Links
    clock: Clock
    printer: Printer | None = None
    seal: Callable[[str], str] | None = None
    booking: Booking | None = None
    catalogs: Catalogs = field(default_factory=Catalogs)


@dataclass(frozen=True, slots=True)
class Context:
    """One call's surroundings. `key` is unique to the call and the same when it is tried again.

    `message` is what the keys of all calls of one message begin with; "" where there is but one call. `said` is the
    message itself: an answer may put first what it names, but what is done never depends on it. `shown` are the keys of
    what was shown to whoever said yes, None where that is not kept.
    """

    actor: Actor
    workspace: Workspace
    conversation: str
    key: str
    services: Services
    formats: Formats
    message: str = ""
    said: str = ""
    shown: Sequence[str] | None = None

    @property
    def now(self) -> datetime:
        """The time, aware, in UTC."""
        return self.services.clock()

    @property
    def today(self) -> date:
        """The calendar day in the workspace's time zone."""
        return self.workspace.day_of(self.now)

    @property
    def links(self) -> Links:
        """The public addresses."""
        return self.services.links

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Open a transaction in the speaker's workspace. Close it before any call to another service."""
        return self.services.store.transaction(self.workspace.id)

    def names(self, tx: Transaction) -> Catalog:
        """Return the names of the workspace's records, as a transaction of it sees them."""
        return self.services.catalogs.of(tx)

    def connection(self) -> StripeConnection:
        """Return the workspace's Stripe account; raises StripeNotConnected with what to do."""
        with self.transaction() as tx:
            active = tx.connections.active()
        if active is None:
            message = "Stripe is not connected yet. An admin can say “connect Stripe” to get started."
            raise StripeNotConnected(message)
        return active

    def stripe(self) -> PaymentGateway:
        """Return the gateway of the workspace's account; raises StripeNotConnected."""
        return self.services.gateways.for_connection(self.connection())


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a skill did: a sentence, the result for the reply object, a card, and the records it was about.

    `mentions` are record numbers, the most important first: what “it” means in the next sentence.
    """

    text: str
    result: Mapping[str, Any] = field(default_factory=dict)
    card: Card | None = None
    mentions: tuple[str, ...] = ()
