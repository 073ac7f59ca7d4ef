"""The address in every mail: to the payment, or to a page that says why not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from billing.errors import AmountTooSmall, BillingError, ProviderRefused, ProviderUnavailable, StripeNotConnected
from billing.invoices import InvoiceStatus
from billing.link_keeping import dead, note
from billing.payments import PaymentStatus
from billing.settling import settle
from tests.support.records import aud

if TYPE_CHECKING:
    from tests.support.site import StudioSite


def test_an_unpaid_invoice_leads_to_its_payment_link(studio_site: StudioSite) -> None:
    studio_site.add("INV-1001", status=InvoiceStatus.SENT)
    with studio_site.client() as client:
        answer = client.get("/pay/pay-inv-1001")
    (made,) = studio_site.studio.stripe.made
    assert answer.status_code == 303
    assert answer.headers["location"] == made.url


def test_the_link_that_is_there_is_used_again(studio_site: StudioSite) -> None:
    studio_site.add("INV-1001", status=InvoiceStatus.SENT)
    with studio_site.client() as client:
        places = {client.get("/pay/pay-inv-1001").headers["location"] for _ in range(3)}
    assert len(places) == 1
    assert len(studio_site.studio.stripe.made) == 1


def test_a_paid_invoice_says_how_much_was_paid_and_when_where_the_business_is(studio_site: StudioSite) -> None:
    # Half past ten in the evening in London, the next morning in Brisbane.
    paid_at = datetime(2026, 3, 8, 22, 30, tzinfo=UTC)
    studio_site.add("INV-1001", status=InvoiceStatus.PAID, paid=aud(500_00), paid_at=paid_at)
    with studio_site.client() as client:
        answer = client.get("/pay/pay-inv-1001")
    assert answer.status_code == 200
    for said in ("INV-1001 is paid", "A$500.00", "9 March", "Lantern Studio"):
        assert said in answer.text


@pytest.mark.parametrize(
    ("status", "said"),
    [(InvoiceStatus.VOID, "is no longer valid"), (InvoiceStatus.REFUNDED, "was refunded")],
)
def test_a_closed_invoice_says_so_and_asks_for_nothing(
    studio_site: StudioSite, status: InvoiceStatus, said: str
) -> None:
    studio_site.add("INV-1001", status=status)
    with studio_site.client() as client:
        answer = client.get("/pay/pay-inv-1001")
    assert answer.status_code == 200
    assert said in answer.text
    assert studio_site.studio.stripe.made == []


@pytest.mark.parametrize(
    "reason",
    [
        StripeNotConnected("Say “connect Stripe”."),
        AmountTooSmall("Stripe takes nothing below A$0.50."),
        ProviderRefused("Your account is restricted."),
    ],
)
def test_where_nothing_can_be_paid_online_the_client_is_sent_to_the_business(
    studio_site: StudioSite, reason: BillingError
) -> None:
    studio_site.add("INV-1001", status=InvoiceStatus.SENT, paid=aud(100_00))
    studio_site.studio.stripe.before_making.append(reason)
    with studio_site.client() as client:
        answer = client.get("/pay/pay-inv-1001")
    assert answer.status_code == 200
    for said in ("Please ask Lantern Studio how to pay", "INV-1001", "A$500.00", "A$400.00", "25 March"):
        assert said in answer.text
    # Those words are for the business.
    assert reason.user_message not in answer.text


def test_a_stripe_that_is_down_is_worth_another_try(studio_site: StudioSite) -> None:
    studio_site.add("INV-1001", status=InvoiceStatus.SENT)
    studio_site.studio.stripe.before_making.append(ProviderUnavailable("No answer."))
    with studio_site.client() as client:
        answer = client.get("/pay/pay-inv-1001")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "60"
    assert "Nothing was charged" in answer.text
    assert 'href="/pay/pay-inv-1001"' in answer.text


def test_an_invoice_that_is_paid_while_its_link_is_made_says_that_it_is_paid(studio_site: StudioSite) -> None:
    studio = studio_site.studio
    invoice = studio_site.add("INV-1001", status=InvoiceStatus.SENT)

    def money_arrives() -> None:
        with studio.store.transaction(studio.id) as tx:
            tx.invoices.save(replace(invoice, status=InvoiceStatus.PAID, paid=invoice.total, paid_at=studio.now))

    studio.stripe.before_making.append(money_arrives)
    with studio_site.client() as client:
        answer = client.get("/pay/pay-inv-1001")
    assert answer.status_code == 200
    assert "INV-1001 is paid" in answer.text


@pytest.mark.parametrize("token", ["unknown", "%00", "pay-inv-1001%20", "%ff", "x" * 500, "..%2fetc", "'--", "😀"])
def test_every_unknown_token_gets_the_page_that_every_unknown_address_gets(studio_site: StudioSite, token: str) -> None:
    studio_site.add("INV-1001", status=InvoiceStatus.SENT)
    with studio_site.client() as client:
        answer = client.get(f"/pay/{token}")
        nowhere = client.get("/no/such/page")
    assert answer.status_code == 404
    assert answer.text == nowhere.text


def test_a_name_with_markup_in_it_stays_text(studio_site: StudioSite) -> None:
    studio = studio_site.studio
    studio_site.add("INV-1001", status=InvoiceStatus.PAID)
    with studio.store.transaction(studio.id) as tx:
        tx.people.save_workspace(replace(tx.people.workspace(), name="<img src=x onerror=alert(1)>"))
    with studio_site.client() as client:
        answer = client.get("/pay/pay-inv-1001")
    assert "<img" not in answer.text
    assert "&lt;img src=x" in answer.text


def test_a_link_that_was_switched_off_says_so_and_is_not_made_anew(studio_site: StudioSite) -> None:
    studio_site.add("INV-1001", status=InvoiceStatus.SENT)
    studio_site.studio.done("create_payment_link", invoice="INV-1001")
    studio_site.studio.done("deactivate_payment_link", invoice="INV-1001")
    with studio_site.client() as client:
        answer = client.get("/pay/pay-inv-1001")
    assert answer.status_code == 200
    for said in ("Online payment is switched off", "link of INV-1001 off", "A$500.00", "25 March"):
        assert said in answer.text
    assert len(studio_site.studio.stripe.made) == 1


def test_a_payment_that_is_on_its_way_is_said_to_be_processing(studio_site: StudioSite) -> None:
    studio = studio_site.studio
    studio_site.add("INV-1001", status=InvoiceStatus.SENT)
    with studio_site.client() as client:
        assert client.get("/pay/pay-inv-1001").status_code == 303
        with studio.store.transaction(studio.id) as tx:
            coming = studio.settlement("INV-1001", 500_00, status=PaymentStatus.PROCESSING)
            settle(tx, coming, now=studio.now)
            for link in tx.links.of_invoice("INV-1001"):
                note(tx, dead(link))
        page = client.get("/pay/pay-inv-1001")
        assert page.status_code == 200
        assert "The payment of INV-1001 is processing" in page.text
        assert "you can pay here again" in page.text
        # It bounced: the same address leads to a link that takes payments.
        with studio.store.transaction(studio.id) as tx:
            settle(tx, replace(coming, status=PaymentStatus.FAILED), now=studio.now + timedelta(hours=1))
        assert client.get("/pay/pay-inv-1001").status_code == 303
    assert len(studio.stripe.made) == 2
