"""The doctor finds what is broken, says how to mend it, and looks at everything else all the same."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from billing.queues import OutboxKind, OutboxMessage
from bot.bootstrap import build, migrate
from bot.doctor import Finding, Level, examine
from bot.settings import Settings, load
from bot.slack.manifest import BOT_SCOPES
from integrations.sandbox.mailbox import LocalMailbox
from integrations.stripe_endpoints import NEEDED_EVENTS
from tests.support.books import a_workspace
from tests.support.serving import serving
from tests.support.stripe_api import require_published

BASE_URL = "https://billing.studio.example"


@dataclass
class Vendors:
    """Slack, Stripe and a model as the doctor meets them."""

    url: str = ""
    scopes: str = ",".join(BOT_SCOPES)
    slack_error: str = ""
    stripe_status: int = 200
    endpoints: list[dict[str, Any]] = field(default_factory=list)
    models: tuple[str, ...] = ("gpt-6-terra",)

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/slack/auth.test", self._auth_test, methods=["POST"]),
                Route("/v1/account", self._account),
                Route("/v1/webhook_endpoints", self._endpoints),
                Route("/openai/models/{name}", self._model),
            ],
        )

    async def _auth_test(self, _: Request) -> Response:
        if self.slack_error:
            return JSONResponse({"ok": False, "error": self.slack_error})
        answer = {"ok": True, "team_id": "T1", "team": "Lantern Row", "user_id": "U0EVIE"}
        return JSONResponse(answer, headers={"x-oauth-scopes": self.scopes})

    async def _account(self, request: Request) -> Response:
        require_published("get /v1/account", request.url.query)
        if self.stripe_status != 200:
            return JSONResponse({"error": {"message": "Invalid API Key"}}, self.stripe_status)
        return JSONResponse({"id": "acct_1", "object": "account", "business_profile": {"name": "Lantern Row"}})

    async def _endpoints(self, request: Request) -> Response:
        require_published("get /v1/webhook_endpoints", request.url.query)
        return JSONResponse(
            {"object": "list", "url": "/v1/webhook_endpoints", "has_more": False, "data": self.endpoints}
        )

    async def _model(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in self.models:
            return JSONResponse({"error": {"message": "no such model", "code": "model_not_found"}}, 404)
        return JSONResponse({"id": name, "object": "model", "created": 1, "owned_by": "us"})


def endpoint(**changes: Any) -> dict[str, Any]:
    made = {
        "id": "we_1",
        "object": "webhook_endpoint",
        "url": f"{BASE_URL}/stripe/webhook",
        "status": "enabled",
        "enabled_events": list(NEEDED_EVENTS),
    }
    return made | changes


@pytest.fixture(autouse=True)
def _bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty folder and an environment that sets nothing."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def vendors() -> Iterator[Vendors]:
    made = Vendors(endpoints=[endpoint()])
    with serving(made.app()) as made.url:
        yield made


@pytest.fixture
def mail_server(tmp_path: Path) -> Iterator[str]:
    mailbox = LocalMailbox(tmp_path / "mail")
    mailbox.start()
    yield mailbox.smtp_url
    mailbox.stop()


@pytest.fixture
def installed(vendors: Vendors, mail_server: str, monkeypatch: pytest.MonkeyPatch) -> Vendors:
    """Everything set, and everything in order."""
    settings = {
        "EVIE_BASE_URL": BASE_URL,
        "EVIE_SECRET_KEY": Fernet.generate_key().decode(),
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_SIGNING_SECRET": "secret",
        "SLACK_API_BASE_URL": f"{vendors.url}/slack",
        "STRIPE_API_KEY": "sk_test_1",
        "STRIPE_API_BASE": vendors.url,
        "STRIPE_WEBHOOK_SECRET": "whsec_1",
        "SMTP_URL": mail_server,
        "OPENAI_API_KEY": "key",
        "OPENAI_BASE_URL": f"{vendors.url}/openai",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    return vendors


def findings() -> dict[str, Finding]:
    return {finding.name: finding for finding in examine(build)}


def test_an_installation_in_order_has_only_good_findings(installed: Vendors) -> None:
    migrate(load())
    found = findings()
    assert {finding.level for finding in found.values()} == {Level.OK}
    assert list(found) == ["settings", "database", "queues", "address", "slack", "stripe", "webhook", "mail", "model"]
    assert found["slack"].text == "Connected to Lantern Row with every scope that is needed."
    assert found["stripe"].text == "Lantern Row (test mode)."


def test_a_setting_that_is_missing_ends_the_examination(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    (finding,) = examine(build)
    assert (finding.name, finding.level) == ("settings", Level.FAIL)
    assert "SLACK_SIGNING_SECRET is missing" in finding.text


def test_a_missing_scope_is_named(installed: Vendors) -> None:
    installed.scopes = ",".join(scope for scope in BOT_SCOPES if scope != "chat:write")
    found = findings()["slack"]
    assert found.level is Level.FAIL
    assert found.text.startswith("The token lacks chat:write.")


def test_a_token_that_slack_refuses_is_told(installed: Vendors) -> None:
    installed.slack_error = "invalid_auth"
    found = findings()
    assert found["slack"].level is Level.FAIL
    assert found["stripe"].level is Level.OK


def test_each_workspace_whose_token_is_worth_nothing_is_named_with_what_waits_for_it(
    installed: Vendors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SLACK_BOT_TOKEN")
    monkeypatch.setenv("SLACK_CLIENT_ID", "1.2")
    monkeypatch.setenv("SLACK_CLIENT_SECRET", "secret")
    migrate(load())
    with closing(build(load())) as application:
        for number in (1, 2):
            made = a_workspace(id=f"ws_{number}", name=f"Studio {number}", slack_team_id=f"T{number}")
            application.store.directory.add_workspace(made)
        with application.store.transaction("ws_2") as tx:
            tx.send(OutboxMessage("ws_2", "post", OutboxKind.SAY, "channel:#a", {}, made.created_at))
        claim = application.store.claim_outbox(lease_seconds=60)
        assert claim is not None
        application.store.retry(claim, error="WaitsForPerson: Install the Slack app again.", delay_seconds=300.0)
    assert installed.slack_error == ""
    found = [(finding.name, finding.text) for finding in examine(build) if finding.level is not Level.OK]
    waits, *dead = [text for name, text in found if name in {"queues", "slack"} and "oldest" not in text]
    assert waits.startswith("Studio 2: 1 for the chat, due ")
    assert waits.endswith("Install the Slack app again.")
    assert dead == [
        f"Studio {number}: The Slack app was removed from the workspace. Install it again." for number in (1, 2)
    ]


def test_a_key_that_stripe_refuses_is_told(installed: Vendors) -> None:
    installed.stripe_status = 401
    found = findings()
    assert (found["stripe"].level, "STRIPE_API_KEY" in found["stripe"].text) == (Level.FAIL, True)
    assert found["mail"].level is Level.OK


def test_without_a_webhook_secret_no_payment_is_heard_of(installed: Vendors, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STRIPE_WEBHOOK_SECRET")
    found = findings()["webhook"]
    assert (found.level, found.text[:32]) == (Level.FAIL, "STRIPE_WEBHOOK_SECRET is missing")


@pytest.mark.parametrize(
    ("endpoints", "level", "said"),
    [
        ([], Level.WARN, "Stripe has no endpoint"),
        ([endpoint(url="https://elsewhere.example/x")], Level.WARN, "Stripe has no endpoint"),
        ([endpoint(status="disabled")], Level.FAIL, "is disabled"),
        ([endpoint(enabled_events=list(NEEDED_EVENTS[1:]))], Level.WARN, f"leaves out {NEEDED_EVENTS[0]}"),
        ([endpoint(enabled_events=["*"])], Level.OK, "every event"),
        ([endpoint(status="disabled"), endpoint(id="we_2")], Level.OK, "every event"),
    ],
)
def test_the_webhook_endpoint_is_looked_at(
    installed: Vendors,
    endpoints: list[dict[str, Any]],
    level: Level,
    said: str,
) -> None:
    installed.endpoints = endpoints
    found = findings()["webhook"]
    assert found.level is level
    assert said in found.text


def test_links_that_lead_to_this_machine_are_no_use_to_clients(
    installed: Vendors,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("EVIE_BASE_URL")
    assert findings()["address"].level is Level.FAIL


def test_a_mail_server_that_is_away_is_told(installed: Vendors, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    monkeypatch.setenv("SMTP_URL", f"smtp://127.0.0.1:{port}")
    found = findings()
    assert (found["mail"].level, found["model"].level) == (Level.FAIL, Level.OK)


def test_a_model_that_is_unknown_is_told(installed: Vendors) -> None:
    installed.models = ()
    found = findings()["model"]
    assert found.level is Level.FAIL
    assert found.text.startswith("gpt-6-terra does not answer (status 404 model_not_found")


def test_a_sender_that_is_none_is_a_setting_to_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVIE_MAIL_FROM", "nobody")
    (finding,) = examine(build)
    assert (finding.level, finding.text[:33]) == (Level.FAIL, "EVIE_MAIL_FROM has to be one mail")


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "evie.db").write_bytes(b"something else entirely, of some length" * 5)
    found = findings()
    assert found["database"].level is Level.FAIL
    assert "no SQLite database" in found["database"].text
    assert found["mail"].level is Level.OK


def test_a_database_nobody_made_yet_is_not_made_by_looking(tmp_path: Path) -> None:
    assert findings()["database"].text == "evie.db will be made at the first start."
    assert not (tmp_path / "evie.db").exists()


def test_a_database_says_how_many_live_in_it() -> None:
    migrate(load())
    assert findings()["database"].text == "SQLite, 0 workspaces."


def test_a_postgresql_that_is_away_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    monkeypatch.setenv("DATABASE_URL", f"postgresql+psycopg://evie@127.0.0.1:{port}/evie")
    found = findings()["database"]
    assert found.level is Level.FAIL
    assert "cannot be opened" in found.text
