"""How the parts of a record that are kept as JSON are written and read: steps, conditions, calls, outcomes."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from billing.automations import Action, ActionKind, Conditions, Trigger
from billing.conversations import SkillCall
from billing.money import Money
from billing.runs import Unmet

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_CONDITIONS = tuple(field.name for field in fields(Conditions) if field.name != "unknown")


def dump_actions(actions: Iterable[Action]) -> list[dict[str, Any]]:
    """Return each action as `{"do", "arguments"}`, with `after` and `added_by` where it has them."""
    return [dump_action(action) for action in actions]


def load_actions(document: list[dict[str, Any]]) -> tuple[Action, ...]:
    """Return the actions of dump_actions."""
    return tuple(load_action(item) for item in document)


def dump_action(action: Action) -> dict[str, Any]:
    """Return one action, as in dump_actions."""
    rest = {"after": action.after, "added_by": action.added_by}
    document = {"do": action.do.value, "arguments": dict(action.arguments)}
    return document | {name: value for name, value in rest.items() if value is not None}


def load_action(document: Mapping[str, Any]) -> Action:
    """Return the action of dump_action."""
    return Action(ActionKind(document["do"]), document["arguments"], document.get("after"), document.get("added_by"))


def dump_triggers(triggers: Iterable[Trigger]) -> list[str]:
    """Return the triggers by their names."""
    return [trigger.value for trigger in triggers]


def load_triggers(document: list[str]) -> tuple[Trigger, ...]:
    """Return the triggers of dump_triggers."""
    return tuple(Trigger(name) for name in document)


def dump_conditions(conditions: Conditions) -> dict[str, Any]:
    """Return the conditions that are set by name, money as `[minor units, currency]`."""
    named = {name: getattr(conditions, name) for name in _CONDITIONS}
    written = {name: _dump_value(value) for name, value in named.items() if value is not None}
    return written | dict.fromkeys(conditions.unknown, True)


def load_conditions(document: Mapping[str, Any]) -> Conditions:
    """Return the conditions of dump_conditions; what this version does not know is named as such and never holds."""
    known = {name: _load_value(value) for name, value in document.items() if name in _CONDITIONS}
    return Conditions(**known, unknown=tuple(name for name in document if name not in _CONDITIONS))


def dump_unmet(unmet: Unmet | None) -> dict[str, Any] | None:
    """Return what did not hold, None for None."""
    if unmet is None:
        return None
    return {"reason": unmet.reason, "wanted": _dump_value(unmet.wanted), "found": _dump_value(unmet.found)}


def load_unmet(document: Mapping[str, Any] | None) -> Unmet | None:
    """Return what dump_unmet was given."""
    if document is None:
        return None
    return Unmet(document["reason"], _load_value(document["wanted"]), _load_value(document["found"]))


def _dump_value(value: Any) -> Any:  # noqa: ANN401 - a text, a count, or money
    return [value.amount, value.currency] if isinstance(value, Money) else value


def _load_value(value: Any) -> Any:  # noqa: ANN401 - as above
    return Money(*value) if isinstance(value, list) else value


def dump_calls(calls: Iterable[SkillCall]) -> list[dict[str, Any]]:
    """Return each call as `{"skill", "arguments"}`."""
    return [{"skill": call.skill, "arguments": dict(call.arguments)} for call in calls]


def load_calls(document: list[dict[str, Any]]) -> tuple[SkillCall, ...]:
    """Return the calls of dump_calls."""
    return tuple(SkillCall(item["skill"], item["arguments"]) for item in document)


def load_outcomes(document: list[str]) -> tuple[str, ...]:
    """Return the outcomes of a run, one for each action."""
    return tuple(document)


def load_said(document: list[list[str]]) -> tuple[tuple[str, str], ...]:
    """Return what was said as (who, words)."""
    return tuple((who, words) for who, words in document)
