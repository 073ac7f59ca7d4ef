"""The same story at a terminal, as `evie demo` begins it: typed sentences, a browser, and news unasked for."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support.walking import free_port, is_quiet
from tests.support.walking_browser import GOOD_CARD, approve_stripe, follow_pay_now, open_mail, pay
from tests.support.walking_terminal import Terminal

pytestmark = [pytest.mark.walk, pytest.mark.browser]


@pytest.fixture
def demo_port() -> int:
    return free_port()


@pytest.fixture
def terminal(tmp_path: Path, demo_port: int) -> Iterator[Terminal]:
    """A terminal in which the demo has just been started."""
    terminal = Terminal(tmp_path, "demo", "--port", str(demo_port))
    yield terminal
    terminal.close()


def test_the_demo_is_played_through_by_hand(terminal: Terminal, demo_port: int, page: Page, tmp_path: Path) -> None:
    url = f"http://localhost:{demo_port}"
    terminal.sees(f"{url}/mailbox", patience=60)

    terminal.says("is stripe connected?")
    terminal.sees("Not yet.")
    terminal.says("connect stripe")
    approve_stripe(page, terminal.finds(rf"{url}/stripe/connect\?token=\S+"), "Tidewater Studio")
    terminal.sees("Stripe is connected: Tidewater Studio")

    terminal.says("create a 30% deposit invoice for Bluebird, due in two weeks, and make a payment link")
    terminal.sees("A$1,920.00")
    terminal.finds(rf"{url}/pay/\S+")
    terminal.says("send it")
    terminal.sees("Send INV-1007 to imogen@bluebird.example?")
    terminal.says("yes")
    terminal.sees("INV-1007 is on its way to imogen@bluebird.example.")

    terminal.until(lambda: is_quiet(url), "the mail to be sent")
    open_mail(page, url, "INV-1007")
    follow_pay_now(page, "A$1,920.00")
    pay(page, GOOD_CARD, "Imogen Hale", "imogen@bluebird.example")
    expect(page.get_by_role("heading", name="Payment successful")).to_be_visible()

    news = terminal.sees("INV-1007 is paid")
    assert "#billing" in news
    terminal.sees("Paid by Imogen Hale")
    terminal.until(lambda: is_quiet(url), "the automation to have run")

    terminal.says("show the deals for Bluebird")
    terminal.sees("Bluebird Bakery · won")
    terminal.says("show unpaid invoices")
    terminal.sees("INV-1003 · Kestrel Coffee")
    terminal.says("what did Bluebird pay this month?")
    terminal.sees("A$1,920.00")
    terminal.says("sync INV-1007")
    terminal.sees("INV-1007 is paid; there is nothing new at Stripe.")
    terminal.says("make a monthly link for Ember")
    terminal.sees("every month")

    terminal.press_ctrl_c()
    terminal.gone()
    complaints = tmp_path / "evie-demo" / "evie.log"
    assert not complaints.exists(), complaints.read_text()
