"""Installing Evie in a Slack workspace or a whole organisation: Bolt's OAuth flow over our own records.

Each installation has a workspace of its own, made at the first one with the installer's country, language and time
zone. The installer is an admin, so that there is one. The state that goes to Slack and back is a sealed word which
dies after ten minutes, and a cookie ties it to the browser that began.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from babel.numbers import get_territory_currencies
from slack_bolt import BoltResponse
from slack_bolt.oauth import OAuthFlow
from slack_bolt.oauth.callback_options import CallbackOptions, FailureArgs, SuccessArgs
from slack_bolt.oauth.oauth_settings import OAuthSettings
from slack_sdk.oauth import InstallationStore, OAuthStateStore

from billing.queues import OutboxKind, OutboxMessage
from billing.roles import Role
from billing.workspaces import SlackInstallation, Workspace
from bot.formats import locale_named
from bot.slack.client import quiet_logger, web_client
from bot.slack.errors import slack_errors
from bot.slack.manifest import BOT_SCOPES
from bot.slack.tokens import moment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from slack_sdk.oauth.installation_store import Installation
    from starlette.responses import Response

    from billing.ports import Clock, Store
    from billing.workspaces import Member
    from bot.sealing import Sealer
    from bot.slack.config import SlackConfig
    from bot.slack.members import Members

    Page = Callable[[str, str, int], Response]

INSTALL_PATH: Final = "/slack/install"
REDIRECT_PATH: Final = "/slack/oauth_redirect"

_STATE_SECONDS: Final = 600
_PURPOSE: Final = "slack-install"
_SLACK_API: Final = "/api"

_FAILURES: Final = {
    "access_denied": "Nothing was installed: it was cancelled at Slack. You can start again at any time.",
    "invalid_browser": "This page belongs to an installation that was begun in another browser. Please start again.",
    "invalid_state": "That took longer than ten minutes, or was not begun here. Please start again.",
    "invalid_code": "Slack did not take the answer, perhaps because it was used before. Please start again.",
}
_HELLO: Final = (
    "Hello {name}, I'm Evie: I make and send your invoices, and tell you when they are paid. To begin with:\n"
    "• say “connect Stripe”, so that clients can pay online\n"
    "• invite me to a channel with /invite @Evie, and say “send notifications to #billing” with its name\n"
    "• say “help” for what else I can do. My Home tab shows how the business stands, and its settings."
)
_FAILED: Final = "The installation did not work. Please start again."


@dataclass(frozen=True, slots=True)
class Office:
    """What installing needs. `page` draws a page from a title, a text and a status."""

    config: SlackConfig
    store: Store
    clock: Clock
    sealer: Sealer
    members: Members
    page: Page


def install_flow(office: Office, base_url: str) -> OAuthFlow:
    """Return Bolt's flow for this installation of ours."""
    config = office.config
    settings = OAuthSettings(
        client_id=config.client_id,
        client_secret=config.client_secret,
        scopes=list(BOT_SCOPES),
        redirect_uri=f"{base_url}{REDIRECT_PATH}",
        install_page_rendering_enabled=False,
        authorization_url=_authorize_url(config),
        state_store=_States(office.sealer),
        state_expiration_seconds=_STATE_SECONDS,
        installation_store=_Installations(office),
        callback_options=CallbackOptions(success=_Pages(office).done, failure=_Pages(office).failed),
        logger=quiet_logger(),
    )
    return OAuthFlow(client=web_client(config, None), logger=quiet_logger(), settings=settings)


def _authorize_url(config: SlackConfig) -> str | None:
    if config.api_base_url is None:
        return None
    return f"{config.api_base_url.rstrip('/').removesuffix(_SLACK_API)}/oauth/v2/authorize"


