"""Where messages to people go: Slack, or nowhere but the store, from which the terminal reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from billing.workspaces import Channel, Workspace
    from bot.assistant.reply import Reply
    from skills.cards import Card


class Front(Protocol):
    """A place where people read. Each method returns a receipt; each raises ProviderRefused or ProviderUnavailable."""

    def post_reply(self, workspace: Workspace, address: Mapping[str, Any], reply: Reply, key: str) -> Mapping[str, Any]:
        """Answer in a conversation."""

    def post_notice(
        self,
        workspace: Workspace,
        channel: Channel,
        text: str,
        cards: Sequence[Card],
        key: str,
    ) -> Mapping[str, Any]:
        """Tell a channel."""

    def say(self, workspace: Workspace, address: Mapping[str, Any], text: str, key: str) -> Mapping[str, Any]:
        """Say a sentence in a conversation."""


class LocalFront:
    """No chat service: the sent row is what a terminal shows, so there is nothing more to do."""

    def post_reply(self, workspace: Workspace, address: Mapping[str, Any], reply: Reply, key: str) -> Mapping[str, Any]:  # noqa: ARG002
        """Answer in a conversation."""
        return {}

    def post_notice(
        self,
        workspace: Workspace,  # noqa: ARG002 - as the protocol has it
        channel: Channel,  # noqa: ARG002
        text: str,  # noqa: ARG002
        cards: Sequence[Card],  # noqa: ARG002
        key: str,  # noqa: ARG002
    ) -> Mapping[str, Any]:
        """Tell a channel."""
        return {}

    def say(self, workspace: Workspace, address: Mapping[str, Any], text: str, key: str) -> Mapping[str, Any]:  # noqa: ARG002
        """Say a sentence in a conversation."""
        return {}
