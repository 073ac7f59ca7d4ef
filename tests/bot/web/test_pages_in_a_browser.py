"""The pages as eyes and fingers find them: on a phone and on a desk, by day and by night."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal

import pytest

from billing.invoices import InvoiceKind, InvoiceStatus
from integrations.mail.message import compose, sender_of
from tests.support.mails import FORMATS, an_invoice_mail
from tests.support.records import NOW, aud
from tests.support.serving import serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page

    from tests.support.site import StudioSite

pytestmark = pytest.mark.browser

PATHS = ["/", "/pay/pay-inv-1001", "/portal/portal-1", "/portal/portal-3", "/stripe/connect", "/mailbox", "/nowhere"]

# For each text on the page, its contrast (WCAG 2) with the nearest background that is not transparent.
CONTRASTS = """() => {
  const part = v => { v /= 255; return v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4 };
  const light = ([r, g, b]) => .2126 * part(r) + .7152 * part(g) + .0722 * part(b);
  const numbers = text => text.match(/[\\d.]+/g).map(Number);
  const back = e => {
    for (; e; e = e.parentElement) {
      const c = numbers(getComputedStyle(e).backgroundColor);
      if (c.length < 4 || c[3] > 0) return c;
    }
    return [255, 255, 255];
  };
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement, text = walk.currentNode.data.trim();
    if (!text || !e.checkVisibility()) continue;
    const [a, b] = [light(numbers(getComputedStyle(e).color)), light(back(e))].sort((x, y) => y - x);
    found.push([text, (a + .05) / (b + .05)]);
  }
  return found;
}"""


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> Literal["light", "dark"]:
    wanted: Literal["light", "dark"] = request.param
    return wanted


@pytest.fixture
def furnished(studio_site: StudioSite) -> StudioSite:
    """A site with one of each: late, part paid, paid, void; long words in it; and a mail."""
    long = "Supercalifragilisticexpialidocious" * 3
    add = studio_site.add
    add("INV-1001", status=InvoiceStatus.PAID, paid=aud(500_00), paid_at=NOW)
    add("INV-1002", status=InvoiceStatus.SENT, kind=InvoiceKind.DEPOSIT, due_on=date(2026, 3, 1), description=long)
    add("INV-1003", status=InvoiceStatus.OPEN, paid=aud(123_45))
    add("INV-1004", status=InvoiceStatus.VOID, total=aud(999_999_999_999_99))
    mail = an_invoice_mail(title=long, message=long)
    studio_site.mailbox.keep(compose(mail, FORMATS, sender_of("Evie <b@evie.example>"), NOW).as_bytes())
    return studio_site


def open_page(browser: Browser, width: int, scheme: Literal["light", "dark"]) -> tuple[Page, list[str]]:
    """Return a page and the list of what it complains about."""
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        # That an unknown address is unknown is no news.
        if "status of 40" not in message.text:
            complaints.append(message.text)

    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.on("console", note)
    return page, complaints


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_every_page_fits_is_readable_and_breaks_no_rule_of_its_own(
    furnished: StudioSite, browser: Browser, width: int, scheme: Literal["light", "dark"]
) -> None:
    (mail,) = furnished.mailbox.messages()
    page, complaints = open_page(browser, width, scheme)
    with serving(furnished.app()) as url:
        for path in [*PATHS, f"/mailbox/{mail.id}", f"/mailbox/{mail.id}/html"]:
            page.goto(url + path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            contrasts = page.evaluate(CONTRASTS)
            assert contrasts
            assert [(path, text, ratio) for text, ratio in contrasts if ratio < 4.5] == []
    page.close()
    assert complaints == []


def test_a_button_is_large_enough_for_a_thumb_and_says_what_it_pays(furnished: StudioSite, browser: Browser) -> None:
    page, _ = open_page(browser, 390, "light")
    with serving(furnished.app()) as url:
        page.goto(f"{url}/portal/portal-1")
        button = page.get_by_role("link", name="Pay now: INV-1003, A$376.55")
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 44
        assert box["width"] >= 200
    page.close()


def test_the_keyboard_reaches_every_button_and_shows_where_it_is(furnished: StudioSite, browser: Browser) -> None:
    page, _ = open_page(browser, 1280, "light")
    with serving(furnished.app()) as url:
        page.goto(f"{url}/portal/portal-1")
        reached = []
        for _ in range(4):
            page.keyboard.press("Tab")
            reached.append(page.evaluate("document.activeElement.getAttribute('aria-label')"))
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.close()
    assert reached == [
        "Pay now: INV-1002, A$500.00",
        "PDF: INV-1002",
        "Pay now: INV-1003, A$376.55",
        "PDF: INV-1003",
    ]
