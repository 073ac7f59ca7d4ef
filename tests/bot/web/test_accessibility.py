"""What axe-core finds in what clients read: nothing, on a phone and on a desk, by day and by night."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe

from billing.invoices import InvoiceKind, InvoiceStatus
from billing.portals import PortalLink, digest
from billing.settling import settle
from tests.support.books import a_subscription
from tests.support.mail_pages import mails, page_of
from tests.support.records import aud
from tests.support.serving import serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.support.site import StudioSite

pytestmark = pytest.mark.browser

WIDTHS = [375, 1280]
PATHS = [
    "/portal/portal-1",
    "/portal/portal-3",
    "/portal/ended",
    "/pay/pay-inv-1001",
    "/pay/pay-inv-1002",
    "/pay/pay-inv-1004",
    "/reminders/portal-1/stop",
    "/stripe/connect",
    "/stripe/connect?token=none",
    "/nowhere",
]
_AXE = Axe()


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> Literal["light", "dark"]:
    wanted: Literal["light", "dark"] = request.param
    return wanted


def violations(page: Page) -> list[str]:
    found = _AXE.run(page).response["violations"]
    return [f"{each['id']}: {node['html']} {node['failureSummary']}" for each in found for node in each["nodes"]]


def opened(browser: Browser, width: int, scheme: Literal["light", "dark"]) -> Page:
    return browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)


@pytest.fixture
def furnished(studio_site: StudioSite) -> StudioSite:
    """A client with something of everything: late, part paid, paid, void, a subscription, a refund, parts."""
    add, studio = studio_site.add, studio_site.studio
    add("INV-1001", status=InvoiceStatus.SENT, kind=InvoiceKind.DEPOSIT)
    add("INV-1002", status=InvoiceStatus.SENT, due_on=date(2026, 3, 1), least_part=aud(100_00))
    add("INV-1003", status=InvoiceStatus.SENT, description="The last third")
    add("INV-1004", status=InvoiceStatus.VOID)
    with studio.store.transaction(studio.id) as tx:
        settle(tx, studio.settlement("INV-1001", 500_00), now=studio.now)
        settle(tx, studio.settlement("INV-1002", 120_00, stripe_object_id="pi_2"), now=studio.now)
        tx.subscriptions.put(
            a_subscription(workspace_id=studio.id, current_period_end=studio.now + timedelta(days=20)),
        )
        ended = PortalLink(studio.id, digest("ended"), "CON-1", studio.now, revoked_at=studio.now)
        tx.portals.add(ended)
    return studio_site


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_of_a_client_has_a_violation(
    furnished: StudioSite, browser: Browser, width: int, scheme: Literal["light", "dark"]
) -> None:
    page, found = opened(browser, width, scheme), []
    with serving(furnished.app()) as url:
        for path in PATHS:
            page.goto(url + path)
            found += [f"{path} {each}" for each in violations(page)]
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        page.goto(f"{url}/pay/pay-inv-1002")
        page.get_by_label("Amount in AUD").fill("3")
        page.get_by_role("button", name="Pay this part").click()
        assert page.get_by_role("alert").inner_text().startswith("Please write an amount of at least A$100.00")
        found += [f"problem {each}" for each in violations(page)]
        page.get_by_label("Amount in AUD").fill("150")
        page.get_by_role("button", name="Pay this part").click()
        assert page.get_by_role("heading").inner_text() == "Pay A$150.00 now"
        found += [f"part {each}" for each in violations(page)]
    page.close()
    assert found == []


@pytest.mark.parametrize("width", WIDTHS)
def test_no_mail_has_a_violation(browser: Browser, width: int, scheme: Literal["light", "dark"]) -> None:
    page, found = opened(browser, width, scheme), []
    for name, mail in mails().items():
        page.set_content(page_of(mail))
        found += [f"{name} {each}" for each in violations(page)]
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    page.close()
    assert found == []


def test_a_client_reads_the_portal_in_their_language(furnished: StudioSite, browser: Browser) -> None:
    studio = furnished.studio
    with studio.store.transaction(studio.id) as tx:
        tx.contacts.save(replace(tx.contacts.get("CON-1"), locale="de_DE"))
    page = opened(browser, 375, "light")
    with serving(furnished.app()) as url:
        page.goto(f"{url}/portal/portal-1")
        assert page.get_by_role("heading", level=1).inner_text() == "Ihre Rechnungen"
        assert page.evaluate("document.documentElement.lang") == "de"
    page.close()
