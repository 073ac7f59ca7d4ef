"""Every address that the program answers at says in its headers what a browser must not do, whatever the answer is.

The routes are read from the application itself, with Slack, the mailbox and the local Stripe: a route of which nothing
stands here fails, so that none is forgotten.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import pytest
from cryptography.fernet import Fernet
from starlette.routing import BaseRoute, Mount, Route
from starlette.testclient import TestClient

from billing.invoices import InvoiceStatus
from billing.page_tickets import page_ticket
from billing.pages import Page
from billing.sharing import open_portal
from bot.addresses import CHART
from bot.application import Application
from bot.bootstrap import build
from bot.exchange import load_workspace, read_workspace
from bot.sealing import Sealer
from bot.settings import load
from bot.standins import Place
from bot.web.app import create_app
from bot.web.limiting import Rate
from tests.support.slack_requests import SECRET
from tests.support.workspaces import NOW, SMALL

BASE_URL: Final = "https://localhost"
KEY: Final = Fernet.generate_key().decode()
CHART_DATA: Final = '{"title":"Collected","bars":[["May","A$1.00",1000,"neutral"],["June","–",0,"bad"]]}'
MAIL: Final = (
    b"From: a@lantern.example\r\nTo: b@quist.example\r\nSubject: x\r\nContent-Type: text/html\r\n\r\n"
    b"<html><head><meta http-equiv=refresh content='0;url=https://evil.example'></head><script>alert(1)</script></html>"
)
# What each route answers in its ordinary way: how it is asked for, and with which status. `{}` is filled in below.
ORDINARY: Final[dict[tuple[str, str], tuple[str, int]]] = {
    ("POST", "/stripe/webhook"): ("/stripe/webhook", 400),
    ("GET", "/"): ("/", 200),
    ("GET", "/pay/{token}"): ("/pay/{paid}", 200),
    ("POST", "/pay/{token}"): ("/pay/{paid}", 200),
    ("GET", "/portal/{token}"): ("/portal/{portal}", 200),
    ("GET", "/portal/{token}/payments/{payment}"): ("/portal/{portal}/payments/none", 404),
    ("GET", "/portal/{token}/credit-notes/{number}.pdf"): ("/portal/{portal}/credit-notes/none.pdf", 404),
    ("GET", "/portal/{token}/statement.pdf"): ("/portal/{portal}/statement.pdf", 200),
    ("GET", "/invoices/{token}.pdf"): ("/invoices/{paid}.pdf", 200),
    ("GET", "/reminders/{token}/stop"): ("/reminders/{portal}/stop", 200),
    ("POST", "/reminders/{token}/stop"): ("/reminders/{portal}/stop", 200),
    ("GET", "/stripe/connect"): ("/stripe/connect", 400),
    ("GET", "/stripe/callback"): ("/stripe/callback", 400),
    ("GET", "/open/{token}"): ("/open/{ticket}", 200),
    ("POST", "/open/{token}"): ("/open/{ticket}", 303),
    ("GET", "/payments"): ("/payments", 200),
    ("GET", "/payments.csv"): ("/payments.csv", 200),
    ("GET", "/charts/{sealed}.png"): ("/charts/{chart}.png", 200),
    ("GET", "/report"): ("/report", 200),
    ("GET", "/healthz"): ("/healthz", 200),
    ("GET", "/readyz"): ("/readyz", 200),
    ("GET", "/metrics"): ("/metrics", 200),
    ("GET", "/static/{name}"): ("/static/evie.css", 200),
    ("POST", "/slack/events"): ("/slack/events", 401),
    ("GET", "/slack/install"): ("/slack/install", 302),
    ("GET", "/slack/oauth_redirect"): ("/slack/oauth_redirect?code=x&state=y", 400),
    ("GET", "/mailbox"): ("/mailbox", 200),
    ("GET", "/mailbox/{mail_id}"): ("/mailbox/{mail}", 200),
    ("GET", "/mailbox/{mail_id}/html"): ("/mailbox/{mail}/html", 200),
    ("GET", "/sandbox/stripe"): ("/sandbox/stripe", 307),
    ("GET", "/sandbox/stripe/{path:path}"): ("/sandbox/stripe/", 200),
}
# What no route understands: nothing, what is no token, markup, a path that leads out, and more than a name is long.
STRANGE: Final = ("x", "%00", "%3Cscript%3E", "..%2F..%2Fetc", "%ED%A0%80", "a" * 3000)
ALWAYS: Final = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "strict-transport-security": "max-age=31536000",
}


@dataclass
class House:
    """The whole program, the browser of somebody who has been let in, and what its addresses are filled with."""

    app: Application
    client: TestClient
    routes: list[tuple[str, str]]
    filled: dict[str, str]


def named(routes: list[BaseRoute], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield method and path of every route, those below a mount too; HEAD goes with GET."""
    for route in routes:
        if isinstance(route, Mount):
            yield ("GET", f"{prefix}{route.path}/{{path:path}}")
            continue
        assert isinstance(route, Route), route
        for method in sorted((route.methods or {"GET"}) - {"HEAD"}):
            yield (method, prefix + route.path)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder: Path = tmp_path_factory.mktemp("routes")
    chosen = load(
        _env_file=None,
        database_url=f"sqlite:///{folder / 'evie.db'}",
        evie_base_url=BASE_URL,
        evie_secret_key=KEY,
        slack_signing_secret=SECRET,
        slack_client_id="111.222",
        slack_client_secret="client-secret",
        slack_api_base_url="http://127.0.0.1:9/api",
    )
    app = build(chosen, Place(folder=folder / "sandbox"))
    app.store.migrate()
    workspace = load_workspace(app.store, read_workspace(json.dumps(SMALL).encode(), NOW), NOW)
    made = create_app(replace(app.site, rate=Rate(burst=100_000)))
    with TestClient(made, base_url=BASE_URL, raise_server_exceptions=False, follow_redirects=False) as client:
        yield House(app, client, list(named(made.routes)), _filled(app, workspace.id))
    app.close()


