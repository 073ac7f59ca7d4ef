"""A studio and a Stripe beside it, joined by webhooks that can be cut: for tests of what an outage leaves behind."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from billing.automations import Trigger
from billing.queues import OutboxKind, OutboxMessage
from billing.workspaces import NotificationRoute, StripeConnection
from bot.worker.nightly import Nightly
from bot.worker.reconciling import Reconciler
from bot.worker.stripe_inbox import StripeInbox
from bot.worker.worker import Work, Worker
from integrations.sandbox.mailbox import LocalMailbox
from integrations.sandbox.stripe.cards import Payer, read_payer
from integrations.sandbox.stripe.checkout import Outcome
from integrations.sandbox.stripe.in_process import in_process_config
from integrations.sandbox.stripe.sandbox import SandboxStripe
from integrations.sandbox.stripe.settings import SandboxSettings
from integrations.stripe_connect import StripeGateways
from integrations.stripe_events import parse
from storage import SqlStore, open_store
from storage.tables import invoices, payment_links, payments, subscriptions
from tests.support.site import SECRET, StudioSite
from tests.support.stripe import listening, serving
from tests.support.studio import Studio, furnish

if TYPE_CHECKING:
    from sqlalchemy import Table

    from integrations.sandbox.stripe.books import Books

START: Final = datetime(2026, 3, 11, 22, 0, tzinfo=UTC)
NEWS: Final = (
    Trigger.PAYMENT_SUCCEEDED,
    Trigger.PAYMENT_FAILED,
    Trigger.REFUND_CREATED,
    Trigger.DISPUTE_OPENED,
    Trigger.SUBSCRIPTION_RENEWED,
    Trigger.SUBSCRIPTION_CANCELLED,
)
_TABLES: Final[tuple[Table, ...]] = (invoices, payments, payment_links, subscriptions)
# When we heard, and what is made up anew in every run: nothing of it says how things stand.
_APART: Final = frozenset({"position", "id", "token", "observed_at", "url", "fingerprint"})
_STRIPES_ID: Final = re.compile(r"\b(?:acct|ch|dp|in|pi|plink|re|sub)_\w+")


def payer(**typed: str) -> Payer:
    """Somebody who pays with the good card, unless said otherwise."""
    whole = {
        "email": "tess@bluebird.example",
        "number": "4242 4242 4242 4242",
        "expiry": "12 / 34",
        "cvc": "123",
        "name": "Tess Blue",
    }
    return read_payer(whole | typed, date(2026, 3, 11))


@dataclass
class Desk:
    """The studio's worker and its Stripe. What is posted stands in `posted`, by its key."""

    studio: Studio
    stripe: SandboxStripe
    posted: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.gateways = StripeGateways(in_process_config(self.stripe))
        self.studio.stripe = self.gateways  # type: ignore[assignment] # the real one takes the place of the fake
        store, clock = self.studio.store, self.studio.clock
        inbox = StripeInbox(store, parse, self.gateways, lambda: None, clock)
        self.worker = Worker(store, Work(inbox.handle, self._leave))
        self.reconciler = Reconciler(store, self.gateways.past_events, parse, clock)
        self.nightly = Nightly(store, self.gateways, clock)

    def connect(self) -> None:
        """Connect the studio to an account of its own, and let one channel hear of everything."""
        account = self.stripe.connect("Lantern Studio")
        connection = StripeConnection(self.studio.id, account, False, False, self.studio.now, "Admin")  # noqa: FBT003
        with self.studio.store.transaction(self.studio.id) as tx:
            tx.connections.add(connection)
            for event in NEWS:
                tx.people.set_route(NotificationRoute(self.studio.id, event, "#billing"))

    @property
    def connection(self) -> StripeConnection:
        """The studio's connection."""
        with self.studio.store.transaction(self.studio.id) as tx:
            active = tx.connections.active()
        assert active is not None
        return active

    def pass_time(self) -> None:
        """Let Stripe deliver what it has, the worker do what is due, and some minutes go by."""
        self.stripe.webhooks.deliver_pending()
        self.worker.drain()
        self.studio.now += timedelta(minutes=20)

    def bill(self, amount: str = "500", **link: Any) -> str:
        """Make an invoice with a link, and return its number."""
        number = str(self.studio.done("create_invoice", opportunity="OPP-1", amount=amount).result["number"])
        self.studio.done("create_payment_link", invoice=number, **link)
        return number

    def link(self, number: str) -> str:
        """Return the id at Stripe of the invoice's newest link."""
        with self.studio.store.transaction(self.studio.id) as tx:
            return str(tx.links.of_invoice(number)[-1].stripe_payment_link_id)

    def pay(self, number: str, who: Payer) -> Outcome:
        """Pay through the invoice's newest link."""
        outcome = self.stripe.pay(self.link(number), who)
        self.pass_time()
        return outcome

    def of(self, kind: str, number: str) -> str:
        """Return the id of the newest object of that kind at Stripe that names the invoice."""
        with self.books(number) as books:
            return next(str(one["id"]) for one in books.all(kind) if one["metadata"].get("evie_invoice") == number)

    def charge(self, number: str) -> str:
        """Return the id of the charge that paid the invoice."""
        intent = self.of("payment_intent", number)
        with self.books(number) as books:
            return str(books.get("payment_intent", intent)["latest_charge"])

    @contextmanager
    def books(self, number: str) -> Iterator[Books]:
        """Open Stripe's books of the invoice's account."""
        with self.stripe._books("payment_link", self.link(number)) as books:
            yield books

    def give_back(self, number: str, amount: int | None = None) -> str:
        """Refund in Stripe's dashboard, which is no doing of ours; `amount` in cents, None for all that is left."""
        params: Any = {"payment_intent": self.of("payment_intent", number)} | ({"amount": amount} if amount else {})
        account = self.gateways._account(self.connection)
        made = account.client.v1.refunds.create(params, account.options())
        self.pass_time()
        return made.id

    def state(self) -> dict[str, list[str]]:
        """Return every row of the billing tables, Stripe's ids as the how-manieth of their kind they are."""
        store = self.studio.store
        assert isinstance(store, SqlStore)
        with store.engine.connect() as connection:
            return {
                table.name: sorted(
                    self.named(repr({name: value for name, value in row.items() if name not in _APART}))
                    for row in connection.execute(select(table)).mappings()
                )
                for table in _TABLES
            }

    def news(self) -> Counter[str]:
        """Return how often each piece of news was posted."""
        return Counter(self.named(key) for key in self.posted)

    def named(self, text: str) -> str:
        """Return the text with a name in the place of each of Stripe's ids, the same in every run."""
        counted: Counter[str] = Counter()
        names: dict[str, str] = {}
        with self.stripe._state.transaction() as database:
            for row in database.execute("select id, kind from objects where kind <> 'event' order by seq"):
                counted[row["kind"]] += 1
                names[row["id"]] = f"{row['kind']}#{counted[row['kind']]}"
        return _STRIPES_ID.sub(lambda found: names.get(found[0], found[0]), text)

    def _leave(self, message: OutboxMessage, *, again: bool) -> dict[str, Any]:
        if message.kind is OutboxKind.NOTIFY:
            self.posted.append(message.key)
        if message.kind is OutboxKind.RETIRE:
            gateway = self.gateways.for_connection(self.connection)
            gateway.deactivate_payment_link(str(message.payload["stripe_payment_link_id"]))
        return {}


@contextmanager
def a_desk(folder: Path, *, drops: bool = False) -> Iterator[Desk]:
    """Open a desk on a database in the folder, with the real web pages where Stripe delivers, unless it `drops`."""
    folder.mkdir()
    holder: list[Studio] = []
    store = open_store(f"sqlite:///{folder}/evie.db", lambda: holder[0].now)
    store.migrate()
    holder.append(Studio(store, START))
    furnish(holder[0])
    app = StudioSite(holder[0], LocalMailbox(folder / "mail")).app()
    with listening() as (listener, port), serving(app, listener):
        settings = SandboxSettings(
            "http://localhost/stripe",
            folder / "stripe.db",
            webhook_url=f"http://127.0.0.1:{port}/stripe/webhook",
            webhook_secret=SECRET,
        )
        stripe = SandboxStripe(settings, holder[0].clock)
        stripe.webhooks.drop(on=drops)
        desk = Desk(holder[0], stripe)
        desk.connect()
        yield desk
        stripe.close()
    store.close()
