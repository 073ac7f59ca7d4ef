"""Evie is installed by OAuth: a workspace for each installation, tokens sealed, and a page that says what happened."""

from __future__ import annotations

import http.client
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from billing.errors import ProviderUnavailable
from billing.queues import OutboxKind, OutboxMessage
from billing.roles import Role
from billing.workspaces import Channel, SlackInstallation, Workspace
from bot.sealing import Sealer
from bot.slack.errors import SlackRefused
from bot.slack.leaving import end_installation
from bot.slack.parts import SlackParts
from bot.web.pages import notice_page
from bot.worker.worker import Worker
from storage import SqlStore
from tests.support.databases import SetClock
from tests.support.slack import FakeSlack, Fault
from tests.support.slack_office import ScriptedAnswers, a_worker, office_forms, slack_parts_for
from tests.support.slack_requests import send
from tests.support.slack_sending import TEAM
from tests.support.stage import Stage

ORGANISATION = "E0HOUSE"


@dataclass(frozen=True)
class Page:
    """What a browser was answered."""

    status: int
    text: str
    location: str
    cookie: str


@dataclass(frozen=True)
class Front:
    """A running Evie that can be installed."""

    url: str
    parts: SlackParts
    store: SqlStore
    sealer: Sealer

    def get(self, path: str, cookie: str = "") -> Page:
        """Ask for a page as a browser does, without following where it leads."""
        address = urlsplit(self.url)
        connection = http.client.HTTPConnection(address.hostname or "", address.port)
        connection.request("GET", path, headers={"cookie": cookie} if cookie else {})
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        set_cookie = answer.headers.get("set-cookie", "").split(";")[0]
        return Page(answer.status, text, answer.headers.get("location", ""), set_cookie)

    def begin(self) -> tuple[str, str]:
        """Start installing; return the state and the browser's cookie."""
        page = self.get("/slack/install")
        assert page.status == 302
        return parse_qs(urlsplit(page.location).query)["state"][0], page.cookie

    def install(self, code: str) -> Page:
        """Install, with the code that Slack gives."""
        state, cookie = self.begin()
        return self.get(f"/slack/oauth_redirect?code={code}&state={state}", cookie)

    def only(self) -> tuple[Workspace, SlackInstallation]:
        """Return the only workspace and its installation."""
        [workspace] = self.store.directory.workspaces()
        with self.store.transaction(workspace.id) as tx:
            installation = tx.installations.current()
        assert installation is not None
        return workspace, installation


@pytest.fixture
def front(slack: FakeSlack, store: SqlStore, clock: SetClock, office_stage: Stage) -> Front:
    sealer = Sealer()
    parts = slack_parts_for(slack.installable, store, clock, sealer)
    app = parts.app(lambda: None, office_forms(store, clock))
    office_stage.app = parts.web(app, office_stage.url, notice_page)
    slack.users["U1"] |= {"tz": "Australia/Brisbane", "locale": "en-AU"}
    return Front(office_stage.url, parts, store, sealer)


def test_installing_makes_a_workspace_as_its_installer_writes_and_the_installer_an_admin(
    front: Front, slack: FakeSlack
) -> None:
    slack.grant("c1")
    slack.users["U1"].pop("is_owner")
    page = front.install("c1")

    workspace, installation = front.only()
    assert (page.status, "Lantern Studio" in page.text) == (200, True)
    assert workspace.slack_team_id == TEAM
    assert (workspace.name, workspace.currency, workspace.locale) == ("Lantern Studio", "AUD", "en_AU")
    assert (workspace.country, workspace.timezone) == ("AU", "Australia/Brisbane")
    assert "xoxb" not in installation.sealed_token
    assert front.sealer.open(installation.sealed_token) == "xoxb-of-c1"
    with front.store.transaction(workspace.id) as tx:
        assert [(member.name, member.role) for member in tx.people.members()] == [("Ada", Role.ADMIN)]


def test_who_installs_evie_is_told_once_how_to_begin(front: Front, slack: FakeSlack, clock: SetClock) -> None:
    for code in ("c1", "c2"):
        slack.grant(code)
        front.install(code)
    a_worker(front.parts, ScriptedAnswers(front.store, clock)).drain()
    [post] = slack.posts
    assert (post["channel"], post["text"].startswith("Hello Ada, I'm Evie")) == ("D1", True)
    assert "connect Stripe" in post["text"]


def test_slack_is_asked_for_the_scopes_of_the_manifest_and_sent_back_here(front: Front, slack: FakeSlack) -> None:
    asked = front.get("/slack/install").location
    query = parse_qs(urlsplit(asked).query)
    assert asked.startswith(f"{slack.url}/oauth/v2/authorize?")
    assert "chat:write" in query["scope"][0].split(",")
    assert query["redirect_uri"] == [f"{front.url}/slack/oauth_redirect"]


def test_installing_again_renews_the_tokens_of_the_same_workspace(front: Front, slack: FakeSlack) -> None:
    for code in ("c1", "c2"):
        slack.grant(code)
        front.install(code)
    _, installation = front.only()
    assert front.sealer.open(installation.sealed_token) == "xoxb-of-c2"


