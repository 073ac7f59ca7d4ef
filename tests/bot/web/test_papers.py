"""The documents that clients open: the right one, well named, and never anybody else's or a draft."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from pypdf import PdfReader

from billing.crediting import issue_credit
from billing.invoices import InvoiceStatus
from bot.addresses import PublicAddresses
from integrations.documents.printer import TypstPrinter
from skills.context import Services
from tests.support.papers import typesetter
from tests.support.records import aud

if TYPE_CHECKING:
    from tests.support.site import StudioSite


@pytest.fixture
def site(studio_site: StudioSite) -> StudioSite:
    """The studio's pages with a printer."""
    studio, links = studio_site.studio, PublicAddresses("https://evie.example")
    printer = TypstPrinter(typesetter())
    studio_site.changes["services"] = Services(studio.store, studio.stripe, links, studio.clock, printer=printer)
    return studio_site


def _get(site: StudioSite, path: str) -> Any:
    with site.client() as client:
        return client.get(path)


def _text(answer: Any) -> str:
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)


def _rename(site: StudioSite, name: str) -> None:
    with site.studio.store.transaction(site.studio.id) as tx:
        tx.people.save_workspace(replace(tx.people.workspace(), name=name))


def test_an_invoice_is_shown_as_a_pdf_that_nobody_keeps_or_finds(site: StudioSite) -> None:
    site.add("INV-1001", status=InvoiceStatus.SENT)

    answer = _get(site, "/invoices/pay-inv-1001.pdf")

    text = _text(answer)
    assert "INV-1001" in text
    assert "A$500.00" in text
    assert answer.headers["cache-control"] == "no-store"
    assert "noindex" in answer.headers["x-robots-tag"]
    assert answer.headers["content-disposition"] == (
        "inline; filename=\"INV-1001 Lantern Studio.pdf\"; filename*=UTF-8''INV-1001%20Lantern%20Studio.pdf"
    )


def test_a_name_in_another_script_is_in_the_file_s_name(site: StudioSite) -> None:
    _rename(site, 'Ателье/"Рыба": <x>')
    site.add("INV-1001", status=InvoiceStatus.SENT)

    name = _get(site, "/invoices/pay-inv-1001.pdf").headers["content-disposition"]

    assert 'filename="INV-1001 ______ ____ x.pdf"' in name
    assert "%D0%90%D1%82%D0%B5%D0%BB%D1%8C%D0%B5%20%D0%A0%D1%8B%D0%B1%D0%B0%20x.pdf" in name


def test_it_leads_to_the_page_where_it_is_paid(site: StudioSite) -> None:
    site.add("INV-1001", status=InvoiceStatus.SENT)

    assert b"https://evie.example/pay/pay-inv-1001" in _get(site, "/invoices/pay-inv-1001.pdf").content


def test_where_nothing_can_be_paid_online_it_leads_nowhere(site: StudioSite) -> None:
    site.add("INV-1001", status=InvoiceStatus.SENT)
    with site.studio.store.transaction(site.studio.id) as tx:
        connection = tx.connections.active()
        assert connection is not None
        tx.connections.end(connection.stripe_account_id, site.studio.now)

    assert b"/pay/" not in _get(site, "/invoices/pay-inv-1001.pdf").content


def test_a_void_invoice_says_so(site: StudioSite) -> None:
    site.add("INV-1001", status=InvoiceStatus.VOID)

    assert "This invoice is void" in _text(_get(site, "/invoices/pay-inv-1001.pdf"))


@pytest.mark.parametrize(
    "path", ["/invoices/pay-inv-1001.pdf", "/invoices/unknown.pdf", "/invoices/%20.pdf", "/invoices/.pdf"]
)
def test_a_draft_and_an_unknown_token_are_the_same_page(site: StudioSite, path: str) -> None:
    site.add("INV-1001", status=InvoiceStatus.DRAFT)

    answer = _get(site, path)

    assert answer.status_code == 404
    assert "Nothing to see here" in answer.text
    assert answer.text == _get(site, "/no-such-page").text


