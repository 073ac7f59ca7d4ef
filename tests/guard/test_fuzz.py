"""No input makes an answer of 5xx, a stack trace or half a row, and none ends the worker.

The whole program stands here: its routes, its inbox, the worker and the local Stripe. What is mutated is what Stripe
and Slack send; `make fuzz` tries longer.
"""

from __future__ import annotations

import hmac
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from starlette.testclient import TestClient

from billing.queues import RowState
from bot.application import Application
from bot.bootstrap import build
from bot.exchange import load_workspace, read_workspace
from bot.settings import load
from bot.standins import Place
from storage import SqlStore, tables
from tests.support.bad_events import Bad, all_bad, event, signature
from tests.support.slack_requests import SECRET, encoded
from tests.support.slack_sending import Sending
from tests.support.workspaces import NOW, SMALL

_CHECKS: Final = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]
_SHORT: Final = settings(max_examples=25, derandomize=True, deadline=None, database=None, suppress_health_check=_CHECKS)
# The same examples each time, unless `make fuzz` asks for others.
FAST: Final = settings() if settings.get_current_profile_name() == "fuzz" else _SHORT
CASES: Final = list(all_bad())


@dataclass
class House:
    """The program, and ways to send to it."""

    app: Application
    client: TestClient

    def stripe(self, bad: Bad) -> int:
        secret = self.app.site.webhook_secrets[0]
        sign = bad.sign(bad.body, secret)
        named = {"content-type": "application/json", **bad.headers}
        headers = {name.encode(): value.encode() for name, value in named.items()}
        headers[b"stripe-signature"] = sign if isinstance(sign, bytes) else sign.encode()
        return self.expect_sound(self.client.post("/stripe/webhook", content=bad.body, headers=headers))

    def slack(self, payload: Any) -> int:
        body, kind = payload if isinstance(payload, tuple) else encoded(payload)
        return self.expect_sound(
            self.client.post("/slack/events", content=body, headers={"content-type": kind, **_signed(body)})
        )

    def expect_sound(self, answer: Any) -> int:
        assert answer.status_code < 500, answer.text
        assert "Traceback" not in answer.text
        assert answer.headers["x-content-type-options"] == "nosniff"
        return int(answer.status_code)

    def rows(self) -> list[dict[str, Any]]:
        store = self.app.store
        assert isinstance(store, SqlStore)
        with store.engine.connect() as connection:
            return [dict(row) for row in connection.execute(select(tables.inbox)).mappings()]

    def work(self) -> None:
        """Let the worker do all that is due; a row of no known shape is parked with its reason or tried again."""
        self.app.worker.drain()
        for row in self.rows():
            if row["state"] is not RowState.DONE:
                assert row["last_error"], row


def _signed(body: bytes) -> dict[str, str]:
    """Sign as Slack does, whatever the bytes are: Slack's own package signs nothing but UTF-8."""
    stated = str(int(time.time()))
    mac = hmac.new(SECRET.encode(), f"v0:{stated}:".encode() + body, sha256).hexdigest()
    return {"x-slack-request-timestamp": stated, "x-slack-signature": f"v0={mac}"}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder: Path = tmp_path_factory.mktemp("house")
    chosen = load(
        _env_file=None,
        database_url=f"sqlite:///{folder / 'evie.db'}",
        slack_bot_token="xoxb-1",
        slack_signing_secret=SECRET,
        # Nobody listens there: whatever Slack would be asked fails at once, and is tried again.
        slack_api_base_url="http://127.0.0.1:9/api",
    )
    app = build(chosen, Place(folder=folder / "sandbox"))
    app.store.migrate()
    workspace = {**SMALL["workspace"], "slack_team_id": "T0STUDIO"}
    load_workspace(app.store, read_workspace(json.dumps({**SMALL, "workspace": workspace}).encode(), NOW), NOW)
    with TestClient(app.web(), raise_server_exceptions=False, follow_redirects=False) as client:
        yield House(app, client)
    app.close()


