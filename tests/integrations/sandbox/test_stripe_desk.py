"""The sandbox's first page: what a person sees of payments there, and can make happen to them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from integrations.sandbox.stripe.http import Request
from tests.support.stripe import DECLINED_CARD, a_payer
from tests.support.stripe_api import get, make_link, post, read, recurring

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from integrations.sandbox.stripe.http import Response
    from integrations.sandbox.stripe.sandbox import SandboxStripe
    from tests.support.stripe import RunningSandbox

FROM_HERE = {"sec-fetch-site": "same-origin"}


def look(sandbox: SandboxStripe) -> str:
    answer = sandbox.handle(Request("GET", "/"))
    assert answer.status == 200
    return answer.body.decode()


def press(sandbox: SandboxStripe, act: str, id_: str, headers: dict[str, str] = FROM_HERE, **more: str) -> Response:
    form = {"act": act, "id": id_, **more}
    body = "&".join(f"{name}={value}" for name, value in form.items())
    return sandbox.handle(Request("POST", "/", headers=headers, body=body.encode()))


def newest(sandbox: SandboxStripe, kind: str) -> str:
    return str(read(get(sandbox, f"/v1/{kind}"))["data"][0]["id"])


def states(sandbox: SandboxStripe) -> list[str]:
    return re.findall(r'class="chip \w+">([^<]+)<', look(sandbox))


def buttons(sandbox: SandboxStripe) -> list[str]:
    return re.findall(r'name="act" value="(\w+)"', look(sandbox))


def test_an_empty_page_says_so(sandbox: SandboxStripe) -> None:
    assert "Nobody has paid yet." in look(sandbox)
    assert "Nobody has subscribed yet." in look(sandbox)
    assert "Balances" not in look(sandbox)


def test_what_is_written_there_is_text(sandbox: SandboxStripe) -> None:
    sandbox.pay(make_link(sandbox)["id"], a_payer(name="<b>Jane</b>"))

    assert "&lt;b&gt;Jane&lt;/b&gt; to Evie Sandbox" in look(sandbox)
    assert "<b>" not in look(sandbox)


@pytest.mark.parametrize(
    ("acts", "state"),
    [
        ([], "Paid"),
        (["refund"], "Refunded"),
        (["dispute"], "Disputed"),
        (["dispute", "win"], "Dispute won"),
        (["dispute", "lose"], "Lost to a dispute"),
    ],
)
def test_what_happens_to_a_payment(sandbox: SandboxStripe, acts: list[str], state: str) -> None:
    sandbox.pay(make_link(sandbox)["id"], a_payer())
    for act in acts:
        answer = press(sandbox, act, newest(sandbox, "charges"))
        assert (answer.status, answer.headers["Location"]) == (303, "/stripe/")

    assert states(sandbox)[0] == state


@pytest.mark.parametrize(("act", "state"), [("settle", "Paid"), ("bounce", "Declined")])
def test_a_debit_waits_for_its_money(sandbox: SandboxStripe, act: str, state: str) -> None:
    sandbox.pay(make_link(sandbox)["id"], a_payer(method="debit"))
    waiting = states(sandbox)[0]
    press(sandbox, act, newest(sandbox, "charges"))

    assert (waiting, states(sandbox)[0]) == ("On its way", state)


def test_what_happens_to_a_subscription(sandbox: SandboxStripe) -> None:
    sandbox.pay(recurring(sandbox)["id"], a_payer())
    subscription = newest(sandbox, "subscriptions")
    seen = []
    for act in ("decline", "retry", "renew", "cancel"):
        press(sandbox, act, subscription)
        seen.append(next(state for state in states(sandbox) if not state.startswith(("Paid", "Declined"))))

    assert seen == ["Past due", "Active, next on 11 May 2026", "Active, next on 11 June 2026", "Cancelled"]


def test_a_subscription_that_ends_with_its_period_says_when(sandbox: SandboxStripe) -> None:
    sandbox.pay(recurring(sandbox)["id"], a_payer())
    post(sandbox, f"/v1/subscriptions/{newest(sandbox, 'subscriptions')}", {"cancel_at_period_end": "true"})

    assert "Ends on 11 April 2026" in states(sandbox)


def test_a_subscription_whose_first_card_was_declined_has_not_started(sandbox: SandboxStripe) -> None:
    sandbox.pay(recurring(sandbox)["id"], a_payer(number=DECLINED_CARD))

    assert states(sandbox) == ["Declined", "Not started"]
    assert buttons(sandbox) == []


def test_a_balance_is_paid_out(sandbox: SandboxStripe) -> None:
    sandbox.pay(make_link(sandbox)["id"], a_payer())
    before = buttons(sandbox)
    press(sandbox, "pay_out", sandbox.settings.platform, currency="aud")

    assert before[-1] == "pay_out"
    assert "pay_out" not in buttons(sandbox)
    assert read(get(sandbox, "/v1/payouts"))["data"][0]["amount"] == 48520


def test_a_part_that_was_given_back_is_said(sandbox: SandboxStripe) -> None:
    sandbox.pay(make_link(sandbox)["id"], a_payer())
    post(sandbox, "/v1/refunds", {"charge": newest(sandbox, "charges"), "amount": "12000"})

    assert states(sandbox)[0] == "A$120.00 refunded"


def test_a_button_pressed_too_late_says_why(sandbox: SandboxStripe) -> None:
    sandbox.pay(make_link(sandbox)["id"], a_payer())
    charge = newest(sandbox, "charges")
    press(sandbox, "refund", charge)

    for act, words in (
        ("refund", "has already been refunded"),
        ("win", "is not disputed"),
        ("renew", "No such subscription"),
        ("explode", "There is no such button"),
    ):
        late = press(sandbox, act, charge)
        assert late.status == 409
        assert words in late.body.decode()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "same-origin"}, 303),
        ({"origin": "https://sandbox.example", "host": "sandbox.example"}, 303),
        ({"sec-fetch-site": "cross-site", "origin": "https://sandbox.example", "host": "sandbox.example"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "none"}, 403),
        ({"origin": "https://elsewhere.example", "host": "sandbox.example"}, 403),
        ({"origin": "null", "host": "sandbox.example"}, 403),
        ({"host": "sandbox.example"}, 403),
        ({}, 403),
    ],
)
def test_only_the_page_itself_gives_orders(sandbox: SandboxStripe, headers: dict[str, str], status: int) -> None:
    sandbox.pay(make_link(sandbox)["id"], a_payer())

    assert press(sandbox, "refund", newest(sandbox, "charges"), headers).status == status
    assert (states(sandbox)[0] == "Refunded") == (status == 303)


@pytest.mark.browser
def test_in_a_browser_a_payment_is_refunded_by_its_button(sandbox_server: RunningSandbox, page: Page) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    sandbox_server.core.pay(make_link(sandbox_server.core)["id"], a_payer())
    page.goto(f"{sandbox_server.core.settings.base_url}/")

    page.get_by_role("button", name="Refund: A$500.00, Jane Client to Evie Sandbox, 11 March 2026").click()

    page.get_by_text("Refunded", exact=True).wait_for()
    assert complaints == []