def test_an_installation_without_a_printer_has_no_documents(studio_site: StudioSite) -> None:
    studio_site.add("INV-1001", status=InvoiceStatus.SENT)

    assert _get(studio_site, "/invoices/pay-inv-1001.pdf").status_code == 404


def test_a_client_s_statement_has_the_last_year_unless_other_days_are_asked_for(site: StudioSite) -> None:
    site.add("INV-1001", status=InvoiceStatus.SENT, issued_on=date(2026, 3, 1))
    site.add("INV-1002", status=InvoiceStatus.SENT, issued_on=date(2025, 1, 1))
    site.add("INV-1003", status=InvoiceStatus.SENT, contact="CON-2")

    year = _text(_get(site, "/portal/portal-1/statement.pdf"))
    early = _get(site, "/portal/portal-1/statement.pdf?since=2025-01-01&until=2025-12-31")

    assert "11 March 2025 to 11 March 2026" in year
    assert "Invoice INV-1001" in year
    assert "Invoice INV-1002" not in year
    assert "INV-1003" not in year
    assert "A$1,000.00" in year
    assert "Invoice INV-1002" in _text(early)
    assert (
        "Statement%20of%20account%202025-01-01%202025-12-31%20Lantern%20Studio.pdf"
        in early.headers["content-disposition"]
    )


@pytest.mark.parametrize(
    "query", ["since=soon", "until=2026-13-01", "since=2026-03-01&until=2026-02-01", "until=0001-01-01"]
)
def test_days_that_make_no_period_are_turned_away(site: StudioSite, query: str) -> None:
    assert _get(site, f"/portal/portal-1/statement.pdf?{query}").status_code == 400


def test_a_portal_that_is_unknown_or_has_ended_gives_no_statement(site: StudioSite) -> None:
    assert _get(site, "/portal/unknown/statement.pdf").status_code == 404
    with site.studio.store.transaction(site.studio.id) as tx:
        (link,) = tx.portals.of_contact("CON-1")
        tx.portals.save(replace(link, revoked_at=datetime(2026, 3, 10, tzinfo=UTC)))

    assert _get(site, "/portal/portal-1/statement.pdf").status_code == 410


def test_a_client_opens_the_credit_notes_of_their_own_invoices_only(site: StudioSite) -> None:
    site.add("INV-1001", status=InvoiceStatus.PAID)
    site.add("INV-1002", status=InvoiceStatus.PAID, contact="CON-2")
    with site.studio.store.transaction(site.studio.id) as tx:
        for invoice in ("INV-1001", "INV-1002", "INV-1001"):
            issue_credit(tx, invoice, aud(12000), None, payment=None, now=site.studio.now)
        tx.credit_notes.save(replace(tx.credit_notes.get("CRN-3"), void_at=site.studio.now))

    text = _text(_get(site, "/portal/portal-1/credit-notes/CRN-1.pdf"))
    portal = _get(site, "/portal/portal-1").text

    assert "Credit note" in text
    assert "INV-1001" in text
    assert "A$120.00" in text
    for number in ("CRN-2", "CRN-3", "CRN-9"):
        assert _get(site, f"/portal/portal-1/credit-notes/{number}.pdf").status_code == 404
        assert number not in portal
    assert "/portal/portal-1/credit-notes/CRN-1.pdf" in portal
    assert "/portal/portal-1/statement.pdf" in portal
    with site.studio.store.transaction(site.studio.id) as tx:
        (link,) = tx.portals.of_contact("CON-1")
        tx.portals.save(replace(link, revoked_at=site.studio.now))
    assert _get(site, "/portal/portal-1/credit-notes/CRN-1.pdf").status_code == 410


def test_the_pay_page_of_a_settled_invoice_leads_to_it(site: StudioSite) -> None:
    site.add("INV-1001", status=InvoiceStatus.PAID)

    assert 'href="https://evie.example/invoices/pay-inv-1001.pdf"' in _get(site, "/pay/pay-inv-1001").text
