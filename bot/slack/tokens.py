"""The bot token for a workspace: the one that was set, or the one of its installation, renewed before it expires."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, Protocol

import structlog

from billing.errors import BillingError, ProviderUnavailable
from bot.slack.client import web_client
from bot.slack.errors import SlackRefused, in_our_words, slack_errors

if TYPE_CHECKING:
    from slack_sdk import WebClient

    from billing.ports import Clock, Store
    from billing.workspaces import SlackInstallation, Workspace
    from bot.sealing import Sealer
    from bot.slack.config import SlackConfig

# Slack's tokens live for twelve hours; Bolt, too, renews them when less than two are left.
_RENEWED_BEFORE: Final = timedelta(hours=2)
_RENEWING: Final = timedelta(seconds=60)
_log = structlog.get_logger(__name__)


class Clients(Protocol):
    """Where clients of Slack's Web API come from."""

    def __call__(self, workspace: Workspace) -> WebClient:
        """Return a client for the workspace; raises SlackRefused where Evie is not installed (any more)."""

    def installation(self, workspace: Workspace) -> str:
        """Return what tells this installation from the one after it."""


class OneClient:
    """The client of the only workspace at a desk, by the token in the settings."""

    def __init__(self, config: SlackConfig) -> None:
        self._client = web_client(config, config.bot_token)
        # Nobody learns a token from it, and another one has another.
        self._mark = hashlib.sha256((config.bot_token or "").encode()).hexdigest()[:12]

    def __call__(self, workspace: Workspace) -> WebClient:  # noqa: ARG002 - whoever asks, there is one
        """Return the client."""
        return self._client

    def installation(self, workspace: Workspace) -> str:  # noqa: ARG002 - whoever asks, there is one
        """Return a fingerprint of the token."""
        return self._mark


class InstalledClients:
    """Clients by installation. A refresh token works once, so one process at a time uses it; the others go on.

    The old token stays valid until it expires, which is what the two hours are for.
    """

    def __init__(self, config: SlackConfig, store: Store, clock: Clock, sealer: Sealer) -> None:
        self._config = config
        self._store = store
        self._clock = clock
        self._sealer = sealer

    def __call__(self, workspace: Workspace) -> WebClient:
        """Return a client with a token that is good for a while."""
        with self._store.transaction(workspace.id) as tx:
            found = tx.installations.current()
        found = _usable(found)
        if self._is_due(found):
            found = _usable(self._renewed(workspace, found))
        return web_client(self._config, self._sealer.open(found.sealed_token))

    def installation(self, workspace: Workspace) -> str:
        """Return when Evie was installed."""
        with self._store.transaction(workspace.id) as tx:
            found = tx.installations.current()
        return mark_of(found) if found else ""

    def _is_due(self, installation: SlackInstallation) -> bool:
        return installation.expires_at is not None and installation.expires_at - self._clock() < _RENEWED_BEFORE

    def _is_over(self, installation: SlackInstallation) -> bool:
        return installation.expires_at is not None and installation.expires_at <= self._clock()

    def _renewed(self, workspace: Workspace, installation: SlackInstallation) -> SlackInstallation:
        try:
            claimed = self._claimed(workspace)
            return self._refreshed(workspace, claimed) if claimed else self._still_good(installation)
        except SlackRefused as error:
            # Slack took the refresh token back, as it does where Evie was installed again in the meantime. Else what
            # is left of the old token is all there is.
            with self._store.transaction(workspace.id) as tx:
                now = tx.installations.current()
            if now is not None and now.installed_at != installation.installed_at:
                return now
            if self._is_over(installation):
                raise in_our_words(200, "token_expired", {}) from error
            return installation
        except BillingError:
            _log.warning("slack_token_not_renewed", workspace=workspace.id)
            return self._still_good(installation)

    def _claimed(self, workspace: Workspace) -> SlackInstallation | None:
        """Return the installation for this process alone to renew, None while another one does or has just done it."""
        now = self._clock()
        with self._store.transaction(workspace.id) as tx:
            found = tx.installations.current(lock=True)
            if found is None or not self._is_due(found) or (found.renewing_until and now < found.renewing_until):
                return None
            claimed = replace(found, renewing_until=now + _RENEWING)
            tx.installations.save(claimed)
        return claimed

    def _refreshed(self, workspace: Workspace, installation: SlackInstallation) -> SlackInstallation:
        with slack_errors():
            answer = web_client(self._config, None).oauth_v2_access(
                client_id=self._config.client_id or "",
                client_secret=self._config.client_secret or "",
                grant_type="refresh_token",
                refresh_token=self._sealer.open(installation.sealed_refresh_token or ""),
            )
        renewed = replace(
            installation,
            sealed_token=self._sealer.seal(str(answer["access_token"])),
            sealed_refresh_token=self._sealer.seal(str(answer["refresh_token"])),
            expires_at=self._clock() + timedelta(seconds=int(answer["expires_in"])),
            renewing_until=None,
        )
        return self._kept(workspace, installation, renewed)

    def _kept(self, workspace: Workspace, before: SlackInstallation, renewed: SlackInstallation) -> SlackInstallation:
        """Keep what was renewed, unless another installation, or its end, was written while Slack was asked."""
        with self._store.transaction(workspace.id) as tx:
            now = tx.installations.current(lock=True)
            same = now is not None and now.installed_at == before.installed_at
            if now is None or (same and now.sealed_refresh_token == before.sealed_refresh_token and not now.ended_at):
                tx.installations.save(renewed)
                return renewed
        return now

    def _still_good(self, installation: SlackInstallation) -> SlackInstallation:
        if self._is_over(installation):
            message = "Slack's token has expired and cannot be renewed just now."
            raise ProviderUnavailable(message)
        return installation


def _usable(found: SlackInstallation | None) -> SlackInstallation:
    """Return the installation; raises SlackRefused where there is none (any more)."""
    if found is None or found.ended_at is not None:
        raise in_our_words(200, "account_inactive", {})
    return found


def mark_of(installation: SlackInstallation) -> str:
    """Return what tells an installation from the one after it."""
    return installation.installed_at.isoformat()


def moment(unix_seconds: int | None) -> datetime | None:
    """Return a time of Slack's as ours."""
    return None if unix_seconds is None else datetime.fromtimestamp(unix_seconds, UTC)
