"""The Bolt app: checks where a request comes from, and has each one stored before Slack is told that it was taken."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import structlog
from slack_bolt import App, BoltResponse
from slack_bolt.authorization import AuthorizeResult

from bot.slack.client import quiet_logger, web_client
from bot.slack.listeners import actions, commands, forms, home, leaving, messages, people

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.slack.config import SlackConfig
    from bot.slack.inbox import Inbox
    from bot.slack.modals.room import FormRoom

_UNAVAILABLE = 503
_MISUNDERSTOOD = 400
# How reading what is not there, or is something else, fails.
_MISSHAPEN = (LookupError, TypeError, ValueError, AttributeError, RecursionError)
_OPENERS = 8
_log = structlog.get_logger(__name__)


def build_app(config: SlackConfig, inbox: Inbox, room: FormRoom) -> App:
    """Return the app with all listeners. Nothing is called at Slack, neither here nor before an acknowledgement."""
    app = App(
        name="evie",
        logger=quiet_logger(),
        signing_secret=config.signing_secret or "",
        client=web_client(config, config.bot_token),
        # Asked of us instead of Slack: Bolt would call auth.test within the three seconds.
        authorize=_authorized(config),
        # The listener runs before the response, so what could not be stored is not acknowledged, and Slack repeats it.
        process_before_response=True,
        # Forms are opened here, each of which waits for Slack, and for nobody else.
        listener_executor=ThreadPoolExecutor(_OPENERS, thread_name_prefix="evie-forms"),
    )
    app.error(_failed)
    for listener in (messages, actions, home, leaving, people):
        listener.register(app, inbox)
    commands.register(app, inbox, room)
    forms.register(app, room)
    return app


def _authorized(config: SlackConfig) -> Callable[..., AuthorizeResult]:
    def authorize(enterprise_id: str | None, team_id: str | None, user_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=enterprise_id, team_id=team_id, user_id=user_id, bot_token=config.bot_token
        )

    return authorize


def _failed(error: Exception) -> BoltResponse:
    """Answer what could not be stored; Slack repeats events, and tells people that their command or click failed.

    What is signed and yet of no shape that we know would fail again: it is refused for good.
    """
    if isinstance(error, _MISSHAPEN):
        _log.warning("slack_request_misshapen", error=type(error).__name__)
        return BoltResponse(status=_MISUNDERSTOOD, body="")
    _log.error("slack_request_not_taken", exc_info=error)
    return BoltResponse(status=_UNAVAILABLE, body="")
