"""Whatever somebody presses, types or sends off in another Slack, or in a lower role, changes and betrays nothing here.

What is sent is signed as Slack signs it, so each of these requests arrives: who it is from decides.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import pytest
from sqlalchemy import select

from billing.hand_overs import HandOver
from billing.invoices import InvoiceStatus
from billing.roles import Role
from billing.workspaces import Member, Workspace
from bot.slack.address import SlackAddress
from bot.slack.commanding import SHORTCUTS, Shortcut
from bot.slack.elements import CONFIRM, COPY, DROP, FEEDBACK, HELPED, MORE, TAKE
from bot.slack.modals.catalogue import FORMS
from bot.slack.modals.fields import CHOOSE
from bot.slack.modals.views import CALLBACK
from skills.registry import SKILLS
from storage import tables
from tests.support.books import a_contact
from tests.support.records import an_invoice, an_opportunity, aud
from tests.support.slack_office import OFFICE, Office
from tests.support.slack_sending import TEAM

Json = dict[str, Any]

OTHER: Final = "ws_other"
ELSEWHERE: Final = "T0OTHER"
UNKNOWN: Final = "T0NOBODY"
SECRETS: Final = ("Bluebird", "Tess", "Ada", "500.00", "Shop sign")
CARD: Final = {"channel": "C1", "ts": "5.1", "text": "Invoice", "blocks": []}
MORE_OF_IT: Final = json.dumps({"skill": "find_contacts", "arguments": {}, "start": 0})


@pytest.fixture(autouse=True)
def books(office: Office) -> None:
    """Records in the office, a second Slack with people in every role, and one viewer in the office."""
    now = office.clock()
    with office.store.transaction(OFFICE) as tx:
        tx.people.save_member(Member(OFFICE, "Vic", Role.VIEWER, "U2"))
        tx.people.save_member(Member(OFFICE, "Edda", Role.EDITOR, "U3"))
        tx.contacts.add(a_contact(workspace_id=OFFICE, name="Tess Blue", company="Bluebird"))
        tx.opportunities.add(an_opportunity(workspace_id=OFFICE, name="Shop sign"))
        fields = {"number": "INV-1", "status": InvoiceStatus.OPEN, "total": aud(500_00), "due_on": date(2026, 4, 1)}
        tx.invoices.add(an_invoice(workspace_id=OFFICE, **fields))
        tx.hand_overs.add(HandOver(OFFICE, "HLP-1", "Vic", f"slack:{TEAM}:C1", "", (("Vic", "help"),), now))
    zone = ("AUD", "AU", "en_AU", "Australia/Brisbane", now)
    office.store.directory.add_workspace(Workspace(OTHER, "Other", *zone, slack_team_id=ELSEWHERE))
    with office.store.transaction(OTHER) as tx:
        for number, role in enumerate(Role):
            tx.people.save_member(Member(OTHER, f"Mallory {role.value}", role, f"U9{number}"))
    office.propose(f"slack:{TEAM}:C1")


def presses() -> Iterator[tuple[str, str]]:
    yield from (
        (CONFIRM, "prop_1"),
        (DROP, "prop_1"),
        (TAKE, "HLP-1"),
        (f"{COPY}_0", "a link"),
        (MORE, MORE_OF_IT),
        (FEEDBACK, HELPED),
    )
    yield ("evie_say_1", "show INV-1")
    yield from (("evie_form_1", f"{form} INV-1") for form in FORMS)


def from_there(payload: Json, team: str) -> Json:
    """Return the request as it comes out of another Slack."""
    return json.loads(json.dumps(payload).replace(TEAM, team))  # type: ignore[no-any-return] # JSON of an object


def kept(office: Office) -> dict[str, list[Any]]:
    """Return the office's rows, without those that only say what was asked."""
    found: dict[str, list[Any]] = {}
    with office.store.engine.connect() as connection:
        for table in tables.METADATA.sorted_tables:
            if "workspace_id" in table.c and table.name not in {"inbox", "outbox"}:
                query = select(table).where(table.c.workspace_id == OFFICE)
                found[table.name] = [tuple(row) for row in connection.execute(query)]
    assert found["invoices"]
    return found


def heard(office: Office, since: int) -> str:
    """Return all that Slack was sent from then on."""
    office.worker.drain()
    return json.dumps(office.slack.calls[since:])


def users() -> list[tuple[str, str]]:
    return [(ELSEWHERE, f"U9{number}") for number in range(len(Role))] + [(UNKNOWN, "U1"), (ELSEWHERE, "U1")]


@pytest.mark.parametrize(("team", "user"), users())
def test_no_button_of_ours_works_in_another_slack(office: Office, team: str, user: str) -> None:
    before, since = kept(office), len(office.slack.calls)
    for action, value in presses():
        payload = from_there(office.slack.click(action, value, dict(CARD), user=user), team)
        assert office.send(payload) == 200, action
    said = heard(office, since)
    assert not [secret for secret in SECRETS if secret in said]
    assert kept(office) == before


