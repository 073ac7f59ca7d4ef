"""What the domain and the skills need from outside, as protocols; `storage` and `integrations` implement them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from billing.automations import Automation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractContextManager
    from datetime import date, datetime

    from billing.automations import AutomationRun
    from billing.contacts import Contact
    from billing.conversations import AuditEntry, Conversation, Proposal, Turn
    from billing.invoices import Invoice
    from billing.money import Money
    from billing.opportunities import Opportunity
    from billing.payments import Interval, Payment, PaymentLink, Settlement
    from billing.queues import Claim, Delivered, InboxEvent, OutboxMessage, QueueHealth
    from billing.workspaces import (
        Channel,
        ConnectRequest,
        Member,
        NotificationRoute,
        StripeConnection,
        Workspace,
    )

R = TypeVar("R")


class Clock(Protocol):
    """The time, injected so that tests and dry runs set it."""

    def __call__(self) -> datetime:
        """Return now, aware, in UTC."""


class Records(Protocol[R]):
    """The records of one kind in one workspace, known by a number such as `INV-1002`."""

    def next_number(self) -> str:
        """Take the next number of the workspace's sequence; never given twice, even to two at once."""

    def get(self, number: str, *, lock: bool = False) -> R:
        """Return the record, locked until the end of the transaction if asked; raises UnknownRecord."""

    def find(self, number: str) -> R | None:
        """Return the record or None."""

    def by_request(self, request_key: str) -> R | None:
        """Return what an earlier try of the same call made, so that a repeated call makes nothing twice."""

    def list(self, **equal: object) -> list[R]:
        """Return the records whose fields equal those given, in the order of their numbers."""

    def add(self, record: R) -> R:
        """Insert; raises DuplicateRecord if the number or the request key is taken."""

    def save(self, record: R) -> R:
        """Write all fields of an existing record; raises UnknownRecord."""


class PaymentLinks(Protocol):
    """Payment links of one workspace."""

    def of_invoice(self, invoice: str) -> list[PaymentLink]:
        """Return all links the invoice ever had, oldest first."""

    def active(self, invoice: str) -> PaymentLink | None:
        """Return the invoice's live link."""

    def all_active(self) -> list[PaymentLink]:
        """Return every live link of the workspace."""

    def add(self, link: PaymentLink) -> PaymentLink:
        """Insert; raises DuplicateRecord if the invoice has an active one already."""

    def save(self, link: PaymentLink) -> PaymentLink:
        """Write all fields of an existing link."""


class Payments(Protocol):
    """The payment log of one workspace."""

    def by_object(self, stripe_account_id: str, stripe_object_id: str) -> Payment | None:
        """Return the line that counts this Stripe object."""

    def of_invoice(self, invoice: str) -> list[Payment]:
        """Return the invoice's lines, oldest first."""

    def list(  # noqa: PLR0913 - one argument for each filter of the skill
        self,
        *,
        type: str | None = None,  # noqa: A002 - the catalogue's name
        contact: str | None = None,
        invoice: str | None = None,
        start: datetime | None = None,
        end: datetime | None = None,
        limit: int = 200,
    ) -> list[Payment]:
        """Return lines with start <= occurred_at < end, newest first."""

    def add(self, payment: Payment) -> Payment:
        """Insert; raises DuplicateRecord if the Stripe object is counted already."""

    def save(self, payment: Payment) -> Payment:
        """Write all fields of an existing line."""


class People(Protocol):
    """Members, channels and where news goes, in one workspace."""

    def workspace(self) -> Workspace:
        """Return the workspace itself."""

    def save_workspace(self, workspace: Workspace) -> None:
        """Write the workspace's fields; one that is not there yet is inserted, in this same transaction."""

    def members(self) -> list[Member]:
        """Return all members by name."""

    def save_member(self, member: Member) -> None:
        """Insert or update by name; raises DuplicateRecord if another member is that Slack user."""

    def channels(self) -> list[Channel]:
        """Return all known channels by name."""

    def save_channel(self, channel: Channel) -> None:
        """Insert or update by name."""

    def routes(self) -> list[NotificationRoute]:
        """Return where news of each event goes."""

    def set_route(self, route: NotificationRoute) -> None:
        """Set the channel of one event."""


