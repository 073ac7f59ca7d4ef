"""Who a Slack user is to Evie, and what they may do at first."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from billing.errors import ProviderRefused
from billing.roles import Role
from billing.workspaces import Member
from bot.slack.client import web_client
from bot.slack.members import Members, Stranger
from bot.slack.parts import SlackParts
from tests.support.slack import Fault
from tests.support.slack_office import OFFICE, Office


def with_admins(office: Office, *admins: str) -> Members:
    client = web_client(office.slack.config, office.slack.config.bot_token)
    return Members(lambda _: client, office.store, admins)


def test_a_known_member_is_found_without_asking_slack(office: Office, slack_parts: SlackParts) -> None:
    assert slack_parts.members.of(office.workspace(), "U1") == Member(OFFICE, "Ada", Role.ADMIN, "U1")
    assert office.slack.calls == []


def test_a_new_colleague_is_a_viewer_and_asked_for_once(office: Office, slack_parts: SlackParts) -> None:
    for _ in range(2):
        assert slack_parts.members.of(office.workspace(), "U2") == Member(OFFICE, "Sam", Role.VIEWER, "U2")
    assert len(office.slack.called("users.info")) == 1


def test_two_first_messages_at_once_make_one_member(office: Office, slack_parts: SlackParts) -> None:
    workspace = office.workspace()
    with ThreadPoolExecutor(4) as threads:
        found = set(threads.map(lambda _: slack_parts.members.of(workspace, "U2"), range(4)))
    assert found == {Member(OFFICE, "Sam", Role.VIEWER, "U2")}
    assert office.members() == {"Ada": Role.ADMIN, "Sam": Role.VIEWER}


@pytest.mark.parametrize("flag", ["is_owner", "is_admin"])
def test_slacks_owners_and_admins_are_admins(office: Office, slack_parts: SlackParts, flag: str) -> None:
    office.slack.add_user("U3", "Oda", **{flag: True})
    assert slack_parts.members.of(office.workspace(), "U3") == Member(OFFICE, "Oda", Role.ADMIN, "U3")


def test_where_admins_are_set_nobody_else_is_one(office: Office) -> None:
    office.slack.add_user("U3", "Oda", is_owner=True)
    members = with_admins(office, "U2")
    assert members.of(office.workspace(), "U3") == Member(OFFICE, "Oda", Role.VIEWER, "U3")
    assert members.of(office.workspace(), "U2") == Member(OFFICE, "Sam", Role.ADMIN, "U2")


def test_who_becomes_an_admin_by_the_settings_is_one_from_then_on(office: Office, slack_parts: SlackParts) -> None:
    slack_parts.members.of(office.workspace(), "U2")
    assert with_admins(office, "U2").of(office.workspace(), "U2") == Member(OFFICE, "Sam", Role.ADMIN, "U2")
    assert office.members()["Sam"] is Role.ADMIN


def test_a_role_that_was_given_stays(office: Office, slack_parts: SlackParts) -> None:
    member = slack_parts.members.of(office.workspace(), "U2")
    assert isinstance(member, Member)
    with office.store.transaction(OFFICE) as tx:
        tx.people.save_member(replace(member, role=Role.EDITOR))
    assert slack_parts.members.of(office.workspace(), "U2") == Member(OFFICE, "Sam", Role.EDITOR, "U2")


def test_nobody_becomes_somebody_else_by_taking_their_name(office: Office, slack_parts: SlackParts) -> None:
    with office.store.transaction(OFFICE) as tx:
        tx.people.save_member(Member(OFFICE, "Kim", Role.ADMIN))
    office.slack.add_user("U4", "ada")
    office.slack.add_user("U5", " Kim ")
    office.slack.add_user("U6", "Kim")
    assert slack_parts.members.of(office.workspace(), "U4") == Member(OFFICE, "ada 2", Role.VIEWER, "U4")
    assert slack_parts.members.of(office.workspace(), "U5") == Member(OFFICE, "Kim 2", Role.VIEWER, "U5")
    assert slack_parts.members.of(office.workspace(), "U6") == Member(OFFICE, "Kim 3", Role.VIEWER, "U6")


@pytest.mark.parametrize(
    "flags",
    [
        {"is_restricted": True},
        {"is_ultra_restricted": True},
        {"is_bot": True},
        {"is_workflow_bot": True},
        {"is_stranger": True},
        {"team_id": "T0OTHER"},
        {"deleted": True},
    ],
)
def test_guests_bots_and_people_of_other_teams_are_strangers(
    office: Office, slack_parts: SlackParts, flags: dict[str, object]
) -> None:
    office.slack.add_user("U7", "Zed", **flags)
    stranger = slack_parts.members.of(office.workspace(), "U7")
    assert isinstance(stranger, Stranger)
    assert stranger.name == "Zed"
    assert office.members() == {"Ada": Role.ADMIN}


def test_somebody_of_the_same_organisation_who_is_in_the_team_is_welcome(
    office: Office, slack_parts: SlackParts
) -> None:
    team = office.workspace().slack_team_id
    office.slack.add_user("U8", "Una", team_id="E0ORG", enterprise_user={"teams": [team]})
    assert slack_parts.members.of(office.workspace(), "U8") == Member(OFFICE, "Una", Role.VIEWER, "U8")


def test_a_person_without_a_name_is_called_by_what_slack_has(office: Office, slack_parts: SlackParts) -> None:
    office.slack.users["U9"] = {"id": "U9", "team_id": office.workspace().slack_team_id, "profile": {}, "name": "kai"}
    office.slack.users["U10"] = {"id": "U10", "team_id": office.workspace().slack_team_id}
    assert slack_parts.members.of(office.workspace(), "U9").name == "kai"
    assert slack_parts.members.of(office.workspace(), "U10").name == "U10"


def test_a_dead_token_is_no_reason_to_turn_people_away(office: Office, slack_parts: SlackParts) -> None:
    office.slack.fail("users.info", Fault(error="token_revoked"))
    with pytest.raises(ProviderRefused, match="does not accept my token"):
        slack_parts.members.of(office.workspace(), "U2")
