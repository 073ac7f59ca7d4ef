"""The billing report as eyes and fingers find it: opened by a press, narrowed by a form, on a phone and on a desk."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe

from billing.invoices import InvoiceStatus
from billing.money import Money
from billing.page_tickets import page_ticket
from billing.pages import Page as Pages
from tests.support.books import a_payment
from tests.support.records import aud
from tests.support.serving import serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.support.site import StudioSite

pytestmark = pytest.mark.browser


@pytest.fixture
def books(studio_site: StudioSite) -> StudioSite:
    """Half a year of payments, invoices of every age, and a currency of another kind."""
    studio_site.changes = {"settings_base_url": "http://127.0.0.1"}
    studio = studio_site.studio
    for place, late in enumerate((5, 20, 45, 75, 120, -10)):
        due_on = studio.now.date() - timedelta(days=late)
        studio_site.add(
            f"INV-{1001 + place}", status=InvoiceStatus.SENT, due_on=due_on, total=aud(1_234_50 * (place + 1))
        )
    studio_site.add(
        "INV-2001", status=InvoiceStatus.PAID, issued_on=date(2026, 2, 1), paid_at=studio.now - timedelta(days=9)
    )
    with studio.store.transaction(studio.id) as tx:
        tx.contacts.save(replace(tx.contacts.get("CON-2"), name="<b>Ned</b> & a name that goes on and on and on"))
        for place in range(14):
            at = datetime(2025, 10, 5, tzinfo=UTC) + timedelta(days=11 * place)
            money = aud(800_00 + 7_700_00 * (place % 3)) if place % 5 else Money(9_999_999_00, "NOK")
            tx.payments.add(
                a_payment(
                    workspace_id=studio.id,
                    id=f"pay_{place}",
                    stripe_object_id=f"pi_{place}",
                    invoice="INV-2001",
                    money=money,
                    occurred_at=at,
                )
            )
    return studio_site


def _enter(site: StudioSite, page: Page, url: str) -> None:
    with site.studio.store.transaction(site.studio.id) as tx:
        token = page_ticket(
            tx, Pages.REPORT, member="Viewer", now=site.studio.now, query={"from": "2025-10-01", "to": "2026-03-31"}
        )
    page.goto(f"{url}/open/{token}")
    page.get_by_role("button", name="Open it here").click()
    page.wait_for_url(f"{url}/report**")


def test_the_report_is_opened_and_narrowed(books: StudioSite, page: Page) -> None:
    with serving(books.app()) as url:
        _enter(books, page, url)
        assert page.locator(".chart caption").all_inner_texts() == ["Collected, AUD", "Collected, NOK", "Overdue, AUD"]
        assert page.get_by_label("From").input_value() == "2025-10-01"
        page.get_by_label("Client").select_option("CON-2")
        page.get_by_role("button", name="Show").click()
        assert page.locator(".chart").count() == 0
        assert "nothing" in page.locator(".figures").inner_text()
        page.get_by_text("Clear").click()
        assert page.locator(".chart").count() == 3
        page.goto(f"{url}/report?from=2026-03-31&to=2026-03-01")
        assert "no days that follow each other" in page.get_by_role("alert").inner_text()


def test_a_ticket_to_another_page_does_not_open_it(books: StudioSite, page: Page) -> None:
    with serving(books.app()) as url:
        page.goto(f"{url}/report")
        assert "This page is closed" in page.content()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 1280])
def test_the_report_fits_and_can_be_read_by_everybody(
    books: StudioSite, browser: Browser, width: int, scheme: Literal["light", "dark"]
) -> None:
    with serving(books.app()) as url:
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        _enter(books, page, url)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert Axe().run(page).response["violations"] == []
        page.close()
