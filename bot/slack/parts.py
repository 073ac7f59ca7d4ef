"""Slack's parts put together: where its clients come from, and what is made of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from bot.slack.app import build_app
from bot.slack.channels import Channels
from bot.slack.client import Identity, identity, web_client
from bot.slack.events import SlackEvents
from bot.slack.front import SlackFront
from bot.slack.http import asgi_app
from bot.slack.inbox import Inbox
from bot.slack.installing import Office, install_flow
from bot.slack.members import Members
from bot.slack.modals.opening import Opener
from bot.slack.modals.people import People
from bot.slack.modals.redrawing import Redraws
from bot.slack.modals.room import FormRoom
from bot.slack.modals.submitting import Submits
from bot.slack.pacing import Pace
from bot.slack.replying import Replies
from bot.slack.screens import SlackScreens
from bot.slack.streaming import Streams
from bot.slack.tokens import InstalledClients, OneClient

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from slack_bolt import App
    from slack_bolt.oauth import OAuthFlow
    from starlette.types import ASGIApp

    from billing.ports import Clock, Formats, Links, Store
    from billing.workspaces import Workspace
    from bot.assistant.forms import Forms
    from bot.assistant.requests import Answers
    from bot.sealing import Sealer
    from bot.slack.config import SlackConfig
    from bot.slack.installing import Page
    from bot.slack.tokens import Clients


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What Slack's parts are made from. `note` is told what became of each event that came in."""

    config: SlackConfig
    store: Store
    clock: Clock
    sealer: Sealer
    links: Links
    formats_for: Callable[[Workspace], Formats]
    note: Callable[[str], None] = lambda _: None


@dataclass(frozen=True, slots=True)
class SlackParts:
    """How Slack is reached and who is in it. Nothing is called before the first message."""

    around: Surroundings
    clients: Clients
    front: SlackFront
    channels: Channels
    members: Members
    screens: SlackScreens
    streams: Streams

    @staticmethod
    def of(around: Surroundings) -> SlackParts:
        """Return the parts for one bot token, or for the installations where none is set."""
        config, store, clock = around.config, around.store, around.clock
        clients = OneClient(config) if config.bot_token else InstalledClients(config, store, clock, around.sealer)
        channels = Channels(clients, store)
        screens = SlackScreens(clients, store, clock, around.links, around.formats_for)
        streams = Streams(clients, store, clock, Pace(clock))
        front = SlackFront(clients, channels, store, screens, streams)
        return SlackParts(around, clients, front, channels, Members(clients, store, config.admins), screens, streams)

    @property
    def config(self) -> SlackConfig:
        """The Slack app's settings."""
        return self.around.config

    def app(self, nudge: Callable[[], None], forms: Forms) -> App:
        """Return the Bolt app, which stores what comes in and wakes the worker; `forms` reads what is filled in."""
        store, clock = self.around.store, self.around.clock
        inbox = Inbox(store, clock, nudge, self.around.note)
        people = People(store, self.members)
        opener = Opener(people, self.clients, forms, Replies(store, clock), nudge)
        return build_app(
            self.config,
            inbox,
            FormRoom(people, opener, Submits(people, forms, inbox), Redraws(people, self.clients, forms)),
        )

    def web(self, app: App, base_url: str, page: Page) -> ASGIApp:
        """Return what answers Slack's requests, and those of people who install Evie; `page` draws what they read."""
        return asgi_app(app, self.config, self._install_flow(base_url, page), self.around.note)

    def _install_flow(self, base_url: str, page: Page) -> OAuthFlow | None:
        # With a bot token there is one workspace, and it has Evie already.
        if self.config.bot_token or self.config.client_id is None:
            return None
        around = self.around
        office = Office(around.config, around.store, around.clock, around.sealer, self.members, page)
        return install_flow(office, base_url)

    def events(self, answers: Answers) -> SlackEvents:
        """Return what handles the inbox rows of Slack."""
        return SlackEvents(
            store=self.around.store,
            answers=answers,
            front=self.front,
            members=self.members,
            channels=self.channels,
            screens=self.screens,
            streams=self.streams,
            clock=self.around.clock,
            formats_for=self.around.formats_for,
        )

    def identities(self) -> Iterator[tuple[str, Callable[[], Identity]]]:
        """Return what asks Slack whom each token belongs to, by its workspace ("" where there is one token).

        Asking raises ProviderRefused, ProviderUnavailable.
        """
        if self.config.bot_token:
            yield "", lambda: identity(web_client(self.config, self.config.bot_token))
            return
        for workspace in self.around.store.directory.workspaces():
            if workspace.slack_team_id:
                yield workspace.name, partial(self._identity, workspace)

    def _identity(self, workspace: Workspace) -> Identity:
        return identity(self.clients(workspace))
