"""What a client sees of the invoices: all of theirs, none of anybody else's."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from billing.contacts import Contact
from billing.invoices import InvoiceKind, InvoiceStatus
from billing.money import Money
from billing.payments import PaymentStatus
from billing.portals import PortalLink, digest
from billing.settling import settle
from billing.workspaces import Workspace
from tests.support.records import an_invoice, an_opportunity, aud

if TYPE_CHECKING:
    from tests.support.site import StudioSite


def read(studio_site: StudioSite, client_of: str = "portal-1") -> str:
    with studio_site.client() as client:
        answer = client.get(f"/portal/{client_of}")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.text)


def test_an_invoice_shows_what_it_is_for_how_much_and_until_when(studio_site: StudioSite) -> None:
    studio_site.add("INV-1001", status=InvoiceStatus.SENT, kind=InvoiceKind.DEPOSIT, description="First third")
    page = read(studio_site)
    for said in (
        "From Lantern Studio for Bluebird Cafe",
        "Bluebird shop sign",
        "INV-1001 · Deposit · First third",
        "A$500.00",
        "Due 25 March",
        ">Open<",
        'href="https://evie.example/pay/pay-inv-1001"',
        'aria-label="Pay now: INV-1001, A$500.00"',
    ):
        assert said in page


def test_a_draft_is_never_shown(studio_site: StudioSite) -> None:
    studio_site.add("INV-1001", status=InvoiceStatus.DRAFT)
    assert "INV-1001" not in read(studio_site)
    assert "No invoices yet" in read(studio_site)


def test_nothing_of_another_client_or_another_workspace_is_shown(studio_site: StudioSite) -> None:
    store, now = studio_site.studio.store, studio_site.studio.now
    studio_site.add("INV-1001", status=InvoiceStatus.SENT)
    studio_site.add("INV-1002", status=InvoiceStatus.SENT, contact="CON-2")
    store.directory.add_workspace(Workspace("ws_other", "Other", "AUD", "AU", "en_AU", "Australia/Brisbane", now))
    with store.transaction("ws_other") as tx:
        tx.contacts.add(Contact("ws_other", "CON-1", "Olaf", now))
        tx.portals.add(PortalLink("ws_other", digest("portal-other"), "CON-1", now))
        tx.opportunities.add(an_opportunity(workspace_id="ws_other", name="Hull repair"))
        tx.invoices.add(
            an_invoice(
                workspace_id="ws_other",
                number="INV-2001",
                token="pay-other",
                status=InvoiceStatus.SENT,
            ),
        )
    assert set(re.findall(r"INV-\d+", read(studio_site))) == {"INV-1001"}
    assert set(re.findall(r"INV-\d+", read(studio_site, "portal-2"))) == {"INV-1002"}
    assert set(re.findall(r"INV-\d+", read(studio_site, "portal-other"))) == {"INV-2001"}


@pytest.mark.parametrize(
    ("now", "status"),
    [
        (datetime(2026, 3, 11, 13, 59, tzinfo=UTC), "Open"),  # one minute to midnight in Brisbane
        (datetime(2026, 3, 11, 14, 1, tzinfo=UTC), "Overdue"),  # one minute past it
    ],
)
def test_an_invoice_is_overdue_once_its_day_is_over_where_the_business_is(
    studio_site: StudioSite, now: datetime, status: str
) -> None:
    studio_site.add("INV-1001", status=InvoiceStatus.SENT, due_on=date(2026, 3, 11))
    studio_site.studio.now = now
    assert f">{status}<" in read(studio_site)


def test_totals_are_by_currency_and_say_what_is_late(studio_site: StudioSite) -> None:
    studio_site.add("INV-1001", status=InvoiceStatus.SENT, total=aud(300_00), paid=aud(100_00), due_on=date(2026, 3, 1))
    studio_site.add("INV-1002", status=InvoiceStatus.OPEN, total=aud(50_00))
    studio_site.add("INV-1003", status=InvoiceStatus.OPEN, total=Money(90_000, "JPY"))
    studio_site.add("INV-1004", status=InvoiceStatus.PAID, total=aud(999_00))
    page = read(studio_site)
    assert re.findall(r"<strong>([^<]+)</strong> <span class=\"\w+\">([^<]+)</span> </li>", page) == [
        ("A$250.00", "A$200.00 overdue"),
        ("JP¥90,000", "Nothing overdue"),
    ]


def test_a_part_payment_shows_what_is_left(studio_site: StudioSite) -> None:
    studio_site.add("INV-1001", status=InvoiceStatus.SENT, paid=aud(123_45))
    page = read(studio_site)
    assert '<strong>A$376.55</strong> <span class="soft">left of A$500.00</span>' in page
    assert 'aria-label="Pay now: INV-1001, A$376.55"' in page


def test_what_is_due_first_comes_first_and_what_is_closed_comes_last(studio_site: StudioSite) -> None:
    studio_site.add("INV-1001", status=InvoiceStatus.PAID)
    studio_site.add("INV-1002", status=InvoiceStatus.SENT, due_on=date(2026, 4, 1))
    studio_site.add("INV-1003", status=InvoiceStatus.SENT, due_on=date(2026, 3, 20))
    studio_site.add("INV-1004", status=InvoiceStatus.VOID)
    order = list(dict.fromkeys(re.findall(r"INV-\d+", read(studio_site))))
    assert order == ["INV-1003", "INV-1002", "INV-1004", "INV-1001"]


def test_closed_invoices_have_no_button_and_say_what_they_are(studio_site: StudioSite) -> None:
    studio_site.add("INV-1001", status=InvoiceStatus.PAID, paid_at=datetime(2026, 3, 8, 22, 30, tzinfo=UTC))
    studio_site.add("INV-1002", status=InvoiceStatus.VOID)
    studio_site.add("INV-1003", status=InvoiceStatus.REFUNDED)
    page = read(studio_site)
    assert "Pay now" not in page
    assert re.findall(r'<span class="badge \w+">(\w+)</span>', page) == ["Refunded", "Void", "Paid"]
    assert "Paid 9 March" in page
    assert "All settled" in page


def test_without_stripe_there_is_no_button_and_the_client_is_told_whom_to_ask(studio_site: StudioSite) -> None:
    studio = studio_site.studio
    studio_site.add("INV-1001", status=InvoiceStatus.SENT)
    with studio.store.transaction(studio.id) as tx:
        tx.connections.end("acct_studio", studio.now)
    page = read(studio_site)
    assert "Pay now" not in page
    assert "Please ask Lantern Studio how to pay." in page


@pytest.mark.parametrize("token", ["portal-9", "pay-inv-1001", "%00", ""])
def test_an_unknown_token_gets_the_page_that_every_unknown_address_gets(studio_site: StudioSite, token: str) -> None:
    studio_site.add("INV-1001", status=InvoiceStatus.SENT)
    with studio_site.client() as client:
        answer = client.get(f"/portal/{token}")
        assert answer.status_code == 404
        assert answer.text == client.get("/no/such/page").text


def test_markup_in_records_stays_text(studio_site: StudioSite) -> None:
    studio = studio_site.studio
    nasty = "<script>alert(1)</script>"
    studio_site.add("INV-1001", status=InvoiceStatus.SENT, description=nasty)
    with studio.store.transaction(studio.id) as tx:
        tx.contacts.save(replace(tx.contacts.get("CON-1"), company=nasty))
        tx.opportunities.save(replace(tx.opportunities.get("OPP-1"), name=nasty))
        tx.people.save_workspace(replace(tx.people.workspace(), name=nasty))
    page = read(studio_site)
    assert "<script" not in page
    assert page.count("&lt;script&gt;") >= 4


def test_an_invoice_whose_link_is_switched_off_has_no_button(studio_site: StudioSite) -> None:
    for number in ("INV-1001", "INV-1002"):
        studio_site.add(number, status=InvoiceStatus.SENT)
        studio_site.studio.done("create_payment_link", invoice=number)
    studio_site.studio.done("deactivate_payment_link", invoice="INV-1002")
    page = read(studio_site)
    assert "/pay/pay-inv-1001" in page
    assert "/pay/pay-inv-1002" not in page


def test_an_invoice_whose_money_is_on_its_way_is_processing_and_has_no_button(studio_site: StudioSite) -> None:
    studio = studio_site.studio
    studio_site.add("INV-1001", status=InvoiceStatus.SENT)
    assert "/pay/pay-inv-1001" in read(studio_site)
    with studio.store.transaction(studio.id) as tx:
        settle(tx, studio.settlement("INV-1001", 500_00, status=PaymentStatus.PROCESSING), now=studio.now)
    page = read(studio_site)
    assert "Processing" in page
    assert "/pay/pay-inv-1001" not in page


def test_money_that_is_on_its_way_is_not_asked_for_once_more(studio_site: StudioSite) -> None:
    studio = studio_site.studio
    studio_site.add("INV-1001", status=InvoiceStatus.SENT)
    with studio.store.transaction(studio.id) as tx:
        settle(tx, studio.settlement("INV-1001", 500_00, status=PaymentStatus.PROCESSING), now=studio.now)
    page = read(studio_site)
    assert "A$500.00 on its way" in page
    assert "Nothing overdue" not in page

    studio_site.add("INV-1002", status=InvoiceStatus.SENT)
    page = read(studio_site)
    assert "A$500.00 on its way" in page
    assert "Nothing overdue" in page
