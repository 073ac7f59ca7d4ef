"""Connecting Stripe, as the browser lives it: there, back, and every way in which it does not work out."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from billing.connecting import open_ticket
from billing.queues import OutboxKind
from billing.workspaces import Workspace
from tests.support.gateway import Account

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from tests.support.site import StudioSite


def state_of(client: TestClient, ticket: str) -> str:
    answer = client.get("/stripe/connect", params={"token": ticket})
    assert answer.status_code == 303
    return parse_qs(urlsplit(answer.headers["location"]).query)["state"][0]


def test_a_ticket_leads_to_stripe_and_back_to_a_page_that_says_connected(studio_site: StudioSite) -> None:
    with studio_site.client() as client:
        state = state_of(client, studio_site.ticket())
        answer = client.get("/stripe/callback", params={"state": state, "code": "good"})
    assert answer.status_code == 200
    for said in ("Connected", "Studio Pty Ltd", "acct_studio", "Test: no real money moves"):
        assert said in answer.text
    (told,) = studio_site.studio.outbox(OutboxKind.SAY)
    assert told.payload["conversation"] == "c1"


def test_real_money_is_named(studio_site: StudioSite) -> None:
    studio_site.studio.done("disconnect_stripe")
    studio_site.studio.stripe.account = Account("acct_live", livemode=True, business_name="")
    with studio_site.client() as client:
        state = state_of(client, studio_site.ticket())
        answer = client.get("/stripe/callback", params={"state": state, "code": "good"})
    assert "Live: payments are real" in answer.text
    assert "acct_live" in answer.text


def test_a_ticket_works_once(studio_site: StudioSite) -> None:
    ticket = studio_site.ticket()
    with studio_site.client() as client:
        state = state_of(client, ticket)
        assert client.get("/stripe/callback", params={"state": state, "code": "good"}).status_code == 200
        answer = client.get("/stripe/connect", params={"token": ticket})
    assert answer.status_code == 400
    assert "was used already" in answer.text


def test_a_preview_of_the_link_does_not_use_the_ticket_up(studio_site: StudioSite) -> None:
    ticket = studio_site.ticket()
    with studio_site.client() as preview:
        state_of(preview, ticket)
    with studio_site.client() as client:
        state = state_of(client, ticket)
        assert "Connected" in client.get("/stripe/callback", params={"state": state, "code": "good"}).text


def test_a_stolen_state_ends_on_a_page_that_says_so_and_connects_nothing(studio_site: StudioSite) -> None:
    with studio_site.client() as client:
        state = state_of(client, studio_site.ticket())
    with studio_site.client() as thief:
        answer = thief.get("/stripe/callback", params={"state": state, "code": "good"})
    assert answer.status_code == 400
    assert "another browser" in answer.text
    assert not studio_site.studio.outbox(OutboxKind.SAY)


def test_the_ticket_is_held_where_scripts_and_other_sites_do_not_reach_it(studio_site: StudioSite) -> None:
    with studio_site.client() as client:
        cookie = client.get("/stripe/connect", params={"token": studio_site.ticket()}).headers["set-cookie"].lower()
    for said in ("httponly", "samesite=lax", "secure", "path=/stripe", "max-age=1800"):
        assert said in cookie


def test_an_account_of_another_workspace_ends_on_a_page_that_says_so(studio_site: StudioSite) -> None:
    studio = studio_site.studio
    other = Workspace("ws_other", "Other", "AUD", "AU", "en_AU", "Australia/Brisbane", studio.now)
    studio.store.directory.add_workspace(other)
    with studio.store.transaction("ws_other") as tx:
        ticket = open_ticket(tx, member="Admin", conversation="c1", now=studio.now)
    with studio_site.client() as client:
        answer = client.get("/stripe/callback", params={"state": state_of(client, ticket), "code": "good"})
    assert answer.status_code == 400
    assert "connected to another workspace already" in answer.text


def test_a_stale_state_ends_on_a_page_that_says_so(studio_site: StudioSite) -> None:
    with studio_site.client() as client:
        state = state_of(client, studio_site.ticket())
        studio_site.studio.now += timedelta(hours=1)
        answer = client.get("/stripe/callback", params={"state": state, "code": "good"})
    assert answer.status_code == 400
    assert "This link has expired." in answer.text


def test_a_program_that_only_looks_does_not_use_the_ticket_up(studio_site: StudioSite) -> None:
    ticket = studio_site.ticket()
    with studio_site.client() as client:
        assert client.head("/stripe/connect", params={"token": ticket}).status_code == 200
        state = state_of(client, ticket)
        assert client.head("/stripe/callback", params={"state": state, "code": "good"}).status_code == 200
        assert "Connected" in client.get("/stripe/callback", params={"state": state, "code": "good"}).text


@pytest.mark.parametrize("query", ["", "token=", "token=made-up", "token=%00", "token=%ed%a0%80", "token=a&token=b"])
def test_what_is_no_ticket_is_refused(studio_site: StudioSite, query: str) -> None:
    with studio_site.client() as client:
        answer = client.get(f"/stripe/connect?{query}")
    assert answer.status_code == 400
    assert "Stripe was not connected" in answer.text


def test_an_old_ticket_is_refused(studio_site: StudioSite) -> None:
    ticket = studio_site.ticket()
    studio_site.studio.now += timedelta(hours=1)
    with studio_site.client() as client:
        assert client.get("/stripe/connect", params={"token": ticket}).status_code == 400


def test_a_person_who_declines_at_stripe_reads_that_nothing_has_changed(studio_site: StudioSite) -> None:
    with studio_site.client() as client:
        state = state_of(client, studio_site.ticket())
        answer = client.get("/stripe/callback", params={"state": state, "error": "access_denied"})
    assert answer.status_code == 400
    assert "Nothing has changed" in answer.text


@pytest.mark.parametrize("query", ["", "state=made-up&code=good", "code=good", "state=&code="])
def test_a_return_that_nobody_asked_for_is_refused(studio_site: StudioSite, query: str) -> None:
    with studio_site.client() as client:
        answer = client.get(f"/stripe/callback?{query}")
    assert answer.status_code == 400
    assert "Evie does not know this link." in answer.text


def test_a_code_that_stripe_does_not_take_is_refused(studio_site: StudioSite) -> None:
    with studio_site.client() as client:
        state = state_of(client, studio_site.ticket())
        answer = client.get("/stripe/callback", params={"state": state, "code": "bad"})
    assert answer.status_code == 400
    assert "That approval has expired." in answer.text


def test_a_return_works_once(studio_site: StudioSite) -> None:
    with studio_site.client() as client:
        state = state_of(client, studio_site.ticket())
        for expected in (200, 400):
            answer = client.get("/stripe/callback", params={"state": state, "code": "good"})
            assert answer.status_code == expected
    assert "was used already" in answer.text
