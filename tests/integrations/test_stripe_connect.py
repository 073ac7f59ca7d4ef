"""Connecting accounts by OAuth, through the consent page as a person uses it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from billing.errors import ConnectRefused, ProviderRefused
from integrations.sandbox.stripe import oauth
from integrations.sandbox.stripe.in_process import InProcessHTTPClient, in_process_config
from integrations.sandbox.stripe.sandbox import SandboxStripe
from integrations.sandbox.stripe.settings import SandboxSettings
from integrations.stripe_account import StripeConfig
from integrations.stripe_connect import ConnectedStripeAccount, StripeGateways
from integrations.stripe_endpoints import Endpoint
from integrations.stripe_events import parse
from tests.support.stripe import a_connection

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    import httpx2

    from tests.support.stripe import RunningSandbox, SettableClock

CALLBACK = "https://evie.example/stripe/callback"


@pytest.fixture
def gateways(sandbox_server: RunningSandbox) -> StripeGateways:
    return StripeGateways(sandbox_server.config)


class Owner:
    """Somebody who owns a business and decides on the consent page."""

    def __init__(self, browser: httpx2.Client, gateways: StripeGateways) -> None:
        self._browser = browser
        self._gateways = gateways

    def decide(self, decision: str, business: str = "Bluebird Studio", **asked: str) -> dict[str, str]:
        """Open the page, press a button, and return what the browser is sent back with."""
        url, query = self.page(**asked)
        assert self._browser.get(url, params=query).status_code == 200
        answer = self.press(url, query | {"business": business, "decision": decision})
        assert answer.status_code == 303
        assert answer.headers["location"].startswith(CALLBACK)
        return dict(parse_qsl(urlsplit(answer.headers["location"]).query))

    def page(self, **asked: str) -> tuple[str, dict[str, str]]:
        """Return the consent page's address and what it is asked with."""
        parts = urlsplit(self._gateways.authorize_url(state="s-1", redirect_uri=CALLBACK, business="Lantern Studio"))
        return parts._replace(query="").geturl(), dict(parse_qsl(parts.query)) | asked

    def press(self, url: str, form: dict[str, str]) -> httpx2.Response:
        return self._browser.post(url, data=form)

    def code(self, business: str = "Bluebird Studio") -> str:
        return self.decide("approve", business)["code"]


@pytest.fixture
def owner(visitor: httpx2.Client, gateways: StripeGateways) -> Owner:
    return Owner(visitor, gateways)


def test_the_consent_page_is_asked_for_with_our_state_and_full_access(gateways: StripeGateways) -> None:
    query = parse_qs(
        urlsplit(gateways.authorize_url(state="s-1", redirect_uri=CALLBACK, business="Lantern Studio")).query
    )

    assert query == {
        "client_id": ["ca_sandbox"],
        "redirect_uri": [CALLBACK],
        "response_type": ["code"],
        "scope": ["read_write"],
        "state": ["s-1"],
        # A business that is new to Stripe finds its name filled in.
        "stripe_user[business_name]": ["Lantern Studio"],
    }


def test_an_approval_brings_the_account_with_its_name(gateways: StripeGateways, owner: Owner) -> None:
    back = owner.decide("approve")
    account = gateways.exchange_code(back["code"])

    assert back["state"] == "s-1"
    assert account == ConnectedStripeAccount(account.stripe_account_id, livemode=False, business_name="Bluebird Studio")
    gateway = gateways.for_connection(a_connection(account.stripe_account_id))
    assert gateway.account_name() == "Bluebird Studio"


def test_a_denial_comes_back_as_one(owner: Owner) -> None:
    back = owner.decide("deny")

    assert (back["error"], back["state"]) == ("access_denied", "s-1")
    assert "code" not in back


def test_an_approval_that_is_not_redeemed_gives_no_access(gateways: StripeGateways, owner: Owner) -> None:
    account = gateways.exchange_code(owner.code())
    gateways.deauthorize(account.stripe_account_id)
    owner.code()

    with pytest.raises(ProviderRefused):
        gateways.for_connection(a_connection(account.stripe_account_id)).account_name()


def test_a_code_works_once(gateways: StripeGateways, owner: Owner) -> None:
    code = owner.code()
    gateways.exchange_code(code)

    with pytest.raises(ConnectRefused, match="used already"):
        gateways.exchange_code(code)


def test_a_code_that_was_never_given_is_refused(gateways: StripeGateways) -> None:
    with pytest.raises(ConnectRefused, match="connect Stripe"):
        gateways.exchange_code("ac_made_up")


def test_read_only_access_is_not_enough(gateways: StripeGateways, owner: Owner) -> None:
    code = owner.decide("approve", scope="read_only")["code"]

    with pytest.raises(ConnectRefused, match="access it needs"):
        gateways.exchange_code(code)


