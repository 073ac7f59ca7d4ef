"""How the parts of a record that are kept as JSON are written and read: steps, conditions, calls, outcomes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from billing.automations import Action, ActionKind, Conditions
from billing.conversations import SkillCall
from billing.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def dump_actions(actions: Iterable[Action]) -> list[dict[str, Any]]:
    """Return each action as `{"do", "arguments"}`."""
    return [{"do": action.do.value, "arguments": dict(action.arguments)} for action in actions]


def load_actions(document: list[dict[str, Any]]) -> tuple[Action, ...]:
    """Return the actions of dump_actions."""
    return tuple(Action(ActionKind(item["do"]), item["arguments"]) for item in document)


def dump_conditions(conditions: Conditions) -> dict[str, Any]:
    """Return the conditions by name, money as `[minor units, currency]`."""
    least = conditions.min_amount
    return {
        "kind": conditions.kind,
        "min_amount": [least.amount, least.currency] if least else None,
        "contact": conditions.contact,
        "opportunity": conditions.opportunity,
    }


def load_conditions(document: Mapping[str, Any]) -> Conditions:
    """Return the conditions of dump_conditions."""
    least = document["min_amount"]
    return Conditions(**{**document, "min_amount": Money(*least) if least else None})


def dump_calls(calls: Iterable[SkillCall]) -> list[dict[str, Any]]:
    """Return each call as `{"skill", "arguments"}`."""
    return [{"skill": call.skill, "arguments": dict(call.arguments)} for call in calls]


def load_calls(document: list[dict[str, Any]]) -> tuple[SkillCall, ...]:
    """Return the calls of dump_calls."""
    return tuple(SkillCall(item["skill"], item["arguments"]) for item in document)


def load_outcomes(document: list[str]) -> tuple[str, ...]:
    """Return the outcomes of a run, one for each action."""
    return tuple(document)
