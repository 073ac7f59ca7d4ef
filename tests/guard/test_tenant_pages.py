"""Whoever was let in by one workspace, as a client or as a colleague, sees no page and no paper of another's.

What is asked for with somebody else's number, with an altered address or with one that has ended is answered as what
was never there, and no row changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import pytest
from sqlalchemy import select
from starlette.routing import Route
from starlette.testclient import TestClient

from billing.contacts import Contact
from billing.invoices import InvoiceStatus
from billing.page_tickets import SESSION_LIFETIME, TICKET_LIFETIME, page_ticket
from billing.pages import Page
from billing.portals import PortalLink, digest
from billing.roles import Role
from billing.workspaces import Member, Workspace
from bot.addresses import PublicAddresses
from bot.web.limiting import Rate
from integrations.documents.printer import TypstPrinter
from skills.context import Services
from storage import SqlStore, tables
from tests.support.books import a_payment
from tests.support.records import an_invoice, an_opportunity, aud
from tests.support.site import BASE_URL, StudioSite

OTHER: Final = "ws_other"
SAME: Final = {"sec-fetch-site": "same-origin"}
# What stands in the studio's records, and in no answer to anybody of the other workspace.
SECRETS: Final = ("Bluebird", "Tess", "tess@", "Lantern", "INV-1007", "pay_1", "500.00", "485.20")
PAGES: Final = {Page.PAYMENTS: "/payments", Page.REPORT: "/report"}


@dataclass
class Town:
    """The studio's pages, beside another workspace that has its own client, invoice and people."""

    site: StudioSite
    client: TestClient

    def browser(self) -> TestClient:
        return TestClient(self.client.app, base_url=BASE_URL, raise_server_exceptions=False, follow_redirects=False)

    def ticket(self, workspace: str, page: Page, member: str = "Admin") -> str:
        with self.site.studio.store.transaction(workspace) as tx:
            return page_ticket(tx, page, member=member, now=self.site.studio.now)

    def inside(self, workspace: str, page: Page, member: str = "Admin") -> TestClient:
        browser = self.browser()
        assert browser.post(f"/open/{self.ticket(workspace, page, member)}", headers=SAME).status_code == 303
        return browser

    def rows(self) -> dict[str, list[Any]]:
        """Return every row of the studio's, of every table."""
        store = self.site.studio.store
        assert isinstance(store, SqlStore)
        found: dict[str, list[Any]] = {}
        with store.engine.connect() as connection:
            for table in tables.METADATA.sorted_tables:
                if "workspace_id" in table.c:
                    query = select(table).where(table.c.workspace_id == self.site.studio.id)
                    found[table.name] = [tuple(row) for row in connection.execute(query)]
        assert found["invoices"]
        assert found["payments"]
        return found


@pytest.fixture
def town(studio_site: StudioSite) -> Iterator[Town]:
    studio = studio_site.studio
    links, printer = PublicAddresses(BASE_URL), TypstPrinter()
    services = Services(studio.store, studio.stripe, links, studio.clock, printer=printer)
    studio_site.changes |= {"services": services, "rate": Rate(burst=10_000)}
    studio_site.add("INV-1007", status=InvoiceStatus.SENT)
    paid = {
        "invoice": "INV-1007",
        "stripe_object_id": "pi_1",
        "stripe_account_id": "acct_studio",
        "occurred_at": studio.now,
    }
    with studio.store.transaction(studio.id) as tx:
        tx.payments.add(a_payment(workspace_id=studio.id, id="pay_1", fee=aud(14_80), net=aud(485_20), **paid))
    zone = ("AUD", "AU", "en_AU", "Australia/Brisbane", studio.now)
    studio.store.directory.add_workspace(Workspace(OTHER, "Other", *zone))
    with studio.store.transaction(OTHER) as tx:
        for role in Role:
            tx.people.save_member(Member(OTHER, role.value.capitalize(), role))
        tx.contacts.add(Contact(OTHER, "CON-1", "Olaf", studio.now))
        tx.portals.add(PortalLink(OTHER, digest("portal-olaf"), "CON-1", studio.now))
        tx.opportunities.add(an_opportunity(workspace_id=OTHER, number="OPP-1", contact="CON-1", name="Sled"))
        fields = {"number": "INV-2001", "token": "pay-olaf", "status": InvoiceStatus.SENT, "total": aud(70_00)}
        tx.invoices.add(
            an_invoice(
                workspace_id=OTHER, due_on=date(2026, 3, 25), created_at=studio.now, description="Runners", **fields
            )
        )
    with studio_site.client() as client:
        yield Town(studio_site, client)