def test_the_bad_events_are_at_least_as_many_as_were_gathered() -> None:
    assert len(CASES) >= 99
    assert len({bad.name for bad in CASES}) == len(CASES)


@pytest.mark.parametrize("bad", CASES, ids=lambda bad: bad.name)
def test_a_bad_event_is_refused_or_stored_whole(house: House, bad: Bad) -> None:
    before = len(house.rows())
    status = house.stripe(bad)
    assert status in {200, 400, 413}
    if status != 200:
        assert len(house.rows()) == before
    house.work()


def _json() -> st.SearchStrategy[Any]:
    leaves = (
        st.none()
        | st.booleans()
        | st.integers(-(2**70), 2**70)
        | st.floats()
        | st.text(max_size=20)
        | st.sampled_from(["\x00", "\ud800", "T0STUDIO", "U1", "C1", "evie_form_1", "9" * 5000, "INV-1"])
    )
    return st.recursive(leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner))


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from _paths(inner, (*path, key))


def _changed(value: Any, path: tuple[Any, ...], new: Any, *, drop: bool) -> Any:
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    key, *rest = path
    if not rest and drop:
        del copy[key]
    else:
        copy[key] = _changed(copy[key], tuple(rest), new, drop=drop)
    return copy


@st.composite
def mutated(draw: st.DrawFn, shapes: list[Any]) -> Any:
    """Return a real shape of which one to three places hold something else, or are missing."""
    value = draw(st.sampled_from(shapes))
    for _ in range(draw(st.integers(1, 3))):
        places = [path for path in _paths(value) if path]
        if not places:
            break
        value = _changed(value, draw(st.sampled_from(places)), draw(_json()), drop=draw(st.booleans()))
    return value


