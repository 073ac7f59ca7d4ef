"""Ask in words, send, get paid, see it in the channel: by Slack's requests, SMTP, a browser and signed webhooks."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.support.slack import FakeSlack
from tests.support.walking import Evie
from tests.support.walking_browser import DECLINED_CARD, GOOD_CARD, approve_stripe, follow_pay_now, open_mail, pay
from tests.support.walking_slack import Channel, Colleague, Message

pytestmark = [pytest.mark.walk, pytest.mark.browser]

DEPOSIT = "create a 30% deposit invoice for Quist, due in two weeks, and make a payment link"


@pytest.fixture
def evie_at_work(evie: Evie, workspace: dict[str, Any]) -> Evie:
    """Evie in the business of the workspace, with the web pages and the worker running."""
    evie.move_in(workspace)
    evie.serve()
    return evie


@pytest.fixture
def billing(evie: Evie, slack: FakeSlack) -> Channel:
    return Channel(evie, slack, "C1")


def today() -> str:
    """Return the day where the business is, as Evie writes it."""
    now = datetime.now(ZoneInfo("Australia/Brisbane"))
    return f"{now.day} {now:%B}"


def connect_stripe(ada: Colleague, page: Page) -> None:
    answer = ada.says("connect stripe")
    approve_stripe(page, answer.link("Connect Stripe"), "Lantern Row")
    ada.hears("Stripe is connected: Lantern Row")


def send_the_deposit(ada: Colleague) -> Message:
    """Create and send the deposit invoice, INV-1001, and return the card that asked for the yes."""
    answer = ada.says(DEPOSIT)
    assert answer.facts["Amount"] == "A$2,400.00"
    assert f"{ada.evie.url}/pay/" in answer.words
    card = ada.says("send it")
    assert card.facts["To"] == "nora@quist.example"
    assert ada.evie.rows("outbox", kind="mail") == []
    ada.clicks("Send", card)
    return card


def test_a_deposit_is_asked_for_sent_and_paid_and_wins_the_deal(
    evie_at_work: Evie, slack: FakeSlack, billing: Channel, page: Page
) -> None:
    connect_stripe(Colleague(evie_at_work, slack), page)
    ada = Colleague(evie_at_work, slack, channel="C3")

    card = send_the_deposit(ada)
    (edited,) = [update for update in slack.updates if update["ts"] == card.post["ts"]]
    assert "Confirmed by Ada" in Message(edited).words
    assert "actions" not in {block["type"] for block in edited["blocks"]}

    evie_at_work.until_quiet()
    open_mail(page, evie_at_work.url, "INV-1001")
    follow_pay_now(page, "A$2,400.00")
    day_of_payment = today()
    pay(page, GOOD_CARD, "Nora Quist", "nora@quist.example")
    expect(page.get_by_role("heading", name="Payment successful")).to_be_visible()

    post = billing.hears("INV-1001 is paid")
    assert {"Amount": "A$2,400.00", "Paid by": "Nora Quist"}.items() <= post.facts.items()
    assert post.facts["When"].partition(",")[0] in {day_of_payment, today()}
    evie_at_work.until_quiet()
    assert len(billing.posts()) == 1
    assert len(evie_at_work.rows("automation_runs")) == 1
    assert "Quist Ferries · won" in ada.says("show opportunities").words


def test_a_declined_card_leaves_the_invoice_unpaid_and_is_told_once(
    evie_at_work: Evie, slack: FakeSlack, billing: Channel, page: Page
) -> None:
    ada = Colleague(evie_at_work, slack)
    connect_stripe(ada, page)
    send_the_deposit(ada)
    evie_at_work.until_quiet()

    open_mail(page, evie_at_work.url, "INV-1001")
    follow_pay_now(page, "A$2,400.00")
    pay(page, DECLINED_CARD, "Nora Quist", "nora@quist.example")
    expect(page.get_by_role("alert")).to_contain_text("Your card was declined.")

    post = billing.hears("A payment of INV-1001 failed")
    assert "Your card was declined." in post.words
    assert "INV-1001" in ada.says("show unpaid invoices").words
    assert "Quist Ferries · proposal" in ada.says("show opportunities").words

    # The same page takes another card, and what the channel was told before is not told again.
    pay(page, GOOD_CARD, "Nora Quist", "nora@quist.example")
    billing.hears("INV-1001 is paid")
    evie_at_work.until_quiet()
    headlines = [post.words.splitlines()[0] for post in billing.posts()]
    assert headlines == ["🔴 A payment of INV-1001 failed", "✅ INV-1001 is paid"]
