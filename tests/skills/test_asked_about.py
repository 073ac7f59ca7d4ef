"""Why an automation did not run for somebody: what the question names is what the answer is about."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from billing.automations import Conditions
from billing.conversations import SkillCall
from billing.settling import settle
from skills.asked_about import named_in, rule_in
from skills.catalogs import load
from skills.context import Outcome
from skills.list_automations import list_automations
from skills.registry import SKILLS
from skills.runner import Runner
from tests.support.rules import MOVE, POST, THANK, a_rule, work
from tests.support.studio import Studio


@pytest.fixture(autouse=True)
def _invoices(studio: Studio) -> None:
    """A paid final invoice of Bluebird's, and one of another client's that is a deposit."""
    studio.done("create_invoice", opportunity="OPP-1", kind="final", amount="500")
    studio.done("create_invoice", opportunity="OPP-2", kind="deposit", amount="700")


def pay(studio: Studio, number: str, minor: int) -> None:
    with studio.store.transaction(studio.id) as tx:
        settle(tx, studio.settlement(number, minor, stripe_object_id=f"pi_{number}"), now=studio.now)


def asked(studio: Studio, said: str, **arguments: Any) -> Outcome:
    ran = Runner(SKILLS).run(replace(studio.context(), said=said), SkillCall("automation_runs", arguments))
    assert ran.outcome is not None
    return ran.outcome


def test_why_not_for_a_client_names_the_invoice_and_the_condition(studio: Studio) -> None:
    a_rule(studio, MOVE, where=Conditions(kind="deposit"))
    pay(studio, "INV-1001", 500_00)
    pay(studio, "INV-1002", 700_00)
    work(studio)
    told = asked(studio, "why didn't the deposit automation fire for Bluebird?", automation="AUT-1")
    assert told.text == (
        "AUT-1 did not run for INV-1001 on 11 March, 10:00\u202fam: it is a final invoice, not a deposit one."
    )
    assert told.card is not None
    assert [row.title for row in told.card.rows] == ["AUT-1 did not run", "AUT-1 ran"]
    assert told.result == asked(studio, "why didn't it fire?", automation="AUT-1").result


def test_that_it_ran_for_a_client_is_said_with_what_it_did(studio: Studio) -> None:
    a_rule(studio, POST)
    pay(studio, "INV-1001", 500_00)
    work(studio)
    told = asked(studio, "did it run for INV-1001", automation="AUT-1")
    assert told.text.startswith("AUT-1 ran for INV-1001 on 11 March, 10:00\u202fam: post to #billing: on its way.")


def test_where_nothing_happened_that_it_waits_for_it_says_how_the_invoices_stand(studio: Studio) -> None:
    a_rule(studio, MOVE, active=False)
    told = asked(studio, "why didn't the automation run for Bluebird last week?", automation="AUT-1")
    assert told.text == (
        "Nothing that starts AUT-1 has happened to Bluebird Cafe lately: INV-1001 is draft. "
        "It runs when an invoice is paid. It is off: say “turn on AUT-1” to have it run."
    )
    told = asked(studio, "what did our automations do for Bluebird", automation=None)
    assert told.text == "Nothing that starts an automation has happened to Bluebird Cafe lately: INV-1001 is draft."


def test_a_client_without_invoices_had_nothing_to_run_for(studio: Studio) -> None:
    a_rule(studio, MOVE)
    studio.done("create_contact", name="Nora Quist", company="Quist Kayaks")
    told = asked(studio, "why didn't it fire for Quist Kayaks", automation="AUT-1")
    assert told.text == "Quist Kayaks has no invoices, so there was nothing to run for."


def test_the_names_of_clients_and_deals_are_said_in_the_reason(studio: Studio) -> None:
    a_rule(studio, MOVE, where=Conditions(opportunity="OPP-3"))
    pay(studio, "INV-1001", 500_00)
    told = asked(studio, "why not for INV-1001", automation="AUT-1")
    with studio.store.transaction(studio.id) as tx:
        wanted = tx.opportunities.get("OPP-3").name
    assert f"it is of Bluebird shop sign, not of {wanted}" in told.text


@pytest.mark.parametrize(
    ("said", "label"),
    [
        ("why didn't it fire for Bluebird?", "Bluebird Cafe"),
        ("why didn't it fire for the Bluebird shop sign", "Bluebird shop sign"),
        ("why did it not run on Friday for Bluebird’s?", "Bluebird Cafe"),
        ("and inv-1001?", "INV-1001"),
        ("and INV-9999 of nobody", None),
        ("why didn't it fire", None),
        ("why didn't it fire for the moon", None),
    ],
)
def test_a_name_is_found_wherever_it_stands(studio: Studio, said: str, label: str | None) -> None:
    with studio.store.transaction(studio.id) as tx:
        named = named_in(tx, load(tx), said)
    assert (named.label if named else None) == label


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("what does aut-1 do?", "AUT-1"),
        ("what does AUT-9 do?", None),
        ("explain the thank-you automation", "AUT-1"),
        ("explain the moon automation", None),
        ("list the automations", None),
    ],
)
def test_the_automation_that_is_named_is_found(studio: Studio, said: str, number: str | None) -> None:
    a_rule(studio, THANK, name="Thank the client")
    with studio.store.transaction(studio.id) as tx:
        assert rule_in(load(tx), said) == number


def test_the_list_tells_of_the_one_that_is_named(studio: Studio) -> None:
    a_rule(studio, MOVE)
    a_rule(studio, THANK, active=False)
    one = list_automations(replace(studio.context(), said="what does AUT-1 do?"))
    assert one.text == "AUT-1 is on. When an invoice is paid: move the deal to won."
    assert one.mentions == ("AUT-1",)
    assert "is off" in list_automations(replace(studio.context(), said="show me AUT-2")).text


def test_the_answer_stands_on_the_card_above_what_others_did(studio: Studio) -> None:
    a_rule(studio, MOVE)
    pay(studio, "INV-1001", 500_00)
    work(studio)
    told = asked(studio, "why did nothing happen when INV-1002 was paid?")
    assert told.card is not None
    assert (
        told.card.text
        == told.text
        == ("Nothing that starts an automation has happened to INV-1002 lately: INV-1002 is draft.")
    )