class _States(OAuthStateStore):
    """States that any process recognises, and that nothing has to be stored for."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def issue(self, *_args: object, **_kwargs: object) -> str:
        return self._sealer.ticket(_PURPOSE)

    def consume(self, state: str) -> bool:
        return self._sealer.is_ticket(state, _PURPOSE, max_age_seconds=_STATE_SECONDS)


class _Installations(InstallationStore):
    """Bolt's installation becomes our record, its tokens sealed."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def save(self, installation: Installation) -> None:
        office = self._office
        team = str(installation.enterprise_id if installation.is_enterprise_install else installation.team_id)
        profile = self._profile(installation)
        workspace = office.store.directory.by_slack_team(team)
        is_new = workspace is None
        if workspace is None:
            workspace = _new_workspace(installation, team, profile, office.clock)
            office.store.directory.add_workspace(workspace)
        refresh = installation.bot_refresh_token
        record = SlackInstallation(
            workspace_id=workspace.id,
            slack_team_id=team,
            sealed_token=office.sealer.seal(str(installation.bot_token)),
            bot_user=str(installation.bot_user_id),
            scopes=",".join(installation.bot_scopes or ()),
            installed_by=installation.user_id,
            installed_at=office.clock(),
            sealed_refresh_token=office.sealer.seal(refresh) if refresh else None,
            expires_at=moment(installation.bot_token_expires_at),
        )
        member = office.members.admit(workspace, installation.user_id, profile, Role.ADMIN)
        with office.store.transaction(workspace.id) as tx:
            tx.installations.save(record)
            if is_new:
                tx.send(_welcome(member, record))
        # What waited for just this would look again in minutes only.
        office.store.unfinished.let_go(workspace.id)

    def _profile(self, installation: Installation) -> Mapping[str, Any]:
        client = web_client(self._office.config, installation.bot_token)
        with slack_errors():
            user: Mapping[str, Any] = client.users_info(user=installation.user_id, include_locale=True)["user"]
        return user


def _welcome(member: Member, installation: SlackInstallation) -> OutboxMessage:
    """Return what the first who installs Evie hears from her."""
    return OutboxMessage(
        workspace_id=installation.workspace_id,
        key="welcome",
        kind=OutboxKind.SAY,
        lane=f"member:{member.name}",
        payload={"member": member.name, "text": _HELLO.format(name=member.name)},
        created_at=installation.installed_at,
    )


def _new_workspace(installation: Installation, team: str, profile: Mapping[str, Any], clock: Clock) -> Workspace:
    """Return a workspace with the installer's ways of writing; what Slack does not know is as in a new demo."""
    name = installation.enterprise_name if installation.is_enterprise_install else installation.team_name
    locale = locale_named(str(profile.get("locale") or "en_US"))
    country = locale.territory or "US"
    return Workspace(
        id=f"ws_{secrets.token_hex(8)}",
        name=name or "My business",
        currency=next(iter(get_territory_currencies(country)), "USD"),
        country=country,
        locale=str(locale),
        timezone=str(profile.get("tz") or "UTC"),
        created_at=clock(),
        slack_team_id=team,
    )


class _Pages:
    """What the browser shows at the end."""

    def __init__(self, office: Office) -> None:
        self._page = office.page

    def done(self, args: SuccessArgs) -> BoltResponse:
        team = args.installation.enterprise_name or args.installation.team_name or "your workspace"
        text = f"Evie is in {team} now. Open her in Slack and say “help”, or “connect stripe” to begin."
        return self._answer("Evie is installed", text, 200, args)

    def failed(self, args: FailureArgs) -> BoltResponse:
        # Where Slack turned the person back, all went as it should: the page is no error.
        return self._answer("Not installed", _FAILURES.get(args.reason, _FAILED), args.suggested_status_code, args)

    def _answer(self, title: str, text: str, status: int, args: SuccessArgs | FailureArgs) -> BoltResponse:
        page = self._page(title, text, status)
        forget = args.settings.state_utils.build_set_cookie_for_deletion()
        headers = {name: value for name, value in page.headers.items() if name != "content-length"}
        return BoltResponse(status=status, body=bytes(page.body).decode(), headers={**headers, "set-cookie": forget})
