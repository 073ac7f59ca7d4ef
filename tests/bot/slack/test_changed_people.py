"""Who becomes a guest or is deactivated in Slack loses role and figures, and is a viewer when they come back."""

from __future__ import annotations

from typing import Any

import pytest

from billing.queues import OutboxKind
from billing.roles import Role
from billing.workspaces import Member
from bot.slack.members import Members
from tests.support.slack import Fault
from tests.support.slack_office import OFFICE, Office

SAM = "U2"


@pytest.fixture(autouse=True)
def _sam(office: Office) -> None:
    with office.store.transaction(OFFICE) as tx:
        tx.people.save_member(Member(OFFICE, "Sam", Role.EDITOR, SAM))


def becomes(office: Office, user: str, name: str, **flags: Any) -> None:
    """Let Slack change what somebody is, and tell of it."""
    office.slack.add_user(user, name, **flags)
    office.hear(office.slack.event({"type": "user_change", "user": office.slack.users[user]}))


def audited(office: Office) -> list[tuple[str, dict[str, Any]]]:
    with office.store.transaction(OFFICE) as tx:
        return [(entry.front, dict(entry.arguments)) for entry in tx.talk.audit_entries(limit=9)]


@pytest.mark.parametrize(
    ("flags", "sentence"),
    [
        ({"is_restricted": True}, "I do not show billing to guests."),
        ({"is_ultra_restricted": True}, "I do not show billing to guests."),
        ({"deleted": True}, "This account is deactivated."),
    ],
)
def test_who_is_no_full_member_any_more_is_answered_nothing(
    office: Office, flags: dict[str, Any], sentence: str
) -> None:
    becomes(office, SAM, "Sam", **flags)
    assert office.members()["Sam"] is Role.VIEWER
    assert audited(office) == [("slack", {"member": "@Sam", "role": "none"})]
    assert sentence in str(office.slack.homes[SAM])
    office.hear(office.slack.message("show unpaid invoices", user=SAM, channel="D2"))
    assert office.answers.requests == []
    assert office.told()[-1].startswith(sentence)
    typed = office.slack.typing({"id": "V1"}, "evie_choose_contact", "", user=SAM)
    assert office.ask(typed) == {"options": []}


def test_who_is_a_full_member_again_is_the_same_person_and_a_viewer(office: Office) -> None:
    becomes(office, SAM, "Sam", is_restricted=True)
    becomes(office, SAM, "Sam")
    office.hear(office.slack.message("hello", user=SAM, channel="D2"))
    assert office.answers.requests[0].actor.member == "Sam"
    assert office.members() == {"Ada": Role.ADMIN, "Sam": Role.VIEWER}
    assert audited(office)[0] == ("slack", {"member": "@Sam", "role": "viewer"})


def test_who_came_back_unheard_is_let_in_when_they_write(office: Office) -> None:
    becomes(office, SAM, "Sam", deleted=True)
    office.slack.add_user(SAM, "Sam")
    office.hear(office.slack.message("hello", user=SAM, channel="D2"))
    assert office.members() == {"Ada": Role.ADMIN, "Sam": Role.VIEWER}


def test_who_installs_evie_after_coming_back_is_the_same_person(office: Office) -> None:
    becomes(office, SAM, "Sam", deleted=True)
    members = Members(lambda _: pytest.fail("Slack is not asked"), office.store)
    assert members.admit(office.workspace(), SAM, office.slack.users[SAM], Role.ADMIN).name == "Sam"
    assert office.members() == {"Ada": Role.ADMIN, "Sam": Role.ADMIN}


def test_a_new_status_or_a_stranger_is_of_no_interest(office: Office) -> None:
    becomes(office, SAM, "Sam", profile={"display_name": "Sam", "status_text": "Lunch"})
    becomes(office, "U0GUEST", "Gil", is_restricted=True)
    elsewhere = {"type": "user_change", "user": {"id": SAM, "deleted": True}}
    authorizations = [{"enterprise_id": None, "team_id": "T0OTHER", "user_id": "U9", "is_bot": True}]
    office.hear(office.slack.event(elsewhere, team_id="T0OTHER", authorizations=authorizations))
    assert office.rows("inbox") == []
    assert office.members()["Sam"] is Role.EDITOR


def test_slacks_own_word_counts_and_not_what_the_event_says(office: Office) -> None:
    office.hear(office.slack.event({"type": "user_change", "user": {"id": SAM, "deleted": True}}))
    assert office.members()["Sam"] is Role.EDITOR


def test_where_slack_is_away_it_is_looked_at_later_and_nobody_is_written_to(office: Office) -> None:
    office.slack.fail("users.info", Fault(status=503))
    becomes(office, SAM, "Sam", deleted=True)
    assert office.members()["Sam"] is Role.EDITOR
    office.clock.advance(seconds=60)
    office.worker.drain()
    assert office.members()["Sam"] is Role.VIEWER
    assert office.told() == []


def test_where_slack_does_not_say_who_it_is_nobody_is_written_to(office: Office) -> None:
    office.slack.fail("users.info", Fault("missing_scope"))
    becomes(office, SAM, "Sam", deleted=True)
    assert [row["last_error"] for row in office.rows("inbox")] != [""]
    assert office.rows("outbox") == []


def test_the_business_is_told_when_its_only_admin_goes(office: Office) -> None:
    becomes(office, "U1", "Ada", deleted=True)
    assert set(office.members().values()) == {Role.VIEWER, Role.EDITOR}
    (row,) = [row for row in office.rows("outbox") if row["kind"] == OutboxKind.ALERT]
    assert row["payload"]["text"] == (
        "Ada, the only admin, was deactivated or made a guest in Slack. "
        "Name another one by their Slack id in EVIE_ADMINS."
    )
