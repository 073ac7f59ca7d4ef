"""Socket Mode: Slack's events over a connection that we open, for installations without a public address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from slack_bolt.adapter.socket_mode import SocketModeHandler

from bot.slack.errors import slack_errors

if TYPE_CHECKING:
    from slack_bolt import App

    from bot.slack.config import SlackConfig


class SocketMode(Protocol):
    """A connection to Slack, with threads of its own."""

    def connect(self) -> None:
        """Open it."""

    def close(self) -> None:
        """End it and its threads."""


def start_socket_mode(app: App, config: SlackConfig) -> SocketMode:
    """Open the connection; `close()` ends it. Raises ProviderRefused for a bad app token, ProviderUnavailable."""
    connection: SocketMode = SocketModeHandler(app, config.app_token)
    try:
        with slack_errors():
            connection.connect()
    except BaseException:
        connection.close()
        raise
    return connection
