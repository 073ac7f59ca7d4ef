"""Contacts and deals: added, found, changed and listed."""

from __future__ import annotations

import pytest

from tests.support.studio import Studio


def test_a_contact_is_added_and_found(studio: Studio) -> None:
    made = studio.done("create_contact", name="Mia Chen", company="Lotus Cafe", email="mia@lotus.example", phone="1")
    assert made.text == "Added Lotus Cafe as CON-4."
    assert studio.done("find_contacts", query="mia").text == "Lotus Cafe: mia@lotus.example."
    assert studio.done("find_contacts", query="lotus.example").result == {"contacts": ["CON-4"]}


@pytest.mark.parametrize("email", ["nobody", "a@b", "a@b.example\nBcc: x@y.example", "a b@c.example", "<a@b.example>"])
def test_what_is_no_address_is_refused(studio: Studio, email: str) -> None:
    assert studio.run("create_contact", name="Mia", email=email).status == "failed"


def test_all_contacts_are_listed_and_strangers_are_not_found(studio: Studio) -> None:
    assert studio.done("find_contacts").text == "3 contacts."
    assert studio.done("find_contacts", query="Zebedee").text == "No contact fits “Zebedee”."
    assert studio.done("find_contacts", query="Ned").text == "Ned Ash: no e-mail address yet."


def test_a_deal_is_opened_in_the_workspaces_currency(studio: Studio) -> None:
    made = studio.done("create_opportunity", name="Ash album", contact="CON-2", amount="1800", stage="proposal")
    assert made.text == "Created OPP-4: Ash album, A$1,800.00."
    assert studio.opportunity("OPP-4").stage == "proposal"


def test_a_deal_may_have_neither_client_nor_value(studio: Studio) -> None:
    assert studio.done("create_opportunity", name="Idea", currency="EUR").text == "Created OPP-4: Idea, no value yet."
    assert studio.opportunity("OPP-4").currency == "EUR"


def test_a_deal_is_changed_where_it_was_said(studio: Studio) -> None:
    changed = studio.done("update_opportunity", opportunity="OPP-2", name="Ash portraits", amount="900", stage="won")
    assert changed.text == "Updated Ash portraits: won, A$900.00."
    studio.done("update_opportunity", opportunity="OPP-2", contact="CON-3")
    assert studio.opportunity("OPP-2").contact == "CON-3"


def test_a_change_without_a_change_is_asked_back(studio: Studio) -> None:
    assert studio.run("update_opportunity", opportunity="OPP-2").status == "asked"


def test_a_deal_without_a_client_can_be_changed(studio: Studio) -> None:
    studio.done("create_opportunity", name="Idea")
    assert (
        studio.done("update_opportunity", opportunity="OPP-4", stage="lost").text == "Updated Idea: lost, no value yet."
    )


def test_deals_are_listed_by_stage_word_and_client(studio: Studio) -> None:
    assert studio.done("list_opportunities").text == "3 opportunities."
    assert studio.done("list_opportunities", stage="won").result == {"opportunities": ["OPP-3"]}
    assert studio.done("list_opportunities", query="bluebird").result == {"opportunities": ["OPP-1"]}
    assert studio.done("list_opportunities", query="broch").text == "1 opportunity."
    assert studio.done("list_opportunities", query="zebra").text == "No opportunity fits."
