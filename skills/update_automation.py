"""Changing an automation: its name, when it runs, for what, and what its steps do."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from billing.altering import Alterations, alter
from billing.automations import Automation as Rule
from billing.automations import Conditions
from billing.composing import open_webhooks
from billing.money import parse_amount
from billing.roles import Role
from skills.arguments import Amount, Automation, Channel, Percent, RuleName, Stage, Text
from skills.automation_cards import made_card, told
from skills.context import Context, Outcome
from skills.create_automation import conditions, sealed_secret
from skills.deeds import Doing, Duration, Schedule, Where, action_of
from skills.describing import caution, title
from skills.recurring import next_occurrence
from skills.spec import Effect, skill

_HOW = (
    "What should be different about {number}? Say for example “make it 10k”, “only for deposits”, “two days later”, "
    "“tell #general instead”, “also thank the client” or “call it …”."
)


@skill(
    effect=Effect.WRITE,
    role=Role.EDITOR,
    examples=(
        "change the automation {automation}",
        "edit the automation {automation}",
        "rename the automation {automation} to {name}",
        "change the name of the automation {automation} to {name}",
    ),
)
def update_automation(
    context: Context,
    *,
    automation: Automation,
    name: RuleName | None = None,
    where: Where | None = None,
    amount: Amount | None = None,
    after: Duration | None = None,
    schedule: Schedule | None = None,
    channel: Channel | None = None,
    stage: Stage | None = None,
    percent: Percent | None = None,
    text: Text | None = None,
    also: Doing | None = None,
) -> Outcome:
    """Change an automation: its name, when it runs, or what it does. What writes to clients asks again after that.

    Args:
        automation: The automation to change.
        name: What it is called from now on.
        where: Conditions to add, or to have in the place of such as there are.
        amount: A sum that is said alone: the new bound of what it runs for, or what its invoice is made for.
        after: How long after the trigger, or before it where it runs before.
        schedule: When a scheduled one runs.
        channel: Where it posts.
        stage: To which stage it moves the deal.
        percent: Which share of the deal its invoice asks for.
        text: What it says.
        also: A further step, after the ones that it has.
    """
    said = {"channel": channel, "stage": stage, "percent": percent, "text": text}
    parts = {part: value for part, value in said.items() if value}
    bounds = conditions(context, where) if where else Conditions()
    money = parse_amount(amount, context.workspace.currency) if amount else None
    step = replace(action_of(also), added_by=context.key) if also else None
    next_at = _next(context, automation, schedule)
    return _altered(context, automation, Alterations(name, bounds, money, after, schedule, next_at, parts, step))


def _altered(context: Context, number: str, wanted: Alterations) -> Outcome:
    with context.transaction() as tx:
        before = tx.automations.get(number)
        changed = alter(tx, number, wanted)
        if changed.name == title(before):  # nobody named it: its name says what it does
            changed = tx.automations.save(replace(changed, name=title(changed)))
        secrets = open_webhooks(tx, changed, lambda: sealed_secret(context), now=context.now)
    text = _sentence(context, before, changed, asked=wanted != Alterations())
    return Outcome(text, {"number": number}, made_card(context, changed, secrets), (number,))


def _next(context: Context, number: str, schedule: str | None) -> datetime | None:
    if schedule is None:
        return None
    with context.transaction() as tx:
        begun = tx.automations.get(number).created_at
    return next_occurrence(schedule, context.workspace.timezone, begun, after=context.now)


def _sentence(context: Context, before: Rule, changed: Rule, *, asked: bool) -> str:
    number, renamed = changed.number, f"{changed.number} is called {changed.name} now."
    if changed == before:
        return f"Nothing to change: {number} is like that already." if asked else _HOW.format(number=number)
    if replace(changed, name=before.name) == before:
        return renamed
    parts = [
        f"{number} is changed: {told(context, changed)}",
        "" if changed.active else "It is off: say “turn it on” when it is right.",
        caution(changed, context.formats) if changed.active else "",
    ]
    return " ".join(part for part in parts if part)
