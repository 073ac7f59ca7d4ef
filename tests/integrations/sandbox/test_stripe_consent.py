"""The page on which a business lets the platform in: what it proposes, and what one click does."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from integrations.sandbox.stripe.http import Request
from integrations.sandbox.stripe.sandbox import SandboxStripe
from integrations.sandbox.stripe.settings import SandboxSettings
from tests.support.stripe import SettableClock
from tests.support.stripe_api import get, post, read

if TYPE_CHECKING:
    from collections.abc import Iterator

ASKED = {
    "client_id": "ca_sandbox",
    "response_type": "code",
    "redirect_uri": "https://evie.example/stripe/callback",
    "scope": "read_write",
    "state": "s-1",
}


@pytest.fixture
def suggesting() -> Iterator[SandboxStripe]:
    core = SandboxStripe(SandboxSettings("https://s.example", suggested_business="Studio Pty Ltd"), SettableClock())
    yield core
    core.close()


def grant(sandbox: SandboxStripe) -> str:
    """Approve, and return the code that the browser brings back."""
    form = ask(sandbox) | {"business": "Bluebird", "decision": "approve"}
    answer = sandbox.handle(Request("POST", "/oauth/authorize", body=urlencode(form).encode()))
    return parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]


def test_a_code_is_good_for_five_minutes(sandbox: SandboxStripe, stripe_clock: SettableClock) -> None:
    codes = [grant(sandbox), grant(sandbox)]
    answers = []
    for code, wait in zip(codes, (timedelta(minutes=4, seconds=59), timedelta(seconds=1)), strict=True):
        stripe_clock.move(wait)
        answers.append(post(sandbox, "/oauth/token", {"grant_type": "authorization_code", "code": code}))

    assert [answer.status for answer in answers] == [200, 400]
    assert (read(answers[1])["error"], "expired" in read(answers[1])["error_description"]) == ("invalid_grant", True)


def ask(sandbox: SandboxStripe, **more: str) -> dict[str, str]:
    """Open the page; return the form as it stands."""
    page = sandbox.handle(Request("GET", "/oauth/authorize", urlencode(ASKED | more))).body.decode()
    return {name: html.unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', page)}


def test_what_the_platform_knows_of_the_business_is_filled_in(suggesting: SandboxStripe) -> None:
    assert ask(suggesting, **{"stripe_user[business_name]": "Söhne & Co"})["business"] == "Söhne & Co"
    assert ask(suggesting)["business"] == "Studio Pty Ltd"


def test_one_click_approves_what_is_filled_in(suggesting: SandboxStripe) -> None:
    form = ask(suggesting, **{"stripe_user[business_name]": "Söhne & Co", "stripe_user[country]": "AU"})

    answer = suggesting.handle(
        Request("POST", "/oauth/authorize", body=urlencode(form | {"decision": "approve"}).encode())
    )
    back = parse_qs(urlsplit(answer.headers["Location"]).query)
    granted = post(suggesting, "/oauth/token", {"grant_type": "authorization_code", "code": back["code"][0]})

    account = read(granted)["stripe_user_id"]
    assert back["state"] == ["s-1"]
    assert read(get(suggesting, "/v1/account", stripe_account=account))["business_profile"]["name"] == "Söhne & Co"
