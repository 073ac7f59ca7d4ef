"""What people do in a browser: approve at Stripe, open a mail, follow it, and pay."""

from __future__ import annotations

from typing import Final

from playwright.sync_api import Page, expect

GOOD_CARD: Final = "4242 4242 4242 4242"
DECLINED_CARD: Final = "4000 0000 0000 0002"


def approve_stripe(page: Page, link: str, business: str) -> None:
    """Open the link that Evie gave, approve on Stripe's page, and come back connected."""
    page.goto(link)
    expect(page.get_by_role("heading", name="Connect your Stripe account")).to_be_visible()
    page.get_by_label("Business name").fill(business)
    page.get_by_role("button", name="Connect account").click()
    expect(page.get_by_role("heading", name="Connected")).to_be_visible()
    expect(page.get_by_text(business)).to_be_visible()


def open_mail(page: Page, url: str, subject: str) -> None:
    """Open a mail in the mailbox."""
    page.goto(f"{url}/mailbox")
    page.get_by_role("link", name=subject).click()


def follow_pay_now(page: Page, total: str) -> None:
    """Follow the button of the open mail to Stripe's page, which asks for that total."""
    page.frame_locator("iframe").get_by_role("link", name="Pay now").click()
    expect(page.get_by_role("button", name=f"Pay {total}")).to_be_visible()


def pay(page: Page, card: str, name: str, email: str) -> None:
    """Fill in the checkout page and press Pay; what comes of it is on the page."""
    page.get_by_label("Email").fill(email)
    page.get_by_label("Card number").fill(card)
    page.get_by_label("Expiry").fill("12 / 34")
    page.get_by_label("CVC").fill("123")
    page.get_by_label("Name on card").fill(name)
    page.get_by_role("button", name="Pay").click()
