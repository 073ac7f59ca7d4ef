"""Changing an automation: what is said is different afterwards, and nothing else is."""

from __future__ import annotations

from typing import Any

import pytest

from billing.altering import Alterations, alter
from billing.automations import Action, ActionKind, Automation, Conditions, Trigger
from billing.errors import BadArgument
from billing.money import Money
from tests.support.rules import MOVE, POST, REMIND, THANK, a_rule
from tests.support.studio import Studio

HUNDRED, THOUSAND = Money(100_00, "AUD"), Money(1000_00, "AUD")
NEXT = Action(ActionKind.CREATE_INVOICE, {"kind": "progress", "amount": "500.00"})


def altered(studio: Studio, **changes: Any) -> Automation:
    with studio.store.transaction(studio.id) as tx:
        return alter(tx, "AUT-1", Alterations(**changes))


def test_nothing_said_changes_nothing(studio: Studio) -> None:
    before = a_rule(studio, POST, MOVE)
    assert altered(studio) == before


def test_a_name_is_only_a_name(studio: Studio) -> None:
    a_rule(studio, THANK, confirmed=True)
    renamed = altered(studio, name="Cheers")
    assert (renamed.name, renamed.unattended) == ("Cheers", True)


def test_what_is_changed_is_no_longer_what_an_admin_confirmed(studio: Studio) -> None:
    a_rule(studio, THANK, confirmed=True)
    assert altered(studio, amount=HUNDRED).unattended is False


def test_conditions_come_beside_those_there_are_or_in_their_place(studio: Studio) -> None:
    a_rule(studio, POST, where=Conditions(kind="deposit", min_amount=HUNDRED))
    changed = altered(studio, where=Conditions(min_amount=THOUSAND, contact="CON-1"))
    assert changed.where == Conditions(kind="deposit", min_amount=THOUSAND, contact="CON-1")


def test_bounds_between_which_nothing_lies_are_refused(studio: Studio) -> None:
    a_rule(studio, POST, where=Conditions(max_amount=HUNDRED))
    with pytest.raises(BadArgument, match="say both amounts"):
        altered(studio, where=Conditions(min_amount=THOUSAND))
    assert altered(studio, where=Conditions(min_amount=HUNDRED)).where.min_amount == HUNDRED


@pytest.mark.parametrize(
    ("actions", "where", "expected"),
    [
        ((POST,), Conditions(), Conditions(min_amount=THOUSAND)),
        ((POST,), Conditions(max_amount=HUNDRED), Conditions(max_amount=THOUSAND)),
        ((NEXT,), Conditions(min_amount=HUNDRED), Conditions(min_amount=THOUSAND)),
        ((NEXT,), Conditions(), Conditions()),
    ],
)
def test_a_bare_sum_is_what_the_automation_names_a_sum_for(
    studio: Studio, actions: tuple[Action, ...], where: Conditions, expected: Conditions
) -> None:
    a_rule(studio, *actions, where=where)
    changed = altered(studio, amount=THOUSAND)
    assert changed.where == expected
    made = [action.arguments.get("amount") for action in changed.actions]
    assert ("1000.00" in made) is (expected == Conditions())


def test_a_percentage_takes_the_place_of_a_sum(studio: Studio) -> None:
    a_rule(studio, NEXT)
    assert altered(studio, parts={"percent": "40"}).actions[0].arguments == {"kind": "progress", "percent": "40"}


def test_a_part_is_changed_in_the_one_step_that_has_it(studio: Studio) -> None:
    a_rule(studio, MOVE, POST)
    changed = altered(studio, parts={"channel": "#ops", "stage": "lost", "text": "Hooray"})
    assert [action.arguments for action in changed.actions] == [
        {"stage": "lost"},
        {"channel": "#ops", "text": "Hooray"},
    ]


def test_a_part_of_no_step_or_of_several_is_refused(studio: Studio) -> None:
    a_rule(studio, MOVE, POST, POST)
    with pytest.raises(BadArgument, match="AUT-1 has 2 steps that do"):
        altered(studio, parts={"channel": "#ops"})
    with pytest.raises(BadArgument, match="AUT-1 has no step that does"):
        altered(studio, parts={"percent": "40"})


def test_a_time_before_the_day_stays_one_before_it(studio: Studio) -> None:
    a_rule(studio, REMIND, trigger=Trigger.INVOICE_DUE, after="-P3D")
    assert altered(studio, after="P5D").after == "-P5D"
    assert altered(studio, after="-P2D").after == "-P2D"


def test_a_delay_is_that_of_the_only_step_that_waits_or_of_the_whole(studio: Studio) -> None:
    a_rule(studio, POST, Action(ActionKind.SEND_REMINDER, {}, "P2D"))
    changed = altered(studio, after="P4D")
    assert (changed.after, changed.actions[1].after) == (None, "P4D")
    a_rule(studio, POST)
    with studio.store.transaction(studio.id) as tx:
        assert alter(tx, "AUT-2", Alterations(after="PT1H")).after == "PT1H"


def test_a_step_is_added_once_however_often_it_is_tried(studio: Studio) -> None:
    a_rule(studio, POST)
    step = Action(ActionKind.MOVE_OPPORTUNITY, {"stage": "won"}, added_by="said:1")
    assert len(altered(studio, step=step).actions) == 2
    assert len(altered(studio, step=step).actions) == 2


def test_what_could_not_work_is_refused(studio: Studio) -> None:
    a_rule(studio, POST)
    with pytest.raises(BadArgument, match="belongs to an automation that runs by the calendar"):
        altered(studio, schedule="FREQ=DAILY")
