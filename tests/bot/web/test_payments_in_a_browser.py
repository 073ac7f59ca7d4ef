"""The payment log as eyes and fingers find it: let in by a press, narrowed by a form, on a phone and on a desk."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe

from billing.page_tickets import page_ticket
from billing.pages import Page as LogPage
from billing.payments import PaymentStatus, PaymentType
from tests.support.books import a_payment
from tests.support.records import aud
from tests.support.serving import serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.support.site import StudioSite

pytestmark = pytest.mark.browser


@pytest.fixture
def log(studio_site: StudioSite) -> StudioSite:
    """A log with something of everything, and long words in it; browsers reach it without encryption."""
    studio_site.changes = {"settings_base_url": "http://127.0.0.1"}
    studio_site.add("INV-1001")
    _put(studio_site, "pi_1", fee=aud(14_80), net=aud(485_20), livemode=True)
    _put(studio_site, "re_2", type=PaymentType.REFUND, reverses="pi_1", net=aud(-150_00), fee=aud(0))
    _put(studio_site, "pi_3" + "x" * 60, status=PaymentStatus.FAILED, failure_message="Nonsense" * 20)
    _put(studio_site, "po_4", type=PaymentType.PAYOUT, invoice=None, contact=None, payer="")
    _put(studio_site, "dp_5", type=PaymentType.DISPUTE, status=PaymentStatus.OPEN, money=aud(999_999_999_99))
    return studio_site


def _put(site: StudioSite, object_id: str, **changes: Any) -> None:
    studio = site.studio
    fields = {"workspace_id": studio.id, "id": f"pay_{object_id[:4]}", "stripe_object_id": object_id}
    with studio.store.transaction(studio.id) as tx:
        tx.payments.add(a_payment(**fields | {"stripe_account_id": "acct_studio", "occurred_at": studio.now} | changes))


def _enter(site: StudioSite, page: Page, url: str) -> None:
    with site.studio.store.transaction(site.studio.id) as tx:
        token = page_ticket(tx, LogPage.PAYMENTS, member="Viewer", now=site.studio.now)
    page.goto(f"{url}/open/{token}")
    page.get_by_role("button", name="Open it here").click()
    page.wait_for_url(f"{url}/payments")


def test_the_log_is_opened_narrowed_and_downloaded(log: StudioSite, page: Page, tmp_path: Path) -> None:
    with serving(log.app()) as url:
        _enter(log, page, url)
        assert page.locator("tbody tr").count() == 5
        page.get_by_label("Kind").select_option("Refunds")
        page.get_by_label("Client").fill("bluebird")
        page.get_by_role("button", name="Show").click()
        assert page.locator("tbody tr").count() == 1
        with page.expect_download() as download:
            page.get_by_text("Download CSV").click()
        download.value.save_as(tmp_path / "log.csv")
    with (tmp_path / "log.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["net"] for row in csv.DictReader(file)] == ["-150.00"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 1280])
def test_the_log_fits_and_can_be_read_by_everybody(
    log: StudioSite, browser: Browser, width: int, scheme: Literal["light", "dark"]
) -> None:
    with serving(log.app()) as url:
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        _enter(log, page, url)
        for path in ("/payments", "/payments?client=nobody", "/payments?to=2020-01-01", "/open/unknown"):
            page.goto(f"{url}{path}")
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            found = Axe().run(page).response["violations"]
            assert [f"{path} {each['id']}: {node['html']}" for each in found for node in each["nodes"]] == []
        page.close()
