"""Whoever gives a record by its number gets exactly what a look through all names would find, and sooner."""

from __future__ import annotations

from typing import Any

import pytest

from billing.automations import Action, ActionKind, Automation, Trigger
from skills.catalogs import load
from skills.given import known
from skills.registry import SKILLS
from tests.support.records import an_invoice, an_opportunity
from tests.support.studio import Studio


@pytest.fixture(autouse=True)
def _records(studio: Studio) -> None:
    studio.connect()
    studio.done("create_invoice", opportunity="OPP-1", kind="deposit", amount="500")
    studio.done("create_payment_link", invoice="INV-1001")
    with studio.store.transaction(studio.id) as tx:
        tx.opportunities.add(an_opportunity(workspace_id=studio.id, number="OPP-90", contact=None))
        tx.invoices.add(an_invoice(workspace_id=studio.id, number="INV-1090", opportunity="OPP-90", contact=None))
        rule: dict[str, Any] = {"trigger": Trigger.PAYMENT_SUCCEEDED, "actions": (Action(ActionKind.SEND_REMINDER),)}
        tx.automations.add(Automation(studio.id, "AUT-1", "Tell", active=True, created_at=studio.now, **rule))


@pytest.mark.parametrize(
    ("skill", "arguments"),
    [
        ("send_invoice", {"invoice": "INV-1001"}),
        ("send_invoice", {"invoice": " inv-1090 "}),
        ("create_invoice", {"opportunity": "OPP-1"}),
        ("create_invoice", {"opportunity": "OPP-90"}),
        ("update_contact", {"contact": "CON-1"}),
        ("delete_automation", {"automation": "AUT-1"}),
        ("create_automation", {"where": {"contact": "CON-1", "min_amount": "5"}}),
    ],
)
def test_a_record_given_by_its_number_is_the_one_that_a_look_through_all_finds(
    studio: Studio, skill: str, arguments: dict[str, Any]
) -> None:
    with studio.store.transaction(studio.id) as tx:
        found, every = known(tx, SKILLS[skill], arguments, load), load(tx)
    said = next(value if isinstance(value, str) else value["contact"] for value in arguments.values())
    number = said.strip().upper()
    assert found.by_number(number) == every.by_number(number)
    assert found.by_number(number) is not None
    others = {"OPP-1", "OPP-90", "INV-1001", "INV-1090", "CON-1", "AUT-1"} - {number}
    assert [other for other in others if found.by_number(other)] == []


@pytest.mark.parametrize(
    ("skill", "arguments"),
    [
        ("send_invoice", {"invoice": "the deposit"}),
        ("send_invoice", {"invoice": "INV-9999"}),
        ("create_invoice", {"opportunity": "OPP-9999"}),
        ("update_contact", {"contact": "CON-9999"}),
        ("delete_automation", {"automation": "AUT-9999"}),
        ("update_contact", {"contact": "INV-1001"}),
        ("create_automation", {"where": {"contact": "Bluebird"}}),
    ],
)
def test_whatever_else_is_said_is_looked_for_among_all_names(
    studio: Studio, skill: str, arguments: dict[str, Any]
) -> None:
    with studio.store.transaction(studio.id) as tx:
        found = known(tx, SKILLS[skill], arguments, load)
    assert {found.by_number(number) is not None for number in ("OPP-1", "INV-1090", "AUT-1")} == {True}


def test_a_call_that_names_no_record_reads_none(studio: Studio) -> None:
    with studio.store.transaction(studio.id) as tx:
        assert known(tx, SKILLS["help"], {}, load).of("contact") == ()