def _filled(app: Application, workspace_id: str) -> dict[str, str]:
    assert app.mailbox is not None
    now, mail = app.site.services.clock(), app.mailbox.keep(MAIL)
    with app.store.transaction(workspace_id) as tx:
        paid = next(one for one in tx.invoices.list() if one.status is InvoiceStatus.PAID)
        portal = open_portal(tx, "CON-2", now=now)
        ticket = page_ticket(tx, Page.PAYMENTS, member="Ada", now=now)
    return {
        "mail": mail,
        "paid": paid.token,
        "portal": portal,
        "ticket": ticket,
        "chart": Sealer((KEY,)).seal(CHART + CHART_DATA),
    }


def pages(house: House) -> Iterator[tuple[str, str, Any]]:
    """Yield what each route is asked for and answers, in its ordinary way and with what it cannot understand."""
    same = {"sec-fetch-site": "same-origin"}
    for method, route in sorted(house.routes, key=lambda one: (one[1], one[0])):
        path, status = ORDINARY[(method, route)]
        answer = house.client.request(method, path.format(**house.filled), headers=same)
        assert answer.status_code == status, (method, path, answer.status_code, answer.text[:300])
        yield method, path, answer
        for strange in STRANGE:
            odd = re.sub(r"{[^}]*}", strange, route)
            for tried in (method, "PUT", "HEAD"):
                yield tried, odd, house.client.request(tried, f"{odd}?token={strange}&state={strange}&from={strange}")


def test_each_route_is_known_here(house: House) -> None:
    assert set(house.routes) == set(ORDINARY)


def test_every_answer_says_what_a_browser_must_not_do(house: House) -> None:
    seen = set()
    for method, path, answer in pages(house):
        seen.add(answer.status_code)
        assert answer.status_code < 500, (method, path, answer.text[:300])
        # The local Stripe is told by its own forms' referrer that they are its own.
        allowed = ALWAYS | ({"referrer-policy": "same-origin"} if _is_a_page_of_stripes(path, answer) else {})
        for name, value in allowed.items():
            assert answer.headers.get_list(name) == [value], (method, path, name)
        if answer.headers.get("content-type", "").startswith("text/html"):
            _shuts_out_others(answer.headers, (method, path))
    assert {200, 303, 400, 404, 405} <= seen


def _is_a_page_of_stripes(path: str, answer: Any) -> bool:
    return path.startswith("/sandbox/stripe/") and answer.headers.get("content-type", "").startswith("text/html")


def _shuts_out_others(headers: Any, where: tuple[str, str]) -> None:
    policies = headers.get_list("content-security-policy")
    assert len(policies) == 1, where
    said = {name: values for name, *values in (rule.split() for rule in policies[0].split(";") if rule.strip())}
    assert said["default-src"] == ["'none'"], where
    assert said["base-uri"] == ["'none'"], where
    assert said["frame-ancestors"] in (["'none'"], ["'self'"]), where
    assert "form-action" in said, where
    assert "script-src" not in said, where
    if "'unsafe-inline'" in said.get("style-src", []):
        # A mail's own styles, in a sandbox.
        assert "sandbox" in said, where
        assert "allow-scripts" not in said["sandbox"], where
        assert "allow-same-origin" not in said["sandbox"], where


def test_an_error_of_our_own_is_as_hard(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("the database's password is hunter2")

    monkeypatch.setattr(type(house.app.store.directory), "by_pay_token", broken)
    answer = house.client.get(f"/pay/{house.filled['paid']}")
    assert answer.status_code == 500
    assert "hunter2" not in answer.text
    assert house.filled["paid"] not in answer.text
    for name, value in ALWAYS.items():
        assert answer.headers.get_list(name) == [value], name
    _shuts_out_others(answer.headers, ("GET", "/pay"))
