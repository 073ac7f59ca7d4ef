"""The payment log as a page: who gets in, what is asked for, and what the page and its file show."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from billing.errors import WaitsForPerson
from billing.money import Money
from billing.page_tickets import SESSION_LIFETIME, TICKET_LIFETIME, page_ticket
from billing.pages import Page
from billing.payments import PaymentMethod, PaymentStatus, PaymentType
from billing.queues import OutboxKind, OutboxMessage
from billing.roles import Role
from billing.workspaces import Member, Workspace
from tests.support.books import a_payment
from tests.support.records import aud
from tests.support.site import BASE_URL, StudioSite

PAGES = ("/payments", "/payments.csv")
SAME = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def log(studio_site: StudioSite) -> StudioSite:
    """A log of one line each of a charge, a refund, a payout and money that Stripe never saw."""
    studio_site.add("INV-1001")
    put(studio_site, 1, fee=aud(14_80), net=aud(485_20), livemode=True)
    put(studio_site, 2, type=PaymentType.REFUND, stripe_object_id="re_2", reverses="pi_1", money=aud(150_00))
    put(studio_site, 3, type=PaymentType.PAYOUT, stripe_object_id="po_3", invoice=None, contact=None, payer="")
    put(studio_site, 4, stripe_account_id="", stripe_object_id="recorded:4", method=PaymentMethod.CASH, contact="CON-2")
    return studio_site


def put(site: StudioSite, number: int, **changes: Any) -> None:
    studio = site.studio
    fields = {
        "workspace_id": studio.id,
        "id": f"pay_{number}",
        "stripe_object_id": f"pi_{number}",
        "stripe_account_id": "acct_studio",
        "occurred_at": studio.now - timedelta(hours=number),
    }
    with studio.store.transaction(studio.id) as tx:
        tx.payments.add(a_payment(**fields | changes))


def ticket(site: StudioSite, member: str = "Viewer", **query: str) -> str:
    with site.studio.store.transaction(site.studio.id) as tx:
        return page_ticket(tx, Page.PAYMENTS, member=member, now=site.studio.now, query=query)


@pytest.fixture
def client(log: StudioSite) -> Iterator[TestClient]:
    """A browser, that has not been let in yet."""
    with TestClient(log.app(), base_url=BASE_URL, raise_server_exceptions=False, follow_redirects=False) as made:
        yield made


@pytest.fixture
def inside(client: TestClient, log: StudioSite) -> TestClient:
    """A browser that has been let in."""
    assert client.post(f"/open/{ticket(log)}", headers=SAME).status_code == 303
    return client


def shown(client: TestClient, /, **query: str) -> list[str]:
    answer = client.get("/payments", params=query)
    assert answer.status_code == 200
    return re.findall(r'class="badge (?:\w+)">([^<]+)<', answer.text)


# Who gets in


def test_a_ticket_opens_the_page_at_a_press_and_hides_itself(client: TestClient, log: StudioSite) -> None:
    token = ticket(log, type="refund", client="CON-1")
    looked = client.get(f"/open/{token}")
    assert (looked.status_code, looked.headers.get("set-cookie")) == (200, None)
    assert token not in looked.text

    entered = client.post(f"/open/{token}", headers=SAME)
    assert (entered.status_code, entered.headers["location"]) == (303, "/payments?type=refund&client=CON-1")
    assert token not in entered.headers["set-cookie"]
    assert client.get(entered.headers["location"]).status_code == 200


def test_the_session_is_for_this_browser_alone(client: TestClient, log: StudioSite) -> None:
    cookie = client.post(f"/open/{ticket(log)}", headers=SAME).headers["set-cookie"]
    assert cookie.startswith("__Host-evie=")
    assert {"HttpOnly", "Secure", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))


def test_a_link_preview_uses_nothing_up(client: TestClient, log: StudioSite) -> None:
    token = ticket(log)
    for method in ("HEAD", "GET", "GET"):
        assert client.request(method, f"/open/{token}").status_code == 200
    assert client.post(f"/open/{token}", headers=SAME).status_code == 303


def test_every_way_of_not_being_let_in_gets_the_same_answer(client: TestClient, log: StudioSite) -> None:
    used, stranger = ticket(log), ticket(log, "Somebody")
    client.post(f"/open/{used}", headers=SAME)
    client.cookies.clear()
    late = ticket(log)
    log.studio.now += TICKET_LIFETIME
    answers = [
        client.request(method, f"/open/{token}", headers=SAME)
        for token in (used, stranger, late, "unknown", "%00", "é" * 200)
        for method in ("GET", "POST")
    ]
    answers += [client.get(page) for page in PAGES]
    for cookie in ("unknown", used, "\x7f"):
        answers += [client.get(page, headers={"cookie": f"__Host-evie={cookie}"}) for page in PAGES]
    assert {(answer.status_code, answer.text) for answer in answers} == {(404, answers[0].text)}
    assert "This page is closed" in answers[0].text
    assert not any("set-cookie" in answer.headers for answer in answers)


def test_another_site_cannot_let_a_browser_in(client: TestClient, log: StudioSite) -> None:
    token = ticket(log)
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}):
        assert client.post(f"/open/{token}", headers=headers).status_code == 404
    assert client.post(f"/open/{token}", headers={"origin": BASE_URL}).status_code == 303


def test_a_visit_ends_and_so_does_that_of_who_leaves(inside: TestClient, log: StudioSite) -> None:
    log.studio.now += SESSION_LIFETIME - timedelta(seconds=1)
    assert [inside.get(page).status_code for page in PAGES] == [200, 200]
    log.studio.now += timedelta(seconds=1)
    assert [inside.get(page).status_code for page in PAGES] == [404, 404]


def test_what_is_shown_is_never_kept_indexed_or_told_of(inside: TestClient) -> None:
    for page in PAGES:
        headers = inside.get(page).headers
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "no-referrer"
        assert "noindex" in headers["x-robots-tag"]
    assert "<script" not in inside.get("/payments").text
    assert "default-src 'none'" in inside.get("/payments").headers["content-security-policy"]


def test_a_visitor_sees_their_own_workspace_only(inside: TestClient, log: StudioSite) -> None:
    studio = log.studio
    studio.store.directory.add_workspace(
        Workspace("ws_other", "Other", "AUD", "AU", "en_AU", "Australia/Brisbane", studio.now)
    )
    with studio.store.transaction("ws_other") as tx:
        tx.people.save_member(Member("ws_other", "Viewer", Role.ADMIN))
        tx.payments.add(a_payment(workspace_id="ws_other", id="pay_theirs", invoice=None, contact=None, payer="Theirs"))
    assert "Theirs" not in inside.get("/payments").text
    assert "pay_theirs" not in inside.get("/payments.csv").text
    assert inside.get("/payments?before=pay_theirs").status_code == 404


# What is asked for


def test_the_newest_comes_first_with_all_that_is_known(inside: TestClient) -> None:
    page = re.sub(r"\s+", " ", inside.get("/payments").text)
    assert shown(inside) == ["Payment succeeded", "Refund succeeded", "Payout succeeded", "Payment succeeded"]
    for said in (
        "Lantern Studio",
        "Bluebird Cafe",
        "INV-1001",
        "A$500.00",
        "A$14.80",
        "A$485.20",
        'href="https://desk.example/pi_1"',
        "Not through Stripe",
        "cash",
        ">Test<",
        "11 March, 9:00",
    ):
        assert said in page, said


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"type": "refund"}, ["Refund succeeded"]),
        ({"client": "CON-2"}, ["Payment succeeded"]),
        ({"client": "bluebird"}, ["Payment succeeded", "Refund succeeded"]),
        ({"invoice": "inv-1001", "type": "refund"}, ["Refund succeeded"]),
        ({"from": "2026-03-11", "type": "payout"}, ["Payout succeeded"]),
        ({"to": "2026-03-10"}, []),
        ({"type": "dispute"}, []),
    ],
)
def test_the_log_is_narrowed_by_kind_client_invoice_and_days(
    inside: TestClient, query: dict[str, str], found: list[str]
) -> None:
    assert shown(inside, **query) == found


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ({"type": "gift"}, "“gift” is no kind of movement"),
        ({"client": "Zebra"}, "No client is called “Zebra”."),
        ({"client": "e"}, "Several clients are called “e”: CON-1 (Bluebird Cafe)"),
        ({"invoice": "INV-9"}, "There is no invoice “INV-9”."),
        ({"from": "yesterday"}, "“yesterday” is not a day"),
        ({"from": "2026-03-11", "to": "2026-03-10"}, "The last day is before the first one."),
        ({"client": "<b>x</b>"}, "&lt;b&gt;x&lt;/b&gt;"),
    ],
)
def test_what_is_not_understood_is_said_beside_the_form(
    inside: TestClient, query: dict[str, str], problem: str
) -> None:
    answer = inside.get("/payments", params=query)
    assert answer.status_code == 400
    assert problem in answer.text
    assert inside.get("/payments.csv", params=query).status_code == 404


def test_a_long_log_is_read_page_by_page(inside: TestClient, log: StudioSite) -> None:
    for number in range(10, 70):
        put(log, number)
    seen, path = [], "/payments?type=charge"
    while path:
        page = inside.get(path).text
        seen += re.findall(r"https://desk.example/(pi_\d+)", page)
        older = re.search(r'href="([^"]+)" rel="next"', page)
        path = older[1].replace("&amp;", "&") if older else ""
    assert seen == ["pi_1", *(f"pi_{number}" for number in range(10, 70))]
    assert 'href="/payments?type=charge">Newest' in page


def test_a_page_after_a_line_that_is_not_there_is_none(inside: TestClient) -> None:
    assert inside.get("/payments?before=pay_9999").status_code == 404


def test_an_empty_log_says_so(studio_site: StudioSite) -> None:
    with TestClient(studio_site.app(), base_url=BASE_URL) as client:
        client.post(f"/open/{ticket(studio_site)}", headers=SAME)
        assert "No payments yet" in client.get("/payments").text
        assert "No payment fits" in client.get("/payments?type=refund").text


def test_text_inside_records_is_text(inside: TestClient, log: StudioSite) -> None:
    put(log, 5, payer="<script>x</script>", contact=None, status=PaymentStatus.FAILED, failure_message="<i>no</i>")
    page = inside.get("/payments").text
    assert "&lt;script&gt;" in page
    assert "<script" not in page
    assert "<i>" not in page


# The file


def test_the_file_has_what_the_page_is_narrowed_to(inside: TestClient) -> None:
    page = inside.get("/payments?client=CON-1&type=refund").text
    address = re.search(r'href="([^"]+)" download', page)
    assert address is not None
    answer = inside.get(address[1].replace("&amp;", "&"))
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="payments-2026-03-11.csv"'
    text = answer.content.decode("utf-8-sig")
    assert [row["id"] for row in csv.DictReader(io.StringIO(text, newline=""))] == ["pay_2"]


def test_a_file_longer_than_one_reading_has_every_line_once(inside: TestClient, log: StudioSite) -> None:
    studio = log.studio
    with studio.store.transaction(studio.id) as tx:
        for number in range(1200):
            tx.payments.add(
                a_payment(
                    workspace_id=studio.id,
                    id=f"pay_long_{number}",
                    stripe_object_id=f"pi_long_{number}",
                    stripe_account_id="acct_studio",
                    money=Money(number + 1, "AUD"),
                    occurred_at=studio.now - timedelta(days=1, seconds=number // 7),
                )
            )
    text = inside.get("/payments.csv?to=2026-03-10").content.decode("utf-8-sig")
    ids = [row["id"] for row in csv.DictReader(io.StringIO(text, newline=""))]
    assert len(ids) == len(set(ids)) == 1200


@pytest.mark.parametrize(("count", "told"), [(1, "1 message for the chat waits"), (2, "2 messages for the chat wait")])
def test_the_page_says_what_the_chat_cannot_that_nothing_can_be_posted_there(
    inside: TestClient, log: StudioSite, count: int, told: str
) -> None:
    assert "for the chat" not in inside.get("/payments").text
    studio = log.studio
    for number in range(count):
        lane = f"channel:#{number}"
        message = OutboxMessage(studio.id, f"post:{number}", OutboxKind.SAY, lane, {}, studio.now)
        with studio.store.transaction(studio.id) as tx:
            tx.send(message)
    while (claim := studio.store.claim_outbox(lease_seconds=60)) is not None:
        wait = WaitsForPerson("Slack does not accept my token any more. Install the Slack app again.")
        studio.store.retry(claim, error=f"{type(wait).__name__}: {wait}", delay_seconds=300.0)
    page = inside.get("/payments").text
    assert f"{told} since 11 March" in page
    assert "Install the Slack app again. Nothing is lost" in page
