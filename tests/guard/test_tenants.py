"""Whoever works in one workspace reads nothing of another's, changes nothing there, and cannot tell what is there.

Every skill is tried with every number of the other workspace, in every role: the answer is the one for a number that
nobody has.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from typing import Any, Final

import pytest
from sqlalchemy import select

from billing.conversations import Actor, Proposal, ProposalState, SkillCall
from billing.hand_overs import HandOver
from billing.roles import Role
from billing.workspaces import Member, Workspace
from bot.assistant.requests import Press
from skills.arguments import ArgumentType
from skills.registry import SKILLS
from skills.runner import Ran, Runner
from skills.spec import Argument, Effect
from storage import SqlStore, tables
from tests.support.assisting import Chat
from tests.support.studio import Studio

OTHER: Final = "ws_other"
# What stands in the records of the workspace that is not ours; none of it may be in an answer.
SECRETS: Final = ("Bluebird", "Tess Blue", "tess@bluebird.example", "Ned Ash", "Elm AS", "ida@elm.example", "500.00")
THEIRS: Final = {
    "invoice": ("INV-1001", "INV-1002"),
    "opportunity": ("OPP-1", "OPP-3"),
    "contact": ("CON-1", "CON-2"),
    "automation": ("AUT-1",),
}
NOBODYS: Final = {"invoice": "INV-8888", "opportunity": "OPP-8888", "contact": "CON-8888", "automation": "AUT-8888"}
# What the other arguments are filled with.
VALUES: Final[dict[str, Any]] = {
    "amount": "5.00",
    "percent": "10",
    "currency": "AUD",
    "date": "2026-04-01",
    "period": {"from": "2026-01-01", "to": "2026-12-31"},
    "channel": "#billing",
    "member": "@Mallory",
    "email": "mallory@other.example",
    "phone": "+61412345678",
    "duration": "P2D",
    "trigger": "payment_succeeded",
    "action": {"do": "post_message", "channel": "#billing"},
    "bool": True,
}


@pytest.fixture
def theirs(studio: Studio) -> Studio:
    """The studio with books, and beside it a workspace of Mallory's with nothing in it."""
    studio.connect()
    studio.done("create_invoice", opportunity="OPP-1", kind="deposit", amount="500")
    studio.done("create_payment_link", invoice="INV-1001")
    studio.done("create_invoice", opportunity="OPP-3", amount="900")
    studio.done("create_automation", trigger="payment_succeeded", action={"do": "post_message", "channel": "#billing"})
    studio.store.directory.add_workspace(
        Workspace(OTHER, "Other", "AUD", "AU", "en_AU", "Australia/Brisbane", studio.now),
    )
    with studio.store.transaction(OTHER) as tx:
        for role in Role:
            tx.people.save_member(Member(OTHER, f"Mallory {role.value}", role))
    with studio.store.transaction(studio.id) as tx:
        tx.hand_overs.add(HandOver(studio.id, "HLP-1", "Viewer", "c1", "", (("Viewer", "help"),), studio.now))
        tx.talk.save_proposal(_proposal(studio))
    return studio


def _proposal(studio: Studio) -> Proposal:
    call = SkillCall("send_invoice", {"invoice": "INV-1001"})
    ends = studio.now + timedelta(hours=1)
    return Proposal(studio.id, "prop_theirs", "c1", "Admin", (call,), ProposalState.PENDING, studio.now, ends)


def kept(studio: Studio) -> dict[str, list[Any]]:
    """Return every row of the studio's, of every table."""
    store = studio.store
    assert isinstance(store, SqlStore)
    found: dict[str, list[Any]] = {}
    with store.engine.connect() as connection:
        for table in tables.METADATA.sorted_tables:
            owner = table.c.get("workspace_id", table.c.get("id") if table.name == "workspaces" else None)
            query = select(table) if owner is None else select(table).where(owner == studio.id)
            found[table.name] = [tuple(row) for row in connection.execute(query)]
    assert found["invoices"]
    return found


def try_it(studio: Studio, skill: str, role: Role, arguments: dict[str, Any]) -> Ran:
    context = studio.context(role)
    actor = Actor(OTHER, f"Mallory {role.value}", role, "slack")
    with studio.store.transaction(OTHER) as tx:
        workspace = tx.people.workspace()
    inside = type(context)(actor, workspace, "c9", context.key, context.services, context.formats)
    return Runner(SKILLS).run(inside, SkillCall(skill, arguments), confirmed=True)


def calls(skill: str) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield arguments with each number of the other workspace in each place for one, and the same with nobody's."""
    places = [one for one in SKILLS[skill].arguments if one.type.record in THEIRS]
    for place in places:
        around = {one.name: _value(one) for one in SKILLS[skill].arguments if one.required and one is not place}
        for number in THEIRS[place.type.record or ""]:
            unknown = {**around, place.name: NOBODYS[place.type.record or ""]}
            yield {**around, place.name: number}, unknown


