"""Slack's parts put together: one client for the bot token, and what is made of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.slack.channels import Channels
from bot.slack.client import Identity, identity, web_client
from bot.slack.events import SlackEvents
from bot.slack.front import SlackFront
from bot.slack.members import Members

if TYPE_CHECKING:
    from collections.abc import Callable

    from billing.ports import Clock, Formats, Store
    from billing.workspaces import Workspace
    from bot.assistant.requests import Answers
    from bot.slack.config import SlackConfig


@dataclass(frozen=True, slots=True)
class SlackParts:
    """How Slack is reached and who is in it. Nothing is called before the first message."""

    config: SlackConfig
    front: SlackFront
    channels: Channels
    members: Members

    @staticmethod
    def of(config: SlackConfig, store: Store) -> SlackParts:
        """Return the parts for one bot token."""
        client = web_client(config)
        channels = Channels(lambda _: client, store)
        front = SlackFront(lambda _: client, channels, store)
        return SlackParts(config, front, channels, Members(lambda _: client, store, config.admins))

    def events(
        self,
        store: Store,
        answers: Answers,
        clock: Clock,
        formats_for: Callable[[Workspace], Formats],
    ) -> SlackEvents:
        """Return what handles the inbox rows of Slack."""
        return SlackEvents(
            store=store,
            answers=answers,
            front=self.front,
            members=self.members,
            channels=self.channels,
            clock=clock,
            formats_for=formats_for,
        )

    def identity(self) -> Identity:
        """Ask Slack whom the token belongs to; raises ProviderRefused, ProviderUnavailable."""
        return identity(web_client(self.config))
