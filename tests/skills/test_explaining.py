"""What an automation, its steps and its reasons are called in words."""

from __future__ import annotations

from dataclasses import replace

from billing.automations import Conditions, Trigger
from billing.money import Money
from billing.runs import Reason, Step, StepState, Unmet
from skills.describing import caution, occasion, span
from skills.explaining import step_words, why_not
from tests.support.rules import MOVE, a_rule
from tests.support.studio import Studio


def test_every_reason_is_a_clause(studio: Studio) -> None:
    formats = studio.context().formats
    told = {reason: why_not(Unmet(reason, "P1D", None), formats) for reason in Reason}
    assert all(told.values())
    assert why_not(Unmet("min_amount", Money(5_00, "AUD"), Money(1_00, "AUD")), formats) == (
        "it is about A$1.00, and has to be at least A$5.00"
    )
    assert "did not hold" in why_not(Unmet("phase"), formats)
    assert why_not(Unmet(Reason.QUIET), formats)


def test_a_step_says_how_it_stands(studio: Studio) -> None:
    step = Step(studio.id, "run", 0, MOVE, StepState.WAITING, studio.now)
    formats = studio.context().formats
    assert step_words(step, formats).startswith("move the deal to won: waits for")
    trying = replace(step, state=StepState.FAILED, tries=2, outcome="answered 500")
    assert step_words(trying, formats) == "move the deal to won: failed after 2 tries (answered 500)"


def test_all_that_narrows_an_automation_is_said(studio: Studio) -> None:
    where = Conditions(
        max_amount=Money(9_00, "AUD"), currency="AUD", stage="won", payment="renewal", days_overdue=7, unknown=("moon",)
    )
    rule = a_rule(studio, replace(MOVE, after="P1D"), where=where, also=(Trigger.REFUND_CREATED,))
    formats = studio.context().formats
    assert occasion(rule, formats) == (
        "when an invoice of at most A$9.00 in AUD is paid or money for it is refunded, if the deal is at won, "
        "it is at least 7 days overdue, it is a renewal and “moon” holds, which I do not know, so it never runs"
    )
    assert caution(rule, formats) == ""
    assert (span("P1W"), span("PT90M"), span("PT0M"), span(None)) == ("1 week", "1 hour and 30 minutes", "", "")
