"""Every event that came in and every message that goes out, as a row with a unique key before anything is done."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


Row_co = TypeVar("Row_co", covariant=True)


class RowState(StrEnum):
    """Where a queue row stands. `parked` rows were tried too often and wait for a person."""

    WAITING = "waiting"
    DONE = "done"
    IGNORED = "ignored"
    PARKED = "parked"


# A person who has a parked row driven again begins its next round: attempts go on being counted, tries begin anew.
ROUND: Final = 10_000


class Ignored(Exception):
    """There is nothing to do about a row, for a reason that is kept with it."""


class Source(StrEnum):
    """Who sent an event."""

    SLACK = "slack"
    STRIPE = "stripe"


@dataclass(frozen=True, slots=True)
class InboxEvent:
    """An event as it came in: `body` is the raw bytes, (source, key) is unique, so it is handled once.

    `lane` orders: of one lane, one row at a time, oldest first. `kind` is the sender's event type. `correlation` is
    the id under which everything that follows from it is found.
    """

    source: Source
    key: str
    kind: str
    lane: str
    body: bytes
    received_at: datetime
    correlation: str = ""


class OutboxKind(StrEnum):
    """What an outgoing row asks for; the payload's shape follows from it.

    notify  {"event", "invoice", "payment", "channel"?}: news of a domain event, to the channel set for it
            or to the named one; the card is made from the records as they stand when it leaves.
    reply   {"conversation", "reply": reply object with cards, "address"?, "update"?}: the answer to what somebody
            said; to another address than the conversation's, and changing a card that is decided.
    say     {"conversation" or "channel" or "member", "text", "step"?}: a sentence without having been asked just
            now; `step` is the key of the step of an automation that says it.
    mail    {"template", "invoice", "to", "message"}: an e-mail about an invoice.
    action  {"automation", "run", "position", "invoice"}: one action of an automation's run.
    ask     {"proposal", "automation", "invoice", "why", "channel"}: a card for the channel that waits for a yes.
    webhook {"url", "step", "body"}: a call to another system; `step` is the key of the step that asked for it.
    retire  {"stripe_account_id", "livemode", "stripe_payment_link_id"}: a payment link to switch off at Stripe.
    refresh {"about"}: what is shown about a record is drawn again.
    handover {"number", "channel" or "member"}: that somebody wants to talk to a person, for whoever may take it.
    alert   {"subject", "text"}: trouble that the chat cannot carry, by mail to the business's own address.
    digest  {"on", "channel"}: how the business stands on a day, made from the records when it leaves.
    """

    NOTIFY = "notify"
    REPLY = "reply"
    SAY = "say"
    MAIL = "mail"
    ACTION = "action"
    RETIRE = "retire"
    ASK = "ask"
    WEBHOOK = "webhook"
    REFRESH = "refresh"
    HANDOVER = "handover"
    ALERT = "alert"
    DIGEST = "digest"


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """A message to be delivered once. (workspace, key) is unique; rows of one `lane` leave in order."""

    workspace_id: str
    key: str
    kind: OutboxKind
    lane: str
    payload: Mapping[str, Any]
    created_at: datetime
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Claim(Generic[Row_co]):
    """A row that this worker holds until its lease ends. `attempts` counts this one, over all rounds.

    `correlation` is the id of what it follows from, and `waited` for how many seconds it has been due.
    """

    id: int
    row: Row_co
    attempts: int
    correlation: str = ""
    waited: float = 0.0

    @property
    def tries(self) -> int:
        """How often it was tried, this time included, since it was new or a person had it driven again."""
        return self.attempts % ROUND


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A row that waits or is parked, for whoever looks after Evie.

    `id` is `in-12` or `out-7`, `since` when it was due, `attempts` how often it was tried since, `reason` why the last
    try failed. An event belongs to no
    workspace before it is read, and only what goes out has a `message`.
    """

    id: str
    kind: str
    state: RowState
    attempts: int
    since: datetime
    reason: str
    correlation: str
    workspace_id: str = ""
    message: OutboxMessage | None = None


@dataclass(frozen=True, slots=True)
class HeldUp:
    """How many messages of a workspace wait for a person to mend something, since when, and what for."""

    count: int
    since: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Delivered:
    """A sent outbox row as a front reads it back (the terminal's feed).

    `id` counts the workspace's deliveries in their order, so a reader that knows the last one misses none.
    """

    id: int
    message: OutboxMessage
    done_at: datetime
    receipt: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class QueueHealth:
    """How the queues are: seconds that the oldest waiting row has been due, and how many rows are due and parked.

    `held_up` of those that are due wait for somebody to mend something outside: a channel, an installation.
    """

    oldest_inbox_seconds: float
    oldest_outbox_seconds: float
    parked_inbox: int = 0
    parked_outbox: int = 0
    due_inbox: int = 0
    due_outbox: int = 0
    held_up: int = 0

    @property
    def parked(self) -> int:
        """How many rows wait for a person."""
        return self.parked_inbox + self.parked_outbox
