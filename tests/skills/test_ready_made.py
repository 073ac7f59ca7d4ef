"""Ready-made automations: shown with their exact steps, switched on by name, and confirmed by an admin's yes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from billing.automations import fingerprint
from billing.conversations import SkillCall
from billing.roles import Role
from billing.workspaces import Workspace
from skills.gallery import READY
from skills.registry import SKILLS
from skills.runner import Ran, Runner
from tests.support.rules import REMIND, THANK, a_rule
from tests.support.studio import Studio


def take(studio: Studio, ready: str, role: Role = Role.ADMIN) -> Ran:
    """Ask for a ready-made automation, and say no yes yet."""
    return Runner(SKILLS).run(studio.context(role), SkillCall("use_automation", {"ready": ready}))


@pytest.mark.parametrize("ready", READY)
def test_a_ready_made_automation_is_switched_on_by_its_name_and_is_there_once(studio: Studio, ready: str) -> None:
    first, second = (studio.done("use_automation", ready=ready) for _ in range(2))
    assert first.result == second.result == {"number": "AUT-1", "active": True}
    with studio.store.transaction(studio.id) as tx:
        [made] = tx.automations.list()
    assert made.unattended


@pytest.mark.parametrize("ready", READY)
def test_a_ready_made_automation_shows_its_exact_steps_before_it_is_switched_on(studio: Studio, ready: str) -> None:
    shown = take(studio, ready)
    assert shown.status == "needs_confirmation"
    assert shown.card is not None
    assert shown.card.title == f"Switch on {READY[ready].title}?"
    steps = READY[ready].actions("#billing")
    assert len(shown.card.rows) == len(steps)
    assert [row.detail for row in shown.card.rows] == [step.arguments.get("text", "") for step in steps]
    with studio.store.transaction(studio.id) as tx:
        assert tx.automations.list() == []


def test_the_card_of_a_ready_made_automation_says_what_the_yes_of_its_reader_means(studio: Studio) -> None:
    notes = [shown.card.note for role in (Role.ADMIN, Role.EDITOR) if (shown := take(studio, "dunning", role)).card]
    assert notes == [
        "Your yes confirms exactly this: from then on it writes to clients without asking.",
        "Before it writes to a client, it asks in the channel each time. Once an admin switches it on, it does not.",
    ]
    inside = take(studio, "big_payment").card
    assert inside is not None
    assert inside.note == ""


def test_an_editors_yes_to_a_ready_made_automation_never_confirms_it_and_an_admins_does(studio: Studio) -> None:
    studio.run("use_automation", Role.EDITOR, ready="dunning")
    with studio.store.transaction(studio.id) as tx:
        [made] = tx.automations.list()
    assert (made.active, made.unattended) == (True, False)
    assert "is on already and does exactly this" in take(studio, "dunning", Role.EDITOR).text
    assert take(studio, "dunning").status == "needs_confirmation"
    assert studio.done("use_automation", ready="dunning").result["number"] == made.number
    assert "is on already and does exactly this" in take(studio, "dunning").text


def test_what_only_has_the_name_of_a_ready_made_automation_is_not_switched_on_for_it(studio: Studio) -> None:
    a_rule(studio, REMIND, active=False, name="Thank-you")
    assert studio.done("use_automation", ready="thank_you").result["number"] == "AUT-2"
    with studio.store.transaction(studio.id) as tx:
        assert not tx.automations.get("AUT-1").active


def test_whoever_switches_on_what_was_imported_is_who_confirmed_it(studio: Studio) -> None:
    a_rule(studio, THANK, active=False)
    with studio.store.transaction(studio.id) as tx:
        rule = tx.automations.get("AUT-1")
        tx.automations.save(replace(rule, confirmed=fingerprint(rule), confirmed_by="import", confirmed_at=studio.now))
    assert "import confirmed" in studio.run("set_automation", Role.EDITOR, automation="AUT-1", active=True).text
    assert "Admin confirmed exactly this on" in studio.done("set_automation", automation="AUT-1", active=True).text


def test_a_ready_made_automation_needs_a_channel_to_post_to(studio: Studio) -> None:
    assert studio.done("use_automation", ready="big_payment", channel="#wins").text.endswith("post to #wins.")


def test_where_there_is_no_channel_at_all_a_ready_made_automation_asks_for_one(studio: Studio) -> None:
    bare = Workspace("ws_bare", "Bare", "AUD", "AU", "en_AU", "Australia/Brisbane", studio.now)
    studio.store.directory.add_workspace(bare)
    asked = Runner(SKILLS).run(
        replace(studio.context(), workspace=bare), SkillCall("use_automation", {"ready": "big_payment"})
    )
    assert (asked.status, asked.missing) == ("asked", ("channel",))
