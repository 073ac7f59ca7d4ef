"""A ticket opens a page once, for one person; whatever is wrong with one, the answer is the same."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

import pytest

from billing.page_tickets import SESSION_LIFETIME, TICKET_LIFETIME, PageDoor, Visitor, page_ticket
from billing.pages import Page
from billing.roles import Role
from billing.workspaces import AWAY, Member, Workspace
from tests.support.studio import Studio


@pytest.fixture
def door(studio: Studio) -> PageDoor:
    return PageDoor(studio.store, studio.clock)


def ticket(studio: Studio, member: str = "Viewer") -> str:
    with studio.store.transaction(studio.id) as tx:
        return page_ticket(tx, Page.PAYMENTS, member=member, now=studio.now, query={"type": "refund"})


def test_a_ticket_becomes_a_session_that_knows_who_it_is(studio: Studio, door: PageDoor) -> None:
    entered = door.enter(ticket(studio))
    assert entered is not None
    assert (entered.page, entered.query) == (Page.PAYMENTS, {"type": "refund"})
    assert entered.expires_at == studio.now + SESSION_LIFETIME
    assert door.visitor(entered.session, Page.PAYMENTS) == Visitor(studio.id, "Viewer", Role.VIEWER)


def test_a_ticket_works_once(studio: Studio, door: PageDoor) -> None:
    token = ticket(studio)
    assert door.enter(token) is not None
    assert door.enter(token) is None


def test_a_ticket_and_a_session_end(studio: Studio, door: PageDoor) -> None:
    late, used = ticket(studio), door.enter(ticket(studio))
    assert used is not None
    studio.now += TICKET_LIFETIME
    assert door.enter(late) is None
    assert door.visitor(used.session, Page.PAYMENTS) is not None
    studio.now += SESSION_LIFETIME
    assert door.visitor(used.session, Page.PAYMENTS) is None


def test_who_left_the_slack_sees_no_page_any_more(studio: Studio, door: PageDoor) -> None:
    unused, entered = ticket(studio), door.enter(ticket(studio))
    assert entered is not None
    with studio.store.transaction(studio.id) as tx:
        tx.people.save_member(Member(studio.id, "Viewer", Role.VIEWER, f"{AWAY}U7"))
    assert door.visitor(entered.session, Page.PAYMENTS) is None
    assert door.enter(unused) is None


@pytest.mark.parametrize("made_up", ["", "x", "\udcff", "é" * 300])
def test_what_nobody_handed_out_opens_nothing(door: PageDoor, made_up: str) -> None:
    assert door.enter(made_up) is None
    assert door.visitor(made_up, Page.PAYMENTS) is None


def test_a_tickets_token_is_no_session_and_a_session_no_ticket(studio: Studio, door: PageDoor) -> None:
    token = ticket(studio)
    assert door.visitor(token, Page.PAYMENTS) is None
    entered = door.enter(token)
    assert entered is not None
    assert door.visitor(token, Page.PAYMENTS) is None
    assert door.enter(entered.session) is None


def test_who_is_no_member_gets_in_neither_by_ticket_nor_by_session(studio: Studio, door: PageDoor) -> None:
    assert door.enter(ticket(studio, "Somebody")) is None
    entered = door.enter(ticket(studio))
    assert entered is not None
    studio.store.directory.add_workspace(
        Workspace("ws_other", "Other", "AUD", "AU", "en_AU", "Australia/Brisbane", studio.now)
    )
    with studio.store.transaction("ws_other") as tx:
        tx.people.save_member(Member("ws_other", "Viewer", Role.ADMIN))
    assert door.visitor(entered.session, Page.PAYMENTS) == Visitor(studio.id, "Viewer", Role.VIEWER)


def test_a_page_that_needs_more_than_the_role_stays_shut(
    studio: Studio, door: PageDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = ticket(studio)
    entered = door.enter(ticket(studio))
    assert entered is not None
    monkeypatch.setattr(Page, "role", Role.ADMIN)
    assert door.enter(token) is None
    assert door.visitor(entered.session, Page.PAYMENTS) is None


def test_tickets_that_are_over_are_forgotten_when_the_next_is_made(studio: Studio) -> None:
    token = ticket(studio)
    studio.now += TICKET_LIFETIME + timedelta(seconds=1)
    ticket(studio)
    digests = _hashes(token)
    assert studio.store.directory.page_ticket(token_hash=digests) is None


def test_neither_token_nor_session_is_stored(studio: Studio, door: PageDoor) -> None:
    token = ticket(studio)
    entered = door.enter(token)
    assert entered is not None
    stored = studio.store.directory.page_ticket(token_hash=_hashes(token))
    assert stored is not None
    assert token not in repr(stored)
    assert entered.session not in repr(stored)


def _hashes(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def test_looking_at_a_ticket_leaves_it_as_it_is(studio: Studio, door: PageDoor) -> None:
    token = ticket(studio)
    assert [door.leads_to(token), door.leads_to(token)] == [Page.PAYMENTS, Page.PAYMENTS]
    assert door.leads_to("unknown") is None
    assert door.leads_to(ticket(studio, "Somebody")) is None
    door.enter(token)
    assert door.leads_to(token) is None