_SLACK: Final = Sending("http://127.0.0.1:9")
_CARD: Final = {"channel": "C1", "ts": "5.1", "text": "Invoice", "blocks": []}
_VIEW: Final = {
    "id": "V1",
    "callback_id": "evie_form_new_invoice",
    "private_metadata": json.dumps(
        {"address": {"team": "T0STUDIO", "channel": "C1", "user": "U1"}, "about": "", "was": {}}
    ),
    "state": {"values": {"amount": {"amount": {"type": "plain_text_input", "value": "5"}}}},
    "blocks": [{"type": "input", "block_id": "amount", "element": {"type": "plain_text_input", "action_id": "amount"}}],
}
SLACK_SHAPES: Final = [
    _SLACK.message("hello"),
    _SLACK.message("<@U0EVIE> hello", channel="C1") | {"type": "event_callback"},
    _SLACK.command("show unpaid invoices"),
    _SLACK.shortcut("evie_new_invoice"),
    _SLACK.message_shortcut("evie_invoice_from_message", {"ts": "1.1", "text": "500 please"}),
    _SLACK.click("evie_confirm", "prop_1", _CARD),
    _SLACK.click("evie_more", json.dumps({"skill": "list_invoices", "arguments": {}, "start": 1}), _CARD),
    _SLACK.click("evie_take", "HLP-1", _CARD),
    _SLACK.click("evie_form_1", "update_invoice INV-1", _CARD),
    _SLACK.click("evie_feedback", "helped", _CARD),
    _SLACK.typing(_VIEW, "evie_choose_contact", "q"),
    _SLACK._interaction("view_submission", "U1") | {"view": _VIEW, "response_urls": []},
    _SLACK.event({"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "home"}),
    _SLACK.event({"type": "app_uninstalled"}),
    _SLACK.event({"type": "tokens_revoked", "tokens": {"bot": ["U0EVIE"]}}),
    _SLACK.event({"type": "user_change", "user": {"id": "U1", "deleted": True, "profile": {}}}),
]
STRIPE_SHAPES: Final = [
    event(
        type=kind,
        data={"object": {"id": f"{prefix}_1", "object": prefix, "metadata": {"invoice": "INV-2"}, "amount": 5}},
    )
    for kind, prefix in (
        ("checkout.session.completed", "cs"),
        ("payment_intent.succeeded", "pi"),
        ("charge.refunded", "ch"),
        ("charge.dispute.created", "dp"),
        ("customer.subscription.updated", "sub"),
        ("payout.paid", "po"),
        ("invoice.paid", "in"),
        ("account.updated", "acct"),
        ("payment_link.updated", "plink"),
    )
]


@FAST
@given(mutated(STRIPE_SHAPES))
def test_mutated_events_of_stripes_end_neither_the_web_nor_the_worker(house: House, payload: Any) -> None:
    assert house.stripe(Bad("mutated", json.dumps(payload).encode(), signature)) < 500
    house.work()


@FAST
@given(mutated(SLACK_SHAPES))
def test_mutated_requests_of_slacks_end_neither_the_web_nor_the_worker(house: House, payload: Any) -> None:
    if not isinstance(payload, dict):
        payload = {"event": payload}
    try:
        wanted = encoded(payload)
    except (UnicodeEncodeError, TypeError):
        wanted = (json.dumps(payload).encode(), "application/json")
    assert house.slack(wanted) < 500


@FAST
@given(
    st.binary(max_size=200),
    st.sampled_from(["application/json", "application/x-www-form-urlencoded", "", "text/plain"]),
)
def test_signed_rubbish_is_refused_by_slacks_door(house: House, body: bytes, kind: str) -> None:
    assert house.slack((body, kind)) < 500


_TEXT: Final = st.text(max_size=40) | st.sampled_from(
    ["", "..", "%2e%2e", "\x00", "'", "' OR 1=1 --", "<script>", "\r\nX: y", "a" * 3000, "٣", "INV-1", "{{7*7}}"]
)
_ADDRESSES: Final = st.sampled_from(
    [
        "/pay/{}",
        "/portal/{}",
        "/portal/{}/payments/{}",
        "/portal/{}/credit-notes/{}.pdf",
        "/portal/{}/statement.pdf",
        "/invoices/{}.pdf",
        "/reminders/{}/stop",
        "/stripe/connect",
        "/stripe/callback",
        "/open/{}",
        "/payments",
        "/payments.csv",
        "/charts/{}.png",
        "/report",
        "/static/{}",
        "/mailbox/{}",
        "/mailbox/{}/html",
        "/slack/install",
        "/slack/oauth_redirect",
        "/sandbox/stripe/{}",
        "/{}",
    ]
)
_QUERY: Final = st.dictionaries(
    st.sampled_from(
        ["token", "state", "code", "error", "since", "until", "from", "to", "client", "type", "invoice", "x"]
    ),
    _TEXT,
    max_size=4,
)


def _quoted(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


@FAST
@given(
    _ADDRESSES,
    st.lists(_TEXT, min_size=2, max_size=2),
    _QUERY,
    st.sampled_from(["GET", "HEAD", "POST", "PUT", "DELETE"]),
)
def test_no_address_answers_with_an_error_of_ours(
    house: House, address: str, parts: list[str], query: dict[str, str], method: str
) -> None:
    path = address.format(*map(_quoted, parts))
    asked = "&".join(f"{name}={_quoted(value)}" for name, value in query.items())
    body = asked.encode() if method == "POST" else None
    answer = house.client.request(
        method,
        f"{path}?{asked}" if asked else path,
        content=body,
        headers={"content-type": "application/x-www-form-urlencoded", "cookie": f"evie={_quoted(parts[0])[:99]}"},
    )
    house.expect_sound(answer)


def test_after_all_that_a_good_request_is_answered(house: House) -> None:
    assert house.slack(_SLACK.message("show unpaid invoices")) == 200
    assert house.expect_sound(house.client.get("/healthz")) == 200
