"""The mailbox of a demo: what a client would have got, shown without trusting any of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from billing.invoices import InvoiceStatus
from bot.web.headers import MAIL_POLICY, READER_POLICY
from integrations.mail.message import compose, sender_of
from tests.support.mails import FORMATS, an_invoice_mail
from tests.support.records import NOW
from tests.support.serving import serving

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.site import StudioSite

NASTY = b"""From: <script>alert(1)</script>
To: b@client.example
Subject: <script>alert(2)</script>
Content-Type: text/html

<html><HEAD lang=en><title>x</title></head><body><script>alert(3)</script><b>bold</b></body></html>
"""


def put(studio_site: StudioSite, content: bytes | None = None) -> str:
    mail = compose(an_invoice_mail(), FORMATS, sender_of("Evie <billing@evie.example>"), NOW)
    return studio_site.mailbox.keep(content or mail.as_bytes())


def test_the_list_shows_who_got_what_when(studio_site: StudioSite) -> None:
    mail_id = put(studio_site)
    with studio_site.client() as client:
        text = client.get("/mailbox").text
    for said in (
        "Invoice INV-1001 from Harbour Studio: A$500.00 due 25 March",
        "To jane@bluebird.example",
        "11 Mar, 00:00 UTC",
        f'href="/mailbox/{mail_id}"',
    ):
        assert said in text


def test_an_empty_mailbox_says_what_to_do(studio_site: StudioSite) -> None:
    with studio_site.client() as client:
        assert "No mail yet" in client.get("/mailbox").text


def test_a_mail_shows_its_headers_its_text_and_a_frame_with_its_html(studio_site: StudioSite) -> None:
    mail_id = put(studio_site)
    with studio_site.client() as client:
        answer = client.get(f"/mailbox/{mail_id}")
    assert answer.headers["content-security-policy"] == READER_POLICY
    for said in (
        "Harbour Studio &lt;billing@evie.example&gt;",
        "jane@bluebird.example",
        "Hello Bluebird Cafe,",
        '<a href="https://evie.example/pay/token"',
        f'src="/mailbox/{mail_id}/html"',
    ):
        assert said in answer.text


def test_the_html_runs_nothing_and_its_links_leave_the_frame(studio_site: StudioSite) -> None:
    mail_id = put(studio_site, NASTY)
    with studio_site.client() as client:
        answer = client.get(f"/mailbox/{mail_id}/html")
    assert answer.headers["content-security-policy"] == MAIL_POLICY
    assert "script-src" not in MAIL_POLICY
    assert "allow-scripts" not in MAIL_POLICY
    assert '<HEAD lang=en><base target="_top"><title>' in answer.text
    assert answer.text.count("<base") == 1


def test_html_without_a_head_still_leaves_the_frame(studio_site: StudioSite) -> None:
    mail_id = put(studio_site, b"Content-Type: text/html\n\n<p>hello")
    with studio_site.client() as client:
        assert client.get(f"/mailbox/{mail_id}/html").text.startswith('<base target="_top"><p>hello')


def test_markup_in_headers_stays_text(studio_site: StudioSite) -> None:
    mail_id = put(studio_site, NASTY)
    with studio_site.client() as client:
        for path in ("/mailbox", f"/mailbox/{mail_id}"):
            assert "<script" not in client.get(path).text


def test_a_mail_without_html_shows_its_text_at_once(studio_site: StudioSite) -> None:
    mail_id = put(studio_site, b"Subject:\n\nsee <b> https://studio.example/x")
    with studio_site.client() as client:
        text = client.get(f"/mailbox/{mail_id}").text
    assert "<iframe" not in text
    assert "<details open>" in text
    assert 'see &lt;b&gt; <a href="https://studio.example/x" rel=' in text
    assert "(no subject)" in text


@pytest.mark.parametrize("mail_id", ["1", "%2e%2e", "%00", "..%2f..%2fevie.db"])
def test_an_unknown_mail_is_an_unknown_address(studio_site: StudioSite, mail_id: str) -> None:
    with studio_site.client() as client:
        for path in (f"/mailbox/{mail_id}", f"/mailbox/{mail_id}/html"):
            answer = client.get(path)
            assert answer.status_code == 404
            assert answer.text == client.get("/nowhere").text


@pytest.mark.browser
def test_a_click_on_pay_now_in_the_mail_opens_the_payment_page_in_the_window(
    studio_site: StudioSite, page: Page
) -> None:
    studio_site.add("INV-1001", status=InvoiceStatus.PAID)
    with serving(studio_site.app()) as url:
        mail = an_invoice_mail(pay_url=f"{url}/pay/pay-inv-1001")
        sent = compose(mail, FORMATS, sender_of("Evie <billing@evie.example>"), NOW)
        put(studio_site, sent.as_bytes())
        page.goto(f"{url}/mailbox")
        page.get_by_role("link", name=re.compile("Invoice INV-1001")).click()
        page.frame_locator("iframe").get_by_role("link", name="Pay now").click()
        page.wait_for_url(f"{url}/pay/pay-inv-1001")
        assert page.get_by_role("heading", level=1).inner_text() == "INV-1001 is paid"