def test_a_whole_organisation_is_one_workspace_and_its_channels_are_found(front: Front, slack: FakeSlack) -> None:
    slack.organisation = ORGANISATION
    slack.teams.append("T0SECOND")
    slack.grant("c1", team=None, enterprise={"id": ORGANISATION, "name": "The House"}, is_enterprise_install=True)
    front.install("c1")
    workspace, _ = front.only()
    assert (workspace.slack_team_id, workspace.name) == (ORGANISATION, "The House")
    assert [name for name, _ in front.parts.channels._listed(workspace)] == ["billing", "elsewhere", "ops"] * 2
    assert {call["team_id"] for call in slack.called("conversations.list")} == {TEAM, "T0SECOND"}


def _used_twice(front: Front) -> Page:
    state, cookie = front.begin()
    path = f"/slack/oauth_redirect?code=c1&state={state}"
    front.get(path, cookie)
    return front.get(path, cookie)


def _stolen(front: Front) -> Page:
    state, _ = front.begin()
    return front.get(f"/slack/oauth_redirect?code=c1&state={state}", "slack-app-oauth-state=another")


def _made_up(front: Front) -> Page:
    return front.get("/slack/oauth_redirect?code=c1&state=x", "slack-app-oauth-state=x")


@pytest.mark.parametrize(
    ("attempt", "status", "words"),
    [
        (lambda front: front.get("/slack/oauth_redirect?error=access_denied"), 200, "cancelled at Slack"),
        (_stolen, 400, "another browser"),
        (_made_up, 401, "not begun here"),
        (_used_twice, 401, "used before"),
        (lambda front: front.install("never-given"), 401, "did not take the answer"),
    ],
)
def test_what_goes_wrong_ends_on_a_page_that_says_so(
    front: Front, slack: FakeSlack, attempt: Callable[[Front], Page], status: int, words: str
) -> None:
    slack.grant("c1")
    page = attempt(front)
    assert (page.status, words in page.text) == (status, True)
    assert "xoxb" not in page.text


def working_since_the_installation(front: Front, slack: FakeSlack, clock: SetClock) -> Worker:
    """Install, and return a worker that does what comes of it."""
    slack.grant("c1")
    front.install("c1")
    return a_worker(front.parts, ScriptedAnswers(front.store, clock))


def test_messages_of_an_installed_team_are_answered_with_its_own_token(
    front: Front, slack: FakeSlack, clock: SetClock
) -> None:
    worker = working_since_the_installation(front, slack, clock)
    assert send(front.url, slack.message("hello")) == 200
    worker.drain()
    assert [post["text"] for post in slack.posts][1:] == ["You said: hello"]


@pytest.mark.parametrize(
    ("event", "ends"),
    [
        ({"type": "app_uninstalled"}, True),
        ({"type": "tokens_revoked", "tokens": {"bot": ["U0EVIE"]}}, True),
        ({"type": "tokens_revoked", "tokens": {"oauth": ["U2"]}}, False),
    ],
)
def test_nothing_is_posted_after_slack_took_the_tokens_back(
    front: Front, slack: FakeSlack, clock: SetClock, event: dict[str, object], *, ends: bool
) -> None:
    worker = working_since_the_installation(front, slack, clock)
    send(front.url, slack.event(event, event_time=int((clock() + timedelta(minutes=1)).timestamp())))
    worker.drain()
    _, installation = front.only()
    assert (installation.ended_at is not None) is ends


def test_the_end_of_an_older_installation_does_not_end_a_newer_one(
    front: Front, slack: FakeSlack, clock: SetClock
) -> None:
    worker = working_since_the_installation(front, slack, clock)
    before = clock() - timedelta(minutes=1)
    send(front.url, slack.event({"type": "app_uninstalled"}, event_time=int(before.timestamp())))
    worker.drain()
    assert front.only()[1].ended_at is None


def with_an_hour_left(front: Front, slack: FakeSlack, clock: SetClock) -> Workspace:
    """Install with a token that expires, and let the time pass until an hour before that."""
    slack.grant("c1", refresh_token="xoxe-1", expires_in=43_200)
    front.install("c1")
    workspace, installation = front.only()
    assert installation.expires_at is not None
    clock.now = installation.expires_at - timedelta(hours=1)
    return workspace


def test_a_token_that_expires_soon_is_renewed_once_and_the_refresh_token_with_it(
    front: Front, slack: FakeSlack, clock: SetClock
) -> None:
    workspace = with_an_hour_left(front, slack, clock)
    slack.grant("xoxe-1", refresh_token="xoxe-2", expires_in=43_200)

    tokens = {front.parts.clients(workspace).token for _ in range(3)}

    assert tokens == {"xoxb-of-xoxe-1"}
    renewed = front.only()[1]
    assert front.sealer.open(renewed.sealed_refresh_token or "") == "xoxe-2"
    assert renewed.expires_at == clock() + timedelta(hours=12)


