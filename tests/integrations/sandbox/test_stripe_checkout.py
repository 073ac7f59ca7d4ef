"""The hosted checkout page, as somebody with a browser uses it: forms over HTTP, and once with Chromium."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from billing.money import Money, zero
from billing.payments import Interval, PaymentStatus
from integrations.stripe_connect import StripeGateways
from tests.support.records import a_link, an_invoice
from tests.support.stripe import AUTHENTICATED_CARD, DECLINED_CARD, a_connection, checkout_form

if TYPE_CHECKING:
    import httpx2
    from playwright.sync_api import Page
    from stripe import RequestOptions, StripeClient

    from integrations.stripe_gateway import StripeGateway
    from tests.support.stripe import RunningSandbox

BUSINESS = "Bluebird <Studio> & Söhne"


class Checkout:
    """One link of one business, and somebody at its page."""

    def __init__(self, running: RunningSandbox, browser: httpx2.Client) -> None:
        self.account = running.core.connect(BUSINESS)
        self.gateway: StripeGateway = StripeGateways(running.config).for_connection(a_connection(self.account))
        self.client: StripeClient = running.config.client()
        self.browser = browser
        self.link = self.make()

    def make(self, **changes: Any) -> Any:
        wanted = a_link(**{"url": None, "stripe_payment_link_id": None} | changes)
        asked = an_invoice(description="Fit-out <b>", total=wanted.money, paid=zero(wanted.money.currency))
        return self.gateway.create_payment_link(wanted, asked, BUSINESS)

    def open(self) -> httpx2.Response:
        return self.browser.get(self.link.url)

    def press(self, **typed: str) -> httpx2.Response:
        """Fill in the form as it stands and press Pay."""
        return self.browser.post(self.link.url, data=checkout_form(**typed))

    def retry(self, page: httpx2.Response, **typed: str) -> httpx2.Response:
        """Fill in the form of a page that came back, with what it has hidden."""
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))
        return self.press(**hidden | typed)

    def statuses(self) -> list[PaymentStatus]:
        return [settlement.status for settlement in self.gateway.settlements(self.link)]


@pytest.fixture
def checkout(sandbox_server: RunningSandbox, visitor: httpx2.Client) -> Checkout:
    return Checkout(sandbox_server, visitor)


def test_the_page_says_who_is_paid_what_for_what_and_that_no_money_moves(checkout: Checkout) -> None:
    page = checkout.open()

    assert page.status_code == 200
    for words in ("A$500.00", "Bluebird &lt;Studio&gt; &amp; Söhne", "Invoice INV-1001 · Fit-out &lt;b&gt;", "Sandbox"):
        assert words in page.text
    assert "<b>" not in page.text


def test_a_recurring_link_says_how_often(checkout: Checkout) -> None:
    for interval, count, words in ((Interval.MONTH, 1, "every month"), (Interval.WEEK, 2, "every 2 weeks")):
        checkout.link = checkout.make(id=f"link_{count}", interval=interval, interval_count=count)
        assert words in checkout.open().text


def test_the_page_lets_nothing_in_but_itself(checkout: Checkout) -> None:
    headers = checkout.open().headers

    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert checkout.browser.get(f"{checkout.link.url.split('/c/')[0]}/c/style.css").headers["content-type"] == (
        "text/css; charset=utf-8"
    )


def test_an_address_in_the_links_url_is_filled_in(checkout: Checkout) -> None:
    page = checkout.browser.get(checkout.link.url, params={"prefilled_email": 'a"b@client.example'})

    assert "a&#34;b@client.example" in page.text


def test_the_good_card_pays(checkout: Checkout) -> None:
    answer = checkout.press()
    thanks = checkout.browser.get(answer.url.join(answer.headers["location"]))

    assert answer.status_code == 303
    assert "Payment successful" in thanks.text
    assert "has your payment for INV-1001" in thanks.text
    assert checkout.statuses() == [PaymentStatus.SUCCEEDED]


def test_a_declined_card_is_told_and_another_one_pays_in_the_same_session(checkout: Checkout) -> None:
    declined = checkout.press(number=DECLINED_CARD)
    assert declined.status_code == 402
    assert "Your card was declined." in declined.text
    assert DECLINED_CARD not in declined.text
    assert checkout.statuses() == [PaymentStatus.FAILED]

    assert checkout.retry(declined, number="4242 4242 4242 4242").status_code == 303
    assert checkout.statuses() == [PaymentStatus.SUCCEEDED]
    sessions = checkout.client.v1.checkout.sessions.list(options={"stripe_account": checkout.account}).data
    assert [session.status for session in sessions] == ["complete"]


def test_a_paid_link_says_so_and_takes_nothing_more(checkout: Checkout) -> None:
    checkout.press()

    for page in (checkout.open(), checkout.press()):
        assert page.status_code == 410
        assert "INV-1001 is paid or no longer open." in page.text
    assert len(checkout.statuses()) == 1


def test_a_link_that_was_never_made_is_not_found(checkout: Checkout) -> None:
    elsewhere = f"{checkout.link.url}x"

    assert checkout.browser.get(elsewhere).status_code == 404
    assert checkout.browser.post(elsewhere, data=checkout_form()).status_code == 404
    assert checkout.browser.get(elsewhere.replace("/pay/", "/paid/")).status_code == 404


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"number": "4242 4242 4242 4241"}, "Your card number is invalid."),
        ({"number": "4111 1111 1111 1111"}, "please use a test card"),
        ({"number": "card"}, "Your card number is invalid."),
        ({"expiry": "02 / 26"}, "Your card&#39;s expiry date is in the past."),
        ({"expiry": "13 / 30"}, "Please enter the expiry date as MM / YY."),
        ({"expiry": ""}, "Please enter the expiry date as MM / YY."),
        ({"cvc": "12"}, "Your CVC is incomplete."),
        ({"email": "jane"}, "Please enter a whole e-mail address"),
        ({"name": "  "}, "Please enter the name on the card."),
    ],
)
def test_a_field_that_cannot_be_used_says_why_beside_it(checkout: Checkout, typed: dict[str, str], words: str) -> None:
    page = checkout.press(**typed)

    (field,) = typed
    assert page.status_code == 422
    assert words in page.text
    assert f'aria-describedby="{field}-problem"' in page.text
    assert checkout.statuses() == []


def test_this_months_card_still_pays(checkout: Checkout) -> None:
    assert checkout.press(expiry="3/2026").status_code == 303


def test_a_card_that_asks_its_owner_pays_once_it_is_confirmed(checkout: Checkout) -> None:
    asked = checkout.press(number=AUTHENTICATED_CARD)
    assert "Confirm this payment" in asked.text
    assert checkout.statuses() == []

    stopped = checkout.retry(asked, authentication="fail")
    assert (stopped.status_code, "unable to authenticate" in stopped.text) == (402, True)
    assert checkout.statuses() == [PaymentStatus.FAILED]

    again = checkout.retry(stopped, number=AUTHENTICATED_CARD)
    assert checkout.retry(again, authentication="complete").status_code == 303
    assert checkout.statuses() == [PaymentStatus.SUCCEEDED]


def test_a_bank_debit_needs_a_name_and_an_address_and_is_on_its_way(checkout: Checkout) -> None:
    unnamed = checkout.press(number="", expiry="", cvc="", name="", method="debit")
    assert (unnamed.status_code, "Please enter your name." in unnamed.text) == (422, True)

    answer = checkout.press(number="", expiry="", cvc="", method="debit")
    thanks = checkout.browser.get(answer.url.join(answer.headers["location"]))

    assert "Payment on its way" in thanks.text
    assert checkout.statuses() == [PaymentStatus.PROCESSING]
    assert checkout.open().status_code == 410


def test_a_bank_debit_is_offered_where_there_are_any(checkout: Checkout) -> None:
    offered = "Bank debit (settles later)"
    assert offered in checkout.open().text

    checkout.link = checkout.make(id="link_yen", money=Money(5000, "JPY"))
    assert offered not in checkout.open().text


def test_the_session_of_another_link_is_not_continued(checkout: Checkout) -> None:
    declined = checkout.press(number=DECLINED_CARD)
    other = checkout.make(id="link_other")
    checkout.link, first = other, checkout.link

    checkout.retry(declined)

    assert checkout.statuses() == [PaymentStatus.SUCCEEDED]
    checkout.link = first
    assert checkout.statuses() == [PaymentStatus.FAILED]


def test_five_people_paying_one_link_at_once_pay_it_once(checkout: Checkout) -> None:
    with ThreadPoolExecutor(5) as people:
        answers = list(people.map(lambda _: checkout.press().status_code, range(5)))

    assert sorted(answers) == [303, 410, 410, 410, 410]
    assert checkout.statuses() == [PaymentStatus.SUCCEEDED]
    charges = checkout.client.v1.charges.list(options={"stripe_account": checkout.account}).data
    assert len(charges) == 1


def test_a_link_may_send_its_payer_elsewhere(checkout: Checkout) -> None:
    options: RequestOptions = {"stripe_account": checkout.account}
    made = checkout.client.v1.payment_links.update(
        checkout.link.stripe_payment_link_id,
        {
            "after_completion": {
                "type": "redirect",
                "redirect": {"url": "https://evie.example/done?s={CHECKOUT_SESSION_ID}"},
            },
        },
        options,
    )
    policy = checkout.open().headers["content-security-policy"]
    answer = checkout.press()

    (session,) = checkout.client.v1.checkout.sessions.list({"payment_link": made.id}, options).data
    assert answer.headers["location"] == f"https://evie.example/done?s={session.id}"
    assert policy.endswith("form-action 'self' https://evie.example")


@pytest.mark.browser
def test_in_a_browser_the_whole_way_is_walked_by_labels_alone(checkout: Checkout, page: Page) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(checkout.link.url)
    page.get_by_label("Email").fill("jane@client.example")
    page.get_by_label("Card number").fill("4242 4242 4242 4242")
    page.get_by_label("Expiry").fill("12 / 34")
    page.get_by_label("CVC").fill("123")
    page.get_by_label("Name on card").fill("Jane Client")
    page.get_by_role("button", name="Pay A$500.00").click()

    page.get_by_role("heading", name="Payment successful").wait_for()
    assert complaints == []
    assert checkout.statuses() == [PaymentStatus.SUCCEEDED]
