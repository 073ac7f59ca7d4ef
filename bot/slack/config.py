"""What the Slack front is set up with, as the composition root reads it from the settings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from billing.watching import unwatched

if TYPE_CHECKING:
    from billing.watching import Watch


@dataclass(frozen=True, slots=True)
class SlackConfig:
    """One Slack app: in one workspace by its `bot_token`, or in many, which install it by OAuth with `client_id`.

    Without `signing_secret` no HTTP request is taken; with `app_token` Socket Mode brings the events.
    `api_base_url` is where the Web API's methods live (`https://slack.com/api`), `admins` are Slack user ids.
    `watch` sees every call of the Web API.
    """

    bot_token: str | None = field(default=None, repr=False)
    signing_secret: str | None = field(default=None, repr=False)
    app_token: str | None = field(default=None, repr=False)
    client_id: str | None = None
    client_secret: str | None = field(default=None, repr=False)
    api_base_url: str | None = None
    admins: tuple[str, ...] = ()
    watch: Watch = unwatched
