"""What was said: conversations, proposals that wait for a yes, and the journal of every call."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - whoever keeps a call as JSON reads its annotations at run time
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from billing.roles import Role


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks, through which front. The workspace and role come from our records, never from what is said."""

    workspace_id: str
    member: str
    role: Role
    front: str


@dataclass(frozen=True, slots=True)
class SkillCall:
    """A skill with its arguments as JSON, normalised as the catalogue says."""

    skill: str
    arguments: Mapping[str, Any]


class ProposalState(StrEnum):
    """`confirmed` is between the click and the end of the work; `done` is after it."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Proposal:
    """Frozen calls that run when the person who asked says yes: once, and before `expires_at`.

    Where nobody asked, because an automation did, `member` is "": anybody may say yes whose role allows the calls.
    """

    workspace_id: str
    id: str
    conversation: str
    member: str
    calls: tuple[SkillCall, ...]
    state: ProposalState
    created_at: datetime
    expires_at: datetime
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation and what Evie remembers of it. `state` is the assistant's, as JSON.

    `address` is where its front delivers to (Slack: team, channel, thread; terminal: nothing).
    """

    workspace_id: str
    id: str
    updated_at: datetime
    state: Mapping[str, Any] = field(default_factory=dict)
    address: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Turn:
    """One exchange. `key` is unique (the inbox row's or a random one): a repeated event is not answered twice.

    `model_tokens` is what a model read and wrote for it, 0 where none was asked.
    """

    workspace_id: str
    conversation: str
    key: str
    member: str
    text: str
    reply: Mapping[str, Any]
    said_at: datetime
    model_tokens: int = 0


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """That somebody called a skill: who, through which front, with what, on whose confirmation, how it ended."""

    workspace_id: str
    key: str
    at: datetime
    member: str
    front: str
    skill: str
    arguments: Mapping[str, Any]
    status: str
    proposal: str | None = None
