"""Connecting accounts by OAuth, through the consent page as a person uses it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx2
import pytest

from billing.errors import ConnectRefused, ProviderRefused
from integrations.stripe_account import StripeConfig
from integrations.stripe_connect import ConnectedStripeAccount, StripeGateways
from integrations.stripe_events import parse
from tests.support.stripe import a_connection

if TYPE_CHECKING:
    from tests.support.stripe import RunningSandbox

CALLBACK = "https://evie.example/stripe/callback"


@pytest.fixture
def gateways(sandbox_server: RunningSandbox) -> StripeGateways:
    return StripeGateways(sandbox_server.config)


def decide(consent_url: str, decision: str, business: str = "Bluebird Studio") -> dict[str, str]:
    """Open the consent page, press a button, and return what the browser is sent back with."""
    assert httpx2.get(consent_url).status_code == 200
    parts = urlsplit(consent_url)
    form = dict(parse_qsl(parts.query)) | {"business": business, "decision": decision}
    answer = httpx2.post(parts._replace(query="").geturl(), data=form)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(CALLBACK)
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


def approve(gateways: StripeGateways, business: str = "Bluebird Studio") -> dict[str, str]:
    return decide(gateways.authorize_url(state="s-1", redirect_uri=CALLBACK), "approve", business)


def test_the_consent_page_is_asked_for_with_our_state_and_full_access(gateways: StripeGateways) -> None:
    query = parse_qs(urlsplit(gateways.authorize_url(state="s-1", redirect_uri=CALLBACK)).query)

    assert query == {
        "client_id": ["ca_sandbox"],
        "redirect_uri": [CALLBACK],
        "response_type": ["code"],
        "scope": ["read_write"],
        "state": ["s-1"],
    }


def test_an_approval_brings_the_account_with_its_name(gateways: StripeGateways) -> None:
    back = approve(gateways)
    account = gateways.exchange_code(back["code"])

    assert back["state"] == "s-1"
    assert account == ConnectedStripeAccount(account.stripe_account_id, livemode=False, business_name="Bluebird Studio")
    gateway = gateways.for_connection(a_connection(account.stripe_account_id))
    assert gateway.account_name() == "Bluebird Studio"


def test_a_denial_comes_back_as_one(gateways: StripeGateways) -> None:
    back = decide(gateways.authorize_url(state="s-1", redirect_uri=CALLBACK), "deny")

    assert (back["error"], back["state"]) == ("access_denied", "s-1")
    assert "code" not in back


def test_an_approval_that_is_not_redeemed_gives_no_access(gateways: StripeGateways) -> None:
    account = gateways.exchange_code(approve(gateways)["code"])
    gateways.deauthorize(account.stripe_account_id)
    approve(gateways)

    with pytest.raises(ProviderRefused):
        gateways.for_connection(a_connection(account.stripe_account_id)).account_name()


def test_a_code_works_once(gateways: StripeGateways) -> None:
    code = approve(gateways)["code"]
    gateways.exchange_code(code)

    with pytest.raises(ConnectRefused, match="used already"):
        gateways.exchange_code(code)


def test_a_code_that_was_never_given_is_refused(gateways: StripeGateways) -> None:
    with pytest.raises(ConnectRefused, match="connect Stripe"):
        gateways.exchange_code("ac_made_up")


def test_read_only_access_is_not_enough(gateways: StripeGateways) -> None:
    url = gateways.authorize_url(state="s-1", redirect_uri=CALLBACK).replace("read_write", "read_only")
    code = decide(url, "approve")["code"]

    with pytest.raises(ConnectRefused, match="access it needs"):
        gateways.exchange_code(code)


def test_the_same_business_connected_again_is_the_same_account(gateways: StripeGateways) -> None:
    first, again, other = (
        gateways.exchange_code(approve(gateways, name)["code"]) for name in ("Bluebird", "Bluebird", "Cedar")
    )

    assert first == again
    assert first.stripe_account_id != other.stripe_account_id


def test_ending_access_twice_is_fine(gateways: StripeGateways) -> None:
    account = gateways.exchange_code(approve(gateways)["code"])

    gateways.deauthorize(account.stripe_account_id)
    gateways.deauthorize(account.stripe_account_id)


def test_a_wrong_platform_is_not_taken_for_an_account_that_is_gone(sandbox_server: RunningSandbox) -> None:
    wrong = StripeGateways(replace(sandbox_server.config, client_id="ca_wrong"))

    with pytest.raises(ProviderRefused, match="No such application"):
        wrong.deauthorize("acct_1")


def test_ending_access_is_told_to_the_webhook_as_the_accounts_own_event(
    gateways: StripeGateways,
    sandbox_server: RunningSandbox,
) -> None:
    account = gateways.exchange_code(approve(gateways)["code"]).stripe_account_id
    gateways.deauthorize(account)
    gateways.exchange_code(approve(gateways)["code"])

    client = sandbox_server.config.client()
    (event,) = client.v1.events.list({"limit": 1}, {"stripe_account": account}).data
    told = parse(json.dumps(event.to_dict()).encode())
    assert told.deauthorized
    assert told.account == account


def test_without_a_platform_nobody_can_be_connected() -> None:
    direct = StripeGateways(StripeConfig("sk_test_own"))

    with pytest.raises(ConnectRefused, match="STRIPE_CLIENT_ID"):
        direct.authorize_url(state="s-1", redirect_uri=CALLBACK)
    direct.deauthorize("acct_own")


def test_the_key_says_whether_money_is_real() -> None:
    live = [key for key in ("sk_live_1", "rk_live_1", "sk_test_1", "rk_test_1") if StripeConfig(key).livemode]

    assert live == ["sk_live_1", "rk_live_1"]


def test_a_key_is_not_shown_by_accident() -> None:
    assert "sk_live_secret" not in repr(StripeConfig("sk_live_secret"))


@pytest.mark.parametrize(
    "changed",
    [
        {"client_id": "ca_other"},
        {"response_type": "token"},
        {"scope": "everything"},
        {"redirect_uri": "javascript:alert(1)"},
        {"surprise": "1"},
    ],
)
def test_a_consent_page_that_is_asked_for_wrongly_says_so(gateways: StripeGateways, changed: dict[str, str]) -> None:
    parts = urlsplit(gateways.authorize_url(state="s-1", redirect_uri=CALLBACK))
    query = dict(parse_qsl(parts.query)) | changed

    asked = httpx2.get(parts._replace(query="").geturl(), params=query)
    pressed = httpx2.post(parts._replace(query="").geturl(), data=query | {"business": "B", "decision": "approve"})

    assert asked.status_code == 400
    assert pressed.status_code == 400
    assert "location" not in pressed.headers


@pytest.mark.parametrize("business", ["", "   ", "B" * 101])
def test_a_business_needs_a_name(gateways: StripeGateways, business: str) -> None:
    parts = urlsplit(gateways.authorize_url(state="s-1", redirect_uri=CALLBACK))
    form = dict(parse_qsl(parts.query)) | {"business": business, "decision": "approve"}

    answer = httpx2.post(parts._replace(query="").geturl(), data=form)

    assert answer.status_code == 422
    assert "Please enter the name of your business." in answer.text
