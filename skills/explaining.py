"""Why an automation did not run, in a sentence: the condition that did not hold, with what was found instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from billing.money import Money
from billing.runs import Reason, StepState
from skills.cards import Row, Tone
from skills.describing import deed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from billing.ports import Formats
    from billing.runs import AutomationRun, Evaluation, Step, Unmet

_TONES = {StepState.DONE: Tone.GOOD, StepState.FAILED: Tone.BAD, StepState.ASKING: Tone.WARNING}
_NO_NAMES: Final[Mapping[str, str]] = {}
_STATES = {
    StepState.WAITING: "waits",
    StepState.ASKING: "waits for a yes",
    StepState.DONE: "done",
    StepState.FAILED: "failed",
    StepState.LEFT: "left out",
}


def why_not(unmet: Unmet, formats: Formats, names: Mapping[str, str] = _NO_NAMES) -> str:
    """Return what did not hold, as a clause: `it is a final invoice, not a deposit`.

    `names` are what clients and deals are called, by number.
    """
    wanted, found = (_said(names.get(str(value), value), formats) for value in (unmet.wanted, unmet.found))
    reasons: Mapping[str, str] = {
        Reason.OWN_EFFECT: "it was its own doing, and an automation never starts itself",
        Reason.TOO_DEEP: f"automations had started each other {wanted} deep, where it ends",
        Reason.WAS_OFF: "it was switched on only later",
        Reason.RAN_ALREADY: "it had run for that already",
        Reason.QUIET: "it had run for the same invoice shortly before",
        Reason.DAY_CAP: f"it had run {wanted} times that day, which is the most it may",
        Reason.UNKNOWN_CONDITION: f"it has a condition that I do not know, “{wanted}”",
        "kind": f"it is a {found} invoice, not a {wanted} one",
        "contact": f"it is for {found}, not for {wanted}",
        "opportunity": f"it is of {found}, not of {wanted}",
        "currency": f"it is in {found}, not in {wanted}",
        "payment": f"it is no {wanted} payment",
        "days_overdue": f"it is {found} days overdue, not {wanted}",
        "stage": f"the deal is at {found}, not at {wanted}",
        "min_amount": f"it is about {found}, and has to be at least {wanted}",
        "max_amount": f"it is about {found}, and may be at most {wanted}",
    }
    return reasons.get(unmet.reason, f"“{unmet.reason}” did not hold")


def _said(value: object, formats: Formats) -> str:
    if isinstance(value, Money):
        return formats.money(value)
    return "nothing" if value is None else str(value)


def evaluation_row(evaluation: Evaluation, about: str, formats: Formats, names: Mapping[str, str] = _NO_NAMES) -> Row:
    """Return an evaluation that led to no run, as a line; `about` names the invoice with its client."""
    trigger = evaluation.trigger.value.replace("_", " ")
    reason = why_not(evaluation.unmet, formats, names) if evaluation.unmet else "it had run for that already"
    return Row(
        title=f"{evaluation.automation} did not run",
        value=formats.moment(evaluation.evaluated_at),
        detail=f"{trigger}{about}: {reason}",
        tone=Tone.NEUTRAL,
    )


def run_row(run: AutomationRun, steps: list[Step], about: str, formats: Formats) -> Row:
    """Return a run with its steps as a line."""
    trigger = run.trigger.value.replace("_", " ") if run.trigger else "ran"
    told = [step_words(step, formats) for step in steps] or [text.partition(": ")[2] for text in run.outcomes]
    tones = [_TONES.get(step.state, Tone.NEUTRAL) for step in steps]
    worst = next((tone for tone in (Tone.BAD, Tone.WARNING, Tone.NEUTRAL) if tone in tones), Tone.GOOD)
    return Row(
        title=f"{run.automation} ran",
        value=formats.moment(run.started_at),
        detail=f"{trigger}{about}: {'; '.join(told) or 'nothing to do'}",
        tone=worst,
    )


def step_words(step: Step, formats: Formats) -> str:
    """Return how a step stands: `posted to #ops (11 March, 10:00)`, or what it waits for."""
    if step.state is StepState.DONE and step.ended_at is not None:
        return f"{step.outcome} ({formats.moment(step.ended_at)})"
    if step.state is StepState.WAITING and not step.outcome:
        return f"{deed(step.action)}: waits for {formats.moment(step.due_at)}"
    state = "on its way" if step.on_its_way and not step.tries else _STATES[step.state]
    told = step.tries or not step.on_its_way
    tried = f" after {step.tries} {'try' if step.tries == 1 else 'tries'}" if step.tries else ""
    return f"{deed(step.action)}: {state}{tried}" + (f" ({step.outcome})" if step.outcome and told else "")