def test_the_same_business_connected_again_is_the_same_account(gateways: StripeGateways, owner: Owner) -> None:
    first, again, other = (gateways.exchange_code(owner.code(name)) for name in ("Bluebird", "Bluebird", "Cedar"))

    assert first == again
    assert first.stripe_account_id != other.stripe_account_id


def test_ending_access_twice_is_fine(gateways: StripeGateways, owner: Owner) -> None:
    account = gateways.exchange_code(owner.code())

    gateways.deauthorize(account.stripe_account_id)
    gateways.deauthorize(account.stripe_account_id)

    with pytest.raises(ProviderRefused):
        gateways.for_connection(a_connection(account.stripe_account_id)).account_name()


def test_a_wrong_platform_is_not_taken_for_an_account_that_is_gone(sandbox_server: RunningSandbox) -> None:
    wrong = StripeGateways(replace(sandbox_server.config, client_id="ca_wrong"))

    with pytest.raises(ProviderRefused, match="No such application"):
        wrong.deauthorize("acct_1")


def test_ending_access_is_told_to_the_webhook_as_the_accounts_own_event(
    gateways: StripeGateways,
    owner: Owner,
    sandbox_server: RunningSandbox,
) -> None:
    account = gateways.exchange_code(owner.code()).stripe_account_id
    gateways.deauthorize(account)
    gateways.exchange_code(owner.code())

    client = sandbox_server.config.client()
    (event,) = client.v1.events.list({"limit": 1}, {"stripe_account": account}).data
    told = parse(json.dumps(event.to_dict()).encode())
    assert told.deauthorized
    assert told.account == account


class Forgetful(InProcessHTTPClient):
    """Reaches a Stripe that cannot say what an account is called."""

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
        *,
        _usage: list[str] | None = None,
    ) -> tuple[str, int, Mapping[str, str]]:
        if url.endswith("/v1/account"):
            return '{"error": {"type": "invalid_request_error", "message": "No."}}', 403, {}
        return super().request(method, url, headers, post_data)


def test_an_account_is_connected_even_where_its_name_cannot_be_read(sandbox: SandboxStripe) -> None:
    config = in_process_config(sandbox)
    with sandbox._ledger() as ledger:
        code = oauth.approve(ledger, "Bluebird Studio", "read_write")

    account = StripeGateways(replace(config, http_client=Forgetful(sandbox))).exchange_code(code)

    assert account.business_name == ""
    assert StripeGateways(config).for_connection(a_connection(account.stripe_account_id)).account_name()


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"business_profile": None}, "Evie Sandbox"),
        ({"business_profile": None, "settings": None}, None),
    ],
)
def test_a_business_without_a_public_name_goes_by_its_other_name_or_its_id(
    sandbox: SandboxStripe,
    changed: dict[str, None],
    name: str | None,
) -> None:
    with sandbox._ledger() as ledger:
        books = ledger.books(sandbox.settings.platform)
        books.save(books.get("account", sandbox.settings.platform) | changed)

    own = StripeGateways(in_process_config(sandbox)).own_account()

    assert own.business_name == (name or own.stripe_account_id)


def test_where_stripe_sends_its_events_is_known_with_what_it_leaves_out(stripe_clock: SettableClock) -> None:
    hook = "http://127.0.0.1:1/stripe/webhook"
    sandbox = SandboxStripe(SandboxSettings("http://s.example", webhook_url=hook), stripe_clock)

    found = StripeGateways(in_process_config(sandbox)).endpoints()

    sandbox.close()
    assert found == [Endpoint(hook, enabled=True, missing=())]


def test_without_a_platform_nobody_can_be_connected() -> None:
    direct = StripeGateways(StripeConfig("sk_test_own"))

    with pytest.raises(ConnectRefused, match="STRIPE_CLIENT_ID"):
        direct.authorize_url(state="s-1", redirect_uri=CALLBACK, business="Lantern Studio")
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
        {"redirect_uri": "http://["},
        {"redirect_uri": "https://evie.example;script-src *"},
        {"redirect_uri": "https://evie.example/\r\nSet-Cookie: a=b"},
        {"surprise": "1"},
    ],
)
def test_a_consent_page_that_is_asked_for_wrongly_says_so(
    owner: Owner,
    visitor: httpx2.Client,
    changed: dict[str, str],
) -> None:
    url, query = owner.page(**changed)

    asked = visitor.get(url, params=query)
    pressed = owner.press(url, query | {"business": "B", "decision": "approve"})

    assert asked.status_code == 400
    assert pressed.status_code == 400
    assert "location" not in pressed.headers


@pytest.mark.parametrize("business", ["", "   ", "B" * 101])
def test_a_business_needs_a_name(owner: Owner, business: str) -> None:
    url, query = owner.page()

    answer = owner.press(url, query | {"business": business, "decision": "approve"})

    assert answer.status_code == 422
    assert "Please enter the name of your business." in answer.text
