"""Changing an automation that is there: what it is called, when it runs, and what its steps say and do.

Whoever confirmed that it may write to clients by itself has confirmed it as it was: changed, it asks again.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from billing.automations import Action, ActionKind, Automation, Conditions
from billing.composing import check, within_limit
from billing.errors import BadArgument

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from billing.money import Money
    from billing.ports import Transaction

_NO_PARTS: Final[Mapping[str, str]] = {}
# Which steps have such a part, and what those without are told.
_HAVING: Final[Mapping[str, tuple[frozenset[ActionKind], str]]] = {
    "channel": (frozenset({ActionKind.POST_MESSAGE}), "posts in a channel"),
    "stage": (frozenset({ActionKind.MOVE_OPPORTUNITY}), "moves a deal"),
    "percent": (frozenset({ActionKind.CREATE_INVOICE}), "makes an invoice"),
    "amount": (frozenset({ActionKind.CREATE_INVOICE}), "makes an invoice"),
    "text": (
        frozenset(
            {ActionKind.POST_MESSAGE, ActionKind.EMAIL_CONTACT, ActionKind.SEND_REMINDER, ActionKind.ASSIGN_TASK}
        ),
        "says something",
    ),
}
_EITHER: Final[Mapping[str, str]] = {"percent": "amount", "amount": "percent"}


@dataclass(frozen=True, slots=True)
class Alterations:
    """What shall be otherwise; what is None or empty stays as it is.

    `where` are conditions beside the ones there are, or in their place. `amount` is a bare sum: the bound that the
    automation has, else what its invoice is made for, else the least. `parts` are what a step is made of
    (`{"channel": "#ops"}`), of the one step that has such a part. `step` comes after all the others.
    """

    name: str | None = None
    where: Conditions = field(default_factory=Conditions)
    amount: Money | None = None
    after: str | None = None
    schedule: str | None = None
    next_at: datetime | None = None
    parts: Mapping[str, str] = field(default_factory=lambda: _NO_PARTS)
    step: Action | None = None


def alter(tx: Transaction, number: str, wanted: Alterations) -> Automation:
    """Change the automation and return it; raises UnknownRecord, BadArgument and MissingArgument."""
    automation = tx.automations.get(number, lock=True)
    altered = _with_amount(automation, wanted.amount)
    altered = replace(
        altered,
        name=wanted.name or altered.name,
        where=_merged(altered.where, wanted.where),
    )
    altered = _timed(altered, wanted)
    for part, value in wanted.parts.items():
        altered = _with_part(altered, part, value)
    altered = _with_step(altered, wanted.step)
    check(altered)
    return tx.automations.save(altered)


def _with_amount(automation: Automation, amount: Money | None) -> Automation:
    """Put a bare sum where the automation names one."""
    if amount is None:
        return automation
    where = automation.where
    if where.max_amount is not None and where.min_amount is None:
        return replace(automation, where=replace(where, max_amount=amount))
    if where.min_amount is None and any("amount" in action.arguments for action in automation.actions):
        return _with_part(automation, "amount", str(amount))
    return replace(automation, where=replace(where, min_amount=amount))


def _merged(before: Conditions, wanted: Conditions) -> Conditions:
    said = {name: value for name in Conditions.__slots__ if (value := getattr(wanted, name))}
    merged = replace(before, **said)
    least, most = merged.min_amount, merged.max_amount
    if least is not None and most is not None and least.amount > most.amount:
        raise BadArgument("Nothing is at least that much and at most the other: say both amounts, or make another one.")
    return merged


def _timed(automation: Automation, wanted: Alterations) -> Automation:
    """Change when it runs; a time before the day stays one before it."""
    if wanted.schedule is not None:
        return replace(automation, schedule=wanted.schedule, next_at=wanted.next_at)
    if wanted.after is None:
        return automation
    waiting = [place for place, action in enumerate(automation.actions) if action.after is not None]
    if automation.after is None and len(waiting) == 1:
        return _replaced(automation, waiting[0], replace(automation.actions[waiting[0]], after=wanted.after))
    before = (automation.after or "").startswith("-") and not wanted.after.startswith("-")
    return replace(automation, after=f"-{wanted.after}" if before else wanted.after)


def _with_part(automation: Automation, part: str, value: str) -> Automation:
    kinds, doing = _HAVING[part]
    places = [place for place, action in enumerate(automation.actions) if action.do in kinds]
    if len(places) != 1:
        has = f"has {len(places)} steps that do" if places else "has no step that does"
        raise BadArgument(f"Only a step that {doing} can be changed so, and {automation.number} {has}.")
    action = automation.actions[places[0]]
    kept = {name: old for name, old in action.arguments.items() if name != _EITHER.get(part)}
    return _replaced(automation, places[0], replace(action, arguments={**kept, part: value}))


def _replaced(automation: Automation, place: int, action: Action) -> Automation:
    actions = automation.actions
    return replace(automation, actions=(*actions[:place], action, *actions[place + 1 :]))


def _with_step(automation: Automation, step: Action | None) -> Automation:
    """Add a step, unless the call that is tried again has added it before."""
    if step is None or any(one.added_by and one.added_by == step.added_by for one in automation.actions):
        return automation
    return replace(automation, actions=within_limit((*automation.actions, step)))