class Connections(Protocol):
    """The workspace's Stripe accounts, now and before."""

    def active(self) -> StripeConnection | None:
        """Return the account in use."""

    def add(self, connection: StripeConnection) -> None:
        """Insert, ending the one before at the new one's time; an account connected again becomes active again.

        Raises DuplicateRecord if another workspace uses the account.
        """

    def end(self, stripe_account_id: str, at: datetime) -> bool:
        """Mark as disconnected; False if it was not active."""

    def add_request(self, request: ConnectRequest) -> None:
        """Store a connect ticket."""

    def save_request(self, request: ConnectRequest) -> None:
        """Write a ticket's fields."""


class AutomationRecords(Records[Automation], Protocol):
    """Automations and their runs."""

    def add_run(self, run: AutomationRun) -> bool:
        """Insert unless a run of that key exists; say whether it is new."""

    def save_run(self, run: AutomationRun) -> None:
        """Write a run's outcomes."""

    def get_run(self, key: str) -> AutomationRun:
        """Return the run; raises UnknownRecord."""

    def runs(self, automation: str | None = None) -> list[AutomationRun]:
        """Return runs, newest first."""


class Talk(Protocol):
    """Conversations, turns, proposals and the audit log of one workspace."""

    def conversation(self, conversation: str) -> Conversation | None:
        """Return it, or None if nothing was said in it yet."""

    def save_conversation(self, conversation: Conversation) -> None:
        """Insert or update."""

    def turn(self, key: str) -> Turn | None:
        """Return the turn of that key."""

    def turns(self, conversation: str, *, limit: int) -> list[Turn]:
        """Return the newest `limit` turns, oldest first."""

    def add_turn(self, turn: Turn) -> bool:
        """Insert unless one of that key exists; say whether it is new."""

    def proposal(self, proposal_id: str, *, lock: bool = False) -> Proposal | None:
        """Return the proposal."""

    def pending(self, conversation: str, member: str) -> Proposal | None:
        """Return the person's newest pending proposal there, whether expired or not."""

    def save_proposal(self, proposal: Proposal) -> None:
        """Insert or update."""

    def audit(self, entry: AuditEntry) -> None:
        """Insert, or update the entry of the same key."""

    def audit_entries(self, *, limit: int) -> list[AuditEntry]:
        """Return the newest entries, newest first."""


class Transaction(Protocol):
    """One database transaction in one workspace. It commits at the end of its block, or not at all."""

    workspace_id: str
    contacts: Records[Contact]
    opportunities: Records[Opportunity]
    invoices: Records[Invoice]
    automations: AutomationRecords
    links: PaymentLinks
    payments: Payments
    people: People
    connections: Connections
    talk: Talk

    def send(self, message: OutboxMessage) -> bool:
        """Put a message into the outbox unless one of that key is there; say whether it is new."""


class Directory(Protocol):
    """The few look-ups that find out which workspace something belongs to. Everything else names its workspace."""

    def workspaces(self) -> list[Workspace]:
        """Return all workspaces, oldest first."""

    def add_workspace(self, workspace: Workspace) -> None:
        """Insert a workspace."""

    def by_slack_team(self, slack_team_id: str) -> Workspace | None:
        """Return the workspace bound to that Slack team."""

    def by_stripe_account(self, stripe_account_id: str, *, livemode: bool) -> str | None:
        """Return the id of the workspace whose active connection that account is."""

    def by_pay_token(self, token: str) -> tuple[str, str] | None:
        """Return (workspace id, invoice number)."""

    def by_portal_token(self, token: str) -> tuple[str, str] | None:
        """Return (workspace id, contact number)."""

    def connect_request(self, *, token_hash: str = "", state_hash: str = "") -> ConnectRequest | None:
        """Return the connect ticket by its token's or its state's SHA-256 (hex)."""


