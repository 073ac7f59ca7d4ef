"""What a form of settings changes, through the one door: an admin's role, the journal, a sentence for each change."""

from __future__ import annotations

from typing import Any

import pytest

from billing.conversations import SkillCall
from billing.roles import Role
from billing.workspaces import NotificationRoute
from skills.registry import EVERY_SKILL
from skills.runner import Ran, Runner
from tests.support.studio import Studio


def changed(studio: Studio, role: Role = Role.ADMIN, /, **arguments: Any) -> Ran:
    return Runner(EVERY_SKILL).run(studio.context(role), SkillCall("change_settings", arguments))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({}, "Nothing was changed."),
        ({"payment_terms": 0}, "A new invoice is due on the day of its issue from now on."),
        ({"payment_terms": 1}, "A new invoice is due a day later from now on."),
        ({"payment_terms": 30}, "A new invoice is due 30 days later from now on."),
        ({"reminders": True}, "Clients are reminded by the schedule from now on."),
        ({"reminders": False}, "Nobody is reminded by a schedule any more."),
        ({"people": "#help"}, "Whoever wants to talk to a person is passed on to #help."),
        ({"people": "admins"}, "Whoever wants to talk to a person is passed on to all admins."),
        ({"opportunity": "OPP-1", "deal_channel": "#acme"}, "News about OPP-1 goes to #acme."),
        ({"opportunity": "OPP-1", "deal_channel": "none"}, "News about OPP-1 goes where all news goes."),
        ({"opportunity": "OPP-1"}, "News about OPP-1 goes where all news goes."),
        ({"digest_channel": "#ops", "digest_hour": 8}, "A daily digest goes to #ops at 8:00."),
        ({"digest_channel": "#ops"}, "Nothing was changed."),
        ({"digest_channel": "none"}, "No daily digest is posted any more."),
        ({"silent": ["payment_failed"]}, "No channel hears of “payment failed” any more."),
    ],
)
def test_each_change_is_said(studio: Studio, arguments: dict[str, Any], said: str) -> None:
    assert changed(studio, **arguments).text == said


def test_what_was_left_out_stays(studio: Studio) -> None:
    with studio.store.transaction(studio.id) as tx:
        for event in ("payment_failed", "invoice_overdue"):
            tx.people.set_route(NotificationRoute(studio.id, event, "#ops"))
    changed(studio, payment_terms=30, silent=["payment_failed"])
    changed(studio, reminders=True)
    with studio.store.transaction(studio.id) as tx:
        assert tx.people.workspace().payment_terms_days == 30
        assert [route.event for route in tx.people.routes()] == ["invoice_overdue"]
        schedule = tx.reminders.schedule()
    assert schedule is not None
    assert schedule.active


@pytest.mark.parametrize("role", [Role.VIEWER, Role.EDITOR])
def test_only_an_admin_changes_settings(studio: Studio, role: Role) -> None:
    assert changed(studio, role, payment_terms=30).status == "refused"


@pytest.mark.parametrize("arguments", [{"payment_terms": 366}, {"digest_hour": 24}, {"people": "somebody"}])
def test_what_cannot_be_set_changes_nothing(studio: Studio, arguments: dict[str, Any]) -> None:
    assert changed(studio, **arguments).status == "failed"
