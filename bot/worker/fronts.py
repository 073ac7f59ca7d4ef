"""Where messages to people go: Slack, or nowhere but the store, from which the terminal reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from billing.workspaces import Channel, Workspace
    from bot.assistant.reply import Reply
    from skills.cards import Card


class Front(Protocol):
    """A place where people read. Each method returns a receipt; each raises ProviderRefused or ProviderUnavailable.

    `again` says since when an earlier try may have arrived, so that the front looks for `key` before it posts.
    """

    def post_reply(  # noqa: PLR0913 - what an outbox row of kind `reply` holds
        self,
        workspace: Workspace,
        address: Mapping[str, Any],
        reply: Reply,
        key: str,
        *,
        update: Mapping[str, Any] | None = None,
        again: datetime | None = None,
    ) -> Mapping[str, Any]:
        """Answer in a conversation; `update` names the card that the answer takes the place of."""

    def post_notice(  # noqa: PLR0913 - a message, where it goes, and its key
        self,
        workspace: Workspace,
        channel: Channel,
        text: str,
        cards: Sequence[Card],
        key: str,
        *,
        story: str = "",
        again: datetime | None = None,
    ) -> Mapping[str, Any]:
        """Tell a channel; what belongs to one `story`, such as an invoice, stays together."""

    def say(
        self,
        workspace: Workspace,
        address: Mapping[str, Any],
        text: str,
        key: str,
        *,
        again: datetime | None = None,
    ) -> Mapping[str, Any]:
        """Say a sentence in a conversation."""

    def refresh(self, workspace: Workspace, about: str) -> None:
        """Draw again what is shown about a record."""


class LocalFront:
    """No chat service: the sent row itself is what a terminal shows, so there is nothing more to do."""

    def post_reply(self, *_message: object, **_how: object) -> Mapping[str, Any]:
        """Answer in a conversation."""
        return {}

    def post_notice(self, *_message: object, **_how: object) -> Mapping[str, Any]:
        """Tell a channel."""
        return {}

    def say(self, *_message: object, **_how: object) -> Mapping[str, Any]:
        """Say a sentence in a conversation."""
        return {}

    def refresh(self, *_what: object) -> None:
        """Draw again what is shown about a record: a terminal's lines stay as they were written."""