class Store(Protocol):
    """The database: transactions by workspace, the queues, and the directory."""

    directory: Directory

    def transaction(self, workspace_id: str) -> AbstractContextManager[Transaction]:
        """Open a transaction; it commits when its block ends well and rolls back when it raises."""

    def receive(self, event: InboxEvent) -> bool:
        """Store an inbox row in a transaction of its own, durable on return; False if it was there already."""

    def claim_inbox(self, *, lease_seconds: float) -> Claim[InboxEvent] | None:
        """Take the oldest due inbox row that nobody holds and whose lane is free."""

    def claim_outbox(self, *, lease_seconds: float) -> Claim[OutboxMessage] | None:
        """Take the oldest due outbox row that nobody holds and whose lane is free."""

    def finish(self, claim: Claim[Any], *, ignored: bool = False, receipt: Mapping[str, Any] | None = None) -> None:
        """Mark a claimed row as done (or ignored), with the receipt of its delivery."""

    def retry(self, claim: Claim[Any], *, error: str, delay_seconds: float) -> None:
        """Let a claimed row be taken again after the delay."""

    def park(self, claim: Claim[Any], *, error: str) -> None:
        """Take a claimed row out of the queue for a person to look at; its lane goes on."""

    def delivered(self, workspace_id: str, *, after: int, kinds: Sequence[str]) -> list[Delivered]:
        """Return deliveries of these kinds with id > after, oldest first: what a terminal shows as channel posts."""

    def last_delivered(self, workspace_id: str) -> int:
        """Return the id of the workspace's newest delivery, 0 if there is none: where a feed starts."""

    def health(self) -> QueueHealth:
        """Return how the queues are."""


class PaymentGateway(Protocol):
    """Stripe, for one workspace's account. No method is called inside a transaction."""

    def create_payment_link(self, link: PaymentLink, invoice: Invoice, business: str) -> PaymentLink:
        """Make the link at Stripe and return it with url, Stripe id, account and livemode.

        Idempotent by the link's id and revision. Raises AmountTooSmall, ProviderRefused, ProviderUnavailable.
        """

    def deactivate_payment_link(self, stripe_payment_link_id: str) -> None:
        """Switch a link off; doing so twice is fine."""

    def settlements(self, link: PaymentLink) -> list[Settlement]:
        """Return every payment that came through the link, as Stripe knows it now."""

    def account_name(self) -> str:
        """Return the account's business name."""


class Gateways(Protocol):
    """Where gateways come from: one for each workspace, by its active connection."""

    def for_connection(self, connection: StripeConnection) -> PaymentGateway:
        """Return a gateway that acts on that account."""

    def authorize_url(self, *, state: str, redirect_uri: str) -> str:
        """Return Stripe's consent page for connecting an account (scope read_write)."""

    def exchange_code(self, code: str) -> ConnectedAccount:
        """Redeem an authorization code; raises ConnectRefused."""

    def deauthorize(self, stripe_account_id: str) -> None:
        """End our access to a connected account; an account that is gone already is fine."""


class ConnectedAccount(Protocol):
    """What Stripe returns for an authorization code."""

    @property
    def stripe_account_id(self) -> str:
        """Stripe's id of the account."""

    @property
    def livemode(self) -> bool:
        """Whether its money is real."""

    @property
    def business_name(self) -> str:
        """The name its customers know it by."""


class Formats(Protocol):
    """Money and dates as people of a workspace write them. The locale is the workspace's."""

    def money(self, money: Money) -> str:
        """Return for example `A$500.00` or `€1,200.00`."""

    def day(self, day: date) -> str:
        """Return for example `25 March`, with the year where it is not this one."""

    def moment(self, instant: datetime) -> str:
        """Return a local date and time, for example `25 March, 3:04 pm`."""

    def interval(self, interval: Interval, count: int) -> str:
        """Return `once`, `every month`, `every 2 weeks`."""


class Links(Protocol):
    """The public addresses of this installation."""

    def pay(self, invoice: Invoice) -> str:
        """Return the address that always leads to the invoice's live payment link."""

    def portal(self, contact: Contact) -> str:
        """Return the client's portal."""

    def connect(self, token: str) -> str:
        """Return the page that starts connecting Stripe."""

    def connect_callback(self) -> str:
        """Return the redirect address that is registered at Stripe."""
