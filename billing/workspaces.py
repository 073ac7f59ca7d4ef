"""The business that Evie works for: its workspace, people, channels and Stripe connection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from datetime import date, datetime

    from billing.roles import Role

# So many days at most a portal's address lives, where it does not live for ever.
LONGEST_PORTAL: Final = 3650
# Stands before the Slack id of a member whom Slack has made a guest or deactivated: nobody who writes has such an id.
AWAY: Final = "away:"


@dataclass(frozen=True, slots=True)
class Workspace:
    """A business. `timezone` is an IANA name, `locale` like `en_AU`, `currency` what it invoices in by default.

    `receipts` says whether clients get a mail about money that came or was given back. A portal's address lives for
    `portal_days`, None for ever. An invoice may be paid in parts of at least `least_part_percent` of its total, None
    for only in one.
    """

    id: str
    name: str
    currency: str
    country: str
    locale: str
    timezone: str
    created_at: datetime
    slack_team_id: str | None = None
    payment_terms_days: int = 14
    receipts: bool = True
    portal_days: int | None = None
    least_part_percent: int | None = None

    def day_of(self, instant: datetime) -> date:
        """Return the calendar day that an aware instant falls on where the business is."""
        return instant.astimezone(ZoneInfo(self.timezone)).date()


@dataclass(frozen=True, slots=True)
class Member:
    """A person of the workspace. `name` is unique in it and is what people type after an @."""

    workspace_id: str
    name: str
    role: Role
    slack_user_id: str | None = None

    @property
    def away(self) -> bool:
        """Whether they are no full member of the Slack any more, and so nobody to whom anything is shown."""
        return (self.slack_user_id or "").startswith(AWAY)


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel by its name with the hash (`#billing`), and Slack's id where it is known."""

    workspace_id: str
    name: str
    slack_channel_id: str | None = None


@dataclass(frozen=True, slots=True)
class NotificationRoute:
    """Where news of one event type goes: `event` is a trigger name, `channel` a channel's name."""

    workspace_id: str
    event: str
    channel: str


@dataclass(frozen=True, slots=True)
class StripeConnection:
    """The Stripe account whose money this is. One is active at a time; the earlier ones stay as history.

    `direct` means the installation's own key; otherwise the account was connected by OAuth and is named in
    every call. `reconciled_at` is until when its events are known to be in the inbox.
    """

    workspace_id: str
    stripe_account_id: str
    livemode: bool
    direct: bool
    connected_at: datetime
    connected_by: str
    business_name: str = ""
    disconnected_at: datetime | None = None
    reconciled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ConnectRequest:
    """A single-use ticket for connecting Stripe, bound to workspace, person and conversation.

    `token` opens `/stripe/connect`; `state` comes back from Stripe. Each is stored hashed, works once, and
    dies at `expires_at`.
    """

    workspace_id: str
    token_hash: str
    member: str
    conversation: str
    expires_at: datetime
    state_hash: str | None = None
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SlackInstallation:
    """That Evie is installed in a Slack team, or in a whole organisation: `slack_team_id` is then the organisation's.

    The tokens are sealed. `expires_at` and `sealed_refresh_token` are set where Slack rotates tokens; while
    `renewing_until` lies ahead, one process is getting new ones. `ended_at` says when Slack took the tokens back.
    """

    workspace_id: str
    slack_team_id: str
    sealed_token: str
    bot_user: str
    scopes: str
    installed_by: str
    installed_at: datetime
    sealed_refresh_token: str | None = None
    expires_at: datetime | None = None
    renewing_until: datetime | None = None
    ended_at: datetime | None = None