def test_while_one_process_renews_a_token_the_others_go_on_with_the_old_one(
    front: Front, slack: FakeSlack, clock: SetClock
) -> None:
    workspace = with_an_hour_left(front, slack, clock)
    renewing = replace(front.only()[1], renewing_until=clock() + timedelta(seconds=30))
    with front.store.transaction(workspace.id) as tx:
        tx.installations.save(renewing)

    assert front.parts.clients(workspace).token == "xoxb-of-c1"
    assert len(slack.called("oauth.v2.access")) == 1


def test_a_token_that_cannot_be_renewed_is_used_until_it_expires_and_then_posts_wait(
    front: Front, slack: FakeSlack, clock: SetClock
) -> None:
    workspace = with_an_hour_left(front, slack, clock)
    assert front.parts.clients(workspace).token == "xoxb-of-c1"

    clock.now = datetime(2030, 1, 1, tzinfo=UTC)
    with pytest.raises(SlackRefused, match="does not accept my token"):
        front.parts.clients(workspace)
    slack.fail("oauth.v2.access", Fault(status=503))
    with pytest.raises(ProviderUnavailable, match="expired"):
        front.parts.clients(workspace)


def test_what_was_news_while_evie_was_out_of_slack_is_posted_once_she_is_back(
    front: Front, slack: FakeSlack, clock: SetClock
) -> None:
    worker = working_since_the_installation(front, slack, clock)
    workspace, _ = front.only()
    clock.now += timedelta(minutes=1)
    send(front.url, slack.event({"type": "app_uninstalled"}, event_time=int(clock().timestamp())))
    worker.drain()
    with front.store.transaction(workspace.id) as tx:
        tx.people.save_channel(Channel(workspace.id, "#billing", "C1"))
        payload = {"channel": "#billing", "text": "Paid."}
        tx.send(OutboxMessage(workspace.id, "paid", OutboxKind.SAY, "channel:#billing", payload, clock()))
    worker.drain()
    told = front.store.delivered(workspace.id, after=0, kinds=[OutboxKind.ALERT])
    assert len(told) == 1
    assert "removed from the workspace" in told[0].receipt["text"]

    clock.now += timedelta(seconds=6)
    slack.grant("c2")
    front.install("c2")
    worker.drain()
    assert [post["text"] for post in slack.posts] == ["Paid."]
    assert len(front.store.delivered(workspace.id, after=0, kinds=[OutboxKind.ALERT])) == 1


def test_news_on_its_way_while_evie_is_installed_again_follows_at_once(
    front: Front, slack: FakeSlack, clock: SetClock
) -> None:
    slack.grant("c1")
    front.install("c1")
    workspace, _ = front.only()
    worker = a_worker(front.parts, ScriptedAnswers(front.store, clock))
    worker.drain()
    welcome = len(slack.posts)
    with front.store.transaction(workspace.id) as tx:
        tx.people.save_channel(Channel(workspace.id, "#billing", "C1"))
        payload = {"channel": "#billing", "text": "Paid."}
        tx.send(OutboxMessage(workspace.id, "paid", OutboxKind.SAY, "channel:#billing", payload, clock()))

    def install_again() -> None:
        slack.tokens.discard("xoxb-of-c1")
        clock.now += timedelta(seconds=1)
        slack.grant("c2")
        front.install("c2")

    slack.meanwhile["chat.postMessage"] = install_again
    worker.drain()
    assert len(slack.posts) == welcome
    clock.now += timedelta(seconds=2)
    worker.drain()
    assert [post["text"] for post in slack.posts[welcome:]] == ["Paid."]
    assert front.store.delivered(workspace.id, after=0, kinds=[OutboxKind.ALERT]) == []


@pytest.mark.parametrize("refused", [False, True])
def test_an_installation_of_the_same_moment_is_not_overwritten_by_a_renewal(
    front: Front, slack: FakeSlack, clock: SetClock, *, refused: bool
) -> None:
    workspace = with_an_hour_left(front, slack, clock)
    slack.grant("xoxe-1", refresh_token="xoxe-2", expires_in=43_200)
    slack.grant("c2", refresh_token="xoxe-9", expires_in=43_200)
    if refused:
        slack.grants.pop("xoxe-1")
    slack.meanwhile["oauth.v2.access"] = lambda: front.install("c2")

    assert front.parts.clients(workspace).token == "xoxb-of-c2"

    kept = front.only()[1]
    assert front.sealer.open(kept.sealed_token) == "xoxb-of-c2"
    assert front.sealer.open(kept.sealed_refresh_token or "") == "xoxe-9"


def test_an_end_that_is_told_during_a_renewal_stays_the_end(front: Front, slack: FakeSlack, clock: SetClock) -> None:
    workspace = with_an_hour_left(front, slack, clock)
    slack.grant("xoxe-1", refresh_token="xoxe-2", expires_in=43_200)
    slack.meanwhile["oauth.v2.access"] = lambda: end_installation(front.store, workspace, clock())

    with pytest.raises(SlackRefused, match="was removed"):
        front.parts.clients(workspace)
    assert front.only()[1].ended_at is not None