def _value(argument: Argument) -> Any:
    kind: ArgumentType = argument.type
    if kind.record in NOBODYS:
        return THEIRS[kind.record][0]
    if kind.name in VALUES:
        return VALUES[kind.name]
    choices = kind.schema.get("enum") if kind.schema else None
    return choices[0] if choices else (VALUES["bool"] if (kind.schema or {}).get("type") == "boolean" else "x")


def said(ran: Ran, number: str) -> str:
    """Return all that is answered, without the number that was asked for."""
    whole = [ran.status, ran.text, ran.error, ran.missing, ran.options, asdict(ran.card) if ran.card else None]
    return json.dumps([*whole, dict(ran.outcome.result) if ran.outcome else None], default=str).replace(number, "#")


WITH_RECORDS: Final = sorted(name for name in SKILLS if any(True for _ in calls(name)))


def test_most_skills_name_a_record() -> None:
    assert len(WITH_RECORDS) > 20


@pytest.mark.parametrize("skill", WITH_RECORDS)
def test_no_skill_reads_changes_or_betrays_a_record_of_another_workspace(theirs: Studio, skill: str) -> None:
    before = kept(theirs)
    for tried, unknown in calls(skill):
        number = next(str(value) for name, value in tried.items() if value != unknown[name])
        nobodys = next(str(value) for name, value in unknown.items() if value != tried[name])
        for role in Role:
            answer = said(try_it(theirs, skill, role, tried), number)
            assert answer == said(try_it(theirs, skill, role, unknown), nobodys), (tried, role)
            assert not [secret for secret in SECRETS if secret in answer], (tried, role)
    assert kept(theirs) == before


@pytest.mark.parametrize("skill", sorted(SKILLS))
def test_no_skill_finds_another_workspaces_records_by_their_names(theirs: Studio, skill: str) -> None:
    before = kept(theirs)
    entry = SKILLS[skill]
    named = {
        one.name: "Bluebird" if one.type.record or one.type.name in {"query", "name"} else _value(one)
        for one in entry.arguments
        if one.required or one.type.record or one.name == "query"
    }
    for role in Role:
        answer = said(try_it(theirs, skill, role, named), "Bluebird")
        assert not [secret for secret in SECRETS[1:6] if secret in answer]
    assert kept(theirs) == before


@pytest.mark.parametrize("skill", sorted(SKILLS))
def test_no_skill_does_anything_for_a_role_below_its_own(theirs: Studio, skill: str) -> None:
    entry = SKILLS[skill]
    below = [role for role in Role if not role.allows(entry.role)]
    arguments = {one.name: _value(one) for one in entry.arguments if one.required}
    for role in below:
        before = {name: rows for name, rows in kept(theirs).items() if name != "audit_entries"}
        for confirmed in (False, True):
            ran = Runner(SKILLS).run(theirs.context(role), SkillCall(skill, arguments), confirmed=confirmed)
            assert (ran.status, ran.outcome, ran.card) == ("refused", None, None)
        assert {name: rows for name, rows in kept(theirs).items() if name != "audit_entries"} == before
    assert entry.role is Role.VIEWER or below


def test_each_refused_change_is_noted_and_reads_leave_no_trace(theirs: Studio) -> None:
    for name, entry in SKILLS.items():
        for role in [role for role in Role if not role.allows(entry.role)]:
            Runner(SKILLS).run(theirs.context(role), SkillCall(name, {}), confirmed=True)
    with theirs.store.transaction(theirs.id) as tx:
        refused = {one.skill for one in tx.talk.audit_entries(limit=500) if one.status == "refused"}
    above = {name for name, one in SKILLS.items() if not Role.VIEWER.allows(one.role)}
    assert refused == {name for name in above if SKILLS[name].effect is not Effect.READ}


def test_a_click_on_another_workspaces_proposal_is_one_on_nothing(theirs: Studio) -> None:
    before = kept(theirs)
    assistant = Chat(theirs).assistant
    for role in Role:
        mallory = Actor(OTHER, f"Mallory {role.value}", role, "slack")
        for confirm in (True, False):
            tried = assistant.press(Press(mallory, "c9", "prop_theirs", confirm, f"a{role}{confirm}"))
            nothing = assistant.press(Press(mallory, "c9", "prop_nobodys", confirm, f"b{role}{confirm}"))
            assert tried == nothing
            assert tried.error
    assert kept(theirs) == before


def test_within_a_workspace_only_who_asked_decides_whatever_the_role(theirs: Studio) -> None:
    assistant = Chat(theirs).assistant
    for role in (Role.VIEWER, Role.EDITOR):
        actor = Actor(theirs.id, role.value.capitalize(), role, "slack")
        for confirm in (True, False):
            answer = assistant.press(Press(actor, "c1", "prop_theirs", confirm, f"{role}{confirm}"))
            assert answer.error
            assert "Only Admin" in answer.reply
    assert theirs.invoice("INV-1001").sent_at is None
