"""The database as a whole: transactions by workspace, the queues, and the directory of workspaces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime

    from billing.pages import PageTicket
    from billing.portals import PortalLink
    from billing.ports.changes import Ending
    from billing.ports.transaction import Transaction
    from billing.queues import Claim, Delivered, HeldUp, InboxEvent, OutboxMessage, QueueHealth, Unfinished
    from billing.workspaces import ConnectRequest, StripeConnection, Workspace


class Directory(Protocol):
    """The few look-ups that find out which workspace something belongs to. Everything else names its workspace."""

    def workspaces(self) -> list[Workspace]:
        """Return all workspaces, oldest first."""

    def with_scheduled(self, until: datetime) -> list[str]:
        """Return the ids of the workspaces that have an active scheduled automation which is due by then."""

    def with_reminders(self) -> list[Workspace]:
        """Return the workspaces whose clients are reminded by a schedule, oldest first."""

    def with_digests(self) -> list[Workspace]:
        """Return the workspaces that get a daily digest, oldest first."""

    def add_workspace(self, workspace: Workspace) -> None:
        """Insert a workspace."""

    def by_slack_team(self, slack_team_id: str) -> Workspace | None:
        """Return the workspace bound to that Slack team."""

    def stripe_connection(self, stripe_account_id: str, *, livemode: bool) -> StripeConnection | None:
        """Return the active connection, of whatever workspace, that the account is."""

    def stripe_connections(self, accounts: Collection[tuple[str, bool]]) -> dict[tuple[str, bool], StripeConnection]:
        """Return the active connections, of whatever workspaces, that accounts are: ids, and whether in live mode."""

    def by_pay_token(self, token: str) -> tuple[str, str] | None:
        """Return (workspace id, invoice number)."""

    def portal_link(self, token_hash: str) -> PortalLink | None:
        """Return the address of a portal by its token's SHA-256 (hex), whether it still opens it or not."""

    def connect_request(self, *, token_hash: str = "", state_hash: str = "") -> ConnectRequest | None:
        """Return the connect ticket by its token's or its state's SHA-256 (hex)."""

    def page_ticket(self, *, token_hash: str = "", session_hash: str = "") -> PageTicket | None:
        """Return the ticket to a page by its token's or its session's SHA-256 (hex)."""


class UnfinishedRows(Protocol):
    """What waits and what was given up, in the queues of all workspaces."""

    def parked(self, *, most: int = 1000) -> list[Unfinished]:
        """Return what waits for a person, in either queue the oldest first."""

    def oldest(self) -> Unfinished | None:
        """Return the row that has been due for the longest time without being handled, None where none is."""

    def held_up(self, workspace_id: str) -> HeldUp | None:
        """Return what of a workspace's messages cannot leave before a person has mended something, None for nothing."""

    def let_go(self, workspace_id: str) -> int:
        """Let what of a workspace's messages waits for a person leave now; return how many that are."""

    def drive_again(self, row: Unfinished) -> bool:
        """Let a parked row be taken as if it were due now; False where it is not parked any more."""


class Store(Protocol):
    """The database: transactions by workspace, the queues, and the directory."""

    directory: Directory
    unfinished: UnfinishedRows

    def transaction(self, workspace_id: str) -> AbstractContextManager[Transaction]:
        """Open a transaction; it commits when its block ends well and rolls back when it raises."""

    def receive(self, event: InboxEvent) -> bool:
        """Store an inbox row in a transaction of its own, durable on return; False if it was there already."""

    def receive_all(self, events: Sequence[InboxEvent]) -> list[bool]:
        """Store inbox rows in one transaction, all durable on return; say of each whether it is new."""

    def claim_inbox(self, *, lease_seconds: float) -> Claim[InboxEvent] | None:
        """Take the oldest due inbox row that nobody holds and whose lane is free."""

    def claim_events(self, *, lease_seconds: float, most: int) -> list[Claim[InboxEvent]]:
        """Take the oldest due inbox row as `claim_inbox` does; where it is Stripe's, up to so many of those."""

    def conclude(self, endings: Sequence[Ending]) -> list[bool]:
        """Make changes and end the inbox rows that led to them, in one transaction; say of each whether it was one.

        Raises LeaseLost where a row is somebody else's by now, and what a change raises; then nothing is written.
        """

    def claim_outbox(self, *, lease_seconds: float) -> Claim[OutboxMessage] | None:
        """Take the oldest due outbox row that nobody holds and whose lane is free."""

    def finish(
        self, claim: Claim[Any], *, ignored: bool = False, reason: str = "", receipt: Mapping[str, Any] | None = None
    ) -> None:
        """Mark a claimed row as done, with the receipt of its delivery, or as ignored, with the reason."""

    def retry(self, claim: Claim[Any], *, error: str, delay_seconds: float) -> None:
        """Let a claimed row be taken again after the delay."""

    def park(self, claim: Claim[Any], *, error: str) -> None:
        """Take a claimed row out of the queue for a person to look at; its lane goes on."""

    def delivered(self, workspace_id: str, *, after: int, kinds: Sequence[str]) -> list[Delivered]:
        """Return deliveries of these kinds with id > after, oldest first: what a terminal shows as channel posts."""

    def lately_delivered(self, workspace_id: str, lane: str, *, limit: int) -> list[Delivered]:
        """Return the lane's newest deliveries, newest first."""

    def last_delivered(self, workspace_id: str) -> int:
        """Return the id of the workspace's newest delivery, 0 if there is none: where a feed starts."""

    def endings(self, skill: str) -> dict[str, int]:
        """Return how many audited calls of a skill ended in which status, over all workspaces."""

    def connections(self) -> tuple[int, int]:
        """Return how many of this process's connections are in use, and how many wait to be."""

    def health(self) -> QueueHealth:
        """Return how the queues are."""