def said(answer: Any, *asked: str) -> tuple[int, str, str]:
    """Return all that an answer says, without what was asked for."""
    text = answer.text
    for one in asked:
        text = text.replace(one, "#")
    return answer.status_code, answer.headers.get("content-type", ""), text


def test_a_client_of_another_workspace_finds_no_paper_by_its_number(town: Town) -> None:
    before = town.rows()
    for place in ("payments/{}", "credit-notes/{}.pdf"):
        for number in ("pay_1", "INV-1007", "CRN-1", "CN-1001"):
            tried = town.client.get(f"/portal/portal-olaf/{place.format(number)}")
            nothing = town.client.get(f"/portal/portal-olaf/{place.format('nobodys')}")
            assert said(tried) == said(nothing), number
            assert tried.status_code == 404
    assert town.rows() == before


def test_a_client_of_another_workspace_sees_their_own_and_nothing_else(town: Town) -> None:
    before = town.rows()
    addresses = [
        *("/portal/portal-olaf", "/portal/portal-olaf/statement.pdf", "/invoices/pay-olaf.pdf"),
        *("/pay/pay-olaf", "/reminders/portal-olaf/stop"),
    ]
    for address in addresses:
        for query in ("", "?client=CON-1&invoice=INV-1007&contact=CON-1&workspace=ws_studio"):
            answer = town.client.get(address + query)
            assert answer.status_code in {200, 303}, address
            assert not [secret for secret in SECRETS if secret in answer.text], address
    assert town.client.post("/reminders/portal-olaf/stop").status_code == 200
    assert town.rows() == before


@pytest.mark.parametrize("token", ["pay-inv-1007", "portal-1"])
def test_an_altered_address_is_one_that_never_was(town: Town, token: str) -> None:
    altered = [token[:-1], token + "x", token.upper(), token[::-1], f"{token}%20", f"{token}%00", digest(token), "%25"]
    kinds = ("/pay/{}", "/invoices/{}.pdf", "/portal/{}", "/portal/{}/statement.pdf", "/reminders/{}/stop")
    before = town.rows()
    for kind in kinds:
        nothing = said(town.client.get(kind.format("nobodys")))
        assert nothing[0] == 404
        for one in altered:
            assert said(town.client.get(kind.format(one))) == nothing, (kind, one)
            if kind.startswith(("/pay", "/reminders")):
                assert town.client.post(kind.format(one), data={"amount": "5"}).status_code == 404
    assert town.rows() == before


def test_the_token_of_one_kind_of_address_opens_no_other(town: Town) -> None:
    ticket = town.ticket(town.site.studio.id, Page.PAYMENTS)
    connect = town.site.ticket()
    for address in ("/portal/{}", "/reminders/{}/stop"):
        for token in ("pay-inv-1007", ticket, connect):
            assert town.client.get(address.format(token)).status_code == 404
    for address in ("/pay/{}", "/invoices/{}.pdf"):
        for token in ("portal-1", ticket, connect):
            assert town.client.get(address.format(token)).status_code == 404
    for token in ("portal-1", "pay-inv-1007", connect):
        assert town.client.get(f"/open/{token}").status_code == 404
    for token in ("portal-1", "pay-inv-1007", ticket):
        assert town.client.get("/stripe/connect", params={"token": token}).status_code == 400


@pytest.mark.parametrize("role", list(Role))
def test_a_colleague_elsewhere_reads_no_line_of_the_log_or_the_report(town: Town, role: Role) -> None:
    before = town.rows()
    queries = ["", "?client=CON-1", "?client=Bluebird", "?invoice=INV-1007", "?before=pay_1", "?workspace=ws_studio"]
    for page, path in PAGES.items():
        if not role.allows(page.role):
            assert town.client.get(f"/open/{town.ticket(OTHER, page, role.value.capitalize())}").status_code == 404
            continue
        browser = town.inside(OTHER, page, role.value.capitalize())
        for address in (path, "/payments.csv") if page is Page.PAYMENTS else (path,):
            for query in queries:
                answer = browser.get(address + query)
                asked = query.partition("=")[2]
                assert answer.status_code < 500
                assert not [one for one in SECRETS if one in answer.text.replace(asked or "?", "")], address + query
        for asked, nobodys in (("INV-1007", "INV-8888"), ("pay_1", "pay_8")):
            name = "before" if asked.startswith("pay") else "invoice"
            tried, nothing = browser.get(f"{path}?{name}={asked}"), browser.get(f"{path}?{name}={nobodys}")
            assert said(tried, asked) == said(nothing, nobodys)
    assert town.rows() == before


