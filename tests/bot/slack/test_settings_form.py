"""The settings that an admin clicks: shown as they are, changed where something was changed, and shown as set."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from billing.roles import Role
from billing.workspaces import AWAY, Channel, Member, NotificationRoute
from tests.support.books import a_contact
from tests.support.records import an_opportunity
from tests.support.slack_office import OFFICE, Office

Json = dict[str, Any]

ALL_OF_IT: Json = {
    "payment_terms": "30",
    "reminders": "on",
    "digest_channel": "C1",
    "digest_hour": "8",
    "asked_channel": "C3",
    "payment_failed": "C3",
}


@pytest.fixture(autouse=True)
def books(office: Office) -> None:
    with office.store.transaction(OFFICE) as tx:
        tx.people.save_member(Member(OFFICE, "Vic", Role.VIEWER, "U2"))
        tx.people.save_channel(Channel(OFFICE, "#help", "C3"))
        tx.contacts.add(a_contact(workspace_id=OFFICE, company="Bluebird"))
        tx.opportunities.add(an_opportunity(workspace_id=OFFICE))


def opened(office: Office, user: str = "U1") -> Json:
    card = {"channel": "C1", "ts": "5.1", "text": "Home", "blocks": []}
    return office.opens(office.slack.click("evie_form_0", "settings", card, user=user))


def shown(view: Json) -> Json:
    """Return what the fields hold, as Slack hands it back when nothing is touched."""
    held: Json = {}
    for block in (block for block in view["blocks"] if block["type"] == "input"):
        element = block["element"]
        chosen = (element.get("initial_option") or {}).get("value")
        value = chosen or element.get("initial_value") or element.get("initial_conversation")
        held |= {block["block_id"]: value} if value else {}
    return held


def saved(office: Office, **changes: Any) -> Json:
    """Open the settings, change some fields ("" empties one), save, and return how they are shown then."""
    assert office.submits(opened(office), **changes) == {}
    return shown(opened(office))


def test_whatever_is_set_is_shown_the_next_time(office: Office) -> None:
    before = shown(opened(office))
    assert before == {"payment_terms": "14", "reminders": "off"}
    assert saved(office, **ALL_OF_IT) == before | ALL_OF_IT
    with office.store.transaction(OFFICE) as tx:
        assert tx.people.workspace().payment_terms_days == 30
        schedule, news = tx.reminders.schedule(), tx.news.settings()
    assert schedule is not None
    assert (schedule.active, schedule.set_by) == (True, "Ada")
    assert (news.people, news.digest_channel, news.digest_hour) == ("#help", "#billing", 8)
    said = office.slack.posts[-1]["text"]
    assert "A new invoice is due 30 days later from now on." in said
    assert "A daily digest goes to #billing at 8:00." in said


def test_what_is_emptied_is_switched_off(office: Office) -> None:
    saved(office, **ALL_OF_IT)
    emptied = dict.fromkeys(("digest_channel", "digest_hour", "asked_channel", "payment_failed"), "")
    assert saved(office, **emptied, reminders="off") == {"payment_terms": "30", "reminders": "off"}
    with office.store.transaction(OFFICE) as tx:
        assert tx.people.routes() == []
        assert tx.news.settings().people is None
    assert "No channel hears of “payment failed” any more." in office.slack.posts[-1]["text"]


def test_only_what_was_changed_is_written(office: Office) -> None:
    with office.store.transaction(OFFICE) as tx:
        tx.people.set_route(NotificationRoute(OFFICE, "payment_failed", "#billing"))
    saved(office, payment_terms="7")
    [deed] = office.answers.deeds
    assert [(call.skill, call.arguments) for call in deed.calls] == [("change_settings", {"payment_terms": 7})]


def test_a_deal_gets_a_channel_of_its_own_and_loses_it_again(office: Office) -> None:
    view = opened(office)
    deal = office.slack.typing(view, "evie_choose_opportunity", "bluebird")
    [found] = office.ask(deal)["options"]
    assert office.submits(view, deal=found["value"], deal_channel="C3") == {}
    with office.store.transaction(OFFICE) as tx:
        assert [route.channel for route in tx.news.deal_routes()] == ["#help"]
    view = opened(office)
    assert "OPP-1: #help" in str(view["blocks"])
    assert office.submits(view, deal="OPP-1") == {}
    with office.store.transaction(OFFICE) as tx:
        assert tx.news.deal_routes() == []
    assert office.slack.posts[-1]["text"] == "News about OPP-1 goes where all news goes."


def test_a_colleague_is_asked_for_a_person(office: Office) -> None:
    assert saved(office, asked_member="@Vic")["asked_member"] == "@Vic"
    assert "asked_member" not in saved(office, asked_member="")


def test_a_channel_that_is_not_known_yet_gets_its_name(office: Office) -> None:
    office.slack.add_channel("C9", "numbers")
    saved(office, digest_channel="C9")
    with office.store.transaction(OFFICE) as tx:
        settings = tx.news.settings()
    assert (settings.digest_channel, settings.digest_hour) == ("#numbers", 9)


def test_a_digest_hour_alone_changes_the_hour(office: Office) -> None:
    saved(office, digest_channel="C1", digest_hour="8")
    assert saved(office, digest_hour="17")["digest_hour"] == "17"


@pytest.mark.parametrize(
    ("values", "field", "said"),
    [
        ({"payment_terms": "a month"}, "payment_terms", "number of days"),
        ({"payment_terms": "366"}, "payment_terms", "number of days"),
        ({"payment_terms": ""}, "payment_terms", "number of days"),
        ({"digest_hour": "8"}, "digest_channel", "Choose the channel"),
        ({"asked_member": "@Vic", "asked_channel": "C3"}, "asked_channel", "not both"),
        ({"deal_channel": "C3"}, "deal", "Choose the deal"),
    ],
)
def test_what_cannot_be_set_is_said_at_its_field(office: Office, values: Json, field: str, said: str) -> None:
    errors = office.submits(opened(office), **values)["errors"]
    assert errors.keys() == {field}
    assert said in errors[field]
    assert office.answers.deeds == []


def test_whoever_lost_the_role_while_the_settings_were_open_changes_nothing(office: Office) -> None:
    view = opened(office)
    with office.store.transaction(OFFICE) as tx:
        tx.people.save_member(Member(OFFICE, "Bea", Role.ADMIN, "U7"))
        tx.people.save_member(Member(OFFICE, "Ada", Role.EDITOR, "U1"))
    answer = office.submits(view, payment_terms="30")
    assert "you need to be an admin" in str(answer["view"]["blocks"])
    assert office.answers.deeds == []


def test_what_was_set_can_be_talked_about_afterwards(office: Office) -> None:
    view = opened(office)
    office.submits(view, payment_terms="30")
    for sentence in ("undo that", "do it again"):
        office.hear(office.slack.message(sentence))
    assert len(office.slack.posts) == 3


def test_whoever_has_left_can_neither_be_given_a_role_nor_be_asked(office: Office) -> None:
    with office.store.transaction(OFFICE) as tx:
        tx.people.save_member(Member(OFFICE, "Gone Girl", Role.VIEWER, f"{AWAY}U7"))
        tx.news.save_settings(replace(tx.news.settings(), people="@Gone Girl"))
    view = opened(office)
    assert "Vic: viewer" in str(view["blocks"])
    assert "Gone" not in str(view["blocks"])
    offered = office.ask(office.slack.typing(view, "evie_choose_member", ""))["options"]
    assert [one["value"] for one in offered] == ["@Ada", "@Vic"]
    answer = office.submits(view)
    assert answer["response_action"] == "errors"