@pytest.mark.parametrize(("team", "user"), users())
def test_nobody_elsewhere_is_offered_our_records_while_typing(office: Office, team: str, user: str) -> None:
    view = {"id": "V1", "callback_id": f"{CALLBACK}create_invoice", "private_metadata": "{}", "blocks": []}
    for record in ("opportunity", "contact", "member"):
        for typed in ("", "Bluebird", "Tess", "Ada", "CON-1"):
            asked = office.slack.typing(view, f"{CHOOSE}{record}", typed, user=user)
            offered = json.dumps(office.ask(from_there(asked, team)))
            assert not [secret for secret in SECRETS if secret in offered]
    # Somebody of the office is offered them, so that this test is about who asks.
    own = office.ask(office.slack.typing(view, f"{CHOOSE}contact", "Tess", user="U1"))
    assert "Bluebird" in json.dumps(own)


@pytest.mark.parametrize(("team", "user"), [*users(), (TEAM, "U2")])
@pytest.mark.parametrize("form", FORMS)
def test_a_form_of_ours_that_is_sent_off_by_others_is_not_taken(
    office: Office, form: str, team: str, user: str
) -> None:
    """The window's own metadata names our Slack and our record; the actor is who Slack says it is."""
    assert not Role.VIEWER.allows(SKILLS[FORMS[form].needs].role)
    before, since = kept(office), len(office.slack.calls)
    address = SlackAddress(TEAM, "C1", "U1")
    view = {
        "id": "V1",
        "callback_id": f"{CALLBACK}{form}",
        "private_metadata": json.dumps({"address": address.stored(), "about": "INV-1", "was": {}}),
        "blocks": [],
    }
    payload = office.slack.submission(view, {}, user=user)
    if team != TEAM:
        payload["team"]["id"] = payload["user"]["team_id"] = team
    status = office.send(payload)
    assert status in {200, 400}
    assert not office.rows("inbox")
    said = heard(office, since)
    assert not [secret for secret in SECRETS if secret in said]
    assert kept(office) == before


def test_a_viewer_decides_nothing_that_somebody_else_asked_for(office: Office) -> None:
    before = kept(office)
    for action, value in ((CONFIRM, "prop_1"), (DROP, "prop_1")):
        office.hear(office.slack.click(action, value, dict(CARD), user="U2"))
    after = kept(office)
    for name in ("proposals", "invoices", "hand_overs", "members", "payments", "contacts"):
        assert after[name] == before[name], name


# Everybody of the office's Slack; a guest is no member of Evie's, whatever the workspace.
PEOPLE: Final = {"admin": "U1", "editor": "U3", "viewer": "U2", "guest": "U0GUEST"}
EDITORS: Final = {"admin", "editor"}
MEMBERS: Final = {*EDITORS, "viewer"}


@pytest.fixture
def since(office: Office) -> int:
    """How many calls Slack had when everybody was there."""
    office.slack.add_user("U3", "Edda")
    return len(office.slack.calls)


@pytest.mark.parametrize("who", PEOPLE)
def test_a_request_for_a_person_is_taken_by_editors_and_admins(office: Office, since: int, who: str) -> None:
    before = kept(office)
    office.hear(office.slack.click(TAKE, "HLP-1", dict(CARD), user=PEOPLE[who]))
    with office.store.transaction(OFFICE) as tx:
        assert (tx.hand_overs.get("HLP-1").taken_by is not None) == (who in EDITORS)
    if who not in EDITORS:
        assert kept(office)["hand_overs"] == before["hand_overs"]
        assert kept(office)["audit_entries"] == before["audit_entries"]


@pytest.mark.parametrize("who", PEOPLE)
def test_more_of_a_list_is_shown_to_members_only(office: Office, since: int, who: str) -> None:
    before = kept(office)
    office.hear(office.slack.click(MORE, MORE_OF_IT, dict(CARD), user=PEOPLE[who]))
    assert ("Bluebird" in heard(office, since)) == (who in MEMBERS)
    for name in ("contacts", "invoices", "opportunities", "hand_overs", "proposals"):
        assert kept(office)[name] == before[name], name


@pytest.mark.parametrize("who", PEOPLE)
def test_what_members_think_of_an_answer_is_kept_and_nobody_elses(office: Office, since: int, who: str) -> None:
    office.hear(office.slack.click(FEEDBACK, HELPED, dict(CARD), user=PEOPLE[who]))
    assert (office.rows("audit_entries") != []) == (who in MEMBERS)


@pytest.mark.parametrize("shortcut", SHORTCUTS, ids=lambda shortcut: shortcut.callback_id)
@pytest.mark.parametrize("who", PEOPLE)
def test_a_shortcut_opens_a_form_for_whoever_may_send_it_off(
    office: Office, since: int, who: str, shortcut: Shortcut
) -> None:
    message = {"user": "U1", "text": "Tess Blue wants a sign for 500", "ts": "5.1"}
    if shortcut.type == "message":
        pressed = office.slack.message_shortcut(shortcut.callback_id, message, user=PEOPLE[who])
    else:
        pressed = office.slack.shortcut(shortcut.callback_id, user=PEOPLE[who])
    if who in EDITORS:
        office.opens(pressed)
    else:
        assert office.refuses(pressed)
        assert office.slack.called("views.open") == []
        assert not [secret for secret in ("Bluebird", "Shop sign") if secret in heard(office, since)]
