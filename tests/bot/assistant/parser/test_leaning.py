"""To which skill a message leans by all its words together, and what is made of that."""

from __future__ import annotations

from array import array
from dataclasses import replace
from typing import Any

import pytest

from bot.assistant.parser import Parser
from bot.assistant.parser.leaning import NOTHING, Leanings, learnt
from skills.registry import SKILLS
from tests.support.parsing import PARSER, calls_of, surroundings, understood

SMALL = Leanings(
    outcomes=("left", NOTHING, "right"),
    bias=(0.0, 1.0, 0.0),
    traits={"turn": 0, "west": 1},
    starts=array("I", (0, 2, 3)),
    which=array("B", (0, 2, 0)),
    weights=array("b", (10, 10, 20)),
    unit=0.25,
)


def meant(text: str) -> list[tuple[str, dict[str, Any]]]:
    return calls_of(understood(text))


def test_what_nothing_speaks_for_is_as_likely_as_it_is_among_all() -> None:
    likely = SMALL.of(["of", "no", "account"])
    assert sum(likely.values()) == pytest.approx(1)
    assert max(likely, key=likely.__getitem__) == NOTHING


def test_every_trait_speaks_for_what_it_was_heard_with() -> None:
    assert SMALL.of(["turn"])["left"] == pytest.approx(SMALL.of(["turn"])["right"])
    assert SMALL.of(["turn", "west"])["left"] > 0.98


def test_the_weights_are_of_skills_that_there_are() -> None:
    assert {*learnt().outcomes} - {"nothing", "several"} == {*SKILLS}


def test_what_was_learnt_of_one_client_holds_of_another() -> None:
    one = PARSER.traits("Send 2001 to Northwind by Friday, $500", surroundings())
    other = PARSER.traits("send INV-2004 to Bill by tomorrow, £1,250.50", surroundings())
    assert one == other


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("Give Grace until the 2nd of April, change the due date of 2002", "change the due date of 2002 to 2 April"),
        ("Generate a link so Grace can pay 2002 by card", "make a payment link for 2002"),
        ("Bump Sam up, he can have admin rights", "make Sam an admin"),
        ("Grace has gone quiet on us, would you chase her about 2002", "chase 2002"),
        ("Stripe's dropped off, plug it back in", "connect stripe"),
    ],
)
def test_what_is_told_beside_a_request_belongs_to_it(text: str, command: str) -> None:
    assert meant(text) == meant(command) != []


@pytest.mark.parametrize(
    "text",
    [
        "I sent 2004 to Bill first thing this morning",
        "no worries about 2004, I already voided it last night",
        "Bill promises he'll pay 2001 in cash on Friday",
        "Has anybody reminded Northwind about 2001?",
        "Once the tiles are delivered to the shop, send 2004",
        "A payment link on 2001 that charges twice a year, or every six weeks",
    ],
)
def test_what_leans_to_nothing_or_leaves_something_open_changes_nothing(text: str) -> None:
    writes = {name for name, skill in SKILLS.items() if skill.effect != "read"}
    assert [call for call in meant(text) if call[0] in writes] == []


def test_a_skill_that_nothing_was_learnt_of_is_read_by_its_examples() -> None:
    new = replace(
        SKILLS["connection_status"], name="water_plants", examples=("water the plants", "give the plants water")
    )
    parser = Parser(SKILLS | {new.name: new})
    assert calls_of(understood("please water the plants", parser=parser)) == [("water_plants", {})]
    assert calls_of(understood("send 2004", parser=parser)) == meant("send 2004")
