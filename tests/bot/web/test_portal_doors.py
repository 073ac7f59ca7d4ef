"""Who gets into a portal: the client with a living address, nobody else, and nobody too often."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing.contacts import Contact
from billing.invoices import InvoiceStatus
from billing.payments import PaymentStatus, PaymentType, Reversal
from billing.settling import settle, settle_reversal
from billing.sharing import close_portal, open_portal
from billing.subscriptions import SubscriptionStatus
from billing.workspaces import Workspace
from bot.web.limiting import Buckets, Rate
from tests.support.books import a_payment, a_subscription
from tests.support.records import an_invoice, an_opportunity, aud

if TYPE_CHECKING:
    from tests.support.site import StudioSite


def page(studio_site: StudioSite, path: str) -> tuple[int, str]:
    with studio_site.client() as client:
        answer = client.get(path)
    return answer.status_code, re.sub(r"\s+", " ", answer.text)


def pay(studio_site: StudioSite, number: str, minor: int = 500_00, **changes: Any) -> str:
    studio = studio_site.studio
    with studio.store.transaction(studio.id) as tx:
        settled = settle(tx, studio.settlement(number, minor, **changes), now=studio.now)
    return settled.payment.id


def test_an_ended_address_says_how_to_get_another_and_nothing_of_the_client(studio_site: StudioSite) -> None:
    studio = studio_site.studio
    studio_site.add("INV-1001", status=InvoiceStatus.SENT)
    with studio.store.transaction(studio.id) as tx:
        tx.people.save_workspace(replace(tx.people.workspace(), portal_days=30))
        expiring = open_portal(tx, "CON-1", now=studio.now)
    studio.now += timedelta(days=31)
    with studio.store.transaction(studio.id) as tx:
        close_portal(tx, "CON-1", now=studio.now)
    for token in (expiring, "portal-1"):
        for path in (f"/portal/{token}", f"/portal/{token}/payments/x"):
            status, text = page(studio_site, path)
            assert status == 410
            assert "This link no longer works" in text
            assert "Lantern Studio can send you one at any time" in text
            assert "INV-1001" not in text
            assert "Bluebird" not in text


def test_a_receipt_says_what_came_when_and_for_what(studio_site: StudioSite) -> None:
    studio_site.add("INV-1001", status=InvoiceStatus.SENT)
    line = pay(studio_site, "INV-1001", 200_00)
    status, text = page(studio_site, f"/portal/portal-1/payments/{line}")
    assert status == 200
    for said in ("Receipt for A$200.00", "INV-1001", "11 March", "Tess Blue", "A$300.00", line):
        assert said in text


def test_payments_refunds_and_subscriptions_are_listed(studio_site: StudioSite) -> None:
    studio = studio_site.studio
    studio_site.add("INV-1001", status=InvoiceStatus.SENT)
    pay(studio_site, "INV-1001")
    with studio.store.transaction(studio.id) as tx:
        (charge,) = tx.payments.of_invoice("INV-1001")
        back = Reversal("re_1", PaymentType.REFUND, PaymentStatus.SUCCEEDED, aud(50_00), studio.now)
        settle_reversal(tx, charge, back, now=studio.now)
        end = datetime(2026, 4, 2, 15, tzinfo=UTC)
        states: list[dict[str, Any]] = [
            {"current_period_end": end, "interval_count": 2},
            {"current_period_end": end, "cancel_at_period_end": True},
            {"status": SubscriptionStatus.CANCELED, "current_period_end": end},
            {"status": SubscriptionStatus.PAST_DUE},
        ]
        for number, changes in enumerate(states):
            tx.subscriptions.put(
                a_subscription(workspace_id=studio.id, stripe_subscription_id=f"sub_{number}", **changes),
            )
    _, text = page(studio_site, "/portal/portal-1")
    for said in ("Payment · INV-1001", "Refund · INV-1001", "−A$50.00", "Next charge 3 April", "Ends 3 April"):
        assert said in text
    assert "A$500.00 every 2 months" in text
    assert re.findall(r'<span class="badge \w+">(Active|Ended|Payment is missing)</span>', text).count("Ended") == 1
    assert "Payment is missing" in text


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(owners=st.lists(st.sampled_from(["mine", "theirs", "elsewhere"]), min_size=3, max_size=8))
def test_nothing_of_another_client_or_another_workspace_is_ever_there(
    studio_site: StudioSite, owners: list[str]
) -> None:
    studio, store = studio_site.studio, studio_site.studio.store
    seed = len(store.directory.workspaces())
    other = f"ws_{seed}"
    store.directory.add_workspace(Workspace(other, "Other", "AUD", "AU", "en_AU", "UTC", studio.now))
    with store.transaction(other) as tx:
        tx.contacts.add(Contact(other, "CON-1", "Olaf Secretname", studio.now))
        tx.opportunities.add(an_opportunity(workspace_id=other, name="Secret hull"))
    mine, foreign = {"Lantern Studio"}, {"Olaf Secretname", "Secret hull", other}
    with store.transaction(studio.id) as tx:
        taken = len(tx.invoices.list())
    for position, owner in enumerate(owners, start=taken + seed * 100):
        workspace = other if owner == "elsewhere" else studio.id
        number, line = f"INV-{7000 + position}", f"pay_{owner}_{seed}_{position}"
        ids = {number, f"token-{seed}-{position}", line}
        (mine if owner == "mine" else foreign).update(ids)
        with store.transaction(workspace) as tx:
            contact = "CON-2" if owner == "theirs" else "CON-1"
            tx.invoices.add(
                an_invoice(
                    workspace_id=workspace,
                    number=number,
                    contact=contact,
                    token=f"token-{seed}-{position}",
                    status=InvoiceStatus.SENT,
                ),
            )
            tx.payments.add(
                a_payment(
                    workspace_id=workspace,
                    id=line,
                    stripe_object_id=line,
                    invoice=number,
                    contact=contact,
                    money=aud(5),
                ),
            )
            tx.subscriptions.put(
                a_subscription(workspace_id=workspace, stripe_subscription_id=f"sub_{line}", invoice=number)
            )
    _, text = page(studio_site, "/portal/portal-1")
    assert [each for each in mine if each not in text] == []
    assert [each for each in foreign if re.search(rf"(?<![\w-]){re.escape(each)}(?![\w-])", text)] == []
    for line in (each for each in foreign if each.startswith("pay_")):
        assert page(studio_site, f"/portal/portal-1/payments/{line}")[0] == 404


# Reminders


def test_a_mail_program_stops_reminders_with_one_request(studio_site: StudioSite) -> None:
    with studio_site.client() as client:
        answer = client.post("/reminders/portal-1/stop", data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert "Reminders are stopped" in answer.text
    with studio_site.studio.store.transaction(studio_site.studio.id) as tx:
        assert [contact.reminders_paused for contact in tx.contacts.list()] == [True, False, False]


def test_a_person_is_asked_first_because_scanners_open_every_address(studio_site: StudioSite) -> None:
    studio = studio_site.studio
    with studio_site.client() as client:
        asked = client.get("/reminders/portal-1/stop")
        assert "Stop reminders?" in asked.text
        assert "form-action 'self'" in asked.headers["content-security-policy"]
        with studio.store.transaction(studio.id) as tx:
            assert not tx.contacts.get("CON-1").reminders_paused
            close_portal(tx, "CON-1", now=studio.now)
        # An address that no longer opens the portal is good enough for that.
        assert client.post("/reminders/portal-1/stop").status_code == 200
        assert "Reminders are stopped" in client.get("/reminders/portal-1/stop").text
        assert client.post("/reminders/nobody/stop").status_code == 404


# How often


def test_who_asks_too_often_waits_and_others_do_not(studio_site: StudioSite) -> None:
    studio_site.add("INV-1001", status=InvoiceStatus.PAID)
    studio_site.changes["rate"] = Rate(burst=3, per_second=0.001)
    with studio_site.client() as client:
        answers = [client.get(f"/portal/guess-{n}") for n in range(5)]
        assert [answer.status_code for answer in answers] == [404, 404, 404, 429, 429]
        assert int(answers[-1].headers["retry-after"]) > 1
        assert answers[-1].headers["x-robots-tag"].startswith("noindex")
        assert "Please wait a moment" in answers[-1].text
        assert client.get("/").status_code == 200
        assert client.get("/static/evie.css").status_code == 200


def test_a_bucket_fills_again_and_the_least_used_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    buckets = Buckets(Rate(burst=2, per_second=0.5), lambda: now[0])
    assert [buckets.take("a") for _ in range(3)] == [0.0, 0.0, 2.0]
    now[0] = 2.0
    assert buckets.take("a") == 0.0
    assert buckets.take("a") > 0
    monkeypatch.setattr("bot.web.limiting._MOST_BUCKETS", 1)
    buckets.take("b")
    assert buckets.take("a") == 0.0


# Parts


def parts(studio_site: StudioSite, amount: str, **changes: Any) -> tuple[int, str]:
    with studio_site.client() as client:
        answer = client.post("/pay/pay-inv-1001", data={"amount": amount})
    return answer.status_code, re.sub(r"\s+", " ", answer.text)


@pytest.fixture
def in_parts(studio_site: StudioSite) -> StudioSite:
    studio_site.add("INV-1001", status=InvoiceStatus.SENT, least_part=aud(100_00))
    return studio_site


def test_whoever_may_pay_in_parts_is_asked_and_can_pay_all_of_it(in_parts: StudioSite) -> None:
    status, text = page(in_parts, "/pay/pay-inv-1001")
    assert (status, "Or pay a part of it" in text) == (200, True)
    assert in_parts.studio.stripe.made == []
    with in_parts.client() as client:
        assert client.get("/pay/pay-inv-1001?all=1").status_code == 303
    assert [link.money for link in in_parts.studio.stripe.made] == [aud(500_00)]


@pytest.mark.parametrize("typed", ["150", "150.00", "150,00", "A$150", " 150 "])
def test_a_part_becomes_a_link_for_just_that(in_parts: StudioSite, typed: str) -> None:
    status, text = parts(in_parts, typed)
    assert status == 200
    for said in ("Pay A$150.00 now", "A$350.00", "Continue to payment"):
        assert said in text
    (made,) = in_parts.studio.stripe.made
    assert made.money == aud(150_00)
    assert f'href="{made.url}"' in text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Please write an amount of at least A$100.00."),
        ("all", "Please write an amount of at least A$100.00."),
        ("0", "Please write an amount of at least A$100.00."),
        ("99,99", "Please write an amount of at least A$100.00."),
        ("1.000,00", "That is more than what is left to pay, A$500.00."),
        ("500.01", "That is more than what is left to pay, A$500.00."),
        ("499.90", "What would be left is too little to be paid online."),
    ],
)
def test_an_amount_that_will_not_do_is_asked_for_again_with_the_reason(
    in_parts: StudioSite, typed: str, said: str
) -> None:
    status, text = parts(in_parts, typed)
    assert (status, said in text) == (422, True)
    assert in_parts.studio.stripe.made == []


def test_parts_add_up_and_each_link_replaces_the_one_before(in_parts: StudioSite) -> None:
    studio = in_parts.studio
    parts(in_parts, "150")
    parts(in_parts, "200")
    assert [row.payload["stripe_payment_link_id"] for row in studio.outbox() if row.kind == "retire"] == [
        studio.stripe.made[0].stripe_payment_link_id,
    ]
    pay(in_parts, "INV-1001", 200_00)
    assert studio.invoice("INV-1001").balance == aud(300_00)
    assert "A$300.00" in page(in_parts, "/pay/pay-inv-1001")[1]
    assert parts(in_parts, "301")[0] == 422
    parts(in_parts, "250")
    pay(in_parts, "INV-1001", 250_00, stripe_object_id="pi_2")
    # Only the last part is left: there is nothing to choose any more.
    with in_parts.client() as client:
        assert client.get("/pay/pay-inv-1001").status_code == 303
    pay(in_parts, "INV-1001", 50_00, stripe_object_id="pi_3")
    assert studio.invoice("INV-1001").status is InvoiceStatus.PAID
    assert "INV-1001 is paid" in parts(in_parts, "100")[1]


def test_an_invoice_that_is_paid_in_one_takes_no_part(studio_site: StudioSite) -> None:
    studio_site.add("INV-1001", status=InvoiceStatus.SENT)
    status, text = parts(studio_site, "100")
    assert (status, "Please ask Lantern Studio how to pay" in text) == (200, True)
    assert studio_site.studio.stripe.made == []


def test_two_who_pay_at_once_are_told_of_and_never_lost(in_parts: StudioSite) -> None:
    pay(in_parts, "INV-1001", 300_00)
    pay(in_parts, "INV-1001", 500_00, stripe_object_id="pi_2")
    invoice = in_parts.studio.invoice("INV-1001")
    assert (invoice.status, invoice.paid) == (InvoiceStatus.PAID, aud(500_00))
    assert sum(line.money.amount for line in in_parts.studio.payments("INV-1001")) == 800_00
