"""Trying an automation with an invoice: what each step would do and say, and nothing of it stays."""

from __future__ import annotations

import pytest

from billing.automations import Action, ActionKind, Conditions
from billing.contacts import Contact
from billing.rehearsing import Rehearsal, rehearse
from tests.support.rules import MOVE, POST, THANK, a_rule, evaluations
from tests.support.studio import Studio


@pytest.fixture(autouse=True)
def _invoice(studio: Studio) -> None:
    studio.done("create_invoice", opportunity="OPP-1", kind="deposit", amount="500")


def tried(studio: Studio) -> Rehearsal:
    context = studio.context()
    return rehearse(context.transaction, "AUT-1", "INV-1001", context.formats, now=studio.now)


def test_each_step_tells_what_it_would_say_and_nothing_of_it_stays(studio: Studio) -> None:
    a_rule(studio, MOVE, POST, THANK)
    before = studio.opportunity("OPP-1")
    found = tried(studio)
    assert found.unmet is None
    assert [(one.text, one.fault) for one in found.steps] == [
        ("", ""),
        ("INV-1001 of Bluebird Cafe", ""),
        ("Thank you", ""),
    ]
    assert studio.opportunity("OPP-1") == before
    assert (studio.outbox(), evaluations(studio)) == ([], [])


def test_what_holds_it_back_is_told_and_each_step_all_the_same(studio: Studio) -> None:
    a_rule(studio, MOVE, where=Conditions(kind="final"))
    found = tried(studio)
    assert found.unmet is not None
    assert (found.unmet.reason, found.unmet.found) == ("kind", "deposit")
    assert [one.action for one in found.steps] == [MOVE]


def test_what_could_not_be_done_says_why_and_keeps_no_other_from_being_tried(studio: Studio) -> None:
    a_rule(studio, Action(ActionKind.ASSIGN_TASK, {"to": "@Nobody", "text": "Call them"}), MOVE)
    refused, moved = tried(studio).steps
    assert "nobody here who is @Nobody" in refused.fault
    assert moved.fault == ""


def test_a_client_without_an_address_is_no_client_to_write_to(studio: Studio) -> None:
    a_rule(studio, THANK)
    with studio.store.transaction(studio.id) as tx:
        tx.contacts.save(Contact(studio.id, "CON-1", "Tess Blue", studio.now))
    [mail] = tried(studio).steps
    assert mail.fault
