"""Slack's Web API client as this house uses it: short timeouts, and nobody repeats a call but the outbox."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.slack.errors import code_of, slack_errors

if TYPE_CHECKING:
    from collections.abc import Mapping

    from slack_sdk.web import SlackResponse

    from billing.watching import Watch
    from bot.slack.config import SlackConfig

_TIMEOUT_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom a bot token speaks for: the Slack team's id and name, the bot's own user id, and what it may do."""

    team: str
    team_name: str
    user: str
    scopes: frozenset[str] = frozenset()


class _WatchedClient(WebClient):
    """The package's client with somebody watching its calls: a method, and the code with which Slack answered."""

    watch: Watch

    def api_call(self, api_method: str, **how: Any) -> SlackResponse:  # noqa: ANN401 - the package's own arguments
        """Call a method of the Web API; raises what the package raises."""
        with self.watch("slack", api_method) as call:
            call.result = "no_answer"
            try:
                answer = super().api_call(api_method, **how)
            except SlackApiError as error:
                call.result = code_of(error)
                raise
            call.result = "ok"
            return answer


def web_client(config: SlackConfig, token: str | None) -> WebClient:
    """Return a client for that token, or for what can be asked without one."""
    client = _WatchedClient(
        token=token,
        base_url=config.api_base_url or WebClient.BASE_URL,
        timeout=_TIMEOUT_SECONDS,
        # The package's own handler sends a post again when the connection breaks, though it may have arrived.
        retry_handlers=[],
    )
    client.watch = config.watch
    return client


def identity(client: WebClient) -> Identity:
    """Ask Slack whom the token belongs to; raises ProviderRefused for a bad token, ProviderUnavailable."""
    with slack_errors():
        answer = client.auth_test()
    return Identity(
        team=str(answer["team_id"]),
        team_name=str(answer.get("team", "")),
        user=str(answer["user_id"]),
        scopes=_scopes(answer.headers),
    )


def quiet_logger() -> logging.Logger:
    """Return the logger for Bolt and its package: their lesser messages quote whole requests, with people's words."""
    logger = logging.getLogger("bot.slack.bolt")
    logger.setLevel(logging.ERROR)
    return logger


def _scopes(headers: Mapping[str, Any]) -> frozenset[str]:
    """Return the scopes that Slack names beside every answer."""
    named = next((value for name, value in headers.items() if name.lower() == "x-oauth-scopes"), "")
    return frozenset(scope.strip() for scope in str(named).split(",") if scope.strip())
