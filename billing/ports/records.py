"""The records of one workspace: what is kept of clients, deals, invoices, money, people and talk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from billing.business import Business
    from billing.conversations import AuditEntry, Conversation, Proposal, Turn
    from billing.deliveries import Delivery
    from billing.parties import Logo
    from billing.payment_log import LogFilter, LogSum
    from billing.payments import Payment, PaymentLink
    from billing.portals import PortalLink
    from billing.subscriptions import Subscription
    from billing.workspaces import (
        Channel,
        ConnectRequest,
        Member,
        NotificationRoute,
        SlackInstallation,
        StripeConnection,
        Workspace,
    )

R = TypeVar("R")


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

    def on_account(self, stripe_account_id: str, *, livemode: bool) -> list[PaymentLink]:
        """Return all links that were ever made on that account in that mode, oldest first."""

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

    def page(self, wanted: LogFilter, *, before: str | None = None, limit: int) -> list[Payment]:
        """Return the newest lines that are wanted, newest first.

        `before` is the id of the last line that was seen: only those that come after it in this order follow.
        Raises UnknownRecord for an id that the workspace does not have.
        """

    def sums(self, wanted: LogFilter) -> list[LogSum]:
        """Return what all lines that are wanted come to, by type, status and currency."""

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


class Subscriptions(Protocol):
    """The subscriptions of one workspace."""

    def find(self, stripe_account_id: str, stripe_subscription_id: str) -> Subscription | None:
        """Return the record of that subscription of Stripe's, or None."""

    def list(self, **equal: object) -> list[Subscription]:
        """Return the subscriptions whose fields equal those given, the newest first."""

    def put(self, subscription: Subscription) -> None:
        """Insert, or write all fields of the one of that account and id."""


class BusinessRecords(Protocol):
    """What one workspace prints on its invoices, and how it numbers them."""

    def get(self) -> Business:
        """Return what is known of the business; where nothing was said yet, one without any."""

    def save(self, business: Business) -> None:
        """Write what the business prints on its invoices."""

    def logo(self) -> Logo | None:
        """Return the logo."""

    def save_logo(self, logo: Logo | None) -> None:
        """Replace the logo; None takes it away."""

    def next_number(self, series: str) -> int:
        """Take the next number of a series of documents, from 1; one that is rolled back is given again."""

    def last_number(self, series: str) -> int:
        """Return the last number that a series gave away, 0 where it gave none."""

    def reach_number(self, series: str, number: int) -> None:
        """Let a series go on after the number, unless it is past it."""


class Mails(Protocol):
    """What became of the mails about the invoices of one workspace."""

    def get(self, key: str, *, lock: bool = False) -> Delivery:
        """Return the mail of that key, locked until the end of the transaction if asked; raises UnknownRecord."""

    def of_invoice(self, invoice: str) -> list[Delivery]:
        """Return the invoice's mails, the one that something happened to last at the end."""

    def add(self, mail: Delivery) -> bool:
        """Insert unless one of that key is there; say whether it is new."""

    def save(self, mail: Delivery) -> Delivery:
        """Write all fields of an existing mail; raises UnknownRecord."""


class Portals(Protocol):
    """The addresses of the portals of one workspace's clients."""

    def of_contact(self, contact: str) -> list[PortalLink]:
        """Return every address the contact's portal ever had, oldest first."""

    def add(self, link: PortalLink) -> None:
        """Insert; raises DuplicateRecord if there is one of that token."""

    def save(self, link: PortalLink) -> None:
        """Write all fields of an existing one; raises UnknownRecord."""

    def forget(self, contact: str) -> None:
        """Delete every address of the contact's portal, as if there had been none."""


class People(Protocol):
    """Members, channels and where news goes, in one workspace."""

    def workspace(self) -> Workspace:
        """Return the workspace itself."""

    def save_workspace(self, workspace: Workspace) -> None:
        """Write the workspace's fields; one that is not there yet is inserted, in this same transaction."""

    def members(self, *, lock: bool = False) -> list[Member]:
        """Return all members by name, locked until the end of the transaction if asked."""

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

    def drop_route(self, event: str) -> None:
        """Let no channel hear of the event any more."""


class Installations(Protocol):
    """Where in Slack the workspace has Evie."""

    def current(self, *, lock: bool = False) -> SlackInstallation | None:
        """Return the newest installation, ended or not, locked until the end of the transaction if asked."""

    def save(self, installation: SlackInstallation) -> None:
        """Insert, or write all fields of the one of that team."""


class Connections(Protocol):
    """The workspace's Stripe accounts, now and before."""

    def active(self) -> StripeConnection | None:
        """Return the account in use."""

    def known(self) -> list[StripeConnection]:
        """Return every account that was ever connected, the newest first."""

    def add(self, connection: StripeConnection) -> None:
        """Insert, ending the one before at the new one's time; an account connected again becomes active again.

        Raises DuplicateRecord if another workspace uses the account.
        """

    def save(self, connection: StripeConnection) -> None:
        """Write the fields of an account that is on record."""

    def end(self, stripe_account_id: str, at: datetime) -> bool:
        """Mark as disconnected; False if it was not active."""

    def add_request(self, request: ConnectRequest) -> None:
        """Store a connect ticket."""

    def request(self, token_hash: str) -> ConnectRequest | None:
        """Return the ticket of that token, locked until the end of the transaction."""

    def save_request(self, request: ConnectRequest) -> None:
        """Write a ticket's fields."""


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

    def model_tokens(self, member: str, since: datetime) -> int:
        """Return what a model read and wrote for this member from then on, in tokens."""

    def proposal(self, proposal_id: str, *, lock: bool = False) -> Proposal | None:
        """Return the proposal."""

    def pending(self, conversation: str, member: str) -> Proposal | None:
        """Return the person's newest proposal there that waits or was begun and not ended, whether expired or not."""

    def undecided(self) -> list[Proposal]:
        """Return the proposals that automations made and that wait, whether expired or not, oldest first."""

    def save_proposal(self, proposal: Proposal) -> None:
        """Insert or update."""

    def audit(self, entry: AuditEntry) -> None:
        """Insert, or update the entry of the same key."""

    def audit_entries(self, *, limit: int, member: str | None = None, about: str = "") -> list[AuditEntry]:
        """Return the newest entries, newest first: all, or a member's, or those whose arguments name a record."""

    def confirmed(self, proposals: Collection[str]) -> dict[str, str]:
        """Return who said yes to which of these proposals, by their ids."""