def test_a_wrong_or_ended_session_is_none(town: Town) -> None:
    studio = town.site.studio
    browser = town.inside(studio.id, Page.PAYMENTS)
    assert "Bluebird" in browser.get("/payments").text
    session = next(iter(browser.cookies.jar)).value or ""
    nothing = said(town.browser().get("/payments"))
    assert nothing[0] == 404
    for altered in ("", session[:-1], session.swapcase(), digest(session), session + "x", "portal-1", "pay-inv-1007"):
        for address in ("/payments", "/payments.csv", "/report"):
            answer = town.browser().get(address, headers={"cookie": f"__Host-evie={altered}"})
            assert said(answer) == nothing, (address, altered)
    studio.now += SESSION_LIFETIME
    assert said(browser.get("/payments")) == nothing


def test_a_ticket_opens_nothing_from_another_site_twice_or_too_late(town: Town) -> None:
    studio = town.site.studio
    shut = said(town.browser().post("/open/nobodys", headers=SAME))
    assert shut[0] == 404
    ticket = town.ticket(studio.id, Page.PAYMENTS)
    for headers in (
        *({"sec-fetch-site": site} for site in ("cross-site", "same-site", "none", "")),
        *({"origin": origin} for origin in ("https://evil.example", "http://evie.example.evil.example", "x")),
    ):
        assert said(town.browser().post(f"/open/{ticket}", headers=headers)) == shut, headers
    assert town.browser().post(f"/open/{ticket}", headers=SAME).status_code == 303
    assert said(town.browser().post(f"/open/{ticket}", headers=SAME)) == shut
    late = town.ticket(studio.id, Page.PAYMENTS)
    studio.now += TICKET_LIFETIME + timedelta(seconds=1)
    assert said(town.browser().post(f"/open/{late}", headers=SAME)) == shut


def test_every_form_that_posts_goes_to_an_address_that_only_its_reader_knows(town: Town) -> None:
    """No cookie decides what these forms do, so no other site can send them for somebody: the address is the secret."""
    posting = {
        route.path
        for route in town.site.app().routes
        if isinstance(route, Route)
        and "POST" in (route.methods or ())
        and not re.match(r"/(stripe/webhook|slack)", route.path)
    }
    assert posting == {"/pay/{token}", "/reminders/{token}/stop", "/open/{token}"}
    before = town.rows()
    for path in posting:
        assert (
            town.inside(town.site.studio.id, Page.REPORT)
            .post(path.format(token="nobodys"), headers=SAME, data={"amount": "5"})
            .status_code
            == 404
        )
    changed = {"page_tickets", "audit_entries"}
    assert {k: v for k, v in town.rows().items() if k not in changed} == {
        k: v for k, v in before.items() if k not in changed
    }


def test_another_browser_cannot_finish_connecting_and_a_ticket_works_once(town: Town) -> None:
    studio = town.site.studio
    token = town.site.ticket()
    begun = town.browser().get("/stripe/connect", params={"token": token})
    assert begun.status_code == 303
    state = re.search(r"state=([\w-]+)", begun.headers["location"])
    assert state
    before = town.rows()
    for cookie in ("", "evie_connect=x", f"evie_connect={state[1]}", f"evie_connect={digest(token)}"):
        asked = {"state": state[1], "code": "ac_1"}
        answer = town.browser().get("/stripe/callback", params=asked, headers={"cookie": cookie})
        assert answer.status_code == 400
        assert not [secret for secret in SECRETS if secret in answer.text]
    assert town.rows() == before
    nothing = said(town.browser().get("/stripe/connect", params={"token": "nobodys"}))
    for altered in (token[:-1], token.swapcase(), digest(token)):
        assert said(town.browser().get("/stripe/connect", params={"token": altered})) == nothing
    assert studio.id not in nothing[2]
