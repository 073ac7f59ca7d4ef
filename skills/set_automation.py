"""Switching an automation on or off."""

from __future__ import annotations

from dataclasses import replace

from billing.roles import Role
from skills.arguments import Automation, Flag
from skills.cards import Card
from skills.context import Context, Outcome
from skills.presenting import automation_row
from skills.spec import Effect, skill


@skill(
    effect=Effect.WRITE,
    role=Role.EDITOR,
    examples=(
        "enable {automation} {active=true}",
        "enable the automation {automation} {active=true}",
        "turn on {automation} {active=true}",
        "turn the {automation} automation on {active=true}",
        "turn {automation} back on {active=true}",
        "switch on {automation} {active=true}",
        "switch {automation} back on {active=true}",
        "activate {automation} {active=true}",
        "reactivate {automation} {active=true}",
        "resume {automation} {active=true}",
        "unpause {automation} {active=true}",
        "restart {automation} {active=true}",
        "start {automation} again {active=true}",
        "disable {automation} {active=false}",
        "disable the automation {automation} {active=false}",
        "turn off {automation} {active=false}",
        "turn the {automation} automation off {active=false}",
        "switch off {automation} {active=false}",
        "switch {automation} off {active=false}",
        "pause {automation} {active=false}",
        "put {automation} on hold {active=false}",
        "suspend {automation} {active=false}",
        "stop {automation} {active=false}",
        "stop the {automation} automation {active=false}",
        "deactivate {automation} {active=false}",
    ),
)
def set_automation(context: Context, *, automation: Automation, active: Flag) -> Outcome:
    """Switch an automation on or off.

    Args:
        automation: The automation.
        active: Whether it should run from now on.
    """
    with context.transaction() as tx:
        current = tx.automations.get(automation, lock=True)
        changed = tx.automations.save(replace(current, active=active))
    row = automation_row(changed, context.formats)
    card = Card(title=f"Automation {changed.number}", summary=row.title, rows=(row,))
    state = "on" if active else "off"
    return Outcome(f"{changed.name} is {state}.", {"number": changed.number, "active": active}, card, (changed.number,))
